"""The page without a browser: HTML that works without script, forms, safety."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from http_shops import Make
from starlette.testclient import TestClient

from chatbot.channels.http.html import Block, blocks
from chatbot.knowledge import KnowledgeBase, Role
from chatbot.storage.contacts import contact_requests

PAGES = ("/", "/chat", "/chat?cadre=1", "/contact", "/sujets/sujet_paiement", "/reponses/facture_copie", "/docs")
FORM = {"name": "Zoé", "email": "zoe@exemple.fr", "order": "", "message": "Bonjour", "key": "a-key-1234"}


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize("path", PAGES)
def test_pages_set_no_cookie_and_fetch_nothing_from_elsewhere(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert not re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", answer.text)
    assert not re.findall(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_the_policy_is_strict(client: TestClient, path: str) -> None:
    policy = client.get(path).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self';")
    assert "unsafe" not in policy


def test_only_the_widget_s_frame_may_be_framed(make: Make) -> None:
    client = make(frames=("https://www.exemple.fr",))
    assert (
        client.get("/chat?cadre=1")
        .headers["content-security-policy"]
        .endswith("frame-ancestors https://www.exemple.fr")
    )
    for path in ("/", "/chat", "/contact"):
        assert client.get(path).headers["content-security-policy"].endswith("frame-ancestors 'none'")


def test_every_question_is_two_links_from_the_home_page(client: TestClient) -> None:
    home = client.get("/").text
    for topic in KnowledgeBase.load().topics:
        assert f'href="/sujets/{topic.intent}"' in home
        page = client.get(f"/sujets/{topic.intent}").text
        for question in KnowledgeBase.load().questions_of(topic.intent):
            assert f'href="/reponses/{question.intent}"' in page


@pytest.mark.parametrize("intent", [a.intent for a in KnowledgeBase.load().answers.values() if a.role is Role.QUESTION])
def test_every_answer_page_says_the_whole_answer(client: TestClient, intent: str) -> None:
    said = client.get(f"/v1/questions/{intent}").json()
    shown = text_of(client.get(f"/reponses/{intent}").text).replace("\u00a0", " ")
    for line in said["text"].splitlines():
        assert re.sub(r"^(\d+\.|-) ", "", line.strip()) in shown


@pytest.mark.parametrize(
    "path", ["/sujets/facture_copie", "/reponses/sujet_paiement", "/reponses/x", "/sujets/%3Cscript%3E", "/nowhere"]
)
def test_an_unknown_page_is_a_page_that_leads_back(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"accept": "text/html,*/*"})
    assert answer.status_code == 404
    assert 'href="/"' in answer.text
    assert "<script>" not in answer.text


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))


def test_the_chat_works_as_a_plain_form(client: TestClient) -> None:
    page = client.get("/chat").text
    page = client.post("/chat", data={**hidden(page), "text": "menu"}).text
    assert 'value="Le paiement de ma commande"' in page
    page = client.post("/chat", data={**hidden(page), "choice": "Le paiement de ma commande", "text": ""}).text
    assert "Comment annuler ou modifier ma commande" in page


def test_reloading_the_answer_does_not_take_the_turn_twice(client: TestClient) -> None:
    sent = {**hidden(client.get("/chat").text), "text": "menu"}
    first, second = (client.post("/chat", data=sent).text for _ in range(2))
    log = re.compile(r'<div class="log".*?<form', re.S)
    strip = re.compile(r'name="message_id" value="[^"]*"')
    assert strip.sub("", log.findall(first)[0]) == strip.sub("", log.findall(second)[0])


def test_the_frame_stays_a_frame(client: TestClient) -> None:
    page = client.get("/chat?cadre=1").text
    answer = client.post("/chat", data={**hidden(page), "text": "bonjour"})
    assert 'class="framed"' in answer.text
    assert answer.headers["content-security-policy"].endswith("frame-ancestors *")


def test_the_script_gets_a_fragment_of_the_same_html(client: TestClient) -> None:
    answer = client.post(
        "/chat/turn", data={"text": "menu", "conversation": "a-conversation", "message_id": "m1"}
    ).json()
    assert answer["conversation"] == "a-conversation"
    assert answer["html"].startswith('<div class="turn bot"')
    assert not answer["private"]


def test_what_is_typed_is_shown_as_text(client: TestClient) -> None:
    page = client.post("/chat", data={"text": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_secret_is_not_shown_again(client: TestClient) -> None:
    page = client.post("/chat", data={"text": "ma carte est 4970 1012 3456 7893"}).text
    assert "4970" not in page
    assert client.post("/chat/turn", data={"text": "ma carte est 4970 1012 3456 7893"}).json()["private"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"text": "a", "conversation": "x"}, 422),
        ({"text": "a" * 4001}, 422),
        ({"text": "a", "message_id": "é"}, 422),
        ({}, 200),
    ],
)
def test_strange_forms_get_a_documented_answer(client: TestClient, data: dict[str, str], status: int) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/chat/turn", data=data, headers=headers).status_code == status


def test_a_form_of_a_thousand_fields_is_refused(client: TestClient) -> None:
    body = "&".join(f"a{n}=1" for n in range(1000))
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/chat", content=body, headers=headers).status_code == 422


def test_json_is_no_form(client: TestClient) -> None:
    assert client.post("/chat", json={"text": "a"}).status_code == 415


def test_a_contact_form_is_stored_and_its_reference_shown(client: TestClient) -> None:
    page = client.post("/contact", data=FORM).text
    (request,) = contact_requests(client.app.state.service.turns.store())  # type: ignore[attr-defined]
    assert request.reference in page


def test_a_contact_form_changed_and_sent_again_is_another_request(client: TestClient) -> None:
    client.post("/contact", data=FORM)
    client.post("/contact", data={**FORM, "message": "Le colis est arrivé ce matin."})
    requests = contact_requests(client.app.state.service.turns.store())  # type: ignore[attr-defined]
    assert [request.message for request in requests] == [FORM["message"], "Le colis est arrivé ce matin."]


def test_a_contact_form_sent_twice_is_one_request(client: TestClient) -> None:
    first, second = (client.post("/contact", data=FORM).text for _ in range(2))
    assert first == second
    assert len(contact_requests(client.app.state.service.turns.store())) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("field", ["name", "email", "message"])
def test_a_missing_field_is_named_and_the_rest_is_kept(client: TestClient, field: str) -> None:
    answer = client.post("/contact", data={**FORM, field: " "})
    assert answer.status_code == 422
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"', answer.text)
    assert f'id="{field}-refus"' in answer.text
    kept = {"name": "Zoé", "email": "zoe@exemple.fr", "message": "Bonjour"}
    assert all(value in answer.text for name, value in kept.items() if name != field)


def test_a_store_that_fails_loses_nothing_of_what_was_typed(make: Make, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    answer = make(database=str(tmp_path / "file" / "x.sqlite3")).post("/contact", data=FORM)
    assert answer.status_code == 503
    assert "Rien n&#39;est perdu" in answer.text
    assert 'value="Zoé"' in answer.text


def test_the_page_may_be_left_out(make: Make) -> None:
    client = make(page=False)
    assert client.get("/").status_code == 404
    assert client.get("/docs").status_code == 200


def test_the_widget_may_be_included_from_other_sites(client: TestClient) -> None:
    answer = client.get("/widget.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


def test_another_shop_has_its_own_page(make: Make, shop_folder: Path) -> None:
    page = make(knowledge=str(shop_folder)).get("/").text
    assert "Le Fournil" in page
    assert KnowledgeBase.load().shop not in page


def test_steps_and_bullets_become_lists() -> None:
    assert blocks(["Deux étapes :\n1. Ouvrez.\n2. Lisez.", "- Un\n- Deux", "Fin"]) == [
        Block("p", ("Deux étapes :",)),
        Block("ol", ("Ouvrez.", "Lisez.")),
        Block("ul", ("Un", "Deux")),
        Block("p", ("Fin",)),
    ]


def test_a_store_that_fails_leaves_the_number_on_the_page(make: Make, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    answer = make(database=str(tmp_path / "file" / "x.sqlite3")).post("/chat", data={"text": "bonjour"})
    assert answer.status_code == 503
    assert KnowledgeBase.load().contact.phone in answer.text.replace("\u00a0", " ")
    assert "bonjour" in answer.text


@pytest.mark.parametrize("path", ["/", "/health", "/v1/topics"])
def test_head_is_answered_without_a_body(client: TestClient, path: str) -> None:
    answer = client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")
