"""The store: one database, opened safely; a SQLite file by default, PostgreSQL by its URL, the same code for both."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from chatbot.errors import StorageError, os_reason
from chatbot.storage import schema

FOLDER = "chatbot"
FILE = "chatbot.sqlite3"
# How long a writer waits for another one, in seconds.
PATIENCE = 30
_WRITES = "chatbot_writes"
# How every SQLite file begins (https://www.sqlite.org/fileformat.html, section 1.3).
_SQLITE = b"SQLite format 3\0"


class Store(NamedTuple):
    """An open database and the clock it lives by. Share it between threads; open one per process, after the fork."""

    engine: Engine
    clock: Callable[[], float] = time.time
    # Of SQLite: the file, and which one it was when it was opened.
    file: tuple[Path, tuple[int, int]] | None = None

    def now(self) -> int:
        """The present, in whole seconds since 1970."""
        return int(self.clock())

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is on disk when the block ends, or was never there; StorageError when it cannot be."""
        with _storage_errors(), self._connected(writes=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the database; StorageError when there is none."""
        with _storage_errors(), self._connected(writes=False) as connection, connection.begin():
            yield connection

    def _connected(self, *, writes: bool) -> Connection:
        self._still_there()
        return self.engine.connect().execution_options(**{_WRITES: writes})

    def _still_there(self) -> None:
        """StorageError when the SQLite file was deleted or replaced: what is written to it now is lost."""
        if self.file is None:
            return
        try:
            found = _identity(self.file[0])
        except OSError as error:
            raise StorageError(f"le fichier de la base a disparu ({os_reason(error)}).") from error
        if found != self.file[1]:
            raise StorageError("le fichier de la base a été remplacé ; redémarrez le service.")

    def close(self) -> None:
        """Lets go of every connection."""
        self.engine.dispose()


def open_store(url: str | None = None, clock: Callable[[], float] = time.time) -> Store:
    """The store at a URL (sqlite:///…, postgresql://…) or a file path; None means the platform's data folder.

    Creates the file (readable by its owner alone) and the tables where there are none. StorageError when the
    database cannot be reached, or was written by a later version of this program.
    """
    with _storage_errors():
        address = database_url(url)
        engine = _engine(address)
        path = Path(str(address.database)) if address.get_backend_name() == "sqlite" else None
        store = Store(engine, clock, (path, _identity(path)) if path else None)
        try:
            _bring_up_to_date(store)
        except StorageError:
            store.close()
            raise
        return store


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _bring_up_to_date(store: Store) -> None:
    with store.reading() as connection:
        current = schema.is_current(connection)
    if not current:
        with store.writing() as connection:
            schema.upgrade(connection)


def database_url(url: str | None = None) -> URL:
    """The SQLAlchemy URL meant by a URL, a path, or nothing at all."""
    if not url:
        return URL.create("sqlite", database=str(default_file()))
    if "://" not in url:
        return URL.create("sqlite", database=str(Path(url).expanduser()))
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The text itself may hold a password: it is not repeated.
        expected = "sqlite:///fichier ou postgresql://…"
        raise StorageError(f"l'adresse de la base est illisible ; attendu : {expected}") from None
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise StorageError(f"base « {parsed.get_backend_name()} » inconnue ; choisissez sqlite ou postgresql.")
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise StorageError("une base en mémoire ne garde rien ; donnez un fichier.")
    return parsed


def default_file() -> Path:
    """The database of a machine where none is named: in the platform's folder for users' data."""
    from platformdirs import user_data_path

    return user_data_path(FOLDER, appauthor=False) / FILE


def _engine(url: URL) -> Engine:
    # hide_parameters: an error's text must not carry what a customer typed.
    if url.get_backend_name() == "postgresql":
        return create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": PATIENCE})
    path = Path(str(url.database))
    _private_file(path)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    _write_ahead_log(path)
    return engine


def _private_file(path: Path) -> None:
    """Creates the file for its owner alone before SQLite does; SQLite gives its side files the same rights.

    StorageError, and the file as it was, when it is something else.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_file():
        with path.open("rb") as file:
            if file.read(len(_SQLITE)) not in (_SQLITE, b""):
                raise StorageError(f"« {path} » n'est pas une base SQLite ; donnez un autre fichier.")
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _write_ahead_log(path: Path) -> None:
    """Turns the write-ahead log on, for good. SQLite does not wait for others here, so we do."""
    deadline = time.monotonic() + PATIENCE
    while True:
        connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.DatabaseError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise StorageError(f"la base ne s'ouvre pas ({error}).") from error
            time.sleep(0.02)
        finally:
            connection.close()


def _prepare_sqlite(connection: Any, _record: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN comes too late and is not IMMEDIATE: transactions are begun by _begin_sqlite alone.
    connection.isolation_level = None
    # FULL: a commit is on disk when it returns. secure_delete: what is purged is overwritten, not merely unlinked.
    for pragma in ("synchronous=FULL", "fullfsync=ON", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: a reader that turns writer half-way is refused without waiting.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _storage_errors() -> Iterator[None]:
    """Database and file errors as StorageError, in French, without the values that were being written."""
    try:
        yield
    except IntegrityError:
        # Two wrote the same unique value: only the one who chose the value knows what that means.
        raise
    except OperationalError as error:
        raise StorageError(f"la base ne répond pas : {_first_line(error.orig)}") from error
    except SQLAlchemyError as error:
        raise StorageError(f"la base a refusé l'opération ({type(error).__name__}).") from error
    except OSError as error:
        raise StorageError(f"le fichier de la base ne s'ouvre pas ({os_reason(error)}).") from error


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().partition("\n")[0]


def shred(store: Store) -> None:
    """After a purge: empties SQLite's write-ahead log, which still holds old pages. PostgreSQL sees to it itself."""
    if store.engine.dialect.name != "sqlite":
        return
    with _storage_errors(), store.engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
