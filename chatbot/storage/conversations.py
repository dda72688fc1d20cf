"""Conversations between two turns: any process can serve any turn, and two at once cannot overwrite each other."""

from __future__ import annotations

import json
from typing import NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from chatbot.storage.schema import conversations
from chatbot.storage.store import Store, shred

# A conversation nobody has continued for this long is over, and what was said in it is taken away; in seconds.
IDLE = 24 * 3600


class Saved(NamedTuple):
    """The state of a conversation and its version, which `save` wants back."""

    state: dict[str, object]
    version: int


def load(store: Store, conversation: str) -> Saved | None:
    """The last state saved under this id; None when there is none or it has been idle too long."""
    chosen = select(conversations.c.state, conversations.c.version).where(
        conversations.c.id == conversation, conversations.c.updated_at > store.now() - IDLE
    )
    with store.reading() as connection:
        row = connection.execute(chosen).one_or_none()
    return Saved(json.loads(row.state), row.version) if row else None


def save(store: Store, conversation: str, state: dict[str, object], version: int = 0) -> bool:
    """Saves the state that follows `version` (0: none yet); False when another turn got there first: load again.

    `state` is made of JSON values.
    """
    values = {"state": json.dumps(state), "version": version + 1, "updated_at": store.now()}
    try:
        with store.writing() as connection:
            if version == 0:
                stale = conversations.c.updated_at <= store.now() - IDLE
                connection.execute(delete(conversations).where(conversations.c.id == conversation, stale))
                connection.execute(conversations.insert().values(id=conversation, **values))
                return True
            same = (conversations.c.id == conversation) & (conversations.c.version == version)
            return connection.execute(update(conversations).where(same).values(values)).rowcount == 1
    except IntegrityError:
        return False


def forget(store: Store, conversation: str) -> None:
    """Takes one conversation away, from the disk too."""
    with store.writing() as connection:
        gone = connection.execute(delete(conversations).where(conversations.c.id == conversation)).rowcount
    if gone:
        clear(store)


def clear(store: Store) -> None:
    """What was saved before and is no more goes from the disk too."""
    shred(store)


def forget_idle(store: Store, seconds: int = IDLE) -> int:
    """Takes away the conversations nobody has continued for `seconds`, and returns how many."""
    old = conversations.c.updated_at <= store.now() - seconds
    with store.reading() as connection:
        if connection.execute(select(conversations.c.id).where(old).limit(1)).first() is None:
            return 0
    with store.writing() as connection:
        count = connection.execute(delete(conversations).where(old)).rowcount
    shred(store)
    return count
