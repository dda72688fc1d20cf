"""Features: what of a text counts — its words, pairs of neighbours, concepts, length and unknown words.

A feature's name begins with its kind: `w:` word stem, `b:` two neighbours, `c:` concept, `n:` how
many content words, `u:` unknown words, `x:` words of other worlds. What a feature is encoded as — a row of weights, a
number, the name itself — is the caller's to say; a feature encoded as None is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from chatbot.language import Token
from chatbot.matching.concepts import Found

T = TypeVar("T")
UNKNOWN_REAL = "u:real"
UNKNOWN_NOISE = "u:noise"
# A word of another world (`ailleurs` in the lexicon), whichever: what one of them teaches holds for all.
ELSEWHERE = "x:1"
# Stands for an unknown word in a pair: « chez ? » says another shop, whatever its name.
UNKNOWN = "?"
_MOST_COUNTED = 4


def features(
    tokens: Sequence[Token],
    concepts: Sequence[Found],
    function_words: frozenset[str],
    elsewhere: frozenset[str],
    encode: Callable[[str], T | None],
) -> list[T]:
    """The features of a text, in order of place, some more than once; a denied wish contributes none.

    A word that `encode` gives None for counts as unknown, as it does when weights are fitted.
    """
    found, unknown = words_and_pairs(tokens, encode)
    worlds = add_concepts(found, tokens, concepts, elsewhere, encode)
    content = len([True for token in tokens if token.form not in function_words])
    counts = [f"n:{min(content, _MOST_COUNTED)}"]
    if worlds > 1:
        counts.append(f"x:{min(worlds, _MOST_COUNTED)}")
    if unknown:
        counts.append(unknown_count(unknown))
    found += [feature for feature in map(encode, counts) if feature is not None]
    return found


def words_and_pairs(tokens: Sequence[Token], encode: Callable[[str], T | None]) -> tuple[list[T], int]:
    """The features of words and of pairs of neighbours in one sentence, and how many words are unknown."""
    found: list[T] = []
    unknown = 0
    previous, before = "", -1
    for token in tokens:
        if token.negated:
            previous = ""
            continue
        word, sentence = token.stem, token.sentence
        feature = encode("w:" + word) if token.known else None
        if feature is None:
            unknown += 1
            word = UNKNOWN
            feature = encode(UNKNOWN_REAL if token.real else UNKNOWN_NOISE)
        if feature is not None:
            found.append(feature)
        if previous and before == sentence:
            feature = encode(f"b:{previous} {word}")
            if feature is not None:
                found.append(feature)
        previous, before = word, sentence
    return found, unknown


def add_concepts(
    found: list[T],
    tokens: Sequence[Token],
    concepts: Sequence[Found],
    elsewhere: frozenset[str],
    encode: Callable[[str], T | None],
) -> int:
    """Adds the features of concepts; returns how many of them name another world."""
    worlds = 0
    for concept, covered in concepts:
        if tokens[covered[0]].negated:
            continue
        feature = encode("c:" + concept)
        if feature is not None:
            found.append(feature)
        if concept in elsewhere:
            worlds += 1
            feature = encode(ELSEWHERE)
            if feature is not None:
                found.append(feature)
    return worlds


def places(tokens: Sequence[Token], concepts: Sequence[Found], elsewhere: frozenset[str]) -> list[tuple[int, ...]]:
    """The positions of the tokens of each feature, in the order of `features`; those that count the text have none."""
    found: list[tuple[int, ...]] = []
    before = -1
    for position, token in enumerate(tokens):
        if token.negated:
            before = -1
            continue
        found.append((position,))
        if before == token.sentence:
            found.append((position - 1, position))
        before = token.sentence
    for concept, covered in concepts:
        if not tokens[covered[0]].negated:
            found += [covered, covered] if concept in elsewhere else [covered]
    return found


def unknown_count(unknown: int) -> str:
    """The name of the feature that says how many words are unknown."""
    return f"u:{min(unknown, _MOST_COUNTED)}"
