"""Cross-validation: every phrasing matched against the knowledge base without the fold it is in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from chatbot.knowledge import Intent, KnowledgeBase, Phrasing
from chatbot.matching import Match, Matcher, Thresholds

FOLDS = 5


class HeldOut(NamedTuple):
    """A phrasing, its true intent (None: out of scope) and how it was matched without its fold."""

    phrasing: Phrasing
    intent: str | None
    match: Match
    signals: tuple[float, float, float]


def held_out(knowledge: KnowledgeBase, thresholds: Thresholds | None = None, folds: int = FOLDS) -> Iterator[HeldOut]:
    """Every phrasing and counter-example once, fold by fold; compiles the knowledge `folds` times."""
    for fold in range(folds):
        matcher = Matcher(_without(knowledge, fold, folds), thresholds=thresholds)
        for intent in knowledge.intents.values():
            truth = None if intent.id == knowledge.out_of_scope else intent.id
            for phrasing in intent.phrasings[fold::folds]:
                yield _held_out(matcher, phrasing, truth)
            for phrasing in intent.counter_examples[fold::folds]:
                yield _held_out(matcher, phrasing, None)


def _held_out(matcher: Matcher, phrasing: Phrasing, truth: str | None) -> HeldOut:
    match = matcher.match(phrasing.text)
    return HeldOut(phrasing, truth, match, matcher.signals(match))


def _without(knowledge: KnowledgeBase, fold: int, folds: int) -> KnowledgeBase:
    def rest(phrasings: tuple[Phrasing, ...]) -> tuple[Phrasing, ...]:
        return tuple(p for i, p in enumerate(phrasings) if i % folds != fold)

    intents: dict[str, Intent] = {
        name: intent._replace(phrasings=rest(intent.phrasings), counter_examples=rest(intent.counter_examples))
        for name, intent in knowledge.intents.items()
    }
    return replace(knowledge, intents=intents)
