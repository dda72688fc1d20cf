"""Rules: words or concepts an intent must have, or may not have, before it is answered (`exige`, `exclut`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from chatbot.language import Analysis, Normalizer
from chatbot.matching.concepts import Found

# What is left of the confidence of an intent whose rule is broken: it may still be offered, never answered.
BROKEN = 0.5


class Rules:
    """The `exige` and `exclut` of every intent. An entry is words in order (« sans fil ») or a concept (« @facture »);
    one in which nothing is a word says nothing."""

    def __init__(
        self, required: Mapping[str, tuple[str, ...]], excluded: Mapping[str, tuple[str, ...]], normalizer: Normalizer
    ) -> None:
        self._texts = (required, excluded)
        self._normalizer = normalizer

    @cached_property
    def _parsed(self) -> tuple[dict[str, list[tuple[str, ...]]], dict[str, list[tuple[str, ...]]]]:
        required, excluded = (
            {intent: [words for words in map(self._parse, entries) if words] for intent, entries in texts.items()}
            for texts in self._texts
        )
        return required, excluded

    def _parse(self, entry: str) -> tuple[str, ...]:
        if entry.startswith("@"):
            return (entry,)
        return tuple(token.stem for token in self._normalizer(entry).tokens)

    def broken_by(self, analysis: Analysis, concepts: Sequence[Found]) -> set[str]:
        """The intents whose rules this utterance, with its concepts, breaks."""
        if not any(self._texts):
            return set()
        stems = [token.stem for token in analysis.tokens if not token.negated]
        found = {"@" + concept for concept, _ in concepts}
        required, excluded = self._parsed
        lacking = {i for i, entries in required.items() if entries and not any(_has(e, stems, found) for e in entries)}
        return lacking | {i for i, entries in excluded.items() if any(_has(e, stems, found) for e in entries)}


def _has(entry: tuple[str, ...], stems: list[str], found: set[str]) -> bool:
    if entry[0].startswith("@"):
        return entry[0] in found
    return any(tuple(stems[i : i + len(entry)]) == entry for i in range(len(stems) - len(entry) + 1))
