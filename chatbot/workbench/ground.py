"""The ground the checks stand on: a knowledge base, its matcher, and how each phrasing is read, worked out once."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from chatbot.knowledge import Expression, KnowledgeBase, Phrasing
from chatbot.knowledge.sources import FAQ
from chatbot.knowledge.strict_yaml import Document
from chatbot.language import Analysis, Normalizer
from chatbot.language.tokens import WORD
from chatbot.matching import Matcher
from chatbot.matching.cache import recall, remember
from chatbot.matching.compiled import exact_key
from chatbot.matching.compiler import learner
from chatbot.matching.concepts import Found
from chatbot.workbench.innards import loosened
from chatbot.workbench.parallel import map_chunks

# The intents answered, and the candidates, best first.
Outcome = tuple[tuple[str, ...], tuple[str, ...]]
# Seen without its phrasing, in plain values: quick to pass between processes and to keep.
Look = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]
# An expression of the lexicon: the stems of its words but for determiners, how many tokens it has, whether one is a word.
Spelled = tuple[tuple[str, ...], int, bool]
_CODE = zlib.crc32(Path(__file__).read_bytes())
# Log-odds of its own intent by the weights alone from which on a phrasing is plain. What else counts, the nearest
# phrasings, speaks for it as well, since it is one of them itself.
_PLAIN = 4.0
_PLAINLY_OUTSIDE = 2.0


class Seen(NamedTuple):
    """How a phrasing is read: its key once normalised, the words no step changed, the stems of its content words, its
    concepts; and, were it not in the knowledge word for word, the intents answered and the candidates, best first
    (only the first one where it is plain)."""

    phrasing: Phrasing
    key: str
    words: tuple[str, ...]
    stems: frozenset[str]
    concepts: frozenset[str]
    answered: tuple[str, ...]
    ranked: tuple[str, ...]


@dataclass(frozen=True)
class Ground:
    """What a lint run looks at. `sources`: the files, relative path -> content; `today` and `max_age` (days) for dates.

    `remembers`: how the phrasings are read is kept in the cache, beside the compiled knowledge.
    """

    matcher: Matcher
    sources: Mapping[str, bytes]
    today: date
    max_age: int = 365
    remembers: bool = False

    @property
    def knowledge(self) -> KnowledgeBase:
        """The knowledge base under check."""
        return self.matcher.knowledge

    @property
    def outside(self) -> str:
        """The intent of counter-examples, « » when there is none."""
        return self.knowledge.out_of_scope or ""

    @cached_property
    def plain(self) -> Normalizer:
        """A normaliser that corrects nothing: it shows the words as their authors wrote them."""
        return learner(self.knowledge, self.matcher.normalizer.language)

    @cached_property
    def seen(self) -> Sequence[Seen]:
        """Every phrasing and counter-example as it is read."""
        looks, _ = self._read
        return [
            Seen(phrasing, key, words, frozenset(stems), frozenset(concepts), answered, ranked)
            for phrasing, (key, words, stems, concepts, answered, ranked) in zip(
                self.knowledge.phrasings, looks, strict=True
            )
        ]

    @cached_property
    def spelled(self) -> Sequence[Spelled]:
        """Every expression of the lexicon as its words are read, in order."""
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[list[Look], list[Spelled]]:
        """The phrasings and the lexicon read, on all cores, or as they were when this knowledge was read before."""
        kind, version = f"-lint{_CODE}", self.matcher.compiled.version
        kept: tuple[list[Look], list[Spelled]] | None = recall(kind, version) if self.remembers else None
        if kept is not None:
            return kept
        looks = map_chunks(self._looks, self.knowledge.phrasings, chunk=500)
        spelled = map_chunks(self._spell, self.knowledge.lexicon, chunk=2000)
        read = ([look for part in looks for look in part], [one for part in spelled for one in part])
        if self.remembers:
            remember(kind, version, read)
        return read

    def _looks(self, phrasings: Sequence[Phrasing]) -> list[Look]:
        return [self._look(phrasing) for phrasing in phrasings]

    def _spell(self, expressions: Sequence[Expression]) -> list[Spelled]:
        determiners = self.matcher.normalizer.language.determiners
        read = (self.plain(expression.text).tokens for expression in expressions)
        return [
            (
                tuple([t.stem for t in tokens if t.form not in determiners]),
                len(tokens),
                any(t.kind == WORD for t in tokens),
            )
            for tokens in read
        ]

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Word -> in how many phrasings of the shop's own intents it stands."""
        inside = (seen for seen in self.seen if seen.phrasing.intent != self.outside)
        return Counter(word for seen in inside for word in set(seen.words))

    @cached_property
    def faq(self) -> Document:
        """faq.yaml with its lines."""
        return Document(FAQ, self.sources[FAQ])

    @cached_property
    def loosened(self) -> Matcher:
        """The matcher without the short cut for exact phrasings."""
        return loosened(self.matcher)

    def _look(self, phrasing: Phrasing) -> Look:
        analysis = self.matcher.normalizer(phrasing.text)
        tokens = analysis.tokens
        functions = self.matcher.normalizer.language.function_words
        found = self.matcher.reader.concepts.find(tokens)
        return (
            exact_key(analysis),
            tuple([t.form for t in tokens if t.kind == WORD and not t.changes]),
            tuple([t.stem for t in tokens if t.form not in functions]),
            tuple([c.concept for c in found]),
            *(self._plain(phrasing, analysis, found) or self._matched(phrasing)),
        )

    def _plain(self, phrasing: Phrasing, analysis: Analysis, found: Sequence[Found]) -> Outcome | None:
        """What is answered and ranked where a glance tells: most phrasings are far from any other intent."""
        intent = phrasing.intent
        if not analysis.tokens or intent in self._ruled:
            return None
        best, odds = self.matcher.reader.plainly(analysis, found)
        if (
            odds < (_PLAINLY_OUTSIDE if intent == self.outside else _PLAIN)
            or self.matcher.compiled.intents[best] != intent
        ):
            return None
        return ((), ()) if intent == self.outside else ((intent,), (intent,))

    def _matched(self, phrasing: Phrasing) -> Outcome:
        match = self.loosened.match(phrasing.text)
        return match.intents, match.ranking

    @property
    def _ruled(self) -> set[str]:
        """The intents whose rules a glance does not see."""
        return {*self.matcher.compiled.required, *self.matcher.compiled.excluded}
