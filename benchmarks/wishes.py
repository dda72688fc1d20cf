"""The weights of a second wish (chatbot/matching/wishes.py), fitted on labelled questions, and what they find.

usage: python -m benchmarks.wishes [tests/corpus]

Learns from the corpus and from the phrasings of the knowledge base, each matched without the tenth it is in: they hold
one wish each, and hundreds of long stories that the corpus has few of. Prints the weights to put into wishes.py, then for
several values of `wish` how many of the messages with two wishes are found, and in how many of those with one a second is
made up; each message judged by weights fitted without it (ten parts).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from chatbot.matching import Matcher, Reason
from chatbot.matching.wishes import PairSignals
from chatbot.workbench.calibration import logistic, probability
from chatbot.workbench.corpus import OUT_OF_SCOPE, Question, read_corpus
from chatbot.workbench.cross_validation import part_of, without

PARTS = 10
# There are ten times as many messages with one wish here as customers write: each pair found counts for so many.
PAIR_COUNTS = 3
# Words from which a message is a long story.
LONG = 45


class Case(NamedTuple):
    """A message with a possible second wish: the signals, whether it holds two, and whether these are the two."""

    signals: tuple[float, ...]
    two: bool
    right: bool
    long: bool


def case(matcher: Matcher, question: Question) -> Case | None:
    """The case a message makes; None when no second wish is considered."""
    match = matcher.match(question.text)
    if not match.candidates or match.decision == "fallback" or match.reason == Reason.EXACT:
        return None
    reading = matcher.reader.read(match.analysis)
    best = match.candidates[0].intent
    found = matcher.second_wish(reading, matcher.compiled.intents.index(best))
    if found is None:
        return None
    pair = {best, matcher.compiled.intents[found.intent]}
    two = "+" in question.expected
    return Case(
        (1.0, *found.signals),
        two,
        two and pair == set(question.expected.split("+")),
        len(match.analysis.tokens) >= LONG,
    )


def cases_of(matcher: Matcher, questions: Iterable[Question]) -> list[Case]:
    """The cases of the questions in scope."""
    return [found for q in questions if q.expected != OUT_OF_SCOPE and (found := case(matcher, q))]


def cases_of_knowledge(matcher: Matcher) -> list[Case]:
    """The cases of the phrasings, each matched without its part."""
    knowledge = matcher.knowledge
    cases = []
    for part in range(PARTS):
        left_out = [p for p in knowledge.phrasings if part_of(p, PARTS) == part]
        questions = [Question(p.text, p.intent, "", p.path, p.line) for p in left_out]
        cases += cases_of(Matcher(without(knowledge, left_out)), questions)
    return cases


def fitted(cases: Sequence[Case]) -> list[float]:
    """The offset and the weights for these cases."""
    counted = [c for c in cases for _ in range(PAIR_COUNTS if c.right else 1)]
    return logistic([c.signals for c in counted], [c.right for c in counted])


def main() -> None:
    """Prints the weights and what they find."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", type=Path, default=Path(__file__).parents[1] / "tests" / "corpus")
    options = parser.parse_args()
    matcher = Matcher.load()
    questions = [q for q in read_corpus([options.corpus]) if q.expected != OUT_OF_SCOPE]
    corpus, phrasings = cases_of(matcher, questions), cases_of_knowledge(matcher)
    cases = corpus + phrasings
    offset, *weights = fitted(cases)
    print("OFFSET", round(offset, 2))
    print("WEIGHTS", PairSignals(*(round(w, 3) for w in weights)))
    likely = [0.0] * len(cases)
    for part in range(PARTS):
        judging = fitted([c for n, c in enumerate(cases) if n % PARTS != part])
        for n in range(part, len(cases), PARTS):
            likely[n] = probability(judging, cases[n].signals)
    two = sum("+" in q.expected for q in questions)
    for wish in (0.3, 0.4, 0.5, 0.6, 0.7):
        hits = [n for n, share in enumerate(likely) if share >= wish]
        found = sum(cases[n].right for n in hits)
        made_up = [n for n in hits if not cases[n].two]
        ours = sum(n < len(corpus) for n in made_up)
        print(
            f"wish {wish}: {found} of {two} pairs found; made up: {ours} of {len(questions) - two} in the corpus, "
            f"{len(made_up) - ours} in the phrasings, {sum(cases[n].long for n in made_up)} of all these in {LONG} words or more"
        )


if __name__ == "__main__":
    main()
