"""Mutations: every way a phrasing may be typed a little differently without meaning anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatbot.language.characters import fold
from chatbot.language.spelling import AZERTY_NEIGHBOURS

# Shorter words are not mutated letter by letter: one letter less in « toner » is a slip, in « mon » another word.
LEAST_LETTERS = 5
WORD = re.compile(r"[^\W\d_]+")
_PUNCTUATION = re.compile(r"[^\w\s'’€%@/+°-]+")
_POLITENESS = (
    "Bonjour, {}",
    "Bonsoir, {} Merci.",
    "{} Merci d'avance.",
    "Bonjour, {} Cordialement.",
    "{}, s'il vous plaît",
    "Bonjour, je vous remercie par avance. {} Bonne journée.",
)

NO_ACCENTS = "sans accents"
CAPITALS = "en capitales"
CURLY = "’ pour '"
NO_PUNCTUATION = "sans ponctuation"
NO_APOSTROPHE = "sans apostrophe"
POLITE = "avec politesses"
SPACES = "deux espaces"
SWAP = "lettres inversées"
DROP = "lettre oubliée"
DOUBLE = "lettre doublée"
SLIP = "touche voisine"
EDITS = (SWAP, DROP, DOUBLE, SLIP)
KINDS = (NO_ACCENTS, CAPITALS, CURLY, NO_PUNCTUATION, NO_APOSTROPHE, POLITE, SPACES, *EDITS)

Mutation = tuple[str, str]
_NEIGHBOURS = {
    letter: "".join(sorted(b for a, b in AZERTY_NEIGHBOURS if a == letter))
    for letter in sorted({a for a, _ in AZERTY_NEIGHBOURS})
}


def whole_text(text: str, *, polite: bool = True) -> list[Mutation]:
    """The (kind, text) mutations of a text as a whole that differ from it. `polite`: greetings and thanks around it."""
    unaccented = "".join(c if c.isascii() or not c.isalpha() else _cased(fold(c), c) for c in text)
    mutations = [
        (NO_ACCENTS, unaccented),
        (CAPITALS, text.upper()),
        (CURLY, text.replace("'", "’")),
        (NO_PUNCTUATION, " ".join(_PUNCTUATION.sub(" ", text).split())),
        (NO_APOSTROPHE, text.replace("'", "").replace("’", "")),
        (SPACES, text.replace(" ", "  ")),
    ]
    if polite:
        mutations += [(POLITE, wrapping.format(text)) for wrapping in _POLITENESS]
    return [(kind, mutated) for kind, mutated in mutations if mutated != text]


def one_edit(word: str) -> Iterator[Mutation]:
    """The (kind, word) single edits of a word that differ from it, each once per kind."""
    places = range(len(word))
    swaps = (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in places[:-1])
    drops = (word[:i] + word[i + 1 :] for i in places)
    doubles = (word[: i + 1] + word[i:] for i in places)
    slips = (word[:i] + key + word[i + 1 :] for i in places for key in _NEIGHBOURS.get(word[i].lower(), ""))
    for kind, mutated in zip(EDITS, (swaps, drops, doubles, slips), strict=True):
        for one in dict.fromkeys(mutated):
            if one != word:
                yield kind, one


def words_of(text: str) -> list[re.Match[str]]:
    """The words of a text that are mutated letter by letter."""
    return [found for found in WORD.finditer(text) if len(found.group()) >= LEAST_LETTERS]


def _cased(folded: str, original: str) -> str:
    return folded.capitalize() if original.isupper() else folded
