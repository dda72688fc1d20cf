"""The help page, its chat, its contact form: HTML that needs no script, and the fragments its script asks for."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from chatbot.channels.http import schemas
from chatbot.channels.http.contact_form import FIELDS, Filled, read_form
from chatbot.channels.http.html import HERE, templates
from chatbot.channels.http.problems import Problem
from chatbot.channels.http.service import Service, json_response, service_of, stored
from chatbot.dialogue import ContactRequest, Reply, ReplyKind, Section
from chatbot.dialogue.fields import LONGEST_MESSAGE
from chatbot.knowledge import Role

router = APIRouter(include_in_schema=False)
docs_router = APIRouter(include_in_schema=False)
_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {}"
)
_FORM_TYPE = "application/x-www-form-urlencoded"


def install(app: FastAPI, *, with_page: bool) -> None:
    """Adds the API's documentation, and the page when it is wanted."""
    app.include_router(docs_router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    if with_page:
        app.include_router(router)


@docs_router.get("/docs")
async def docs(request: Request) -> Response:
    """The OpenAPI document as a page: nothing fetched from elsewhere, no script."""
    return _page(request, "docs.html", document=request.app.openapi(), shop=service_of(request).current.shop.knowledge)


@router.get("/")
async def home(request: Request) -> Response:
    """First step: the topics, the most frequent questions, and the chat."""
    return _page(request, "home.html", **_chat(request), frame=False)


@router.get("/sujets/{intent}")
async def topic(request: Request, intent: str) -> Response:
    """Second step: the questions of a topic."""
    shop = service_of(request).current.shop
    found = shop.knowledge.answers.get(intent)
    if found is None or found.role is not Role.TOPIC:
        return missing(request)
    questions = shop.knowledge.questions_of(intent)
    return _page(request, "topic.html", topic=found, questions=questions, section=shop.voice.section(found))


@router.get("/reponses/{intent}")
async def answer(request: Request, intent: str) -> Response:
    """The answer to a question, with the others of its topic."""
    shop = service_of(request).current.shop
    found = shop.knowledge.answers.get(intent)
    if found is None or found.role is not Role.QUESTION:
        return missing(request)
    section = shop.voice.section(found)
    return _page(
        request,
        "answer.html",
        answer=found,
        section=section,
        beside=shop.voice.beside_the_number(section.paragraphs),
        topic=shop.knowledge.answers.get(found.topic),
        others=[q for q in shop.knowledge.questions_of(found.topic) if q.intent != intent],
    )


@router.get("/chat")
async def chat(request: Request) -> Response:
    """The chat on a page of its own; `?cadre=1` is the one the widget shows inside other pages."""
    opening = await stored(service_of(request).turns.opening, service_of(request).current.shop.bot)
    frame = request.query_params.get("cadre") == "1"
    return _page(request, "chat.html", **_chat(request), reply=opening, said="", frame=frame)


@router.post("/chat")
async def say(request: Request) -> Response:
    """One turn for a browser without script: the page again, with the reply."""
    fields = _fields(request)
    frame = fields.get("cadre") == "1"
    status = 200
    try:
        reply = await _turn(request, fields)
    except Problem as problem:
        if problem.code not in ("store_unavailable", "conflict"):
            raise
        reply, status = _apology(request), problem.status
    said = "" if reply.private else fields.get("text", "")
    chat = _chat(request, fields["conversation"])
    return _page(request, "chat.html", status, **chat, reply=reply, said=said, frame=frame)


def _apology(request: Request) -> Reply:
    """What is said when a turn could not be taken: the number and the form."""
    voice = service_of(request).current.shop.voice
    return Reply(ReplyKind.ERROR, (Section("", (*voice.paragraphs("panne_interne"), *voice.contact())),))


@router.post("/chat/turn")
async def turn(request: Request) -> Response:
    """One turn for the page's script: the reply as a fragment of HTML."""
    fields = _fields(request)
    reply = await _turn(request, fields)
    html = templates().get_template("_reply.html").render(reply=reply, voice=service_of(request).current.shop.voice)
    content = {"conversation": fields["conversation"], "html": html, "private": reply.private, "over": reply.over}
    return json_response(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))


async def _turn(request: Request, fields: dict[str, str]) -> Reply:
    text = fields.get("choice") or fields.get("text", "")
    if len(text) > LONGEST_MESSAGE:
        raise Problem("invalid_request", [{"where": "text", "type": "string_too_long", "message": "too long"}])
    asked = schemas.FormTurn.read(fields)
    fields["conversation"] = asked.conversation or secrets.token_urlsafe(24)
    fields["text"] = text
    service = service_of(request)
    reply = await stored(service.turns.take, service.current.shop.bot, fields["conversation"], text, asked.message_id)
    service.measures.decided(reply.decision)
    return reply


@router.get("/contact")
async def contact(request: Request) -> Response:
    """The contact form."""
    return _page(request, "contact.html", filled=Filled(key=secrets.token_urlsafe(16)), fields=FIELDS, failed=False)


@router.post("/contact")
async def send(request: Request) -> Response:
    """Stores the request and tells its reference, or shows the form again with what to mend."""
    fields = _fields(request)
    filled = await stored(read_form, fields)
    if filled.request is None:
        return _page(request, "contact.html", 422, filled=filled, fields=FIELDS, failed=False)
    try:
        reference = await stored(
            service_of(request).turns.desk.submit, filled.request, _key(filled.key, filled.request)
        )
    except Problem:
        return _page(request, "contact.html", 503, filled=filled, fields=FIELDS, failed=True)
    return _page(request, "sent.html", reference=reference)


def _key(form: str, request: ContactRequest) -> str:
    """One key for a form sent twice, another one when it was changed before it was sent again."""
    return f"page:{form}:{hashlib.sha256(repr(request).encode('utf-8', 'replace')).hexdigest()[:16]}"


@router.get("/widget.js")
async def widget() -> Response:
    """The script other pages include; kept a while by browsers, and allowed to be shown anywhere."""
    headers = {"cache-control": "public, max-age=3600", "cross-origin-resource-policy": "cross-origin"}
    source = (HERE / "static" / "widget.js").read_text("utf-8")
    return PlainTextResponse(source, media_type="text/javascript", headers=headers)


def _fields(request: Request) -> dict[str, str]:
    """The fields of a submitted form, the last of each name; Problem when it is no such form."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM_TYPE:
        raise Problem("unsupported_media_type")
    try:
        found = parse_qs(request.state.body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise Problem("invalid_request") from None
    return {name: values[-1] for name, values in found.items()}


def _chat(request: Request, conversation: str = "") -> dict[str, Any]:
    """What the chat's form needs: the conversation goes on under its id, each message has one of its own."""
    return {
        "conversation": conversation or secrets.token_urlsafe(24),
        "message_id": secrets.token_urlsafe(12),
        "longest": LONGEST_MESSAGE,
        "opening": service_of(request).current.shop.voice.paragraphs("ouverture"),
    }


def missing(request: Request) -> Response:
    """The page for an address there is nothing at."""
    return _page(request, "missing.html", 404)


def _page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    service: Service = service_of(request)
    shop = service.current.shop
    context = {"knowledge": shop.knowledge, "root": request.scope.get("root_path", ""), "frame": False}
    html = templates().get_template(template).render({**context, "voice": shop.voice, **values})
    framed = " ".join(service.settings.frames) if values.get("frame") else "'none'"
    headers = {
        "content-security-policy": _CSP.format(framed or "'none'"),
        "cache-control": "no-store",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }
    return HTMLResponse(html, status, headers)
