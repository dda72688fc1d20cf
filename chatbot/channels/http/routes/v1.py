"""The native JSON endpoints: match, conversations, topics, questions, contact, reload."""

from __future__ import annotations

import json
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from chatbot.channels.http import schemas
from chatbot.channels.http.current import Shop
from chatbot.channels.http.problems import Problem
from chatbot.channels.http.service import BODY, Service, errors, json_response, parsed, read, service_of, stored, takes
from chatbot.dialogue import ContactRequest
from chatbot.errors import Fault
from chatbot.knowledge import Answer, Role
from chatbot.storage import check_email

router = APIRouter(prefix="/v1")
# A text this short is matched at once; a longer one in a thread, so that the others need not wait. In characters.
_AT_ONCE = 300
IdempotencyKey = Annotated[str | None, Header(pattern=r"^[A-Za-z0-9._:-]{8,128}$")]


@router.post(
    "/match",
    response_model=schemas.MatchOut | schemas.MatchesOut,
    responses=errors(*BODY),
    openapi_extra=takes(schemas.MatchRequest),
    tags=["match"],
    summary="Understand one text, or several",
)
async def match(request: Request) -> Response:
    """What each text was understood as: nothing is stored, no conversation is needed."""
    body = request.state.body
    return json_response(await matched(service_of(request), request.headers.get("content-type", ""), body))


async def matched(service: Service, content_type: str, body: bytes) -> bytes:
    """The body of the answer to a body sent to /v1/match: the gate calls it straight, it is the busiest endpoint."""
    asked = parsed(content_type, body, schemas.MatchRequest)
    shop = service.current.shop
    if "texts" in asked.model_fields_set:
        return await run_in_threadpool(_match_many, service, shop, asked.texts)
    text = asked.text
    found = shop.matched(text) if len(text) <= _AT_ONCE else await run_in_threadpool(shop.matched, text)
    service.measures.decided(found.decision)
    return found.body


def _match_many(service: Service, shop: Shop, texts: list[str]) -> bytes:
    found = [shop.matched(text) for text in texts]
    for each in found:
        service.measures.decided(each.decision)
    return b'{"matches": [' + b", ".join(each.body for each in found) + b"]}"


@router.post(
    "/conversations",
    status_code=201,
    response_model=schemas.MessageOut,
    responses=errors(401, 408, 413),
    tags=["conversations"],
    summary="Begin a conversation",
)
async def begin(request: Request) -> Response:
    """An id nobody can guess, and the bot's first words. Nothing is stored before the first message."""
    service = service_of(request)
    reply = await stored(service.turns.opening, service.current.shop.bot)
    return _message(secrets.token_urlsafe(24), reply.as_dict(), 201)


@router.post(
    "/conversations/{conversation}/messages",
    response_model=schemas.MessageOut,
    responses=errors(*BODY, 409),
    openapi_extra=takes(schemas.MessageIn),
    tags=["conversations"],
    summary="Say something in a conversation",
)
async def say(request: Request, conversation: Annotated[schemas.ConversationId, Path()]) -> Response:
    """The reply to one message. An id not seen before begins a conversation."""
    said = await read(request, schemas.MessageIn)
    service = service_of(request)
    reply = await stored(service.turns.take, service.current.shop.bot, conversation, said.text, said.message_id)
    service.measures.decided(reply.decision)
    return _message(conversation, reply.as_dict())


def _message(conversation: str, reply: dict[str, object], status: int = 200) -> Response:
    content = {"conversation": conversation, "reply": reply}
    return json_response(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"), status)


@router.get(
    "/topics",
    response_model=schemas.TopicsOut,
    responses=errors(401),
    tags=["help page"],
    summary="The topics and their questions",
)
async def topics(request: Request) -> dict[str, Any]:
    """The help page's first step, with the titles of the second."""
    knowledge = service_of(request).current.shop.knowledge
    return {
        "shop": knowledge.shop,
        "heading": knowledge.heading,
        "topics": [
            {"intent": t.intent, "title": t.title, "questions": [*map(_question, knowledge.questions_of(t.intent))]}
            for t in knowledge.topics
        ],
        "frequent": [*map(_question, knowledge.frequent)],
        "knowledge_version": knowledge.version,
    }


def _question(answer: Answer) -> dict[str, Any]:
    return {"intent": answer.intent, "title": answer.title, "frequent": answer.frequent}


@router.get(
    "/questions/{intent}",
    response_model=schemas.AnswerOut,
    responses=errors(401, 404, 422),
    tags=["help page"],
    summary="The answer to a question or a topic",
)
async def question(request: Request, intent: str) -> dict[str, Any]:
    """The canonical answer for an intent, its placeholders filled in."""
    shop = service_of(request).current.shop
    answer = shop.knowledge.answers.get(intent)
    if answer is None or answer.role is Role.OUT_OF_SCOPE:
        raise Problem("unknown_intent")
    section = shop.voice.section(answer)
    return {
        "intent": intent,
        "title": answer.title,
        "topic": answer.topic,
        "text": "\n\n".join(section.paragraphs),
        "paragraphs": list(section.paragraphs),
        "knowledge_version": shop.version,
    }


@router.post(
    "/contact",
    status_code=201,
    response_model=schemas.ContactOut,
    responses=errors(*BODY),
    openapi_extra=takes(schemas.ContactIn),
    tags=["contact"],
    summary="Write to the customer service",
)
async def contact(request: Request, idempotency_key: IdempotencyKey = None) -> dict[str, str]:
    """Stores the message durably, then gives its reference; with the same Idempotency-Key, the same one again."""
    asked = await read(request, schemas.ContactIn)
    email = await stored(check_email, asked.email)
    if email is None:
        raise Problem("invalid_email", [{"where": "email", "type": "email", "message": "not an e-mail address"}])
    wanted = ContactRequest(asked.name, email, asked.order, asked.message)
    key = f"v1:{idempotency_key}" if idempotency_key else None
    return {"reference": await stored(service_of(request).turns.desk.submit, wanted, key)}


@router.post(
    "/reload",
    response_model=dict[str, Any],
    responses=errors(401, 403, 408, 413, 422),
    tags=["operations"],
    summary="Read the knowledge base again",
)
async def reload(request: Request) -> dict[str, Any]:
    """Swaps the knowledge at once, or keeps the old one and tells every fault. Only with the token."""
    service = service_of(request)
    if not service.settings.token:
        raise Problem("forbidden")
    done = await service.reload()
    if done.faults:
        raise Problem("knowledge_invalid", [*map(_fault, done.faults)])
    return {"knowledge_version": done.version, "changed": done.changed}


def _fault(fault: Fault) -> dict[str, Any]:
    return {"where": f"{fault.path}:{fault.line}", "type": fault.code, "message": fault.message}
