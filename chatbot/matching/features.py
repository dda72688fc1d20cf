"""Features: what of a text counts — its words, pairs of neighbours, concepts, length and unknown words.

A feature's name begins with its kind: `w:` word stem, `b:` two neighbours, `c:` concept, `n:` how many content words,
`u:` unknown words, `x:` words of other worlds.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from chatbot.language import Token
from chatbot.matching.concepts import Found

# For each feature, in the order of the names, the positions of the tokens it comes from.
Places = list[tuple[int, ...]]
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
    learnt: Container[str] | None = None,
) -> list[str]:
    """The features of a text, in order of place, some more than once; a denied wish contributes none.

    `learnt`: the features that have weights. A word without one counts as unknown, as it does when weights are fitted.
    """
    names, unknown = words_and_pairs(tokens, learnt)
    worlds = 0
    for concept, covered in concepts:
        if not tokens[covered[0]].negated:
            names.append("c:" + concept)
            if concept in elsewhere:
                names.append(ELSEWHERE)
                worlds += 1
    if worlds > 1:
        names.append(f"x:{min(worlds, _MOST_COUNTED)}")
    content = len([True for token in tokens if token.form not in function_words])
    names.append(f"n:{min(content, _MOST_COUNTED)}")
    if unknown:
        names.append(unknown_count(unknown))
    return names


def words_and_pairs(tokens: Sequence[Token], learnt: Container[str] | None) -> tuple[list[str], int]:
    """The features of words and of pairs of neighbours in one sentence, and how many words are unknown."""
    names: list[str] = []
    unknown = 0
    previous, before = "", -1
    for token in tokens:
        if token.negated:
            previous = ""
            continue
        word, sentence = token.stem, token.sentence
        name = "w:" + word
        if not token.known or (learnt is not None and name not in learnt):
            unknown += 1
            word = UNKNOWN
            name = UNKNOWN_REAL if token.real else UNKNOWN_NOISE
        names.append(name)
        if previous and before == sentence:
            names.append(f"b:{previous} {word}")
        previous, before = word, sentence
    return names, unknown


def places(tokens: Sequence[Token], concepts: Sequence[Found], elsewhere: frozenset[str]) -> Places:
    """The positions of the tokens of each feature, in the order of `features`; those that count the text have none."""
    found: Places = []
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
