"""The journal: questions worth a look by support staff, redacted before they are written, kept for some days."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, func, select

from chatbot.dialogue.ports import Redacted
from chatbot.storage.contacts import storable
from chatbot.storage.schema import journal
from chatbot.storage.store import Store, shred

logger = logging.getLogger(__name__)


class JournalEntry(NamedTuple):
    """One question as support staff may read it: the day, what became of it, and nothing private."""

    id: int
    day: str
    outcome: str
    text: str
    intents: tuple[str, ...]
    kinds: tuple[str, ...]
    knowledge_version: str


def write_entry(store: Store, outcome: str, redacted: Redacted, intents: tuple[str, ...], knowledge: str = "") -> None:
    """Adds a question, already redacted, under today's day (UTC)."""
    with store.writing() as connection:
        connection.execute(
            journal.insert().values(
                day=_today(store).isoformat(),
                outcome=outcome,
                text=storable(redacted.text),
                intents=json.dumps(list(intents)),
                kinds=json.dumps(list(redacted.kinds)),
                knowledge_version=knowledge,
            )
        )


def journal_entries(store: Store, since: str | date | None = None) -> Iterator[JournalEntry]:
    """The questions kept, oldest first; `since` is the first day wanted (a date, or 2026-11-23)."""
    chosen = select(journal).order_by(journal.c.id)
    if since is not None:
        chosen = chosen.where(journal.c.day >= str(since))
    with store.reading() as connection:
        rows = connection.execute(chosen).mappings().all()
    for row in rows:
        lists = {name: tuple(json.loads(row[name])) for name in ("intents", "kinds")}
        yield JournalEntry(**{**row, **lists})


def purge_journal(store: Store, days: int) -> int:
    """Takes away the questions older than `days` and returns how many; writes nothing when there is none."""
    if not count_older_entries(store, days):
        return 0
    with store.writing() as connection:
        count = connection.execute(delete(journal).where(_older(store, days))).rowcount
    shred(store)
    return count


def count_older_entries(store: Store, days: int) -> int:
    """How many questions `purge_journal` would take away."""
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).where(_older(store, days))).scalar_one())


def _older(store: Store, days: int) -> ColumnElement[bool]:
    return journal.c.day < (_today(store) - timedelta(days=days)).isoformat()


def _today(store: Store) -> date:
    return datetime.fromtimestamp(store.now(), UTC).date()
