"""The tables, and how a database of an earlier version is brought to this one. SQLite and PostgreSQL alike.

Times are whole seconds since 1970, UTC, except the journal's, which keeps the day alone: the hour serves nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    inspect,
    select,
    text,
)

from chatbot.errors import StorageError

VERSION = 1
# A number of our own, so that no other program's lock on the same PostgreSQL is met.
_ADVISORY_LOCK = 0x43484154

metadata = MetaData()
# SQLite numbers rows by itself only for INTEGER PRIMARY KEY.
_Key = BigInteger().with_variant(Integer(), "sqlite")

schema_version = Table("chatbot_schema", metadata, Column("version", Integer, nullable=False))

requests = Table(
    "contact_requests",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("reference", String(16), nullable=False, unique=True),
    # Two submissions with the same key are one request, whoever repeats it (a browser, a proxy, a restarted process).
    Column("idempotency_key", String(200), unique=True),
    Column("created_at", BigInteger, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("order_number", Text, nullable=False),
    Column("message", Text, nullable=False),
)

outbox = Table(
    "contact_outbox",
    metadata,
    Column("request_id", _Key, ForeignKey("contact_requests.id", ondelete="CASCADE"), primary_key=True),
    Column("message_id", String(255), nullable=False, unique=True),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_try_at", BigInteger, nullable=False),
    # A sender that holds the row says until when; a killed one frees it by the passing of time.
    Column("lease_until", BigInteger, nullable=False, default=0),
    Column("claim", String(32), nullable=False, default=""),
    Column("sent_at", BigInteger),
    Column("last_error", Text, nullable=False, default=""),
    Index("contact_outbox_due", "sent_at", "next_try_at"),
)

journal = Table(
    "journal",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("day", String(10), nullable=False, index=True),
    Column("outcome", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("intents", Text, nullable=False),
    Column("kinds", Text, nullable=False),
    Column("knowledge_version", String(64), nullable=False, default=""),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", BigInteger, nullable=False, index=True),
)

# Version -> what turns a database of the version before into it.
MIGRATIONS: Mapping[int, Callable[[Connection], None]] = {}


def is_current(connection: Connection) -> bool:
    """Whether the database has this version's tables; StorageError when a later program wrote it."""
    if not inspect(connection).has_table(schema_version.name):
        return False
    return _version(connection) == VERSION


def upgrade(connection: Connection) -> None:
    """Creates the tables, or brings older ones to this version, inside the caller's transaction; safe to repeat."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    metadata.create_all(connection)
    version = _version(connection)
    if version is None:
        connection.execute(schema_version.insert().values(version=VERSION))
        return
    for step in range(version + 1, VERSION + 1):
        MIGRATIONS[step](connection)
        connection.execute(schema_version.update().values(version=step))


def _version(connection: Connection) -> int | None:
    version = connection.execute(select(schema_version.c.version)).scalar()
    if version is not None and version > VERSION:
        raise StorageError(
            f"la base est en version {version} et ce programme ne connaît que la version {VERSION} ; mettez-le à jour."
        )
    return version
