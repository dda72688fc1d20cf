"""Judging: what a match is worth against its label."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from chatbot.matching import Decision, Match
from chatbot.workbench.corpus import OUT_OF_SCOPE, wanted

OFFERED = 3


class Verdict(StrEnum):
    """What became of a question. The last three are for questions that the shop has no answer to."""

    RIGHT = "right"
    HALF = "half"
    OFFERED = "offered"
    MISSED = "missed"
    WRONG = "wrong"
    MISLED = "misled"
    REJECTED = "rejected"
    CLARIFIED = "clarified"
    FALSE_ANSWER = "false_answer"


INSIDE = (Verdict.RIGHT, Verdict.HALF, Verdict.OFFERED, Verdict.MISLED, Verdict.MISSED, Verdict.WRONG)
OUTSIDE = (Verdict.REJECTED, Verdict.CLARIFIED, Verdict.FALSE_ANSWER)
GOOD = frozenset({Verdict.RIGHT, Verdict.REJECTED})
REACHED = frozenset({Verdict.RIGHT, Verdict.HALF, Verdict.OFFERED})
BAD = frozenset({Verdict.WRONG, Verdict.MISSED, Verdict.MISLED, Verdict.FALSE_ANSWER})

FRENCH = {
    Verdict.RIGHT: "juste",
    Verdict.HALF: "à moitié",
    Verdict.OFFERED: "proposée",
    Verdict.MISSED: "manquée",
    Verdict.WRONG: "fausse",
    Verdict.MISLED: "égarée",
    Verdict.REJECTED: "écartée",
    Verdict.CLARIFIED: "fait préciser",
    Verdict.FALSE_ANSWER: "réponse à tort",
}


def judge_match(label: str, match: Match, out_of_scope: str | None = None) -> Verdict:
    """The verdict on a match; `out_of_scope` is what this knowledge base calls « none of these »."""
    offered = [c.intent for c in match.candidates[:OFFERED]]
    return judge(label, match.decision, match.intents, offered, out_of_scope or OUT_OF_SCOPE)


def judge(
    label: str, decision: Decision, answered: Sequence[str], offered: Sequence[str], out_of_scope: str = OUT_OF_SCOPE
) -> Verdict:
    """The verdict on a decision. « a+b »: both must be answered to be right. « a|b »: either, alone."""
    if label in (OUT_OF_SCOPE, out_of_scope):
        return _judge_outside(decision, answered, out_of_scope)
    expected = set(wanted(label))
    if decision is Decision.FALLBACK:
        return Verdict.MISSED
    if decision is Decision.CLARIFY:
        return Verdict.OFFERED if expected & set(offered) else Verdict.MISLED
    if "+" in label:
        right = set(answered) >= expected
    else:
        right = len(answered) == 1 and answered[0] in expected
    if right:
        return Verdict.RIGHT
    return Verdict.HALF if expected & set(answered) else Verdict.WRONG


def _judge_outside(decision: Decision, answered: Sequence[str], out_of_scope: str) -> Verdict:
    if decision is Decision.CLARIFY:
        return Verdict.CLARIFIED
    rejected = decision is Decision.FALLBACK or tuple(answered[:1]) == (out_of_scope,)
    return Verdict.REJECTED if rejected else Verdict.FALSE_ANSWER
