"""How much one client, and all together, may ask for; and a body read within its limits."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from chatbot.channels.http.problems import Problem

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
# Clients remembered; the one longest unseen is forgotten first, which gives it a full allowance again.
_CLIENTS = 10_000


class Gone(Exception):
    """The client hung up before its request was complete."""


class Allowances:
    """A token bucket per client: `rate` requests per second, `burst` at once. For one event loop."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        """A `rate` of 0 lets everyone in."""
        self._rate = rate
        self._burst = float(burst)
        self._clock = clock
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str) -> float:
        """Takes one request from the client's allowance: 0 when it may go on, else seconds until it may."""
        if not self._rate:
            return 0.0
        now = self._clock()
        left, since = self._clients.pop(client, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._rate)
        allowed = left >= 1
        self._clients[client] = (left - 1 if allowed else left, now)
        if len(self._clients) > _CLIENTS:
            self._clients.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._rate


async def read_body(receive: Receive, announced: str, largest: int) -> bytes:
    """The whole body; Problem when it is too large, Gone when the client hangs up. `announced`: its Content-Length."""
    if announced.isdigit() and int(announced) > largest:
        raise Problem("body_too_large", headers={"connection": "close"})
    parts: list[bytes] = []
    left = largest
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        parts.append(message.get("body", b""))
        left -= len(parts[-1])
        if left < 0:
            raise Problem("body_too_large", headers={"connection": "close"})
        more = message.get("more_body", False)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body that was read, then whatever comes."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return pending.pop() if pending else await receive()

    return again
