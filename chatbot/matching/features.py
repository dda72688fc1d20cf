"""Features: what of a text counts — its words, pairs of neighbours, concepts, length and unknown words.

A feature's name begins with its kind: `w:` word stem, `b:` two neighbours, `c:` concept, `n:` how many content words,
`u:` unknown words, `x:` words of other worlds. Plain tuples, because thousands are made while a knowledge base loads.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from chatbot.language import Token
from chatbot.matching.concepts import Found

# name, positions of the tokens it comes from, sentence (WHOLE: the text as a whole)
Feature = tuple[str, tuple[int, ...], int]
WHOLE = -1
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
    elsewhere: frozenset[str] = frozenset(),
    learnt: Container[str] | None = None,
) -> list[Feature]:
    """The features of a text, in order of place, each name once per sentence; a denied wish contributes none.

    `learnt`: the features that have weights. A word without one counts as unknown, as it does when weights are fitted.
    """
    found: dict[tuple[str, int], Feature] = {}
    unknown = _add_words(found, tokens, learnt)
    worlds = _add_concepts(found, tokens, concepts, elsewhere)
    content = sum(token.form not in function_words for token in tokens)
    kept = list(found.values())
    if worlds > 1:
        kept.append((f"x:{min(worlds, _MOST_COUNTED)}", (), WHOLE))
    kept.append((f"n:{min(content, _MOST_COUNTED)}", (), WHOLE))
    if unknown:
        kept.append((unknown_count(unknown), (), WHOLE))
    return kept


def _add_words(found: dict[tuple[str, int], Feature], tokens: Sequence[Token], learnt: Container[str] | None) -> int:
    """Adds words and pairs of neighbours; returns how many words are unknown."""
    unknown = 0
    previous = ""
    before = WHOLE
    for position, token in enumerate(tokens):
        if token.negated:
            previous = ""
            continue
        sentence, word = token.sentence, token.stem
        name = "w:" + word
        if not token.known or (learnt is not None and name not in learnt):
            unknown += 1
            word = UNKNOWN
            name = UNKNOWN_REAL if token.real else UNKNOWN_NOISE
        found.setdefault((name, sentence), (name, (position,), sentence))
        if previous and before == sentence:
            name = f"b:{previous} {word}"
            found.setdefault((name, sentence), (name, (position - 1, position), sentence))
        previous, before = word, sentence
    return unknown


def _add_concepts(
    found: dict[tuple[str, int], Feature],
    tokens: Sequence[Token],
    concepts: Sequence[Found],
    elsewhere: frozenset[str],
) -> int:
    """Adds concepts; returns how many of them name another world."""
    worlds = 0
    for concept, covered in concepts:
        token = tokens[covered[0]]
        if token.negated:
            continue
        name = "c:" + concept
        found.setdefault((name, token.sentence), (name, covered, token.sentence))
        if concept in elsewhere:
            worlds += 1
            found.setdefault((ELSEWHERE, token.sentence), (ELSEWHERE, covered, token.sentence))
    return worlds


def unknown_count(unknown: int) -> str:
    """The feature that says how many words are unknown."""
    return f"u:{min(unknown, _MOST_COUNTED)}"
