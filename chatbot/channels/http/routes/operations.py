"""What machines that watch over the service ask: alive, ready, which version, how busy."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from chatbot.channels.http.service import errors, service_of, stored

router = APIRouter(tags=["operations"])


@router.get("/health", response_model=dict[str, str], responses=errors(), summary="Is the process alive?")
async def health() -> dict[str, str]:
    """Says ok as long as the process answers at all."""
    return {"status": "ok"}


@router.get("/ready", response_model=dict[str, Any], responses=errors(), summary="Can it serve?")
async def ready(request: Request) -> dict[str, Any]:
    """Says ok when the knowledge is loaded and the store answers; 503 otherwise."""
    service = service_of(request)
    await stored(service.turns.check)
    return {"status": "ok", "knowledge_version": service.current.shop.version}


@router.get("/version", response_model=dict[str, Any], responses=errors(), summary="Which program, which knowledge?")
async def versions(request: Request) -> dict[str, Any]:
    """The versions in use, and how many faults kept a newer knowledge base out."""
    current = service_of(request).current
    return {"version": _program(), "knowledge_version": current.shop.version, "reload_faults": len(current.faults)}


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **errors(401)},
    summary="Counters for Prometheus",
)
def metrics(request: Request) -> Response:
    """Prometheus' text format; needs the token when there is one."""
    return Response(service_of(request).measures.exposition(), media_type="text/plain; version=0.0.4")


def _program() -> str:
    try:
        return version("chrono-chatbot")
    except PackageNotFoundError:
        return "0+checkout"
