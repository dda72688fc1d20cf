"""The outbox: every stored request is mailed once, under the Message-ID it was given, by one sender at a time.

A sender claims one row for a while (the lease), sends, then marks it. Killed between the mail server's « accepted »
and the mark, the mail goes out again when the lease is over: same Message-ID, same bytes, so the mailbox can tell.
"""

from __future__ import annotations

import logging
import uuid
from typing import NamedTuple, Protocol

from sqlalchemy import and_, func, select, update

from chatbot.storage.contacts import StoredRequest, request_of
from chatbot.storage.schema import outbox
from chatbot.storage.store import Store

logger = logging.getLogger(__name__)

# Longer than the longest send (smtp.TIMEOUT for each of about ten exchanges), in seconds.
LEASE = 600
# Seconds to wait after the first, second, … failure; the last one for all that follow.
BACK_OFF = (60, 300, 1_800, 7_200, 21_600, 86_400)
_LONGEST_ERROR = 300


class DeliveryError(Exception):
    """A mail was not accepted. `reachable`: the server answered, so that other mails are worth trying now.

    The text is kept beside the request and shown to support staff: it never holds the password.
    """

    def __init__(self, message: str, *, reachable: bool = True) -> None:
        """The server's reason, in one line."""
        self.reachable = reachable
        super().__init__(message)


class Transport(Protocol):
    """What carries a request to the shop."""

    def send(self, request: StoredRequest) -> None:
        """Returns once the mail is accepted for good; DeliveryError when it was not."""
        ...


class Delivery(NamedTuple):
    """What one run did: mails accepted, mails refused or not reached, mails still waiting afterwards."""

    sent: int
    failed: int
    waiting: int


class Claim(NamedTuple):
    """One outbox row that is ours until the lease is over."""

    request_id: int
    token: str
    request: StoredRequest


def send_pending(
    store: Store, transport: Transport, *, limit: int | None = None, now_due: bool = False, lease: int = LEASE
) -> Delivery:
    """Sends what is due, oldest first, at most `limit` mails; with `now_due`, the back-off is not waited for.

    A failure is kept with its error and tried again later. A server that cannot be reached ends the run.
    """
    sent = failed = 0
    tried: list[int] = []
    while limit is None or len(tried) < limit:
        claim = claim_next(store, tried, now_due=now_due, lease=lease)
        if claim is None:
            break
        tried.append(claim.request_id)
        error = _attempt(store, transport, claim)
        sent += error is None
        failed += error is not None
        if error is not None and not error.reachable:
            break
    return Delivery(sent, failed, waiting(store))


def _attempt(store: Store, transport: Transport, claim: Claim) -> DeliveryError | None:
    error = _refusal(transport, claim.request)
    if error is None:
        mark_sent(store, claim)
        logger.info("contact %s: delivered", claim.request.reference)
    else:
        mark_failed(store, claim, str(error))
        # The server's words may repeat an address: they stay in the store, beside the request.
        logger.warning("contact %s: not delivered, attempt %d", claim.request.reference, claim.request.attempts + 1)
    return error


def _refusal(transport: Transport, request: StoredRequest) -> DeliveryError | None:
    """Why the mail was not accepted; None when it was."""
    try:
        transport.send(request)
    except DeliveryError as error:
        return error
    except Exception as error:
        # One request that cannot be mailed must not hold up all that follow. Its text may be in the error's.
        return DeliveryError(type(error).__name__)
    return None


def claim_next(store: Store, skip: list[int], *, now_due: bool = False, lease: int = LEASE) -> Claim | None:
    """Takes the oldest row that is due and nobody's, for `lease` seconds or a little more; None when there is none."""
    now = store.now()
    free = and_(outbox.c.sent_at.is_(None), outbox.c.lease_until <= now)
    due = free if now_due else and_(free, outbox.c.next_try_at <= now)
    oldest = select(outbox.c.request_id).where(due, outbox.c.request_id.not_in(skip)).order_by(outbox.c.request_id)
    token = uuid.uuid4().hex
    with store.writing() as connection:
        # Others may be looking at this very row: on PostgreSQL they are not waited for, they are passed by.
        request_id = connection.execute(oldest.limit(1).with_for_update(skip_locked=True)).scalar_one_or_none()
        if request_id is None:
            return None
        connection.execute(
            update(outbox).where(outbox.c.request_id == request_id).values(lease_until=now + lease + 1, claim=token)
        )
        return Claim(request_id, token, request_of(connection, request_id))


def mark_sent(store: Store, claim: Claim) -> None:
    """Writes down that the mail was accepted: true whoever holds the row by now."""
    with store.writing() as connection:
        connection.execute(
            update(outbox)
            .where(outbox.c.request_id == claim.request_id, outbox.c.sent_at.is_(None))
            .values(sent_at=store.now(), attempts=outbox.c.attempts + 1, lease_until=0, claim="", last_error="")
        )


def mark_failed(store: Store, claim: Claim, error: str) -> None:
    """Frees the row for a later try and keeps the error, unless another sender has taken it over since."""
    pause = BACK_OFF[min(claim.request.attempts, len(BACK_OFF) - 1)]
    with store.writing() as connection:
        connection.execute(
            update(outbox)
            .where(
                outbox.c.request_id == claim.request_id, outbox.c.claim == claim.token, outbox.c.sent_at.is_(None)
            )
            .values(
                attempts=outbox.c.attempts + 1,
                next_try_at=store.now() + pause,
                lease_until=0,
                claim="",
                last_error=error[:_LONGEST_ERROR],
            )
        )  # fmt: skip


def waiting(store: Store) -> int:
    """How many mails have not been accepted yet."""
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).where(outbox.c.sent_at.is_(None))).scalar_one())
