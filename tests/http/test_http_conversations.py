"""Conversations over the store: any process serves any turn, none is lost, none is taken twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from http_shops import Make, write_shop
from starlette.testclient import TestClient

from chatbot.channels.http.problems import Problem
from chatbot.channels.http.settings import HttpSettings
from chatbot.channels.http.turns import Turns, reply_from
from chatbot.dialogue import Chatbot, turn
from chatbot.storage import conversations
from chatbot.storage.contacts import contact_requests
from chatbot.storage.store import Store

HERE = "/v1/conversations/a-conversation-1/messages"


def said(client: TestClient, text: str, where: str = HERE, **more: str) -> dict[str, Any]:
    answer = client.post(where, json={"text": text, **more})
    assert answer.status_code == 200, answer.text
    reply: dict[str, Any] = answer.json()["reply"]
    return reply


def test_a_new_conversation_gets_an_id_nobody_guesses(client: TestClient) -> None:
    first, second = (client.post("/v1/conversations") for _ in range(2))
    assert first.status_code == 201
    assert first.json()["conversation"] != second.json()["conversation"]
    assert len(first.json()["conversation"]) >= 32
    assert first.json()["reply"]["kind"] == "opening"


def test_a_conversation_remembers(client: TestClient) -> None:
    assert said(client, "menu")["kind"] == "menu"
    second = said(client, "2")
    assert "Le paiement de ma commande" in second["text"] or len(second["choices"]) > 3


def test_a_number_means_the_opening_s_question_from_the_first_message_on(client: TestClient) -> None:
    opening = client.post("/v1/conversations").json()
    reply = said(client, "1", f"/v1/conversations/{opening['conversation']}/messages")
    assert reply["sections"][0]["title"] == opening["reply"]["choices"][0]["label"]


def test_any_process_serves_any_turn(make: Make) -> None:
    one, other = make(), make()
    said(one, "menu")
    assert said(other, "2")["choices"]


def test_a_message_sent_again_is_answered_not_taken_twice(client: TestClient) -> None:
    said(client, "menu")
    first = said(client, "2", message_id="m-1")
    again = said(client, "2", message_id="m-1")
    assert first == again
    assert said(client, "1", message_id="m-2")["kind"] == "answer"


def test_a_message_that_comes_late_and_twice_is_still_known(client: TestClient) -> None:
    said(client, "menu", message_id="m-1")
    topic = said(client, "2", message_id="m-2")
    answer = said(client, "1", message_id="m-3")
    assert said(client, "2", message_id="m-2") == topic
    assert said(client, "1", message_id="m-3") == answer


def test_a_reply_that_only_tells_a_fault_may_be_asked_for_again(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(turn, "advance", lambda *_: 1 / 0)
        assert said(client, "menu", message_id="m-1")["kind"] == "error"
    assert said(client, "menu", message_id="m-1")["kind"] == "menu"


@pytest.mark.parametrize("end", ["annuler", "envoyer"])
def test_a_form_that_is_left_leaves_nothing_on_the_disk(client: TestClient, tmp_path: Path, end: str) -> None:
    for number, text in enumerate(("formulaire", "Zoé Martin", "zoe.secretaddr@exemple.fr", "passer", "Mon colis.")):
        said(client, text, message_id=f"m-{number}")
    assert b"zoe.secretaddr" in _disk(client)
    said(client, end, message_id="m-9")
    saved = conversations.load(_store(client), HERE.split("/")[3])
    assert saved
    assert "zoe.secretaddr" not in str(saved)
    # A form that was sent is in the shop's requests.
    assert (b"zoe.secretaddr" in _disk(client)) is (end == "envoyer")


def _store(client: TestClient) -> Store:
    store: Store = client.app.state.service.turns.store()  # type: ignore[attr-defined]
    return store


def _disk(client: TestClient) -> bytes:
    folder = Path(str(_store(client).engine.url.database)).parent
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


def test_conversations_do_not_mix(client: TestClient) -> None:
    said(client, "menu")
    other = said(client, "2", "/v1/conversations/another-one-2/messages")
    assert other["sections"][0]["title"] != "Le paiement de ma commande"


@pytest.mark.parametrize("name", ["short", "a" * 65, "no spaces here", "émoi-émoi-émoi", "a.b.c.d.e.f"])
def test_a_strange_id_is_refused(client: TestClient, name: str) -> None:
    assert client.post(f"/v1/conversations/{name}/messages", json={"text": "a"}).status_code == 422


@pytest.mark.parametrize("name", ["../../../etc/passwd", "a/b"])
def test_an_id_with_a_slash_is_nowhere(client: TestClient, name: str) -> None:
    assert client.post(f"/v1/conversations/{name}/messages", json={"text": "a"}).status_code == 404


def test_parallel_messages_of_one_conversation_are_all_answered(client: TestClient) -> None:
    start = threading.Barrier(6)

    def say(number: int) -> int:
        start.wait()
        return client.post(HERE, json={"text": "bonjour", "message_id": f"m{number}"}).status_code

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(say, range(6))) <= {200, 409}


def test_a_conversation_that_never_comes_free_is_a_conflict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = Turns(HttpSettings(database=str(tmp_path / "s.sqlite3")))
    monkeypatch.setattr(conversations, "save", lambda *_: False)
    with pytest.raises(Problem, match="conflict"):
        turns.take(Chatbot.load(), "some-conversation", "bonjour")
    turns.close()


def test_a_state_of_another_version_begins_anew(tmp_path: Path) -> None:
    turns = Turns(HttpSettings(database=str(tmp_path / "s.sqlite3")))
    conversations.save(turns.store(), "some-conversation", {"state": '{"format": 0}', "message_id": None, "reply": {}})
    assert turns.take(Chatbot.load(), "some-conversation", "bonjour").text
    turns.close()


def fill_form(client: TestClient) -> dict[str, Any]:
    for text in ("formulaire", "Zoé Martin", "zoe@exemple.fr", "passer", "Mon colis est arrivé ouvert."):
        reply = said(client, text)
    assert any(choice["send"] == "envoyer" for choice in reply["choices"])
    return said(client, "envoyer", message_id="send-1")


def test_the_form_is_stored_under_the_reference_told(client: TestClient) -> None:
    reply = fill_form(client)
    store = client.app.state.service.turns.store()  # type: ignore[attr-defined]
    (request,) = contact_requests(store)
    assert (request.reference, request.email) == (reply["reference"], "zoe@exemple.fr")


def test_a_form_sent_twice_is_one_request(client: TestClient) -> None:
    first = fill_form(client)
    assert said(client, "envoyer", message_id="send-1") == first
    store = client.app.state.service.turns.store()  # type: ignore[attr-defined]
    assert len(contact_requests(store)) == 1


def test_a_crash_between_the_request_and_the_turn_does_not_double_it(client: TestClient, monkeypatch: Any) -> None:
    saving = conversations.save
    for text in ("formulaire", "Zoé Martin", "zoe@exemple.fr", "passer", "Mon colis est arrivé ouvert."):
        said(client, text)
    monkeypatch.setattr(conversations, "save", lambda *_: 1 / 0)
    assert client.post(HERE, json={"text": "envoyer"}).status_code == 500
    monkeypatch.setattr(conversations, "save", saving)
    reply = said(client, "envoyer")
    store = client.app.state.service.turns.store()  # type: ignore[attr-defined]
    assert [r.reference for r in contact_requests(store)] == [reply["reference"]]


def test_a_store_that_cannot_be_reached_is_told(make: Make, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    client = make(database=str(tmp_path / "file" / "x.sqlite3"))
    for answer in (client.post(HERE, json={"text": "a"}), client.get("/ready")):
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "store_unavailable")
    assert client.post("/v1/match", json={"text": "facture"}).status_code == 200


def test_every_reply_comes_back_from_its_dict_the_same() -> None:
    talk = Chatbot.load().conversation()
    replies = [talk.open(), *map(talk.reply, ("bonjour", "menu", "2", "1", "non", "qsdkfj", "conseiller", "quitter"))]
    assert [reply_from(reply.as_dict()) for reply in replies] == replies


def test_the_journal_keeps_a_question_once_and_only_when_asked(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from chatbot.storage.journal import journal_entries

    silent = make()
    said(silent, "azertyuiop qsdfghjklm")
    assert not list(journal_entries(silent.app.state.service.turns.store()))  # type: ignore[attr-defined]
    monkeypatch.setenv("CHATBOT_JOURNAL", "1")
    client = make()
    said(client, "poiuytreza mlkjhgfdsq")
    entries = list(journal_entries(client.app.state.service.turns.store()))  # type: ignore[attr-defined]
    assert [entry.text for entry in entries] == ["poiuytreza mlkjhgfdsq"]


def test_a_conversation_outlives_a_reload_that_drops_its_question(make: Make, shop_folder: Path) -> None:
    client = make(knowledge=str(shop_folder))
    said(client, "menu")
    write_shop(shop_folder, "Il est du jour.")
    assert client.app.state.service.current.reload().changed  # type: ignore[attr-defined]
    assert said(client, "votre pain est-il frais")["text"].endswith("Il est du jour.")
