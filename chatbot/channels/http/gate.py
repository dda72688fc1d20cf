"""What every request passes first: request id, limits, token, time, headers, the log line, the counters."""

from __future__ import annotations

import asyncio
import hmac
import logging
import math
import os
import re
import time
import traceback
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Receive, Scope, Send

from chatbot.channels.http import limits
from chatbot.channels.http.measures import Measures
from chatbot.channels.http.problems import Problem, render
from chatbot.channels.http.settings import HttpSettings

_log = logging.getLogger("chatbot.http")
_access = logging.getLogger("chatbot.http.access")
# What tracing systems make of them (« Root=1-67891233-abc », « trace:span »), and nothing that could upset a log.
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:/=+@;,-]{1,128}")
# Asked by machines that watch over the service: always answered, even when it is busy.
_WATCHED = frozenset({"/health", "/ready", "/metrics"})
# Open to everyone when a token is set: the page and what it needs, and what holds nothing private.
_OPEN = ("/chat", "/sujets/", "/reponses/", "/contact", "/static/")
_OPEN_EXACT = frozenset({"/", "/health", "/ready", "/version", "/docs", "/openapi.json", "/widget.js", "/favicon.ico"})
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_NOTHING = b"default-src 'none'; frame-ancestors 'none'"


# A content type and a body -> the body of the answer, JSON; Problem for anything but a success.
Direct = Callable[[str, bytes], Awaitable[bytes]]


class Gate:
    """ASGI middleware around the whole application."""

    def __init__(
        self, app: ASGIApp, settings: HttpSettings, measures: Measures, direct: Mapping[str, Direct] | None = None
    ) -> None:
        """Stands before `app`. `direct`: path -> what answers a POST there, without all that is between here and it."""
        self._app = app
        self._direct = direct or {}
        self._settings = settings
        self._measures = measures
        self._token = settings.token.encode()
        self._allowances = limits.Allowances(settings.rate, settings.burst)
        self._active = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request; anything but HTTP goes straight through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            # Answered as GET; the server leaves the body out.
            scope = {**scope, "method": "GET"}
        started = time.perf_counter()
        headers = dict(scope["headers"])
        request_id = _request_id(headers.get(b"x-request-id", b""))
        scope.setdefault("state", {})["request_id"] = request_id
        answer = _Answer(send, request_id)
        self._active += 1
        try:
            await self._guarded(scope, receive, answer, headers)
        except limits.Gone:
            answer.status = 499
        except Problem as problem:
            await answer.refuse(problem)
        except Exception as error:  # the last line of defence
            _report(error, request_id)
            await answer.refuse(Problem("internal"))
        finally:
            self._active -= 1
            self._tell(scope, answer, time.perf_counter() - started, request_id)

    async def _guarded(self, scope: Scope, receive: Receive, answer: _Answer, headers: dict[bytes, bytes]) -> None:
        path = _path(scope)
        if path not in _WATCHED:
            self._admit(scope, path, headers)
        elif path == "/metrics":
            self._authorise(path, headers, scope)
        problem = Problem("timeout")
        try:
            async with asyncio.timeout(self._settings.timeout):
                if scope["method"] not in ("GET", "OPTIONS"):
                    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
                        raise Problem("unsupported_media_type", headers={"accept-encoding": "identity"})
                    problem = Problem("timeout_body", headers={"connection": "close"})
                    announced = headers.get(b"content-length", b"").decode("latin-1")
                    body = await limits.read_body(receive, announced, self._settings.body)
                    direct = self._direct.get(path) if scope["method"] == "POST" else None
                    if direct is not None:
                        problem = Problem("timeout")
                        answer.route = path
                        await answer.succeed(await direct(headers.get(b"content-type", b"").decode("latin-1"), body))
                        return
                    receive = limits.replay(body, receive)
                    # The handlers take it from here: once read, it need not be put together again.
                    scope["state"]["body"] = body
                    problem = Problem("timeout")
                await self._app(scope, receive, answer.send)
        except TimeoutError:
            raise problem from None

    def _admit(self, scope: Scope, path: str, headers: dict[bytes, bytes]) -> None:
        """Lets the request in, or raises the Problem that says why not."""
        try:
            trusted = self._authorise(path, headers, scope)
        except Problem:
            # Guessing tokens costs as much as asking.
            self._take(scope)
            raise
        if not trusted:
            self._take(scope)
        if self._active > self._settings.concurrency:
            raise Problem("overloaded", headers={"retry-after": "1"})

    def _take(self, scope: Scope) -> None:
        """One request of the caller's allowance; Problem when there is none left."""
        wait = self._allowances.wait(scope["client"][0] if scope.get("client") else "")
        if wait:
            raise Problem("rate_limited", headers={"retry-after": str(math.ceil(wait))})

    def _authorise(self, path: str, headers: dict[bytes, bytes], scope: Scope) -> bool:
        """Did the caller show the token? Problem when it had to and did not."""
        if not self._token:
            return False
        given = headers.get(b"authorization", b"")
        scheme, _, shown = given.partition(b" ")
        if scheme.lower() != b"bearer":
            shown = _in_query(scope)
        if hmac.compare_digest(shown.strip(), self._token):
            return True
        if path in _OPEN_EXACT or path.startswith(_OPEN) or scope["method"] == "OPTIONS":
            return False
        raise Problem("unauthorized", headers={"www-authenticate": "Bearer"})

    def _tell(self, scope: Scope, answer: _Answer, seconds: float, request_id: str) -> None:
        # The template (/v1/conversations/{id}/messages), never the address: that may hold anything.
        route = answer.route or getattr(scope.get("route"), "path", "") or "unmatched"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        status = answer.status
        self._measures.answered(route, method, status, seconds)
        if self._settings.access_log:
            _access.info("%s %s %d %.1fms %s", method, route, status, seconds * 1000, request_id)


