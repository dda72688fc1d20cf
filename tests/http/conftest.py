"""A service over a shop of its own, in this process; nothing outside the test's folder is touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra http is not installed")

from http_shops import Make, write_shop
from starlette.testclient import TestClient

from chatbot.channels.http.app import create_app
from chatbot.channels.http.settings import HttpSettings


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of this machine reaches a test."""
    import os

    for name in [n for n in os.environ if n.startswith("CHATBOT_") and n != "CHATBOT_CACHE" and "_TEST_" not in n]:
        monkeypatch.delenv(name)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes clients of services with the settings given; they are stopped at the end."""
    opened: list[TestClient] = []

    def maker(**settings: Any) -> TestClient:
        given = {"database": str(tmp_path / "store.sqlite3"), "rate": 0.0, **settings}
        client = TestClient(create_app(HttpSettings(**given)), raise_server_exceptions=False)
        client.__enter__()
        opened.append(client)
        return client

    yield maker
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture
def client(make: Make) -> TestClient:
    """A service with default settings."""
    return make()


@pytest.fixture
def shop_folder(tmp_path: Path) -> Path:
    """Another shop, small, that a test may change."""
    return write_shop(tmp_path / "fournil")
