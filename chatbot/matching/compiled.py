"""A knowledge base compiled: everything a match needs, in plain containers, so that it can be kept in a cache."""

from __future__ import annotations

from typing import Any, NamedTuple

from chatbot.language import Analysis


class Compiled(NamedTuple):
    """What `Matcher` works on. Parallel sequences share an index: `phrasing_*` by phrasing, the weights by feature.

    `phrasings`: marshalled (text, intent, path, line) tuples, unpacked only for an explanation. `postings`: the phrasing
    numbers of each feature one list after the other, list i from `posting_starts`[i] to [i + 1].
    """

    version: str
    language: dict[str, Any]
    vocabulary: dict[str, int]
    stems: frozenset[str]
    concepts: dict[str, Any]
    intents: tuple[str, ...]
    roles: tuple[str, ...]
    row_of: dict[str, int]
    idf2: bytes
    weights: bytes
    phrasings: bytes
    phrasing_intent: bytes
    phrasing_inverse: bytes
    postings: bytes
    posting_starts: bytes
    exact: dict[str, int]
    required: dict[str, tuple[str, ...]]
    excluded: dict[str, tuple[str, ...]]
    thresholds: tuple[float, ...]


def exact_key(analysis: Analysis) -> str:
    """What two spellings of one phrasing share: their forms in order."""
    return " ".join(token.form for token in analysis.tokens)
