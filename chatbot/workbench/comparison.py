"""Comparison: what a change of knowledge does to a file of questions."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from chatbot.errors import UsageError
from chatbot.matching import Match, Matcher
from chatbot.workbench import tables
from chatbot.workbench.corpus import OUT_OF_SCOPE, Question
from chatbot.workbench.evaluation import Judged, judged
from chatbot.workbench.judging import BAD, FRENCH, GOOD
from chatbot.workbench.parallel import map_chunks

# A score that moves by less (in natural-log units) has hardly moved: it was at an edge before, and is there still. Some
# five times what five new phrasings of some intent do to it (0.01, in the mean over tests/corpus); more of them do more.
_HAIR, _PHRASINGS, _MOST = 0.05, 5, 0.2
# How near the threshold a second wish is at its edge, both before and after.
_WISH_HAIR = 0.15


class Change(StrEnum):
    """What became of a question. Without labels, only CHANGED, EDGE and SAME can be told.

    EDGE: the decision changed, though no score did by as much as a hair; any other change would have done as much.
    """

    LOST = "perdue"
    WORSE = "moins bonne"
    CHANGED = "changée"
    BETTER = "meilleure"
    GAINED = "gagnée"
    EDGE = "à la limite"
    SAME = "pareille"


class Pair(NamedTuple):
    """A question before and after. `wish_at_edge`: one has a second wish, the other not, and both were at the edge of it.
    `hair`: what a score may move by without counting, natural-log units.
    """

    before: Judged
    after: Judged
    wish_at_edge: bool = False
    hair: float = _HAIR

    @property
    def change(self) -> Change:
        """What became of it."""
        old, new = self.before.verdict, self.after.verdict
        if self.before.given == self.after.given and self.before.match.decision == self.after.match.decision:
            return Change.SAME
        if self.wish_at_edge or self._by_a_hair():
            return Change.EDGE
        if not self.before.question.expected:
            return Change.CHANGED
        if (old in GOOD) != (new in GOOD):
            return Change.GAINED if new in GOOD else Change.LOST
        if (old in BAD) != (new in BAD):
            return Change.BETTER if old in BAD else Change.WORSE
        return Change.CHANGED

    def _by_a_hair(self) -> bool:
        """True when no score in play moved: what flipped, the decision, the leader or a second wish, was at an edge."""
        old, new = self.before.match, self.after.match
        if (
            not old.candidates
            or not new.candidates
            or 1.0 in (old.candidates[0].confidence, new.candidates[0].confidence)
        ):
            # Without a word, or word for word a phrasing: that is no edge.
            return False
        before, after = ({c.intent: c.score for c in one.candidates} for one in (old, new))
        in_play = {old.candidates[0].intent, new.candidates[0].intent, *old.intents, *new.intents}
        return all(i in before and i in after and abs(before[i] - after[i]) < self.hair for i in in_play)


def compare(old: Matcher, new: Matcher, questions: Sequence[Question]) -> list[Pair]:
    """Every question matched with both; UsageError when there is none."""
    if not questions:
        raise UsageError("aucune question à comparer : un essai vide ne prouve rien.")

    texts = ({(p.text, p.intent) for p in matcher.knowledge.phrasings} for matcher in (old, new))
    hair = min(_HAIR * max(1.0, len(set.symmetric_difference(*texts)) / _PHRASINGS), _MOST)

    def work(part: Sequence[Question]) -> list[Pair]:
        return [_pair(old, new, question, hair) for question in part]

    return [pair for part in map_chunks(work, questions) for pair in part]


def _pair(old: Matcher, new: Matcher, question: Question, hair: float) -> Pair:
    before, after = _judged(old, question), _judged(new, question)
    one, other = before.match, after.match
    edge = _lost_a_wish(one, other) and _at_the_edge(old, one) and _at_the_edge(new, other)
    return Pair(before, after, edge, hair)


def _lost_a_wish(one: Match, other: Match) -> bool:
    """Has one of them two wishes, of which the other sees one, asked back about or answered?"""
    two, rest = (one, other) if len(one.intents) > 1 else (other, one)
    if len(two.intents) < 2 or len(rest.intents) > 1 or not rest.candidates:
        return False
    return rest.candidates[0].intent in two.intents


def _at_the_edge(matcher: Matcher, match: Match) -> bool:
    """Is a second wish about as likely as it must be?"""
    return abs(matcher.wish_probability(match) - matcher.thresholds.wish) < _WISH_HAIR


def changed(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs that differ, losses first, then in file order."""
    order = list(Change)
    return sorted((p for p in pairs if p.change is not Change.SAME), key=lambda p: order.index(p.change))


def as_text(old: Matcher, new: Matcher, pairs: Sequence[Pair], shown: int) -> str:
    """What was gained, lost and changed, each with what spoke for it before and after."""
    found = changed(pairs)
    counts = {kind: sum(p.change is kind for p in found) for kind in Change if kind is not Change.SAME}
    total = ", ".join(_counted(n, kind) for kind, n in counts.items() if n) or "aucune ne change"
    lines = [f"{len(pairs)} questions, de {old.compiled.version} à {new.compiled.version} : {total}"]
    for pair in found[:shown]:
        question = pair.before.question
        lines += ["", f"[{pair.change}] {question.path}:{question.line}: « {question.text} »"]
        if question.expected:
            lines.append(f"  attendu {question.expected}")
        for when, matcher, one in (("avant", old, pair.before), ("après", new, pair.after)):
            verdict = f" ({FRENCH[one.verdict]})" if question.expected else ""
            lines.append(f"  {when} : {one.given}{verdict}")
            lines += [f"    {line}" for line in tables.evidence(matcher, one)[:2]]
    return "\n".join(
        [*lines, *([f"… et {len(found) - shown} autres (--shown {len(found)})"] if len(found) > shown else [])]
    )


def _counted(number: int, kind: Change) -> str:
    return f"{number} {kind}{'s' * (number > 1 and kind is not Change.EDGE)}"


def as_dict(old: Matcher, new: Matcher, pairs: Sequence[Pair]) -> dict[str, Any]:
    """The comparison as JSON-ready values."""
    found = changed(pairs)
    return {
        "old": old.compiled.version,
        "new": new.compiled.version,
        "questions": len(pairs),
        "counts": {str(kind): sum(p.change is kind for p in pairs) for kind in Change},
        "changes": [
            {
                "change": str(p.change), "path": p.before.question.path, "line": p.before.question.line,
                "text": p.before.question.text, "expected": p.before.question.expected,
                "before": _side(old, p.before), "after": _side(new, p.after),
            }
            for p in found
        ],
    }  # fmt: skip


def _side(matcher: Matcher, one: Judged) -> dict[str, Any]:
    match = one.match.as_dict()
    return {
        "verdict": str(one.verdict) if one.question.expected else None,
        "given": one.given,
        "candidates": match["candidates"],
        "evidence": tables.evidence(matcher, one),
    }


def _judged(matcher: Matcher, question: Question) -> Judged:
    return judged(question, matcher.match(question.text), matcher.out_of_scope or OUT_OF_SCOPE)