_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})


class _Answer:
    """Sends a response with the headers every response has, and remembers its status."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status = 500
        # The route's template, where the answer did not come from the application's router.
        self.route = ""
        self._started = False

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._started = True
            headers = message.setdefault("headers", [])
            headers += ((b"x-request-id", self._request_id.encode()), *_HEADERS)
            if not any(name == b"content-security-policy" for name, _ in headers):
                headers.append((b"content-security-policy", _NOTHING))
        await self._send(message)

    async def succeed(self, body: bytes) -> None:
        """Sends a JSON body."""
        length = str(len(body)).encode()
        headers = [(b"content-length", length), (b"content-type", b"application/json")]
        await self.send({"type": "http.response.start", "status": 200, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})

    async def refuse(self, problem: Problem) -> None:
        """Sends a problem, unless an answer is already under way."""
        if self._started:
            return
        status, body, shown = render(problem, self._request_id)
        headers = [(name.encode(), value.encode("latin-1", "replace")) for name, value in shown.items()]
        headers.append((b"content-length", str(len(body)).encode()))
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


def _path(scope: Scope) -> str:
    """The path as the routes know it, without the prefix a proxy may have put before it."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    return path[len(root) :] if root and path.startswith(root + "/") else path


def _request_id(given: bytes) -> str:
    return given.decode() if _REQUEST_ID.fullmatch(given) else os.urandom(8).hex()


def _in_query(scope: Scope) -> bytes:
    """The token as Rasa's clients give it: ?token=…, its special signs as %XX or as they are."""
    query: bytes = scope.get("query_string", b"")
    return next((unquote_to_bytes(part[6:]) for part in query.split(b"&") if part.startswith(b"token=")), b"")


def _report(error: Exception, request_id: str) -> None:
    """Where it happened and what kind it was: the error's own text may hold a customer's."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    _log.error("request %s: %s\n%s", request_id, type(error).__name__, frames)
