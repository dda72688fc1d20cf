"""POST /v1/match: what the command line prints, over HTTP."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from chatbot.matching import Matcher


def test_one_text_is_matched_as_by_the_library(client: TestClient) -> None:
    answer = client.post("/v1/match", json={"text": "Où est ma facture ?"})
    expected = Matcher.load().match("Où est ma facture ?").as_dict()
    assert answer.status_code == 200
    assert list(answer.json().items()) == list(expected.items())


def test_a_text_asked_twice_is_answered_the_same(client: TestClient) -> None:
    first, second = (client.post("/v1/match", json={"text": "bonjour"}) for _ in range(2))
    assert first.content == second.content


def test_several_texts_keep_their_order(client: TestClient) -> None:
    texts = ["facture", "bonjour", "", "é" * 500, "facture"]
    answer = client.post("/v1/match", json={"texts": texts})
    assert [match["text"] for match in answer.json()["matches"]] == texts


def test_a_long_text_is_matched_too(client: TestClient) -> None:
    answer = client.post("/v1/match", json={"text": "ma facture " * 300})
    assert answer.json()["decision"] in ("answer", "clarify", "fallback")


def test_no_text_at_all_is_a_fallback_not_an_error(client: TestClient) -> None:
    assert client.post("/v1/match", json={"text": ""}).json()["decision"] == "fallback"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "invalid_json"),
        (b"{", "invalid_json"),
        (b"\xff\xfe{\x00}\x00", "invalid_json"),
        (b'{"text": "\\ud800"}', "invalid_json"),
        ('{"text": "caf\xe9"}'.encode("latin-1"), "invalid_json"),
        (b"[1, 2]", "invalid_request"),
        (b"null", "invalid_request"),
        (b"{}", "invalid_request"),
        (b'{"text": null}', "invalid_request"),
        (b'{"text": 3}', "invalid_request"),
        (b'{"text": ["a"]}', "invalid_request"),
        (b'{"texts": "a"}', "invalid_request"),
        (b'{"texts": [1]}', "invalid_request"),
        (b'{"text": "a", "texts": ["a"]}', "invalid_request"),
        (b'{"text": "a", "password": "b"}', "invalid_request"),
        (b"[" * 20_000, "invalid_json"),
    ],
)
def test_hostile_bodies_get_a_documented_error(client: TestClient, body: bytes, code: str) -> None:
    answer = client.post("/v1/match", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == ({"invalid_json": 400}.get(code, 422), code)


def test_a_message_too_long_is_refused_whole(client: TestClient) -> None:
    answer = client.post("/v1/match", json={"text": "a" * 4001})
    assert answer.status_code == 422
    assert answer.json()["error"]["details"][0]["where"] == "text"


def test_too_many_texts_are_refused(client: TestClient) -> None:
    assert client.post("/v1/match", json={"texts": ["a"] * 257}).status_code == 422


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", ""]
)
def test_another_media_type_is_refused(client: TestClient, kind: str) -> None:
    answer = client.post("/v1/match", content=b'{"text": "a"}', headers={"content-type": kind})
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "unsupported_media_type")


def test_an_error_never_repeats_what_was_sent(client: TestClient) -> None:
    secret = "4970101234567893"  # noqa: S105
    for body in ({"text": 4970101234567893}, {secret: "a"}, {"texts": [{secret: secret}]}, {"text": {"a": secret}}):
        assert (
            secret
            not in client.post("/v1/match", content=json.dumps(body), headers={"content-type": "application/json"}).text
        )
