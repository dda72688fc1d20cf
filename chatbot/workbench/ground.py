"""The ground the checks stand on: a knowledge base, its matcher, and how each phrasing is read, worked out once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from chatbot.knowledge import KnowledgeBase, Phrasing
from chatbot.knowledge.sources import FAQ
from chatbot.knowledge.strict_yaml import Document
from chatbot.language import Normalizer
from chatbot.language.tokens import WORD
from chatbot.matching import Matcher
from chatbot.matching.compiled import exact_key
from chatbot.workbench.innards import loosened
from chatbot.workbench.parallel import map_chunks


class Seen(NamedTuple):
    """How a phrasing is read: its key once normalised, the words no step changed, the stems of its content words, its
    concepts; and, were it not in the knowledge word for word, the intents answered and the candidates, best first."""

    phrasing: Phrasing
    key: str
    words: tuple[str, ...]
    stems: frozenset[str]
    concepts: frozenset[str]
    answered: tuple[str, ...]
    ranked: tuple[str, ...]


@dataclass(frozen=True)
class Ground:
    """What a lint run looks at. `sources`: the files, relative path -> content; `today` and `max_age` (days) for dates."""

    matcher: Matcher
    sources: Mapping[str, bytes]
    today: date
    max_age: int = 365

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
        return Normalizer(self.matcher.normalizer.language)

    @cached_property
    def seen(self) -> Sequence[Seen]:
        """Every phrasing and counter-example as it is read, on all cores."""

        def work(part: Sequence[Phrasing]) -> list[Seen]:
            return [self._look(phrasing) for phrasing in part]

        return [seen for part in map_chunks(work, self.knowledge.phrasings, chunk=500) for seen in part]

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Word -> in how many phrasings of the shop's own intents it stands."""
        inside = (seen for seen in self.seen if seen.phrasing.intent not in ("", self.outside))
        return Counter(word for seen in inside for word in set(seen.words))

    @cached_property
    def faq(self) -> Document:
        """faq.yaml with its lines."""
        return Document(FAQ, self.sources[FAQ])

    @cached_property
    def loosened(self) -> Matcher:
        """The matcher without the short cut for exact phrasings."""
        return loosened(self.matcher)

    def _look(self, phrasing: Phrasing) -> Seen:
        match = self.loosened.match(phrasing.text)
        tokens = match.analysis.tokens
        functions = self.matcher.normalizer.language.function_words
        return Seen(
            phrasing,
            exact_key(match.analysis),
            tuple(t.form for t in tokens if t.kind == WORD and not t.changes),
            frozenset(t.stem for t in tokens if t.form not in functions),
            frozenset(c.concept for c in self.matcher.reader.concepts.find(tokens)),
            match.intents,
            tuple(c.intent for c in match.candidates),
        )
