"""A progress bar on a terminal, and nothing at all elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

_WIDTH = 30


@contextmanager
def progress(stream: TextIO, what: str) -> Iterator[Callable[[int, int], None]]:
    """A function to be told (done, total); draws on `stream` if it is a terminal, and wipes its line at the end."""
    drawn = stream.isatty()

    def told(done: int, total: int) -> None:
        if drawn:
            filled = _WIDTH * done // max(total, 1)
            stream.write(f"\r[{'█' * filled}{'·' * (_WIDTH - filled)}] {done}/{total} {what}")
            stream.flush()

    try:
        yield told
    finally:
        if drawn:
            stream.write("\r\033[K")
            stream.flush()
