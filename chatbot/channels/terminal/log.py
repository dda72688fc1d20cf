"""The log of a chat: a file, for the shop. The screen belongs to the customer."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from chatbot.matching.cache import cache_folder

ENVIRONMENT = "CHATBOT_LOG"
NAME = "chat.log"


def log_to_file() -> None:
    """Sends what the package logs to the file CHATBOT_LOG names (empty: nowhere), by default one beside the cache.

    The file is made, for its owner alone, when there is something to write; one that cannot be written is no fault.
    """
    handler = logging.StreamHandler(_LogFile(_path()))
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger("chatbot").addHandler(handler)


def _path() -> Path | None:
    named = os.environ.get(ENVIRONMENT)
    if named is not None:
        return Path(named).expanduser() if named else None
    folder = cache_folder()
    return folder / NAME if folder else None


class _LogFile:
    """What a logging handler needs of a stream; each piece is appended to the file, which is opened for that alone."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def write(self, text: str) -> None:
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(
                os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8"
            ) as file:
                file.write(text)
        except OSError:
            # Nowhere left to say it: the customer has had the apology, and must not see this.
            return

    def flush(self) -> None:
        """Nothing waits: every piece is written at once."""
