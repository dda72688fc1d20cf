"""Features: what of a text counts — its words, pairs of neighbours, concepts, length and unknown words.

A feature's name begins with its kind: `w:` word stem, `b:` two neighbours, `c:` concept, `n:` how many content words,
`u:` unknown words. Plain tuples, because thousands are made while a knowledge base loads.
"""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.language import Token
from chatbot.matching.concepts import Found

# name, positions of the tokens it comes from, sentence (WHOLE: the text as a whole)
Feature = tuple[str, tuple[int, ...], int]
WHOLE = -1
UNKNOWN_REAL = "u:real"
UNKNOWN_NOISE = "u:noise"
_MOST_COUNTED = 4


def features(tokens: Sequence[Token], concepts: Sequence[Found], function_words: frozenset[str]) -> list[Feature]:
    """The features of a text, in order of place, each name once per sentence; a denied wish contributes none."""
    found: list[Feature] = []
    content = unknown = 0
    previous: Token | None = None
    for position, token in enumerate(tokens):
        if token.form not in function_words:
            content += 1
        if token.negated:
            previous = None
            continue
        sentence = token.sentence
        if not token.known:
            unknown += 1
            found.append((UNKNOWN_REAL if token.real else UNKNOWN_NOISE, (position,), sentence))
            previous = None
            continue
        found.append(("w:" + token.stem, (position,), sentence))
        if previous is not None and previous.sentence == sentence:
            found.append((f"b:{previous.stem} {token.stem}", (position - 1, position), sentence))
        previous = token
    for concept, covered in concepts:
        token = tokens[covered[0]]
        if not token.negated:
            found.append(("c:" + concept, covered, token.sentence))
    found.append((f"n:{min(content, _MOST_COUNTED)}", (), WHOLE))
    if unknown:
        found.append((unknown_count(unknown), (), WHOLE))
    return _once_per_sentence(found)


def unknown_count(unknown: int) -> str:
    """The feature that says how many words are unknown."""
    return f"u:{min(unknown, _MOST_COUNTED)}"


def _once_per_sentence(found: list[Feature]) -> list[Feature]:
    seen: set[tuple[str, int]] = set()
    kept: list[Feature] = []
    for feature in found:
        key = (feature[0], feature[2])
        if key not in seen:
            seen.add(key)
            kept.append(feature)
    return kept
