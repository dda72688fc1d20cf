"""The outbox: one sender per mail, failures kept and tried again later, nothing sent under another Message-ID."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chatbot.dialogue.ports import ContactRequest
from chatbot.storage.contacts import StoredRequest, contact_request, contact_requests, submit
from chatbot.storage.outbox import (
    BACK_OFF,
    LEASE,
    Delivery,
    DeliveryError,
    claim_next,
    mark_failed,
    mark_sent,
    send_pending,
)

REQUEST = ContactRequest("Jeanne Petit", "jeanne@exemple.fr", "", "Bonjour")
ROOT = Path(__file__).parents[2]


class Recorder:
    """A Transport that keeps what it is given, after raising the errors it was built with."""

    def __init__(self, *errors: Exception | None) -> None:
        self.errors = list(errors)
        self.sent: list[StoredRequest] = []

    def send(self, request: StoredRequest) -> None:
        error = self.errors.pop(0) if self.errors else None
        if error:
            raise error
        self.sent.append(request)


def test_pending_requests_are_sent_oldest_first(store):
    references = [submit(store, REQUEST) for _ in range(3)]
    transport = Recorder()
    assert send_pending(store, transport) == Delivery(3, 0, 0)
    assert [request.reference for request in transport.sent] == references


def test_sent_request_is_not_sent_again(store, clock):
    submit(store, REQUEST)
    send_pending(store, Recorder())
    clock.forward(days=2)
    assert send_pending(store, again := Recorder()) == Delivery(0, 0, 0)
    assert again.sent == []


def test_time_of_sending_is_kept(store, clock):
    reference = submit(store, REQUEST)
    clock.forward(seconds=90)
    send_pending(store, Recorder())
    assert contact_request(store, reference).sent_at == clock.now


def test_limit_is_kept(store):
    for _ in range(3):
        submit(store, REQUEST)
    assert send_pending(store, Recorder(), limit=2) == Delivery(2, 0, 1)


def test_failure_is_kept_with_its_error_and_others_still_go(store):
    first, second = submit(store, REQUEST), submit(store, REQUEST)
    transport = Recorder(DeliveryError("451 plus tard"))
    assert send_pending(store, transport) == Delivery(1, 1, 1)
    failed = contact_request(store, first)
    assert (failed.attempts, failed.last_error, failed.sent_at) == (1, "451 plus tard", None)
    assert [request.reference for request in transport.sent] == [second]


def test_request_that_cannot_be_mailed_does_not_hold_up_the_others(store):
    poison, sound = submit(store, REQUEST), submit(store, REQUEST)
    transport = Recorder(ValueError("jeanne@exemple.fr"))
    assert send_pending(store, transport) == Delivery(1, 1, 1)
    assert contact_request(store, poison).last_error == "ValueError"
    assert [request.reference for request in transport.sent] == [sound]


def test_unreachable_server_ends_the_run(store):
    for _ in range(3):
        submit(store, REQUEST)
    transport = Recorder(DeliveryError("personne", reachable=False))
    assert send_pending(store, transport) == Delivery(0, 1, 3)
    assert transport.sent == []


def test_failure_waits_longer_each_time(store, clock):
    reference = submit(store, REQUEST)
    for pause in (*BACK_OFF, BACK_OFF[-1]):
        send_pending(store, Recorder(DeliveryError("non")))
        assert contact_request(store, reference).next_try_at == clock.now + pause
        clock.forward(seconds=pause - 1)
        assert send_pending(store, early := Recorder()) == Delivery(0, 0, 1)
        assert early.sent == []
        clock.forward(seconds=1)


def test_back_off_can_be_skipped_by_hand(store):
    submit(store, REQUEST)
    send_pending(store, Recorder(DeliveryError("non")))
    assert send_pending(store, Recorder(), now_due=True) == Delivery(1, 0, 0)


def test_one_run_tries_each_mail_once(store):
    submit(store, REQUEST)
    transport = Recorder(DeliveryError("non"), DeliveryError("non"))
    assert send_pending(store, transport, now_due=True) == Delivery(0, 1, 1)


def test_success_clears_the_error(store):
    reference = submit(store, REQUEST)
    send_pending(store, Recorder(DeliveryError("non")))
    send_pending(store, Recorder(), now_due=True)
    sent = contact_request(store, reference)
    assert (sent.attempts, sent.last_error) == (2, "")


def test_every_attempt_carries_the_same_message_id(store):
    reference = submit(store, REQUEST)
    seen = {contact_request(store, reference).message_id}
    for _ in range(3):
        claim = claim_next(store, [], now_due=True)
        seen.add(claim.request.message_id)
        mark_failed(store, claim, "non")
    assert len(seen) == 1


def test_claimed_row_is_nobody_elses_until_the_lease_is_over(store, opened, clock):
    submit(store, REQUEST)
    claim_next(store, [])
    other = opened()
    clock.forward(seconds=LEASE)
    assert claim_next(other, [], now_due=True) is None
    clock.forward(seconds=2)
    assert claim_next(other, []) is not None


def test_many_senders_send_each_mail_once(store, opened):
    references = {submit(store, REQUEST) for _ in range(30)}
    transport = Recorder()
    senders = [opened() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda sender: send_pending(sender, transport), senders))
    assert sorted(request.reference for request in transport.sent) == sorted(references)
    assert sum(one.sent for one in done) == 30


def test_sender_that_lost_its_lease_does_not_undo_the_next_ones_work(store, clock):
    reference = submit(store, REQUEST)
    slow = claim_next(store, [])
    clock.forward(seconds=LEASE + 2)
    quick = claim_next(store, [])
    mark_failed(store, slow, "trop tard")
    assert claim_next(store, [], now_due=True) is None
    mark_sent(store, quick)
    mark_failed(store, slow, "trop tard")
    assert contact_request(store, reference).sent_at == clock.now


def test_mail_accepted_after_the_lease_counts_as_sent(store, clock):
    reference = submit(store, REQUEST)
    slow = claim_next(store, [])
    clock.forward(seconds=LEASE + 2)
    mark_sent(store, slow)
    assert contact_request(store, reference).sent_at == clock.now


def test_crash_while_sending_leaves_the_mail_queued(store, clock):
    submit(store, REQUEST)
    with pytest.raises(KeyboardInterrupt):
        send_pending(store, Recorder(KeyboardInterrupt()))
    clock.forward(seconds=LEASE + 2)
    assert send_pending(store, Recorder()) == Delivery(1, 0, 0)


def test_logs_tell_the_reference_and_nothing_of_the_customer(store, caplog):
    caplog.set_level(logging.DEBUG)
    reference = submit(store, REQUEST)
    send_pending(store, Recorder(DeliveryError("550 jeanne@exemple.fr refusé")))
    send_pending(store, Recorder(), now_due=True)
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("chatbot"))
    assert reference in ours
    assert "jeanne" not in ours.lower()


def test_killed_at_random_instants_nothing_is_lost_or_sent_under_another_identity(database):
    command = [
        sys.executable,
        "-m",
        "benchmarks.contact_kills",
        "--kills",
        "10",
        "--seed",
        "11",
        "--database",
        database,
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)
    figures = json.loads(done.stdout)
    assert done.returncode == 0, figures
    assert (figures["kills"], figures["crashed"]) == (10, 0)
    assert figures["references_shown"] > 0


def test_pending_can_be_listed_alone(store):
    sent, queued = submit(store, REQUEST), submit(store, REQUEST)
    send_pending(store, Recorder(), limit=1)
    assert [request.reference for request in contact_requests(store, pending=True)] == [queued]
    assert {request.reference for request in contact_requests(store)} == {sent, queued}
