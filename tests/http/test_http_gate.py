"""Limits, token, request ids, headers, CORS, errors, logs: what every request passes."""

from __future__ import annotations

import asyncio
import gzip
import logging
from typing import Any

import pytest
from http_shops import TOKEN, Make
from starlette.testclient import TestClient

from chatbot.channels.http import limits
from chatbot.channels.http.app import create_app
from chatbot.channels.http.settings import HttpSettings

BEARER = {"authorization": f"Bearer {TOKEN}"}
JSON = {"content-type": "application/json"}


def test_every_error_has_the_one_shape(client: TestClient) -> None:
    for answer in (
        client.get("/nowhere"),
        client.put("/v1/match"),
        client.post("/v1/match"),
        client.post("/v1/reload"),
    ):
        error = answer.json()["error"]
        assert list(error) == ["code", "message", "request_id", "details"]
        assert error["request_id"] == answer.headers["x-request-id"]


def test_a_wrong_method_says_which_are_right(client: TestClient) -> None:
    answer = client.delete("/v1/match")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("given", ["abc-1", "trace:abc/1", "Root=1-67891233-abcdef"])
def test_a_request_id_is_kept(client: TestClient, given: str) -> None:
    assert client.get("/health", headers={"x-request-id": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "a" * 129, "a b", "<script>", 'a"b'])
def test_a_strange_request_id_is_replaced(client: TestClient, given: str) -> None:
    assert client.get("/health", headers={"x-request-id": given}).headers["x-request-id"] != given


def test_request_ids_differ(client: TestClient) -> None:
    assert len({client.get("/health").headers["x-request-id"] for _ in range(50)}) == 50


def test_an_announced_body_too_large_is_refused_unread(make: Make) -> None:
    answer = make(body=1000).post("/v1/match", json={"text": "a" * 2000})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")


def test_a_compressed_body_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/match", content=gzip.compress(b'{"text": "x"}'), headers={"content-encoding": "gzip"})
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "identity")


def test_a_streamed_body_too_large_is_refused(make: Make) -> None:
    answer = make(body=1000).post("/v1/match", content=(b"a" * 100 for _ in range(50)), headers=JSON)
    assert answer.status_code == 413


