"""Thresholds: what each would have given on a judged run, and which ones the data would choose.

Only the two that decide between answering, asking back and falling back are moved; whatever a threshold has no say in
(an exact phrasing, a counter-example, an empty message) stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chatbot.matching import Decision, Reason, Thresholds
from chatbot.workbench.evaluation import Evaluation, Judged
from chatbot.workbench.judging import OFFERED, OUTSIDE, Verdict, judge

# What each verdict costs a customer, with a right answer at 0: a wrong answer misleads, a question back delays.
COSTS = {
    Verdict.RIGHT: 0.0, Verdict.REJECTED: 0.0, Verdict.CLARIFIED: 0.5, Verdict.OFFERED: 1.0, Verdict.HALF: 1.0,
    Verdict.MISSED: 3.0, Verdict.MISLED: 3.0, Verdict.WRONG: 5.0, Verdict.FALSE_ANSWER: 5.0,
}  # fmt: skip
STEPS = tuple(n / 50 for n in range(51))
_FIXED = frozenset({Reason.EXACT, Reason.COUNTER_EXAMPLE, Reason.EMPTY})


class Point(NamedTuple):
    """What a pair of thresholds gives: shares of the questions in scope, of those out of scope, and the mean cost."""

    answer: float
    clarify: float
    right: float
    wrong: float
    fallback: float
    false_answer: float
    cost: float


class _Ways(NamedTuple):
    """The verdicts on one question if it were answered, asked back or given up; `confidence` decides which."""

    confidence: float
    answered: Verdict
    asked: Verdict
    given_up: Verdict


def curve(evaluation: Evaluation, thresholds: Thresholds) -> list[Point]:
    """One point per answer threshold from 0 to 1, the other threshold as it is (or as low as it must be)."""
    ways = _all_ways(evaluation)
    return [_point(ways, step, min(thresholds.clarify, step)) for step in STEPS]


def best(evaluation: Evaluation) -> Point:
    """The pair of thresholds of least cost; of equal ones, the most cautious."""
    ways = _all_ways(evaluation)
    pairs = [(a, c) for a in STEPS[1:] for c in STEPS[1:] if c <= a]
    coarse = [(a, c) for a, c in pairs if _even(a) and _even(c)]
    first = min((_point(ways, a, c) for a, c in coarse), key=_order)
    near = [(a, c) for a, c in pairs if abs(a - first.answer) <= 0.04 and abs(c - first.clarify) <= 0.04]
    return min((_point(ways, a, c) for a, c in near), key=_order)


def now(evaluation: Evaluation, thresholds: Thresholds) -> Point:
    """What today's thresholds give."""
    return point(evaluation, thresholds.answer, thresholds.clarify)


def point(evaluation: Evaluation, answer: float, clarify: float) -> Point:
    """What a pair of thresholds would have given."""
    return _point(_all_ways(evaluation), answer, clarify)


def _all_ways(evaluation: Evaluation) -> list[_Ways]:
    return [_ways(judged, evaluation.out_of_scope) for judged in evaluation.judged]


def _point(ways: Sequence[_Ways], answer: float, clarify: float) -> Point:
    verdicts = [
        answered if confidence >= answer else asked if confidence >= clarify else given_up
        for confidence, answered, asked, given_up in ways
    ]
    outside = sum(v in OUTSIDE for v in verdicts)
    inside = len(verdicts) - outside
    missed = sum(v in (Verdict.MISSED, Verdict.REJECTED) for v in verdicts)
    return Point(
        answer,
        clarify,
        _share(verdicts, Verdict.RIGHT, inside),
        _share(verdicts, Verdict.WRONG, inside),
        missed / max(len(verdicts), 1),
        _share(verdicts, Verdict.FALSE_ANSWER, outside),
        round(sum(COSTS[v] for v in verdicts) / max(len(verdicts), 1), 4),
    )


def _ways(judged: Judged, out_of_scope: str) -> _Ways:
    match = judged.match
    if match.reason in _FIXED or not match.candidates:
        return _Ways(0.0, judged.verdict, judged.verdict, judged.verdict)
    offered = [c.intent for c in match.candidates[:OFFERED]]
    answered = match.intents or (match.candidates[0].intent,)

    def verdict(decision: Decision) -> Verdict:
        given = answered if decision is Decision.ANSWER else match.intents
        return judge(judged.question.expected, decision, given, offered, out_of_scope)

    asked = Decision.ANSWER if len(match.intents) > 1 else Decision.CLARIFY
    confidence = match.candidates[0].confidence
    return _Ways(confidence, verdict(Decision.ANSWER), verdict(asked), verdict(Decision.FALLBACK))


def _share(verdicts: Sequence[Verdict], wanted: Verdict, whole: int) -> float:
    return verdicts.count(wanted) / whole if whole else 0.0


def _order(found: Point) -> tuple[float, float, float]:
    return (found.cost, -found.answer, -found.clarify)


def _even(step: float) -> bool:
    return round(step * 50) % 4 == 0
