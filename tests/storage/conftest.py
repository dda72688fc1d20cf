"""Every test of the store runs on SQLite, and on PostgreSQL where CHATBOT_TEST_POSTGRES names one."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from chatbot.storage.store import Store, database_url, open_store

POSTGRES = os.environ.get("CHATBOT_TEST_POSTGRES", "")
NO_POSTGRES = 'no PostgreSQL: eval "$(scripts/start_postgres.sh)"; export CHATBOT_TEST_POSTGRES'


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: float = 1_700_000_000) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def forward(self, *, days: float = 0, seconds: float = 0) -> None:
        self.now += days * 86_400 + seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path) -> Iterator[str]:
    """The URL of an empty database of its own."""
    if request.param == "sqlite":
        yield str(tmp_path / "data" / "store.sqlite3")
        return
    if not POSTGRES:
        pytest.skip(NO_POSTGRES)
    schema = f"test_{uuid.uuid4().hex}"
    engine = create_engine(database_url(POSTGRES), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(POSTGRES).update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def opened(database: str, clock: Clock) -> Iterator[Callable[[], Store]]:
    """Opens the same database again and again, as other processes would."""
    stores: list[Store] = []

    def another() -> Store:
        stores.append(open_store(database, clock))
        return stores[-1]

    yield another
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[[], Store]) -> Store:
    return opened()


@pytest.fixture
def unused_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