def test_a_slow_body_is_given_up(make: Make) -> None:
    app: Any = make(timeout=0.2).app
    sent: list[Any] = []

    async def trickle() -> dict[str, Any]:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async def keep(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/v1/match", "headers": [], "query_string": b"", "client": None}
    asyncio.run(app(scope, trickle, keep))
    assert sent[0]["status"] == 408
    assert b"timeout_body" in sent[1]["body"]


def test_a_client_that_hangs_up_is_no_error() -> None:
    async def gone() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    with pytest.raises(limits.Gone):
        asyncio.run(limits.read_body(gone, "", 1000))


def test_too_many_requests_are_told_to_wait(make: Make) -> None:
    client = make(rate=0.5, burst=3)
    answers = [client.get("/version") for _ in range(5)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 2


def test_watchers_are_never_told_to_wait(make: Make) -> None:
    client = make(rate=0.5, burst=1)
    assert {client.get("/health").status_code for _ in range(5)} == {200}


def test_callers_with_the_token_have_no_rate_limit(make: Make) -> None:
    client = make(rate=0.5, burst=1, token=TOKEN)
    assert {client.get("/v1/topics", headers=BEARER).status_code for _ in range(5)} == {200}


def test_guessing_tokens_is_slowed_down(make: Make) -> None:
    client = make(rate=0.5, burst=3, token=TOKEN)
    assert [client.get("/v1/topics", headers={"authorization": "Bearer x"}).status_code for _ in range(5)] == [
        401
    ] * 3 + [429] * 2


def test_an_allowance_grows_back() -> None:
    now = 0.0
    allowances = limits.Allowances(2.0, 2, lambda: now)
    assert [allowances.wait("a") > 0 for _ in range(3)] == [False, False, True]
    now = 0.5
    assert allowances.wait("a") == 0
    assert allowances.wait("b") == 0


def test_clients_remembered_are_bounded() -> None:
    allowances = limits.Allowances(1.0, 1)
    for number in range(limits._CLIENTS + 50):
        allowances.wait(str(number))
    assert len(allowances._clients) == limits._CLIENTS


@pytest.mark.parametrize(
    "path", ["/v1/topics", "/v1/questions/facture_copie", "/webhooks/rest/", "/metrics", "/nowhere"]
)
def test_the_token_is_asked_for(make: Make, path: str) -> None:
    client = make(token=TOKEN)
    refused = client.get(path)
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert client.get(path, headers=BEARER).status_code != 401


@pytest.mark.parametrize("shown", ["Bearer x", "Bearer", "", f"Basic {TOKEN}", "Bearer é", f"Bearer {TOKEN}x"])
def test_a_wrong_token_is_refused(make: Make, shown: str) -> None:
    assert make(token=TOKEN).get("/v1/topics", headers={"authorization": shown.encode()}).status_code == 401


@pytest.mark.parametrize(
    "path", ["/", "/health", "/ready", "/version", "/docs", "/openapi.json", "/chat", "/static/page.css"]
)
def test_the_page_needs_no_token(make: Make, path: str) -> None:
    assert make(token=TOKEN).get(path).status_code == 200


def test_rasas_clients_may_give_the_token_in_the_query(make: Make) -> None:
    client = make(token=TOKEN)
    assert client.post(f"/model/parse?token={TOKEN}", json={"text": "bonjour"}).status_code == 200
    assert client.post("/model/parse?token=x", json={"text": "bonjour"}).status_code == 401


def test_special_signs_of_a_token_in_the_query_may_be_escaped(make: Make) -> None:
    client = make(token="a+b/c=&d")  # noqa: S106
    assert client.post("/model/parse?token=a%2Bb%2Fc%3D%26d", json={"text": "bonjour"}).status_code == 200


def test_cors_is_off_by_default(client: TestClient) -> None:
    answer = client.get("/v1/topics", headers={"origin": "https://www.exemple.fr"})
    assert "access-control-allow-origin" not in answer.headers


def test_cors_is_on_for_the_sites_named_and_no_other(make: Make) -> None:
    client = make(origins=("https://www.exemple.fr",), token=TOKEN)
    asked = {"origin": "https://www.exemple.fr", "access-control-request-method": "POST"}
    preflight = client.options("/v1/match", headers=asked)
    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (200, "https://www.exemple.fr")
    other = client.options("/v1/match", headers={**asked, "origin": "https://ailleurs.fr"})
    assert "access-control-allow-origin" not in other.headers


def test_every_answer_carries_the_safety_headers(client: TestClient) -> None:
    for path in ("/", "/health", "/nowhere", "/v1/topics"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "set-cookie" not in headers


def test_logs_hold_no_word_of_the_customers(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = make()
    for path in ("/v1/match", "/model/parse", "/v1/conversations/secretid1/messages", "/webhooks/rest/webhook"):
        for body in ({"text": "xyzzy"}, {"message": "xyzzy", "sender": "xyzzy"}, {"xyzzy": "xyzzy"}):
            client.post(f"{path}?token=xyzzy", json=body)
    client.post("/chat/turn", data={"text": "xyzzy"})
    client.get("/xyzzy?q=xyzzy")
    own = [record.getMessage() for record in caplog.records if record.name.startswith("chatbot")]
    assert len(own) >= 14
    assert not [line for line in own if "xyzzy" in line or "secretid1" in line]


def test_a_fault_of_ours_is_a_500_without_its_text(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    client = make()

    class Broken:
        version = "x"

        def matched(self, text: str) -> None:
            raise ValueError(f"cannot handle {text}")

    client.app.state.service.current.shop = Broken()  # type: ignore[attr-defined]
    answer = client.post("/v1/match", json={"text": "xyzzy"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert "xyzzy" not in answer.text + caplog.text
    assert "ValueError" in caplog.text


def test_a_request_that_takes_too_long_is_given_up(make: Make) -> None:
    client = make(timeout=0.2)

    class Slow:
        version = "x"

        def matched(self, text: str) -> None:
            import time

            time.sleep(1)

    client.app.state.service.current.shop = Slow()  # type: ignore[attr-defined]
    answer = client.post("/v1/match", json={"text": "a" * 1000})
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "timeout")


def test_too_much_at_once_is_refused_but_health_answers(tmp_path: Any) -> None:
    app = create_app(HttpSettings(database=str(tmp_path / "s.sqlite3"), concurrency=1, rate=0))
    with TestClient(app) as client:
        gate: Any = app.middleware_stack
        while not hasattr(gate, "_active"):
            gate = gate.app
        gate._active = 5
        assert client.get("/version").json()["error"]["code"] == "overloaded"
        assert client.get("/health").status_code == 200
