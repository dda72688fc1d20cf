"""Runs the service with uvicorn: one process or several, logs without customers' words, an end that loses no reply."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from chatbot.channels.http.settings import HttpSettings

# Seconds a connection may take to send the head of a request.
_HEAD = 10.0
# Seconds replies under way are waited for when the service stops.
_GRACE = 20
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
    with tempfile.TemporaryDirectory(prefix="chatbot-") as shared:
        if listen.workers > 1:
            stamp = Path(shared) / "reload"
            stamp.touch()
            settings = settings._replace(stamp=str(stamp))
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = shared
        # Workers are fresh processes: the environment is what they inherit.
        os.environ.update(settings.to_environment())
        uvicorn.run(
            "chatbot.channels.http.app:create_app",
            factory=True,
            host=listen.host,
            port=listen.port,
            workers=listen.workers,
            http=_patient_protocol,  # type: ignore[arg-type]
            forwarded_allow_ips=listen.proxies,
            log_config=_LOGGING,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE,
            timeout_keep_alive=75,
            h11_max_incomplete_event_size=16_384,
        )


def _patient_protocol(*args: Any, **kwargs: Any) -> asyncio.Protocol:
    """uvicorn's protocol, whose connections are dropped when a request's head does not arrive in time."""
    protocol: Any = AutoHTTPProtocol(*args, **kwargs)
    asyncio.get_running_loop().call_later(_HEAD, _drop_if_silent, protocol)
    return protocol  # type: ignore[no-any-return]


def _drop_if_silent(protocol: Any) -> None:
    if protocol.transport is not None and protocol.cycle is None and not protocol.transport.is_closing():
        protocol.transport.close()
