"""Contact requests: stored whole, told apart by readable references, repeated submissions counted once, purged."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.dialogue.ports import ContactRequest
from chatbot.errors import KeyReusedError, StorageError
from chatbot.storage import contacts
from chatbot.storage.contacts import contact_request, contact_requests, count_older, one_line, purge_requests, submit
from chatbot.storage.outbox import claim_next, mark_sent, waiting
from chatbot.storage.references import ALPHABET, new_reference, normal_reference
from chatbot.storage.store import open_store

REQUEST = ContactRequest("Jeanne Petit", "jeanne@exemple.fr", "CC-1", "Bonjour,\nune question.")


def test_submitted_request_is_found_by_its_reference(store, clock):
    found = contact_request(store, submit(store, REQUEST))
    assert found is not None
    assert (found.name, found.email, found.order, found.message) == REQUEST
    assert (found.created_at, found.sent_at, found.attempts) == (clock.now, None, 0)


@pytest.mark.parametrize("typed", ["{}", " {} ", "#{}", "ref {}"[4:]])
def test_reference_is_found_however_it_is_typed(store, typed):
    reference = submit(store, REQUEST)
    for form in (reference, reference.lower(), reference.replace("-", ""), reference.replace("-", " ")):
        assert contact_request(store, typed.format(form)) is not None


def test_unknown_reference_is_none(store):
    assert contact_request(store, "777-777") is None


def test_every_request_has_its_own_message_id(store):
    for _ in range(3):
        submit(store, REQUEST, domain="boutique.exemple")
    identities = {request.message_id for request in contact_requests(store)}
    assert len(identities) == 3
    assert all(identity.endswith("@boutique.exemple>") for identity in identities)


def test_same_key_is_the_same_request(store):
    first = submit(store, REQUEST, key="k1")
    assert submit(store, REQUEST, key="k1") == first
    with pytest.raises(KeyReusedError):
        submit(store, REQUEST._replace(message="autre"), key="k1")
    assert len(contact_requests(store)) == 1


def test_same_key_at_the_same_moment_is_one_request(store):
    with ThreadPoolExecutor(8) as pool:
        references = set(pool.map(lambda _: submit(store, REQUEST, key="k1"), range(16)))
    assert len(references) == len(contact_requests(store)) == 1


def test_taken_reference_is_drawn_again(store, monkeypatch):
    drawn = iter(["777-777", "777-777", "CCC-CCC"])
    monkeypatch.setattr(contacts, "new_reference", lambda: next(drawn))
    assert [submit(store, REQUEST), submit(store, REQUEST)] == ["777-777", "CCC-CCC"]


def test_no_free_reference_is_a_storage_error(store, monkeypatch):
    monkeypatch.setattr(contacts, "new_reference", lambda: "777-777")
    submit(store, REQUEST)
    with pytest.raises(StorageError, match="réessayez"):
        submit(store, REQUEST)


def test_what_no_database_holds_is_replaced_not_lost(store):
    reference = submit(store, REQUEST._replace(name="A\r\nB\x00", message="a\x00b\ud800c\nd 🙂"))
    found = contact_request(store, reference)
    assert found is not None
    assert (found.name, found.message) == ("A B\ufffd", "a\ufffdb\ufffdc\nd 🙂")


@given(st.text())
def test_one_line_is_one_line(text):
    assert len(one_line(text).splitlines()) <= 1


def test_reference_has_only_unmistakable_signs():
    assert not set("0O1IL2Z5S8BG") & set(ALPHABET)
    assert all(set(new_reference()) <= {*ALPHABET, "-"} for _ in range(100))


@given(st.text())
def test_normal_reference_is_idempotent(text):
    assert normal_reference(normal_reference(text)) == normal_reference(text)


def send_all(store):
    while claim := claim_next(store, []):
        mark_sent(store, claim)


def test_purge_takes_away_what_is_older(store, clock):
    submit(store, REQUEST)
    send_all(store)
    clock.forward(days=31)
    recent = submit(store, REQUEST)
    assert count_older(store, 30) == 1
    assert purge_requests(store, 30) == 1
    assert [request.reference for request in contact_requests(store)] == [recent]


def test_purge_keeps_what_was_never_sent_unless_told(store, clock):
    submit(store, REQUEST)
    clock.forward(days=400)
    assert purge_requests(store, 30) == 0
    assert purge_requests(store, 30, unsent=True) == 1
    assert (contact_requests(store), waiting(store)) == ((), 0)


def test_purge_leaves_no_trace_in_sqlite_files(tmp_path, clock):
    store = open_store(str(tmp_path / "a.db"), clock)
    submit(store, REQUEST._replace(message="un secret bien gardé " * 400))
    clock.forward(days=2)
    purge_requests(store, 1, unsent=True)
    traces = [path.name for path in tmp_path.iterdir() if b"un secret bien" in path.read_bytes()]
    store.close()
    assert traces == []
