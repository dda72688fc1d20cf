"""What the service serves from: one shop at a time, replaced whole. A request takes it once and keeps it to its end."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

from chatbot.dialogue import Chatbot
from chatbot.dialogue.data_files import default_messages
from chatbot.dialogue.voice import Voice
from chatbot.errors import Fault, KnowledgeError
from chatbot.knowledge import KnowledgeBase
from chatbot.knowledge.sources import FAQ, INTENTS, default_folder, read_folder, version_of
from chatbot.matching import Match, Matcher

_log = logging.getLogger(__name__)
# Short questions asked again and again (a button, « bonjour ») are answered from memory: how many, how long.
_REMEMBERED = 16_384
_SHORT = 120


class Matched(NamedTuple):
    """A match as JSON, and its decision for the counters."""

    body: bytes
    decision: str


class Shop:
    """One knowledge base ready to serve. Never changes, but for the answers it remembers."""

    def __init__(self, matcher: Matcher) -> None:
        """Ready when constructed."""
        self.matcher = matcher
        self.knowledge: KnowledgeBase = matcher.knowledge
        self.version = matcher.knowledge.version
        self.bot = Chatbot(matcher)
        # Outside a conversation nobody can type « formulaire »: these texts say where it is instead.
        self.voice = Voice(self.knowledge, default_messages(), form_here=False)
        # Ordered, because a plain dict takes longer and longer to find its oldest entry.
        self._remembered: OrderedDict[str, Matched] = OrderedDict()

    def matched(self, text: str) -> Matched:
        """The match of `text` as the bytes of one JSON object."""
        found = self._remembered.get(text)
        if found is not None:
            return found
        found = as_json(self.matcher.match(text))
        if len(text) <= _SHORT:
            self._remembered[text] = found
            if len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return found


class Reloaded(NamedTuple):
    """What a reload led to. `version`: in use now; `changed`: is it another one than before?"""

    version: str
    changed: bool
    faults: tuple[Fault, ...] = ()


class Current:
    """Holds the shop in use. Reading it is one attribute; replacing it is one assignment."""

    def __init__(self, folder: str | None, shop: Shop) -> None:
        """Serves `shop`; `folder` is where the next one is read from (None: the default)."""
        self.folder = folder
        self.shop = shop
        self.faults: tuple[Fault, ...] = ()
        self._one_at_a_time = threading.Lock()

    @classmethod
    def load(cls, folder: str | None = None) -> Current:
        """The shop of a folder (None: the shipped one); KnowledgeError when it has faults."""
        return cls(folder, Shop(Matcher.load(folder)))

    def reload(self) -> Reloaded:
        """Reads the folder again. With faults in it the shop stays, and the faults are told here and in the log."""
        with self._one_at_a_time:
            before = self.shop.version
            try:
                if version_of(read_folder(self.folder)) != before:
                    _compile_elsewhere(self.folder)
                    self.shop = Shop(Matcher.load(self.folder))
            except KnowledgeError as error:
                self.faults = error.faults
                _log.error("knowledge not reloaded, version %s stays in use:\n%s", before, error)
                return Reloaded(before, changed=False, faults=error.faults)
            self.faults = ()
            version = self.shop.version
        if version != before:
            _log.info("knowledge reloaded: version %s, before %s", version, before)
        return Reloaded(version, version != before)

    def signature(self) -> tuple[tuple[str, int, int], ...]:
        """Names, sizes and times of the folder's files: changes whenever one of them is written."""
        folder = Path(self.folder) if self.folder else default_folder()
        found = []
        for file in (folder / FAQ, *(folder / INTENTS).glob("*.y*ml")):
            try:
                status = file.stat()
            except OSError:
                continue
            found.append((file.name, status.st_size, status.st_mtime_ns))
        return tuple(sorted(found))


def as_json(match: Match) -> Matched:
    """A match as the bytes of one JSON object, the same as `match --jsonl` prints."""
    return Matched(match.as_json().encode("utf-8", "replace"), str(match.decision))


def _compile_elsewhere(folder: str | None) -> None:
    """Compiles into the cache in a process of its own, so that seconds of work do not hold up the customers here.

    Whatever happens there, loading from here afterwards gives the same result or the faults, only slower.
    """
    if os.environ.get("CHATBOT_CACHE") == "":
        return
    code = "import sys; from chatbot.matching import Matcher; Matcher.load(sys.argv[1] or None)"
    try:
        subprocess.run(  # noqa: S603 - our own interpreter, our own code
            [sys.executable, "-c", code, folder or ""], check=False, timeout=120, capture_output=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        _log.info("compiling in this process (%s)", type(error).__name__)
