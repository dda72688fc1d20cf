"""Features: what of a text counts — its words, pairs of neighbours, concepts, length and unknown words.

A feature's name begins with its kind: `w:` word stem, `b:` two neighbours, `c:` concept, `n:` how many content words,
`u:` unknown words, `x:` words of other worlds. Plain tuples, because thousands are made while a knowledge base loads.
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
) -> list[Feature]:
    """The features of a text, in order of place, each name once per sentence; a denied wish contributes none."""
    found: dict[tuple[str, int], Feature] = {}
    content = unknown = worlds = 0
    previous = ""
    before = WHOLE
    for position, token in enumerate(tokens):
        if token.form not in function_words:
            content += 1
        if token.negated:
            previous = ""
            continue
        sentence = token.sentence
        if not token.known:
            unknown += 1
            name = UNKNOWN_REAL if token.real else UNKNOWN_NOISE
            found.setdefault((name, sentence), (name, (position,), sentence))
            if previous and before == sentence:
                name = f"b:{previous} {UNKNOWN}"
                found.setdefault((name, sentence), (name, (position - 1, position), sentence))
            previous, before = UNKNOWN, sentence
            continue
        name = "w:" + token.stem
        found.setdefault((name, sentence), (name, (position,), sentence))
        if previous and before == sentence:
            name = f"b:{previous} {token.stem}"
            found.setdefault((name, sentence), (name, (position - 1, position), sentence))
        previous, before = token.stem, sentence
    for concept, covered in concepts:
        token = tokens[covered[0]]
        if not token.negated:
            name = "c:" + concept
            found.setdefault((name, token.sentence), (name, covered, token.sentence))
            if concept in elsewhere:
                worlds += 1
                found.setdefault((ELSEWHERE, token.sentence), (ELSEWHERE, covered, token.sentence))
    kept = list(found.values())
    if worlds > 1:
        kept.append((f"x:{min(worlds, _MOST_COUNTED)}", (), WHOLE))
    kept.append((f"n:{min(content, _MOST_COUNTED)}", (), WHOLE))
    if unknown:
        kept.append((unknown_count(unknown), (), WHOLE))
    return kept


def unknown_count(unknown: int) -> str:
    """The feature that says how many words are unknown."""
    return f"u:{min(unknown, _MOST_COUNTED)}"
