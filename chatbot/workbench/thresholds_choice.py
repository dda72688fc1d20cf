"""Thresholds: what each would have given on a judged run, and which ones the data would choose.

Only the two that decide between answering, asking back and falling back are moved; whatever a threshold has no say in
(an exact phrasing, a counter-example, an empty message) stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chatbot.matching import Decision, Thresholds
from chatbot.workbench.evaluation import Evaluation, Judged
from chatbot.workbench.judging import OFFERED, OUTSIDE, Verdict, judge

# What each verdict costs a customer, with a right answer at 0: a wrong answer misleads, a question back delays.
COSTS = {
    Verdict.RIGHT: 0.0, Verdict.REJECTED: 0.0, Verdict.CLARIFIED: 0.5, Verdict.OFFERED: 1.0, Verdict.HALF: 1.0,
    Verdict.MISSED: 3.0, Verdict.MISLED: 3.0, Verdict.WRONG: 5.0, Verdict.FALSE_ANSWER: 5.0,
}  # fmt: skip
STEPS = tuple(n / 50 for n in range(51))
_FIXED = frozenset({"formulation exacte", "contre-exemple", "vide"})


class Point(NamedTuple):
    """What a pair of thresholds gives: shares of the questions in scope, of those out of scope, and the mean cost."""

    answer: float
    clarify: float
    right: float
    wrong: float
    fallback: float
    false_answer: float
    cost: float


def curve(evaluation: Evaluation, thresholds: Thresholds) -> list[Point]:
    """One point per answer threshold from 0 to 1, the other threshold as it is (or as low as it must be)."""
    return [point(evaluation, step, min(thresholds.clarify, step)) for step in STEPS]


def best(evaluation: Evaluation) -> Point:
    """The pair of thresholds of least cost; of equal ones, the most cautious."""
    pairs = [(a, c) for a in STEPS[1:] for c in STEPS[1:] if c <= a]
    coarse = [(a, c) for a, c in pairs if _even(a) and _even(c)]
    first = min((point(evaluation, a, c) for a, c in coarse), key=_order)
    near = [(a, c) for a, c in pairs if abs(a - first.answer) <= 0.04 and abs(c - first.clarify) <= 0.04]
    return min((point(evaluation, a, c) for a, c in near), key=_order)


def now(evaluation: Evaluation, thresholds: Thresholds) -> Point:
    """What today's thresholds give."""
    return point(evaluation, thresholds.answer, thresholds.clarify)


def point(evaluation: Evaluation, answer: float, clarify: float) -> Point:
    """What a pair of thresholds would have given."""
    verdicts = [_verdict(j, answer, clarify, evaluation.out_of_scope) for j in evaluation.judged]
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


def _verdict(judged: Judged, answer: float, clarify: float, out_of_scope: str) -> Verdict:
    match = judged.match
    if match.reason in _FIXED or not match.candidates:
        return judged.verdict
    offered = [c.intent for c in match.candidates[:OFFERED]]
    confidence = match.candidates[0].confidence
    if confidence >= answer:
        answered = match.intents or (match.candidates[0].intent,)
        return judge(judged.question.expected, Decision.ANSWER, answered, offered, out_of_scope)
    two = len(match.intents) > 1
    decision = Decision.FALLBACK if confidence < clarify else Decision.ANSWER if two else Decision.CLARIFY
    return judge(judged.question.expected, decision, match.intents, offered, out_of_scope)


def _share(verdicts: Sequence[Verdict], wanted: Verdict, whole: int) -> float:
    return verdicts.count(wanted) / whole if whole else 0.0


def _order(found: Point) -> tuple[float, float, float]:
    return (found.cost, -found.answer, -found.clarify)


def _even(step: float) -> bool:
    return round(step * 50) % 4 == 0
