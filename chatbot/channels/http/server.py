"""Runs the service with uvicorn: one process or several, logs without customers' words, an end that loses no reply."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from chatbot.channels.http.settings import HttpSettings

# Seconds replies under way are waited for when the service stops.
_GRACE = 20
# Bytes of a request's line and headers. What a proxy lets through is less (nginx: 32 kB in all, 8 kB a line).
_LONGEST_HEAD = 32_768
_TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "chatbot": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}


class Listen(NamedTuple):
    """Where to listen, with how many processes, and whose X-Forwarded-For is believed."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    proxies: str = "127.0.0.1"


def serve(settings: HttpSettings, listen: Listen) -> None:
    """Serves until told to stop (SIGTERM, Ctrl-C). Worker processes that die are replaced."""
    if listen.workers == 1:
        # uvicorn ends a single process by the signal it was sent: nothing may be left to tidy up.
        _run(settings, listen)
        return
    with tempfile.TemporaryDirectory(prefix="chatbot-") as shared:
        stamp = Path(shared) / "reload"
        stamp.touch()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = shared
        _run(settings._replace(stamp=str(stamp)), listen)


def _run(settings: HttpSettings, listen: Listen) -> None:
    # Workers are fresh processes: the environment is what they inherit.
    os.environ.update(settings.to_environment())
    uvicorn.run(
        "chatbot.channels.http.app:create_app",
        factory=True,
        host=listen.host,
        port=listen.port,
        workers=listen.workers,
        http=partial(_guarded_protocol, seconds=settings.timeout),  # type: ignore[arg-type]
        forwarded_allow_ips=listen.proxies,
        log_config=_LOGGING,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        timeout_keep_alive=75,
        h11_max_incomplete_event_size=_LONGEST_HEAD,
    )


def _guarded_protocol(*args: Any, seconds: float, **kwargs: Any) -> asyncio.Protocol:
    """uvicorn's protocol, whose connections are dropped when a request's head does not arrive in time, or never ends."""
    protocol: Any = AutoHTTPProtocol(*args, **kwargs)
    protocol.data_received = _short_heads_only(protocol, protocol.data_received)
    asyncio.get_running_loop().call_later(seconds / 2, _drop_if_silent, protocol, seconds / 2, 0)
    return protocol  # type: ignore[no-any-return]


def _short_heads_only(protocol: Any, receive: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """`receive`, until a head has more than _LONGEST_HEAD bytes: uvicorn's own limit is for its other parser only."""
    length = 0

    def received(data: bytes) -> None:
        nonlocal length
        receive(data)
        length = length + len(data) if _awaits_head(protocol) else 0
        if length > _LONGEST_HEAD and not protocol.transport.is_closing():
            protocol.transport.write(_TOO_LONG)
            protocol.transport.close()

    return received


def _awaits_head(protocol: Any) -> bool:
    """Is a request's head still to come, or under way?"""
    return protocol.cycle is None or protocol.cycle.response_complete


def _drop_if_silent(protocol: Any, seconds: float, before: int) -> None:
    """Looks every `seconds`; closes a connection found twice in the same half-sent head. `before`: what was seen then."""
    if protocol.transport is None or protocol.transport.is_closing():
        return
    cycle = protocol.cycle
    # Between requests uvicorn has a timer of its own, which it drops as soon as a byte of the next one comes.
    expects = _awaits_head(protocol) and protocol.timeout_keep_alive_task is None
    if expects and before == id(cycle):
        protocol.transport.close()
        return
    seen = id(cycle) if expects else 0
    asyncio.get_running_loop().call_later(seconds, _drop_if_silent, protocol, seconds, seen)
