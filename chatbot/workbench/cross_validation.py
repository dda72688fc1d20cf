"""Cross-validation: each phrasing matched against the knowledge without it, and so with what it teaches taken away."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence
from dataclasses import replace

from chatbot.errors import UsageError
from chatbot.knowledge import Intent, KnowledgeBase, Phrasing
from chatbot.matching import Matcher, Thresholds
from chatbot.workbench.corpus import OUT_OF_SCOPE, Question
from chatbot.workbench.evaluation import Evaluation, Judged, judged
from chatbot.workbench.parallel import Progress, map_chunks

FOLDS = 5


def cross_validate(
    knowledge: KnowledgeBase,
    *,
    folds: int = FOLDS,
    progress: Progress | None = None,
    thresholds: Thresholds | None = None,
) -> Evaluation:
    """Compiles the knowledge `folds` times, each time without one part of its phrasings, and judges that part.

    Which part a phrasing is in depends on its text alone.
    """
    if folds < 2:
        raise UsageError("la validation croisée demande au moins deux parts.")
    outside = knowledge.out_of_scope or OUT_OF_SCOPE
    parts = [[p for p in knowledge.phrasings if part_of(p, folds) == part] for part in range(folds)]

    def work(numbers: Sequence[int]) -> list[Judged]:
        return [one for number in numbers for one in _judge_part(knowledge, parts[number], outside, thresholds)]

    results = map_chunks(work, range(folds), chunk=1, progress=progress)
    return Evaluation([one for result in results for one in result], outside)


def part_of(phrasing: Phrasing, folds: int) -> int:
    """The part a phrasing is in, 0 to folds - 1."""
    return zlib.crc32(phrasing.text.encode()) % folds


def without(knowledge: KnowledgeBase, left_out: Collection[Phrasing]) -> KnowledgeBase:
    """The knowledge base less some phrasings and counter-examples."""
    gone = set(left_out)

    def kept(phrasings: Sequence[Phrasing]) -> tuple[Phrasing, ...]:
        return tuple(p for p in phrasings if p not in gone)

    def trimmed(intent: Intent) -> Intent:
        return intent._replace(phrasings=kept(intent.phrasings), counter_examples=kept(intent.counter_examples))

    return replace(knowledge, intents={name: trimmed(intent) for name, intent in knowledge.intents.items()}, version="")


def _judge_part(
    knowledge: KnowledgeBase, part: Sequence[Phrasing], outside: str, thresholds: Thresholds | None
) -> list[Judged]:
    matcher = Matcher(without(knowledge, part), thresholds=thresholds)
    questions = [Question(p.text, p.intent, "", p.path, p.line) for p in part]
    return [judged(q, matcher.match(q.text), outside) for q in questions]
