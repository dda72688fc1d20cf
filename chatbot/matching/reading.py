"""Reading: an analysed utterance -> everything the decision is made of. Pure; the decision itself is the matcher's."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Sequence
from functools import cached_property
from math import log
from typing import NamedTuple, TypeVar

from chatbot.language import Analysis, Token
from chatbot.matching.compiled import Compiled
from chatbot.matching.concepts import Concepts, Found
from chatbot.matching.features import add_concepts, features, words_and_pairs
from chatbot.matching.scoring import Likeness, Part, Scorer, log_odds, shares
from chatbot.matching.thresholds import Signals

T = TypeVar("T")
_MOST_SENTENCES = 4


class Reading(NamedTuple):
    """Everything computed about one utterance, kept for the explanation."""

    analysis: Analysis
    concepts: list[Found]
    whole: Part
    likeness: Likeness
    scores: list[float]


class Reader:
    """Reads utterances for one compiled knowledge base. `inside`: the in-scope intents; `outside`: « out of scope »."""

    def __init__(
        self, compiled: Compiled, determiners: frozenset[str], function_words: frozenset[str], outside: int | None
    ) -> None:
        self.scorer = Scorer(compiled)
        self.concepts = Concepts(compiled.concepts, determiners, compiled.elsewhere)
        self.outside = outside
        self.inside = tuple(n for n in range(len(compiled.intents)) if n != outside)
        self._row_of = compiled.row_of
        self._packed = compiled.phrasings
        self._functions = function_words

    @cached_property
    def phrasings(self) -> Sequence[tuple[str, str, str, int]]:
        """(text, intent, path, line) by phrasing number; unpacked on first need, which is an explanation."""
        unpacked: Sequence[tuple[str, str, str, int]] = marshal.loads(self._packed)  # noqa: S302 (made by the compiler)
        return unpacked

    def read(self, analysis: Analysis) -> Reading:
        """The scores of an analysed utterance."""
        tokens, scorer = analysis.tokens, self.scorer
        found = self.concepts.find(tokens)
        whole = scorer.part(self.features(tokens, found, self._row_of.get))
        likeness = scorer.likeness(whole)
        scores = scorer.scores(whole, likeness)
        return Reading(analysis, found, whole, likeness, scores)

    def plainly(self, analysis: Analysis, found: Sequence[Found]) -> tuple[int, float]:
        """The intent that the weights alone put first, and its log-odds: a glance, at a quarter of the cost of `read`."""
        part = self.scorer.part(self.features(analysis.tokens, found, self._row_of.get))
        chances = shares(self.scorer.linear(part))
        best = max(range(len(chances)), key=chances.__getitem__)
        return best, log_odds(chances[best])

    def features(self, tokens: Sequence[Token], found: Sequence[Found], encode: Callable[[str], T | None]) -> list[T]:
        """The features of a text with these concepts, as `encode`."""
        return features(tokens, found, self._functions, self.concepts.elsewhere, encode)

    def all_unknown(self, reading: Reading) -> bool:
        """True when some words carry content and none of them, nor any concept they make, is in the phrasings twice."""
        rows, functions, content = self._row_of, self._functions, False
        for token in reading.analysis.tokens:
            if token.form not in functions:
                if token.known and "w:" + token.stem in rows:
                    return False
                content = True
        return content and not any("c:" + found.concept in rows for found in reading.concepts)

    def signals(self, reading: Reading, order: Sequence[int], odds: float) -> Signals:
        """The signals for the best of `order`, the in-scope intents from the best on."""
        scores, likeness, best = reading.scores, reading.likeness, order[0]
        content = [token for token in reading.analysis.tokens if token.form not in self._functions]
        return Signals(
            odds=odds,
            lead=scores[best] - scores[self.outside] if self.outside is not None else 0.0,
            margin=scores[best] - scores[order[1]] if len(order) > 1 else 0.0,
            likeness=likeness.of(best),
            outside=likeness.of(self.outside) if self.outside is not None else 0.0,
            unknown=sum([not token.known for token in content]) / len(content) if content else 0.0,
            length=log(1 + len(content)),
            sentences=float(min(reading.analysis.tokens[-1].sentence + 1, _MOST_SENTENCES)),
        )

    def stretch(self, tokens: Sequence[Token], found: Sequence[Found], span: range) -> Part:
        """A stretch of a text by itself: its words, pairs and concepts, without what counts the text as a whole."""
        row = self._row_of.get
        rows, _ = words_and_pairs(tokens[span.start : span.stop], row)
        inside = [c for c in found if c.tokens[0] >= span.start and c.tokens[-1] < span.stop]
        add_concepts(rows, tokens, inside, self.concepts.elsewhere, row)
        return self.scorer.part(rows)
