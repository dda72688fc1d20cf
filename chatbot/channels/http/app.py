"""The ASGI application: endpoints, gate, errors, reload."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response

from chatbot.channels.http import problems
from chatbot.channels.http.current import Current
from chatbot.channels.http.gate import Gate
from chatbot.channels.http.measures import Measures
from chatbot.channels.http.openapi import describe
from chatbot.channels.http.routes import operations, page, rasa, v1
from chatbot.channels.http.service import Service
from chatbot.channels.http.settings import HttpSettings
from chatbot.channels.http.turns import Turns

_log = logging.getLogger(__name__)
# Seconds between two looks at the files, and between two sweeps of idle conversations.
_LOOK = 0.5
_SWEEP = 3600.0
# Seconds between two looks of a worker at the process that looks after it.
_LOOKED_AFTER = 1.0


def create_app(settings: HttpSettings | None = None) -> FastAPI:
    """The service, ready to be run by any ASGI server; settings come from the environment when none are given.

    KnowledgeError when the knowledge base has faults. The store is opened by the first request that needs it.
    """
    asked = settings or HttpSettings.from_environment()
    measures = Measures()
    service = Service(asked, Current.load(asked.knowledge or None), Turns(asked), measures)
    app = FastAPI(title="Chatbot", docs_url=None, redoc_url=None, lifespan=_lifespan, redirect_slashes=False)
    app.state.service = service
    for router in (v1.router, rasa.router, operations.router):
        app.include_router(router)
    page.install(app, with_page=asked.page)
    app.add_middleware(Gate, settings=asked, measures=measures, direct={"/v1/match": partial(v1.matched, service)})
    if asked.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(asked.origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "X-Request-ID"],
            expose_headers=["X-Request-ID", "Retry-After"],
        )
    _answer_errors(app)
    describe(app, secured=bool(asked.token))
    return app


def _answer_errors(app: FastAPI) -> None:
    """Every error in the one shape."""

    async def problem(request: Request, error: Exception) -> Response:
        answer = _as_problem(error)
        if answer.code == "not_found" and app.state.service.settings.page and _is_browser(request):
            return page.missing(request)
        return problems.response(answer, request.state.request_id)

    for kind in (problems.Problem, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, problem)


def _is_browser(request: Request) -> bool:
    return request.method == "GET" and request.headers.get("accept", "").startswith("text/html")


def _as_problem(error: Exception) -> problems.Problem:
    match error:
        case problems.Problem():
            return error
        case RequestValidationError():
            return problems.of_validation(error.errors())
        case HTTPException():
            return problems.of_status(error.status_code, error.headers)
    return problems.Problem("internal")


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Looks after the knowledge and the store while the service runs."""
    service: Service = app.state.service
    # The knowledge stays for good: looking for garbage in it would only hold up a reply now and then.
    gc.collect()
    gc.freeze()
    tasks = [asyncio.create_task(_sweep(service))]
    if service.settings.watch:
        tasks.append(asyncio.create_task(_watch(service, service.current.signature)))
    if service.settings.stamp:
        tasks.append(asyncio.create_task(_watch(service, lambda: _stamped(service.settings.stamp))))
        tasks.append(asyncio.create_task(_end_with(os.getppid())))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        await run_in_threadpool(service.turns.close)


async def _end_with(parent: int) -> None:
    """Ends this worker soon after the process that looks after it, however that one ended: nobody would replace it."""
    while os.getppid() == parent:
        await asyncio.sleep(_LOOKED_AFTER)
    signal.raise_signal(signal.SIGTERM)


async def _watch(service: Service, look: Callable[[], Any]) -> None:
    """Reloads once what is looked at has changed and then stayed the same for one more look (half-written files)."""
    # Nothing is known yet: what changed while the service was starting is read too.
    known = previous = None
    while True:
        seen = await run_in_threadpool(look)
        if seen != known and seen == previous:
            known = seen
            try:
                done = await run_in_threadpool(service.current.reload)
                service.measures.reloaded("refused" if done.faults else "changed" if done.changed else "unchanged")
            except Exception as error:  # the watch must outlive any single reload
                _log.error("reload failed: %s", type(error).__name__)
        previous = seen
        await asyncio.sleep(_LOOK)


def _stamped(stamp: str) -> int:
    try:
        return Path(stamp).stat().st_mtime_ns
    except OSError:
        return 0


async def _sweep(service: Service) -> None:
    """Takes away idle conversations, now and then."""
    last = time.monotonic()
    while True:
        await asyncio.sleep(min(_SWEEP, 60.0))
        if time.monotonic() - last >= _SWEEP:
            last = time.monotonic()
            try:
                await run_in_threadpool(service.turns.forget_idle)
            except Exception as error:  # it has to try again in an hour, whatever went wrong now
                _log.warning("idle conversations not swept: %s", type(error).__name__)
