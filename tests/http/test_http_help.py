"""Topics, questions, contact, operations, the OpenAPI document."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from http_shops import TOKEN, Make
from starlette.testclient import TestClient

from chatbot.channels.http.problems import CODES
from chatbot.channels.http.settings import HttpSettings
from chatbot.knowledge import KnowledgeBase, Role
from chatbot.storage.contacts import contact_requests

ASKED = {"name": "Zoé Martin", "email": "zoe@exemple.fr", "order": "CC-12", "message": "Mon colis est arrivé ouvert."}


def test_topics_are_the_help_page_s(client: TestClient) -> None:
    knowledge = KnowledgeBase.load()
    answer = client.get("/v1/topics").json()
    assert [topic["title"] for topic in answer["topics"]] == [topic.title for topic in knowledge.topics]
    assert [question["title"] for question in answer["frequent"]] == [a.title for a in knowledge.frequent]
    assert answer["heading"] == knowledge.heading


@pytest.mark.parametrize("answer", KnowledgeBase.load().answers.values(), ids=lambda a: a.intent)
def test_every_answer_is_served_with_its_placeholders_filled(client: TestClient, answer: object) -> None:
    intent, role = answer.intent, answer.role  # type: ignore[attr-defined]
    found = client.get(f"/v1/questions/{intent}")
    assert found.status_code == (404 if role is Role.OUT_OF_SCOPE else 200)
    assert "{" not in found.json()["text"]


@pytest.mark.parametrize("intent", ["nothing", "hors_sujet", "%00", "é"])
def test_an_unknown_intent_is_told(client: TestClient, intent: str) -> None:
    answer = client.get(f"/v1/questions/{intent}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_intent")


def test_a_contact_request_is_stored_before_its_reference_is_told(client: TestClient) -> None:
    answer = client.post("/v1/contact", json=ASKED)
    assert answer.status_code == 201
    (request,) = contact_requests(client.app.state.service.turns.store())  # type: ignore[attr-defined]
    assert (request.reference, request.name) == (answer.json()["reference"], "Zoé Martin")


def test_a_request_repeated_with_its_key_is_one(client: TestClient) -> None:
    references = {
        client.post("/v1/contact", json=ASKED, headers={"idempotency-key": "key-12345678"}).json()["reference"]
        for _ in range(3)
    }
    assert len(references) == 1


def test_a_key_used_for_another_request_is_refused_and_nothing_stored(client: TestClient) -> None:
    key = {"idempotency-key": "key-12345678"}
    assert client.post("/v1/contact", json=ASKED, headers=key).status_code == 201
    other = client.post("/v1/contact", json={**ASKED, "message": "Autre chose."}, headers=key)
    assert (other.status_code, other.json()["error"]["code"]) == (422, "key_reused")
    assert len(contact_requests(client.app.state.service.turns.store())) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"email": "zoe"}, "invalid_email"),
        ({"email": "zoe@exemple.fr\nBcc: x@y.fr"}, "invalid_email"),
        ({"name": ""}, "invalid_request"),
        ({"name": "   "}, "invalid_request"),
        ({"message": "\n"}, "invalid_request"),
        ({"name": "1"}, "invalid_request"),
        ({"name": "a" * 101}, "invalid_request"),
        ({"order": "pas de chiffre"}, "invalid_request"),
        ({"message": "a" * 4001}, "invalid_request"),
        ({"extra": "a"}, "invalid_request"),
    ],
)
def test_a_contact_request_of_another_form_is_refused(client: TestClient, change: dict[str, str], code: str) -> None:
    answer = client.post("/v1/contact", json={**ASKED, **change})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)


def test_contact_without_a_store_promises_nothing(make: Make, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    answer = make(database=str(tmp_path / "file" / "x.sqlite3")).post("/v1/contact", json=ASKED)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "store_unavailable")


def test_watchers_are_told(client: TestClient) -> None:
    version = KnowledgeBase.load().version
    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/ready").json() == {"status": "ok", "knowledge_version": version}
    assert client.get("/version").json()["knowledge_version"] == version


def test_metrics_count_by_route_and_decision(client: TestClient) -> None:
    for text in ("je veux une copie de ma facture", ""):
        client.post("/v1/match", json={"text": text})
    client.get("/secret/address")
    text = client.get("/metrics").text
    assert 'chatbot_http_requests_total{method="POST",route="/v1/match",status="200"} 2.0' in text
    assert 'chatbot_decisions_total{decision="answer"} 1.0' in text
    assert 'chatbot_decisions_total{decision="fallback"} 1.0' in text
    assert "secret" not in text


def test_the_document_lists_every_status_with_the_one_error_shape(make: Make) -> None:
    document = make(token=TOKEN).get("/openapi.json").json()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    schema = response["content"]["application/json"]["schema"]
                    assert schema == {"$ref": "#/components/schemas/ErrorOut"}, (path, status)
    assert document["paths"]["/v1/match"]["post"]["security"] == [{"bearer": []}]
    assert "security" not in document["paths"]["/health"]["get"]


def test_the_docs_page_shows_every_operation_and_fetches_nothing(client: TestClient) -> None:
    page = client.get("/docs").text
    for path in client.get("/openapi.json").json()["paths"]:
        assert path in page
    assert "<script" not in page


def test_codes_have_statuses_that_are_errors() -> None:
    assert all(400 <= status < 600 and message for status, message in CODES.values())


GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "http.md").read_text("utf-8")


@pytest.mark.parametrize("code", CODES)
def test_the_guide_names_every_code_with_its_status(code: str) -> None:
    rows = [line for line in GUIDE.splitlines() if line.startswith("| ") and f"`{code}`" in line]
    assert len(rows) == 1
    assert str(CODES[code][0]) in rows[0].split("|")[1]


@pytest.mark.parametrize("field", [f for f in HttpSettings._fields if f not in ("knowledge", "database", "stamp")])
def test_the_guide_names_every_setting(field: str) -> None:
    assert f"…_{field.upper()}" in GUIDE


def test_the_guide_s_pictures_and_files_are_there() -> None:
    linked = [target for target in re.findall(r"\]\(([^)#]+)\)", GUIDE) if not target.startswith("http")]
    assert [target for target in linked if not (Path(__file__).resolve().parents[2] / "docs" / target).exists()] == []
