"""The weights of a second wish (chatbot/matching/wishes.py), fitted on labelled questions, and what they find.

usage: python -m benchmarks.wishes [tests/corpus]

Prints the weights to put into wishes.py, then for several values of `wish` the share of the messages with two wishes
that are found, and of those with one in which a second is made up; each message judged by weights fitted without it
(ten parts).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NamedTuple

from chatbot.matching import Matcher, Reason
from chatbot.matching.clauses import clause_spans
from chatbot.matching.wishes import PairSignals
from chatbot.workbench.calibration import logistic, probability
from chatbot.workbench.corpus import OUT_OF_SCOPE, Question, read_corpus

PARTS = 10


class Case(NamedTuple):
    """A message with a possible second wish: the signals, whether it holds two, and whether these are the two."""

    signals: tuple[float, ...]
    two: bool
    right: bool


def case(matcher: Matcher, question: Question) -> Case | None:
    """The case a question makes; None when no second wish is considered."""
    match = matcher.match(question.text)
    if not match.candidates or match.decision == "fallback" or match.reason == Reason.EXACT:
        return None
    reading = matcher.reader.read(match.analysis)
    best = match.candidates[0].intent
    spans = clause_spans(match.analysis, matcher.normalizer.language)
    found = matcher.second_wish(reading, matcher.compiled.intents.index(best), spans)
    if found is None:
        return None
    pair = {best, matcher.compiled.intents[found.intent]}
    two = "+" in question.expected
    return Case((1.0, *found.signals), two, two and pair == set(question.expected.split("+")))


def main() -> None:
    """Prints the weights and what they find."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", type=Path, default=Path(__file__).parents[1] / "tests" / "corpus")
    options = parser.parse_args()
    matcher = Matcher.load()
    questions = [q for q in read_corpus([options.corpus]) if q.expected != OUT_OF_SCOPE]
    cases = [found for q in questions if (found := case(matcher, q))]
    offset, *weights = logistic([c.signals for c in cases], [c.right for c in cases])
    print("OFFSET", round(offset, 2))
    print("WEIGHTS", PairSignals(*(round(w, 3) for w in weights)))
    likely = [0.0] * len(cases)
    for part in range(PARTS):
        rest = [c for n, c in enumerate(cases) if n % PARTS != part]
        fitted = logistic([c.signals for c in rest], [c.right for c in rest])
        for n in range(part, len(cases), PARTS):
            likely[n] = probability(fitted, cases[n].signals)
    two = sum("+" in q.expected for q in questions)
    for wish in (0.2, 0.3, 0.4, 0.5, 0.6):
        hits = [c for c, share in zip(cases, likely, strict=True) if share >= wish]
        found, made_up = sum(c.right for c in hits), sum(not c.two for c in hits)
        print(f"wish {wish}: {found} of {two} pairs found, {made_up} of {len(questions) - two} made up")


if __name__ == "__main__":
    main()
