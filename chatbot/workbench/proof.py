"""Proof: every phrasing against its mutations. Exhaustive, on every core; what is read alike is matched once."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from chatbot.errors import UsageError
from chatbot.knowledge import Phrasing, Role
from chatbot.matching import Match, Matcher
from chatbot.workbench.corpus import OUT_OF_SCOPE, Question
from chatbot.workbench.evaluation import Rates, judged
from chatbot.workbench.judging import GOOD, Verdict
from chatbot.workbench.mutations import KINDS, one_edit, whole_text, words_of
from chatbot.workbench.parallel import Progress, map_chunks
from chatbot.workbench.transparency import Place, WordReadings

_CHUNK = 25


class Loss(NamedTuple):
    """A mutation that does not keep its answer: what was typed instead, and what came of it."""

    phrasing: Phrasing
    kind: str
    text: str
    verdict: Verdict
    given: str


class Proof(NamedTuple):
    """What a run showed. `counts`: (kind, verdict) -> mutations; `losses`: all that were not kept, in place order."""

    counts: Mapping[tuple[str, Verdict], int]
    losses: tuple[Loss, ...]
    phrasings: int
    of: int
    matches: int

    @property
    def rates(self) -> Rates:
        """All mutations together."""
        return self.of_kinds(KINDS)

    def of_kinds(self, kinds: Sequence[str]) -> Rates:
        """The mutations of some kinds."""
        return Rates({v: sum(self.counts.get((kind, v), 0) for kind in kinds) for v in Verdict})

    def as_dict(self) -> dict[str, Any]:
        """The proof as JSON-ready values."""
        return {
            "phrasings": self.phrasings,
            "of": self.of,
            "mutations": sum(self.counts.values()),
            "matches": self.matches,
            **self.rates.as_dict(),
            "by_kind": {kind: self.of_kinds([kind]).as_dict() for kind in KINDS},
            "losses": [
                {"path": p.path, "line": p.line, "intent": p.intent, "phrasing": p.text, "kind": kind, "text": text,
                 "verdict": str(verdict), "given": given}
                for p, kind, text, verdict, given in self.losses
            ],
        }  # fmt: skip


class _Part(NamedTuple):
    counts: Counter[tuple[str, Verdict]]
    losses: list[Loss]
    matches: int


def prove(
    matcher: Matcher, *, intents: Sequence[str] = (), sample: int = 0, progress: Progress | None = None, jobs: int = 0
) -> Proof:
    """Matches the mutations of every phrasing (of some intents, or of a `sample` of that many, the same every time).

    UsageError when there is no phrasing to prove.
    """
    chosen = _chosen(matcher.knowledge.phrasings, intents, sample)
    readings = WordReadings(matcher)

    def work(part: Sequence[Phrasing]) -> _Part:
        return _prove_part(matcher, readings, part)

    parts = map_chunks(work, chosen, chunk=_CHUNK, progress=progress, jobs=jobs)
    counts = sum((part.counts for part in parts), Counter[tuple[str, Verdict]]())
    losses = tuple(loss for part in parts for loss in part.losses)
    return Proof(counts, losses, len(chosen), len(matcher.knowledge.phrasings), sum(part.matches for part in parts))


def _chosen(every: Sequence[Phrasing], intents: Sequence[str], sample: int) -> list[Phrasing]:
    unknown = sorted(set(intents) - {p.intent for p in every})
    if unknown:
        raise UsageError(f"aucune formulation pour « {unknown[0]} » ; vérifiez le nom de l'intention.")
    chosen = [p for p in every if not intents or p.intent in intents]
    if sample < 0:
        raise UsageError("un échantillon compte au moins une formulation.")
    if sample:
        order = sorted(chosen, key=lambda p: (zlib.crc32(p.text.encode()), p))[:sample]
        chosen = sorted(order, key=lambda p: (p.path, p.line))
    if not chosen:
        raise UsageError("aucune formulation à éprouver : un essai vide ne prouve rien.")
    return chosen


def _prove_part(matcher: Matcher, readings: WordReadings, part: Sequence[Phrasing]) -> _Part:
    found = _Part(Counter(), [], 0)
    matches = 0
    outside = matcher.out_of_scope or OUT_OF_SCOPE
    for phrasing in part:
        outcomes = Outcomes(matcher, readings, phrasing, outside)
        for kind, text, verdict, given in outcomes.all():
            found.counts[kind, verdict] += 1
            if verdict not in GOOD:
                found.losses.append(Loss(phrasing, kind, text, verdict, given))
        matches += outcomes.matches
    return found._replace(matches=matches)


class Outcomes:
    """What becomes of the mutations of one phrasing."""

    def __init__(self, matcher: Matcher, readings: WordReadings, phrasing: Phrasing, outside: str) -> None:
        self._matcher, self._readings, self._phrasing, self._outside = matcher, readings, phrasing, outside
        self.matches = 0

    def all(self) -> Iterator[tuple[str, str, Verdict, str]]:
        """(kind, mutated text, verdict, what came) for each mutation."""
        text = self._phrasing.text
        base = self._matcher.match(text)
        polite = self._matcher.knowledge.role(self._phrasing.intent) is not Role.SMALL_TALK
        for kind, mutated in whole_text(text, polite=polite):
            yield kind, mutated, *self._outcome(mutated)
        places = self._readings.places(text, base.analysis)
        for found in words_of(text):
            yield from self._edits(found.start(), found.end(), places.get(found.span()), base)

    def _edits(self, start: int, end: int, place: Place | None, base: Match) -> Iterator[tuple[str, str, Verdict, str]]:
        text = self._phrasing.text
        outcomes: dict[object, tuple[Verdict, str]] = {}
        if place:
            outcomes[place.signature] = self._judged(base)
        for kind, word in one_edit(text[start:end]):
            mutated = text[:start] + word + text[end:]
            key = self._readings.read(place, word) if place else None
            if key is None:
                yield kind, mutated, *self._outcome(mutated)
                continue
            if key not in outcomes:
                outcomes[key] = self._outcome(mutated)
            yield kind, mutated, *outcomes[key]

    def _outcome(self, text: str) -> tuple[Verdict, str]:
        self.matches += 1
        return self._judged(self._matcher.match(text))

    def _judged(self, match: Match) -> tuple[Verdict, str]:
        p = self._phrasing
        result = judged(Question(p.text, p.intent, "", p.path, p.line), match, self._outside)
        return result.verdict, result.given


def by_place(proof: Proof) -> list[tuple[Phrasing, list[Loss]]]:
    """The losses per phrasing, wrong answers first, then the phrasings that lose most."""
    groups: dict[Phrasing, list[Loss]] = {}
    for loss in proof.losses:
        groups.setdefault(loss.phrasing, []).append(loss)
    worst = (Verdict.WRONG, Verdict.FALSE_ANSWER)

    def order(item: tuple[Phrasing, list[Loss]]) -> tuple[int, int, str, int]:
        bad = sum(loss.verdict in worst for loss in item[1])
        return (-bad, -len(item[1]), item[0].path, item[0].line)

    return sorted(groups.items(), key=order)
