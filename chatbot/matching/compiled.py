"""A knowledge base compiled: everything a match needs, in plain containers, so that it can be kept in a cache."""

from __future__ import annotations

import gc
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from math import sqrt
from typing import Any, NamedTuple

from chatbot.language import Analysis

# Weights and squared idfs are kept as whole numbers, so many to 1: their sums are exact, in any order and on every Python.
SCALE = 1 << 14
IDF_SCALE = 1 << 4
# The lanes (lanes.py) that hold the weights are wide enough for the longest text allowed.
LANE_BITS = 32


class Compiled(NamedTuple):
    """What `Matcher` works on. Parallel sequences share an index: `phrasing_*` by phrasing, the weights by feature.

    `phrasings`: marshalled (text, intent, path, line) tuples, unpacked only for an explanation. `postings`: the phrasing
    numbers of each feature one list after the other, list i from `posting_starts`[i] to [i + 1].
    `exact_keys`: sorted 64-bit digests of the phrasings' forms, `exact_phrasings` their numbers.
    """

    version: str
    language: dict[str, Any]
    vocabulary: dict[str, int]
    stems: frozenset[str]
    concepts: dict[str, Any]
    elsewhere: frozenset[str]
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
    exact_keys: bytes
    exact_phrasings: bytes
    required: dict[str, tuple[str, ...]]
    excluded: dict[str, tuple[str, ...]]
    thresholds: tuple[float, ...]


def exact_key(analysis: Analysis) -> str:
    """What two spellings of one phrasing share: their forms in order."""
    return " ".join(token.form for token in analysis.tokens)


def exact_digest(key: str) -> int:
    """A 64-bit digest of an `exact_key`: twelve thousand phrasings are looked up without unpacking their texts."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little")


def exact_phrasing(keys: Sequence[int], phrasings: Sequence[int], key: str) -> int | None:
    """The number of the phrasing with this `exact_key`; None when there is none."""
    digest = exact_digest(key)
    place = bisect_left(keys, digest)
    return phrasings[place] if place < len(keys) and keys[place] == digest else None


def inverse_length(rows: Iterable[int], idf2: Sequence[int]) -> float:
    """1 / the Euclidean length of the TF-IDF vector with these rows; 0 for none. `idf2`: IDF_SCALE to 1."""
    square = sum([idf2[row] for row in rows])
    return sqrt(IDF_SCALE / square) if square else 0.0


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Millions of small objects are made and all are kept: looking for garbage among them doubles the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
