"""Evaluation: labelled questions -> verdicts, rates per intent and style, confusions, failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from chatbot.errors import UsageError
from chatbot.matching import Match, Matcher
from chatbot.workbench.corpus import OUT_OF_SCOPE, Question, wanted
from chatbot.workbench.judging import BAD, GOOD, INSIDE, OUTSIDE, REACHED, Verdict, judge_match
from chatbot.workbench.parallel import map_chunks


class Judged(NamedTuple):
    """A question, what was understood, and the verdict on it."""

    question: Question
    match: Match
    verdict: Verdict

    @property
    def given(self) -> str:
        """What the customer got: the intents answered, « ? a b c » when asked back, or « repli »."""
        if self.match.intents:
            return "+".join(self.match.intents)
        if self.match.decision == "clarify":
            return "? " + " ".join(c.intent for c in self.match.candidates[:3])
        return "repli"

    @property
    def unexpected(self) -> bool:
        """True when the run should say so: a failure nobody announced, or an announced one that is none any more."""
        return (self.verdict in BAD) != self.question.known_failure


class Rates(NamedTuple):
    """Counts of a group of questions. Rates are shares of the questions in scope, or of those out of scope."""

    counts: Mapping[Verdict, int]

    def of(self, *verdicts: Verdict) -> int:
        """How many questions had one of these verdicts."""
        return sum(self.counts.get(v, 0) for v in verdicts)

    @property
    def inside(self) -> int:
        """Questions the shop has an answer to."""
        return self.of(*INSIDE)

    @property
    def outside(self) -> int:
        """Questions it has none to."""
        return self.of(*OUTSIDE)

    def share(self, *verdicts: Verdict) -> float:
        """The share of such verdicts, 0 to 1, within their side of the scope; 0 when there is no question."""
        whole = self.outside if verdicts[0] in OUTSIDE else self.inside
        return self.of(*verdicts) / whole if whole else 0.0

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON-ready values."""
        return {
            "in_scope": self.inside,
            "right": round(self.share(Verdict.RIGHT), 4),
            "reached": round(self.share(*sorted(REACHED)), 4),
            "wrong": round(self.share(Verdict.WRONG), 4),
            "missed": round(self.share(Verdict.MISSED), 4),
            "out_of_scope": self.outside,
            "false_answer": round(self.share(Verdict.FALSE_ANSWER), 4),
            "clarified": round(self.share(Verdict.CLARIFIED), 4),
            "verdicts": {str(v): self.of(v) for v in Verdict if self.of(v)},
        }


class Evaluation:
    """Everything there is to say about a run. Immutable; tables are worked out when first asked for."""

    def __init__(self, judged: Sequence[Judged], out_of_scope: str = OUT_OF_SCOPE) -> None:
        self.judged = tuple(judged)
        self.out_of_scope = out_of_scope

    @cached_property
    def rates(self) -> Rates:
        """All questions together."""
        return rates(self.judged)

    @cached_property
    def by_intent(self) -> dict[str, Rates]:
        """Per intent wanted (the main one of several), in alphabetical order."""
        return _grouped(self.judged, lambda j: wanted(j.question.expected)[0])

    @cached_property
    def by_style(self) -> dict[str, Rates]:
        """Per style; questions without one under « (sans) »."""
        return _grouped(self.judged, lambda j: j.question.style or "(sans)")

    @cached_property
    def confusions(self) -> list[tuple[str, str, int]]:
        """(wanted, answered, how often) for wrong and false answers, most frequent first."""
        wrong = [j for j in self.judged if j.verdict in (Verdict.WRONG, Verdict.FALSE_ANSWER)]
        counts = Counter((j.question.expected, j.given) for j in wrong)
        return [(*pair, n) for pair, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]

    @cached_property
    def unexpected(self) -> tuple[Judged, ...]:
        """What makes the run fail: see Judged.unexpected."""
        return tuple(j for j in self.judged if j.unexpected)

    @cached_property
    def imperfect(self) -> tuple[Judged, ...]:
        """Every question that was not plainly right, worst first, then in file order."""
        order = {v: n for n, v in enumerate((Verdict.WRONG, Verdict.FALSE_ANSWER, Verdict.MISLED, Verdict.MISSED))}
        found = [j for j in self.judged if j.verdict not in GOOD]
        return tuple(sorted(found, key=lambda j: order.get(j.verdict, len(order))))


def rates(judged: Iterable[Judged]) -> Rates:
    """The counts of some verdicts."""
    return Rates(Counter(j.verdict for j in judged))


def evaluate(matcher: Matcher, questions: Sequence[Question], *, jobs: int = 0) -> Evaluation:
    """Matches and judges every question; UsageError when there is none, for an empty run proves nothing."""
    if not questions:
        raise UsageError("aucune question à évaluer : un essai vide ne prouve rien.")
    unlabelled = next((q for q in questions if not q.expected), None)
    if unlabelled:
        raise UsageError(
            f"{unlabelled.path}:{unlabelled.line} : question sans étiquette ; ajoutez l'intention attendue."
        )
    outside = matcher.out_of_scope or OUT_OF_SCOPE

    def work(part: Sequence[Question]) -> list[Judged]:
        return [judged(q, matcher.match(q.text), outside) for q in part]

    return Evaluation([j for part in map_chunks(work, questions, jobs=jobs) for j in part], outside)


def judged(question: Question, match: Match, out_of_scope: str) -> Judged:
    """One question judged."""
    return Judged(question, match, judge_match(question.expected, match, out_of_scope))


def _grouped(all_judged: Iterable[Judged], key: Callable[[Judged], str]) -> dict[str, Rates]:
    groups: dict[str, list[Judged]] = {}
    for one in all_judged:
        groups.setdefault(key(one), []).append(one)
    return {name: rates(groups[name]) for name in sorted(groups)}
