"""Contact requests: stored whole with their mail's identity before anyone is told so; read, exported and purged."""

from __future__ import annotations

import re
import uuid
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, select
from sqlalchemy.exc import IntegrityError

from chatbot.dialogue.ports import ContactRequest
from chatbot.dialogue.typeset import one_line as visible_line
from chatbot.errors import KeyReusedError, StorageError
from chatbot.storage.references import new_reference, normal_reference
from chatbot.storage.schema import outbox, requests
from chatbot.storage.store import Store, shred

# The right-hand side of a Message-ID where the shop's own domain is not known; reserved, so it is nobody's.
DOMAIN = "chatbot.invalid"
DAY = 86_400
_TRIES = 20


class StoredRequest(NamedTuple):
    """A contact request as the store keeps it, with what became of its mail. Times in seconds since 1970, UTC."""

    reference: str
    created_at: int
    name: str
    email: str
    order: str
    message: str
    message_id: str
    attempts: int
    next_try_at: int
    sent_at: int | None
    last_error: str


def submit(store: Store, request: ContactRequest, key: str | None = None, domain: str = DOMAIN) -> str:
    """Stores the request and its outbox row in one transaction; returns the reference to tell the customer.

    With a `key` already used for the same request, its reference is returned and nothing is added; KeyReusedError when
    the request was another one.
    The Message-ID is settled here, once: however often the mail is tried, it is the same mail.
    """
    cleaned = ContactRequest(
        one_line(request.name), one_line(request.email), one_line(request.order), storable(request.message).strip()
    )
    for _ in range(_TRIES):
        try:
            with store.writing() as connection:
                return _known(connection, cleaned, key) or _insert(connection, cleaned, key, domain, store.now())
        except IntegrityError:
            # Someone else took the reference or the key in between: look again, choose again.
            continue
    raise StorageError("aucune référence libre ; réessayez.")


def storable(text: str) -> str:
    """The text with what no database or mail can hold (NUL, halves of surrogate pairs) as U+FFFD."""
    return re.sub("[\x00\ud800-\udfff]", "\ufffd", text)


def one_line(text: str) -> str:
    """The text on one line, as the conversation has it: controls and marks nobody sees taken out, runs of spaces one."""
    return visible_line(storable(text))


def _known(connection: Connection, request: ContactRequest, key: str | None) -> str | None:
    """The reference that this key was given for this request; KeyReusedError when it was given for another."""
    if key is None:
        return None
    fields = (requests.c.name, requests.c.email, requests.c.order_number, requests.c.message)
    chosen = select(requests.c.reference, *fields).where(requests.c.idempotency_key == key)
    found = connection.execute(chosen).one_or_none()
    if found is None:
        return None
    if tuple(found[1:]) != (request.name, request.email, request.order, request.message):
        raise KeyReusedError("cette clé a déjà servi pour une autre demande.")
    return str(found[0])


def _insert(connection: Connection, request: ContactRequest, key: str | None, domain: str, now: int) -> str:
    reference = new_reference()
    request_id = connection.execute(
        requests.insert()
        .returning(requests.c.id)
        .values(
            reference=reference,
            idempotency_key=key,
            created_at=now,
            name=request.name,
            email=request.email,
            order_number=request.order,
            message=request.message,
        )
    ).scalar_one()
    message_id = f"<{uuid.uuid4().hex}@{domain}>"
    connection.execute(outbox.insert().values(request_id=request_id, message_id=message_id, next_try_at=now))
    return reference


def contact_requests(store: Store, *, pending: bool = False) -> tuple[StoredRequest, ...]:
    """Every request, oldest first; with `pending`, those whose mail has not been accepted yet."""
    chosen = _joined().order_by(requests.c.id)
    if pending:
        chosen = chosen.where(outbox.c.sent_at.is_(None))
    with store.reading() as connection:
        return tuple(map(as_request, connection.execute(chosen)))


def contact_request(store: Store, reference: str) -> StoredRequest | None:
    """The request of a reference, however it was typed; None when there is none."""
    chosen = _joined().where(requests.c.reference == normal_reference(reference))
    with store.reading() as connection:
        row = connection.execute(chosen).one_or_none()
        return as_request(row) if row else None


def request_of(connection: Connection, request_id: int) -> StoredRequest:
    """The request of a row number, inside a transaction of the caller's."""
    return as_request(connection.execute(_joined().where(requests.c.id == request_id)).one())


def _joined() -> Select[tuple[object, ...]]:
    return select(requests, outbox).join(outbox, outbox.c.request_id == requests.c.id)


def as_request(row: Row[tuple[object, ...]]) -> StoredRequest:
    """A joined row as a StoredRequest."""
    fields = row._mapping  # noqa: SLF001 - public in spite of its name
    names = {"order": "order_number"}
    return StoredRequest(**{name: fields[names.get(name, name)] for name in StoredRequest._fields})


def count_older(store: Store, days: int, *, unsent: bool = False) -> int:
    """How many requests `purge_requests` would take away."""
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).where(_doomed(store, days, unsent=unsent))).scalar_one())


def purge_requests(store: Store, days: int, *, unsent: bool = False) -> int:
    """Takes away the requests older than `days` and returns how many; those not sent yet stay unless `unsent`."""
    with store.writing() as connection:
        # The outbox rows go with them: the foreign key cascades.
        count = connection.execute(delete(requests).where(_doomed(store, days, unsent=unsent))).rowcount
    shred(store)
    return count


def erase_request(store: Store, reference: str) -> bool:
    """Takes one request away, sent or not, as a customer may ask; False when there is none."""
    with store.writing() as connection:
        chosen = delete(requests).where(requests.c.reference == normal_reference(reference))
        found = connection.execute(chosen).rowcount == 1
    shred(store)
    return found


def _doomed(store: Store, days: int, *, unsent: bool) -> ColumnElement[bool]:
    old = requests.c.created_at < store.now() - days * DAY
    if unsent:
        return old
    sent = select(outbox.c.request_id).where(outbox.c.sent_at.is_not(None))
    return and_(old, requests.c.id.in_(sent))
