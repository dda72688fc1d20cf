"""Rasa's two shapes, as its own documentation and clients have them."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

HOOK = "/webhooks/rest/webhook"


def test_the_channel_says_it_is_there(client: TestClient) -> None:
    assert client.get("/webhooks/rest/").json() == {"status": "ok"}


def test_a_message_is_answered_to_its_sender(client: TestClient) -> None:
    (first, *_) = client.post(HOOK, json={"sender": "zoé@chat", "message": "une copie de ma facture svp"}).json()
    assert first["recipient_id"] == "zoé@chat"
    assert "facture" in first["text"]


def test_choices_are_buttons_whose_payload_may_be_sent_back(client: TestClient) -> None:
    menu = client.post(HOOK, json={"sender": "z", "message": "menu"}).json()
    button = menu[-1]["buttons"][1]
    assert set(button) == {"title", "payload"}
    topic = client.post(HOOK, json={"sender": "z", "message": button["payload"]}).json()
    assert topic[-1]["buttons"]


def test_each_sender_has_a_conversation(client: TestClient) -> None:
    client.post(HOOK, json={"sender": "a", "message": "menu"})
    a, b = (client.post(HOOK, json={"sender": who, "message": "5"}).json() for who in "ab")
    assert a[0]["text"] != b[0]["text"]


def test_a_sender_may_be_left_out_and_other_keys_are_no_fault(client: TestClient) -> None:
    answer = client.post(f"{HOOK}?stream=false", json={"message": "bonjour", "metadata": {"a": 1}, "customData": {}})
    assert answer.status_code == 200


def test_callers_without_a_sender_share_no_conversation(client: TestClient) -> None:
    first = client.post(HOOK, json={"message": "formulaire"}).json()
    other = client.post(HOOK, json={"message": "Zoé Martin"}).json()
    assert first[0]["recipient_id"] != other[0]["recipient_id"]
    assert "e-mail" not in other[0]["text"]
    again = client.post(HOOK, json={"sender": first[0]["recipient_id"], "message": "Zoé Martin"}).json()
    assert "e-mail" in again[0]["text"]


@pytest.mark.parametrize("opener", ["/start", "/session_start", "/restart", "/get_started"])
def test_what_widgets_send_first_opens_the_conversation(client: TestClient, opener: str) -> None:
    (first, *_) = client.post(HOOK, json={"sender": "z", "message": opener}).json()
    assert first["text"].startswith("Bonjour")


@pytest.mark.parametrize("before", ["menu", "formulaire"])
def test_a_restart_forgets_what_was_said(client: TestClient, before: str) -> None:
    fresh = client.post(HOOK, json={"sender": f"fresh-{before}", "message": "1"}).json()
    for message in (before, "/restart"):
        client.post(HOOK, json={"sender": before, "message": message})
    again = client.post(HOOK, json={"sender": before, "message": "1"}).json()
    assert [part["text"] for part in again] == [part["text"] for part in fresh]


def test_texts_are_typeset_for_screens(client: TestClient) -> None:
    texts = "".join(part["text"] for part in client.post(HOOK, json={"sender": "z", "message": "bonjour"}).json())
    assert "\u00a0?" in texts
    assert " ?" not in texts


def test_parse_gives_the_first_intent_and_the_ranking(client: TestClient) -> None:
    answer = client.post("/model/parse", json={"text": "je veux une copie de ma facture", "message_id": "m1"}).json()
    assert list(answer) == ["text", "intent", "entities", "intent_ranking", "message_id"]
    assert answer["intent"]["name"] == "facture_copie"
    assert answer["intent"] == answer["intent_ranking"][0]
    assert answer["message_id"] == "m1"


def test_parse_of_two_wishes_gives_the_surer_with_its_own_confidence(client: TestClient) -> None:
    text = "je voudrais ma facture et aussi annuler ma commande"
    answer = client.post("/model/parse", json={"text": text}).json()
    assert len(client.post("/v1/match", json={"text": text}).json()["intents"]) == 2
    assert answer["intent"] == answer["intent_ranking"][0]


def test_parse_names_what_it_did_not_understand_as_rasa_does(client: TestClient) -> None:
    answer = client.post("/model/parse", json={"text": "azertyuiop qsdfghjklm"}).json()
    assert answer["intent"]["name"] == "nlu_fallback"
    assert answer["intent_ranking"][0] == answer["intent"]


@pytest.mark.parametrize("body", [{}, {"sender": 3, "message": "a"}, {"sender": "a"}, {"sender": "", "message": "a"}])
def test_a_message_of_another_form_is_refused(client: TestClient, body: dict[str, object]) -> None:
    assert client.post(HOOK, json=body).status_code == 422
