"""Real servers for tests: the service in processes of its own, and a site that embeds it."""

from __future__ import annotations

import functools
import http.server
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(url: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def start(port: int, database: str, *flags: str, log: Path | None = None, **variables: str) -> subprocess.Popen[bytes]:
    """`cli.py serve` in a process group of its own."""
    environment = {**os.environ, "CHATBOT_DATABASE_URL": database, **variables}
    command = [sys.executable, str(ROOT / "cli.py"), "serve", "--port", str(port), "--rate", "0", *flags]
    with (log or Path(os.devnull)).open("ab") as output:
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stderr=output, stdout=output, start_new_session=True
        )


def stop(process: subprocess.Popen[bytes]) -> int:
    """Ends it as a service manager would; what does not end in time is killed, and the test fails on its code."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        return process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait()


@contextmanager
def serving(folder: Path, *flags: str, **variables: str) -> Iterator[str]:
    """The service over a store in `folder`; gives its address."""
    port = free_port()
    process = start(port, str(folder / "store.sqlite3"), *flags, log=folder / "service.log", **variables)
    try:
        wait_for(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """Another site, of static files."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
