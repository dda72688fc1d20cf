"""Every exception this package raises on purpose.

ChatbotError
├── KnowledgeError     the knowledge base cannot be read; carries every Fault found in one run
├── UsageError         a command or an argument makes no sense; the message says what would
├── StorageError       the store of requests and conversations cannot be used
└── KeyReusedError     an idempotency key was used before, for something else
"""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_REASONS: Mapping[int | None, str] = {
    errno.ENOENT: "il n'existe pas",
    errno.EISDIR: "c'est un dossier",
    errno.ENOTDIR: "une partie du chemin n'est pas un dossier",
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.EEXIST: "il existe déjà",
    errno.ENOSPC: "plus de place sur le disque",
    errno.EROFS: "disque en lecture seule",
}


def os_reason(error: OSError) -> str:
    """Why the system could not read or write, in French where it is one of the usual reasons."""
    return _REASONS.get(error.errno) or error.strerror or str(error)


class Fault(NamedTuple):
    """One thing wrong in a file its author can mend: where it is, what it is, and the cure (in French)."""

    path: str
    line: int
    message: str
    code: str = "schema"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class ChatbotError(Exception):
    """The root of every error below, for callers who want one `except`."""


class KnowledgeError(ChatbotError):
    """The knowledge base cannot be used; `faults` lists everything wrong with it, in file and line order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UsageError(ChatbotError):
    """What was asked for cannot be done as asked; the message is meant for the person at the keyboard."""


class StorageError(ChatbotError):
    """The store cannot be opened, read or written."""


class KeyReusedError(ChatbotError):
    """The key of a request stands for another one already; nothing was stored."""
