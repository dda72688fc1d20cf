"""Why: the evidence for each candidate, exact and additive — the weights add up to the score the ranking used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chatbot.matching.features import places
from chatbot.matching.matcher import Matcher
from chatbot.matching.model import Evidence, Match, Neighbour
from chatbot.matching.reading import Reader, Reading
from chatbot.matching.scoring import NEAREST_SHARE

_KINDS = {
    "w": "mot",
    "b": "suite",
    "c": "notion",
    "n": "longueur",
    "u": "inconnu",
    "x": "ailleurs",
}
NEAREST = "proche"


class Explanation(NamedTuple):
    """The evidence for every in-scope intent that is a candidate, and for « out of scope » if the knowledge has it.

    `evidence[intent]` sums to `scores[intent]` (natural-log units, to rounding error). `neighbours`: the nearest
    phrasings of any intent, most alike first.
    """

    match: Match
    scores: dict[str, float]
    evidence: dict[str, tuple[Evidence, ...]]
    neighbours: tuple[Neighbour, ...]

    def difference(self, intent: str, other: str) -> tuple[Evidence, ...]:
        """What speaks for `intent` rather than `other`, strongest first; negative weights speak for `other`."""
        weights = {(e.kind, e.what): e for e in self.evidence[intent]}
        for e in self.evidence[other]:
            known = weights.get((e.kind, e.what), e._replace(weight=0.0))
            weights[e.kind, e.what] = known._replace(weight=known.weight - e.weight)
        return tuple(sorted(weights.values(), key=lambda e: (-abs(e.weight), e.kind, e.what)))


def explain(matcher: Matcher, text: str) -> Explanation:
    """The explanation of how `text` is matched; made of the same numbers that the match is made of."""
    match = matcher.match(text)
    if not match.analysis.tokens:
        return Explanation(match, {}, {}, ())
    reading = matcher.reader.read(match.analysis)
    names = matcher.compiled.intents
    wanted = {c.intent for c in match.candidates} | ({matcher.out_of_scope} if matcher.out_of_scope else set())
    numbers = [n for n, name in enumerate(names) if name in wanted]
    return Explanation(
        match,
        {names[n]: reading.scores[n] for n in numbers},
        _evidence(matcher, reading, numbers),
        _neighbours(matcher.reader, reading),
    )


def _evidence(matcher: Matcher, reading: Reading, numbers: Sequence[int]) -> dict[str, tuple[Evidence, ...]]:
    """The evidence for the intents of these numbers, by name."""
    part = reading.whole
    rows = {row: matcher.reader.scorer.weights(row) for row in part.rows}
    names = _names_by_row(matcher, reading)
    found: dict[str, tuple[Evidence, ...]] = {}
    for number in numbers:
        pieces = [
            Evidence(_KINDS[names[row][0][0]], names[row][0][2:], names[row][1], part.inverse * weights[number])
            for row, weights in rows.items()
        ]
        likeness = NEAREST_SHARE * reading.likeness.of(number)
        if likeness:
            pieces.append(Evidence(NEAREST, "formulations proches", (), likeness))
        found[matcher.compiled.intents[number]] = tuple(sorted(pieces, key=lambda e: (-abs(e.weight), e.kind, e.what)))
    return found


def _names_by_row(matcher: Matcher, reading: Reading) -> dict[int, tuple[str, tuple[int, ...]]]:
    """Row -> the feature's name and the tokens of its first place in the text."""
    names: dict[int, tuple[str, tuple[int, ...]]] = {}
    tokens = reading.analysis.tokens
    learnt = matcher.compiled.row_of
    # Every feature by its name; a word without weights is unknown, as it was when the text was read.
    spelled = matcher.reader.features(
        tokens, reading.concepts, lambda name: None if name[0] == "w" and name not in learnt else name
    )
    where = places(tokens, reading.concepts, matcher.reader.concepts.elsewhere)
    where += [()] * (len(spelled) - len(where))
    for name, positions in zip(spelled, where, strict=True):
        row = learnt.get(name)
        if row is not None:
            names.setdefault(row, (name, positions))
    return names


def _neighbours(reader: Reader, reading: Reading) -> tuple[Neighbour, ...]:
    hits = sorted(
        ((similarity, phrasing) for found in reading.likeness.hits.values() for similarity, phrasing in found),
        key=lambda hit: (-hit[0], hit[1]),
    )[:5]
    return tuple(Neighbour(*reader.phrasings[number], round(similarity, 4)) for similarity, number in hits)
