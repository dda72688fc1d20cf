"""Scoring: features -> one natural-log score per intent, from the weights and from the nearest phrasings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp, fsum, log
from typing import NamedTuple

from chatbot.matching.compiled import IDF_SCALE, LANE_BITS, SCALE, Compiled, inverse_length
from chatbot.matching.lanes import Lanes

# How much the likeness of the nearest phrasings (0 to 1) adds to an intent's score, in natural-log units.
NEAREST_SHARE = 5.0
# Of an intent's likeness, the share of its nearest phrasing; the rest is the mean of its nearest three.
_BEST_SHARE = 0.7
_NEAREST = 3
_new = tuple.__new__
# Phrasings less alike than this say nothing; features looked up at most, the rarest first.
_LEAST_LIKE = 0.1
_MOST_LOOKED_UP = 6


class Part(NamedTuple):
    """A text, or a stretch of it, as the rows of its features; `inverse` is 1 / the length of its vector."""

    rows: tuple[int, ...]
    inverse: float


class Likeness(NamedTuple):
    """The nearest phrasings: (similarity 0 to 1, phrasing number), best first, per intent number; and how like its
    phrasings each intent's make the text, 0 to 1."""

    hits: dict[int, list[tuple[float, int]]]
    shares: dict[int, float]

    def of(self, intent: int) -> float:
        """How like its phrasings the text is, 0 to 1."""
        return self.shares.get(intent, 0.0)


class Scorer:
    """Scores parts of a text against a compiled knowledge base. Immutable; rows are unpacked on first use."""

    def __init__(self, compiled: Compiled) -> None:
        self.intents = compiled.intents
        self.idf2: Sequence[int] = memoryview(compiled.idf2).cast("I").tolist()
        self._lanes = Lanes(len(compiled.intents), LANE_BITS)
        self._stored = memoryview(compiled.weights)
        self._rows: list[int | None] = [None] * len(self.idf2)
        self._postings = memoryview(compiled.postings).cast("I")
        self._starts: Sequence[int] = memoryview(compiled.posting_starts).cast("I").tolist()
        self._posting_cache: dict[int, tuple[int, ...]] = {}
        self._phrasing_intent: Sequence[int] = memoryview(compiled.phrasing_intent).cast("H").tolist()
        self._phrasing_inverse: Sequence[float] = memoryview(compiled.phrasing_inverse).cast("d").tolist()

    def part(self, rows: Iterable[int]) -> Part:
        """The part of a text whose features have these rows, each counted once."""
        once = tuple(dict.fromkeys(rows))
        return _new(Part, (once, inverse_length(once, self.idf2)))

    def weights(self, number: int) -> list[float]:
        """The weights of one feature by intent number, in natural-log units before division by the text's length."""
        return [weight / SCALE for weight in self._lanes.unpack(self._row(number))]

    def _row(self, number: int) -> int:
        row = self._rows[number]
        return self._loaded(number) if row is None else row

    def _loaded(self, number: int) -> int:
        size = self._lanes.size
        row = self._rows[number] = self._lanes.from_bytes(self._stored[number * size : (number + 1) * size])
        return row

    def linear(self, part: Part) -> list[float]:
        """The weights' score of each intent."""
        rows, unit, total = self._rows, part.inverse / SCALE, 0
        for number in part.rows:
            row = rows[number]
            total += self._loaded(number) if row is None else row
        return [score * unit for score in self._lanes.unpack(total)]

    def intent_of(self, phrasing: int) -> str:
        """The intent of a phrasing, by its number."""
        return self.intents[self._phrasing_intent[phrasing]]

    def likeness(self, part: Part) -> Likeness:
        """The phrasings that share telling features with the part."""
        shared: dict[int, int] = {}
        idf2 = self.idf2
        for row in self._most_telling(part.rows):
            weight = idf2[row]
            for phrasing in self._posting(row):
                shared[phrasing] = shared.get(phrasing, 0) + weight
        inverses, intents = self._phrasing_inverse, self._phrasing_intent
        unit = part.inverse / IDF_SCALE
        least = _LEAST_LIKE / unit if unit else 0.0
        found: dict[int, list[tuple[float, int]]] = {}
        for phrasing, weight in shared.items():
            similarity = weight * inverses[phrasing]
            if similarity > least:
                # Negative, so that sorting puts the most alike first, and of equals the first written.
                found.setdefault(intents[phrasing], []).append((-similarity * unit, phrasing))
        hits = {intent: [(-s, p) for s, p in sorted(near)[:_NEAREST]] for intent, near in found.items()}
        return Likeness(hits, {intent: _likeness(near) for intent, near in hits.items()})

    def _most_telling(self, rows: tuple[int, ...]) -> list[int]:
        """The rarest of the features that have postings: the others cost much and tell little."""
        starts = self._starts
        listed = [row for row in rows if starts[row + 1] > starts[row]]
        if len(listed) > _MOST_LOOKED_UP:
            listed.sort()
            listed.sort(key=self.idf2.__getitem__, reverse=True)
            del listed[_MOST_LOOKED_UP:]
        return listed

    def _posting(self, row: int) -> tuple[int, ...]:
        posting = self._posting_cache.get(row)
        if posting is None:
            posting = self._posting_cache[row] = tuple(self._postings[self._starts[row] : self._starts[row + 1]])
        return posting

    def scores(self, part: Part, likeness: Likeness) -> list[float]:
        """Weights and nearest phrasings together: one natural-log score per intent."""
        scores = self.linear(part)
        for intent, share in likeness.shares.items():
            scores[intent] += NEAREST_SHARE * share
        return scores


def _likeness(nearest: Sequence[tuple[float, int]]) -> float:
    """Of the nearest phrasing and of the mean of the nearest three. Added in order: the same on every Python."""
    total = 0.0
    for similarity, _ in nearest:
        total += similarity
    return _BEST_SHARE * nearest[0][0] + (1 - _BEST_SHARE) * total / _NEAREST


def shares(scores: Sequence[float]) -> list[float]:
    """Scores -> probabilities that sum to 1."""
    highest = max(scores)
    powers = [exp(score - highest) for score in scores]
    whole = fsum(powers)
    return [power / whole for power in powers]


def log_odds(probability: float) -> float:
    """The log-odds of a probability, 0 and 1 kept finite."""
    return log(max(probability, 1e-9) / max(1 - probability, 1e-9))
