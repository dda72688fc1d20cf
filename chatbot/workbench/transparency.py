"""What an edit of one word does to the reading of a phrasing, found without matching: most edits are corrected away.

Two edited phrasings whose tokens agree in everything the matcher looks at are matched alike; so one match serves all
edits of a word that are read the same, and none is needed for an edit that is read as the word itself. Wherever more
than this one word could be involved (abbreviations, glued or split words, the noun « avoir »), the answer is « unsure ».
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from chatbot.language import Analysis, Token
from chatbot.language.characters import fold
from chatbot.language.grammar import NOUN_AVOIR
from chatbot.language.tokenizer import Raw, tokenize
from chatbot.language.tokens import WORD
from chatbot.language.words import WordReader, WordReading
from chatbot.matching import Matcher

_AVOIR = ("avoir", "avoirs", NOUN_AVOIR)
# What the matcher looks at in the tokens of one word; unknown words differ by being real words or noise only.
Signature = tuple[tuple[str, bool, bool], ...]


class Place(NamedTuple):
    """A word of a phrasing: its reading there, and what stands beside it (forms and spellings).

    `alone` is False beside « avoir »: whether that is a noun depends on its neighbours, unknown ones included.
    """

    word: str
    signature: Signature
    before: frozenset[str]
    after: frozenset[str]
    alone: bool


class WordReadings:
    """Reads edited words one by one and remembers them. One per process: it grows with the words it is shown."""

    def __init__(self, matcher: Matcher) -> None:
        normalizer = matcher.normalizer
        self._language = normalizer.language
        self._vocabulary = matcher.compiled.vocabulary
        self._reader = WordReader(normalizer.language, normalizer.vocabulary)
        self._known: dict[str, Signature | None] = {}

    @cached_property
    def _abbreviated(self) -> frozenset[str]:
        return frozenset(word for key in self._language.abbreviations for word in key)

    def places(self, text: str, analysis: Analysis) -> dict[tuple[int, int], Place]:
        """The words of an analysed text that may be judged alone, by their span."""
        raws = tokenize(text.lower()) if len(text.lower()) == len(text) else []
        found = {
            (raw.start, raw.end): self._place(raw, analysis) for raw in raws if raw.kind == WORD and not raw.elided
        }
        return {span: place for span, place in found.items() if place}

    def read(self, place: Place, edited: str) -> Signature | None:
        """How the edited word is read in that place; None when only a real match can tell."""
        word = edited.lower()
        if word not in self._known:
            self._known[word] = self._signature(word)
        folded = fold(word)
        if any(name + folded in self._vocabulary for name in place.before):
            return None
        if any(folded + name in self._vocabulary for name in place.after):
            return None
        found = self._known[word]
        return found if place.alone or found == place.signature else None

    def _signature(self, word: str) -> Signature | None:
        if word in self._abbreviated or not word.isalpha():
            return None
        readings = self._reader.read(word, WORD, False)
        if any(reading.form.startswith("avoir") for reading in readings):
            return None
        return signature(readings)

    def _place(self, raw: Raw, analysis: Analysis) -> Place | None:
        tokens = analysis.tokens
        own = [n for n, t in enumerate(tokens) if (t.start, t.end) == (raw.start, raw.end)]
        read = self._signature(raw.word)
        if not own or read is None or read != signature([tokens[n] for n in own]):
            return None
        before = tokens[own[0] - 1] if own[0] else None
        after = tokens[own[-1] + 1] if own[-1] + 1 < len(tokens) else None
        alone = not any(t is not None and t.form in _AVOIR for t in (before, after))
        return Place(raw.word, read, _names(before), _names(after), alone)


def signature(readings: list[Token] | tuple[WordReading, ...]) -> Signature:
    """What the matcher looks at in these tokens."""
    return tuple((r.form if r.known else "", r.known, r.real) for r in readings)


def _names(token: Token | None) -> frozenset[str]:
    """How a neighbour may be spelt when two words are joined into one."""
    if token is None:
        return frozenset()
    return frozenset({token.form, *(change.before for change in token.changes)})
