"""A trial: the knowledge as it stands on disk, what it makes of a sentence, and what teaching it would change.

The screen of `cli.py try` shows it; nothing here draws. Reloading and weighing consequences take seconds, so they may
run in another thread: what they replace is replaced as a whole.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from chatbot.errors import ChatbotError, KnowledgeError, UsageError
from chatbot.knowledge import KnowledgeBase
from chatbot.knowledge.loader import build
from chatbot.knowledge.sources import FAQ, INTENTS, default_folder, read_folder, version_of
from chatbot.matching import Matcher
from chatbot.matching.compiled import exact_key
from chatbot.workbench.checks.phrasings import somebodys
from chatbot.workbench.comparison import Change, Pair, compare
from chatbot.workbench.corpus import Question
from chatbot.workbench.innards import loosened
from chatbot.workbench.writing import Edit, add_phrasings, added, cleaned, undo

_LOOKED_AT = 600


class Consequences(NamedTuple):
    """What adding a sentence to an intent would do: to the sentence, and to phrasings and questions like it.

    `new_words`: words that would be known from then on, misspelt ones included; known words are no longer corrected.
    """

    text: str
    intent: str
    sentence: Pair
    others: tuple[Pair, ...]
    looked_at: int
    new_words: tuple[str, ...]
    matcher: Matcher


class Trial:
    """The state of a trial. `questions`: labelled ones to weigh consequences on, beside the phrasings."""

    def __init__(self, path: str | Path | None = None, questions: Sequence[Question] = ()) -> None:
        """Loads the folder; KnowledgeError when there is nothing good to start from."""
        self.folder = Path(path) if path is not None else default_folder()
        self.questions = tuple(questions)
        self.matcher = Matcher.load(self.folder)
        self.fault = ""
        self.edits: tuple[Edit, ...] = ()
        self._stamp = self.stamp()
        self._lock = threading.Lock()

    @property
    def knowledge(self) -> KnowledgeBase:
        """The last good knowledge."""
        return self.matcher.knowledge

    def stamp(self) -> tuple[tuple[str, int, int], ...]:
        """Changes when a file of the knowledge is saved: names, times and sizes, nothing read."""
        files = [self.folder / FAQ, *sorted((self.folder / INTENTS).glob("*.y*ml"))]
        stamps = []
        for file in files:
            # A file may go between the listing and the look: an editor saves by renaming.
            with suppress(FileNotFoundError):
                stat = file.stat()
                stamps.append((file.name, stat.st_mtime_ns, stat.st_size))
        return tuple(stamps)

    def refresh(self) -> bool:
        """Loads the folder again if a file was saved since; True when something changed. Keeps the last good one."""
        stamp = self.stamp()
        if stamp == self._stamp:
            return False
        with self._lock:
            try:
                self.matcher, self.fault = Matcher.load(self.folder), ""
            except KnowledgeError as error:
                self.fault = str(error)
            self._stamp = stamp
        return True

    def weigh(self, text: str, intent: str) -> Consequences:
        """What adding `text` to `intent` would change; compiles the knowledge as it would be (some seconds).

        UsageError for a text that is there already, or that holds an address or a phone number.
        """
        text = cleaned(text)
        old = self.matcher
        self._refuse(text)
        sources = read_folder(self.folder)
        path = self._path(intent)
        sources[path], _ = added(sources[path], [text])
        new = Matcher(build(sources))
        questions = [*self._like(text, intent), *self.questions]
        pairs = compare(loosened(old), loosened(new), questions) if questions else []
        sentence = compare(old, new, [Question(text, intent, "", path, 0)])[0]
        others = tuple(p for p in pairs if p.change is not Change.SAME)
        return Consequences(text, intent, sentence, others, len(questions), _new_words(old, text), new)

    def _refuse(self, text: str) -> None:
        """UsageError for what must not be added: a sentence that is there, wherever that is, and what is somebody's."""
        found = somebodys(text)
        if found:
            raise UsageError(f"« {found} » semble être à quelqu'un : retirez-le de la phrase avant de l'ajouter.")
        key = exact_key(self.matcher.normalizer(text))
        number = self.matcher.phrasing_number(key) if key else None
        if number is not None:
            there = self.knowledge.phrasings[number]
            raise UsageError(f"déjà là : {there.path}:{there.line} « {there.text} ».")

    def add(self, consequences: Consequences) -> Edit:
        """Writes the weighed sentence into its file, and takes the knowledge that was compiled for it."""
        edit = add_phrasings(self.folder / self._path(consequences.intent), [consequences.text])
        self.edits = (*self.edits, edit)
        with self._lock:
            if version_of(read_folder(self.folder)) == consequences.matcher.compiled.version:
                self.matcher, self.fault, self._stamp = consequences.matcher, "", self.stamp()
        return edit

    def undo(self) -> Edit | None:
        """Takes the last addition back; None when there is none.

        UsageError when the file was changed since: it is left alone, and the addition before it comes next.
        """
        if not self.edits:
            return None
        *rest, edit = self.edits
        self.edits = tuple(rest)
        undo(edit)
        return edit

    def _path(self, intent: str) -> str:
        known = self.knowledge.intents.get(intent)
        if known is None:
            raise UsageError(f"« {intent} » n'est pas une intention de cette base.")
        return known.path

    def _like(self, text: str, intent: str) -> list[Question]:
        """Phrasings that share a word with the sentence, the more shared the sooner; as questions with their label."""
        normalizer = self.matcher.normalizer
        functions = normalizer.language.function_words
        words = {t.form for t in normalizer(text).tokens if t.form not in functions}
        shared = []
        for phrasing in self.knowledge.phrasings:
            common = sum(word in phrasing.text.lower() for word in words)
            if common:
                shared.append((-common, phrasing.path, phrasing.line, phrasing))
        nearest = sorted(shared)[:_LOOKED_AT]
        return [Question(p.text, p.intent, "", p.path, p.line) for *_, p in nearest]


def _new_words(matcher: Matcher, text: str) -> tuple[str, ...]:
    tokens = matcher.normalizer(text).tokens
    guessed = [t for t in tokens if not t.known or any(c.cost for c in t.changes)]
    return tuple(dict.fromkeys(text[t.start : t.end] for t in guessed))


def why(error: ChatbotError) -> str:
    """The first line of what went wrong, for a status line."""
    return str(error).partition("\n")[0]
