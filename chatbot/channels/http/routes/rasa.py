"""Rasa's two shapes, so that widgets and connectors written for it work unchanged.

Shapes: Rasa 3.x, "REST channel" and "HTTP API: parse a message". A text is one message, its choices buttons.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from chatbot.channels.http import schemas
from chatbot.channels.http.service import BODY, errors, json_response, read, service_of, stored, takes
from chatbot.dialogue import Reply, typeset
from chatbot.matching import Match

router = APIRouter(tags=["Rasa"])
_FALLBACK = "nlu_fallback"
# What Rasa's widgets send to make the bot speak first.
_OPENERS = frozenset({"/start", "/session_start", "/restart", "/get_started", "/greet"})


@router.get("/webhooks/rest/", response_model=dict[str, str], responses=errors(401), summary="Is the channel there?")
async def status() -> dict[str, str]:
    """What Rasa's channel says to those who look whether it is there."""
    return {"status": "ok"}


@router.post(
    "/webhooks/rest/webhook",
    response_model=list[schemas.RasaReply],
    responses=errors(*BODY, 409),
    openapi_extra=takes(schemas.RasaMessage),
    summary="Say something, as to Rasa's REST channel",
)
async def webhook(request: Request) -> Response:
    """One turn of the conversation that belongs to `sender`; without one, of a new one, told as `recipient_id`."""
    said = await read(request, schemas.RasaMessage)
    service = service_of(request)
    bot = service.current.shop.bot
    sender = said.sender or secrets.token_urlsafe(24)
    if said.message.strip() in _OPENERS:
        reply = await stored(service.turns.restart, bot, conversation_of(sender))
    else:
        reply = await stored(service.turns.take, bot, conversation_of(sender), said.message)
        service.measures.decided(reply.decision)
    return json_response(json.dumps(messages(sender, reply), ensure_ascii=False).encode("utf-8", "replace"))


def conversation_of(sender: str) -> str:
    """The conversation of a sender, who may call himself anything."""
    return "rasa-" + hashlib.sha256(sender.encode("utf-8", "replace")).hexdigest()[:48]


def messages(sender: str, reply: Reply) -> list[dict[str, Any]]:
    """A reply as Rasa's REST channel gives it."""
    parts = [
        *(("\n\n".join((s.title, *s.paragraphs)) if s.title else "\n\n".join(s.paragraphs)) for s in reply.sections)
    ]
    if reply.closing:
        parts.append("\n\n".join(reply.closing))
    found: list[dict[str, Any]] = [{"recipient_id": sender, "text": typeset(part)} for part in parts if part]
    buttons = [{"title": typeset(choice.label), "payload": choice.send} for choice in reply.choices]
    if buttons:
        found = found or [{"recipient_id": sender, "text": ""}]
        found[-1]["buttons"] = buttons
    return found


@router.post(
    "/model/parse",
    response_model=schemas.ParseOut,
    responses=errors(*BODY),
    openapi_extra=takes(schemas.ParseIn),
    summary="Understand a text, as Rasa's model does",
)
async def parse(request: Request) -> Response:
    """What a text was understood as, in Rasa's words. Nothing is stored."""
    asked = await read(request, schemas.ParseIn)
    service = service_of(request)
    match = await run_in_threadpool(service.current.shop.matcher.match, asked.text)
    service.measures.decided(str(match.decision))
    return json_response(json.dumps(parsed(match, asked.message_id), ensure_ascii=False).encode("utf-8", "replace"))


def parsed(match: Match, message_id: str | None = None) -> dict[str, Any]:
    """A match as Rasa's parse gives it: what is answered, of two wishes the surer, nlu_fallback when nothing is."""
    ranking = [{"name": c.intent, "confidence": c.confidence} for c in match.candidates]
    if match.intents:
        first = next(r for r in ranking if r["name"] in match.intents)
    else:
        best = match.confidence
        first = {"name": _FALLBACK, "confidence": round(1 - best, 4)}
        ranking = [first, *ranking]
    answer: dict[str, Any] = {"text": match.text, "intent": first, "entities": [], "intent_ranking": ranking}
    return answer if message_id is None else {**answer, "message_id": message_id}
