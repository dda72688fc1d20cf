"""What detectors read and what they return: a piece of text in canonical characters, and spans of it."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from chatbot.language.characters import Canonical, canonical


class Span(NamedTuple):
    """Something private from `start` to `end` (excluded) of a piece's text, and what it is (a name of KINDS)."""

    start: int
    end: int
    kind: str


class Piece(NamedTuple):
    """A piece of a customer's text. `text`: lower case without accents, one apostrophe, one dash, ASCII digits.

    `typed` has the same length and shows each character as it was typed, for what capitals tell.
    """

    text: str
    typed: str
    origin: Canonical

    def place(self, index: int) -> int:
        """Where in the original the character at `index` (0..len(text)) came from."""
        return self.origin.place(index)


def piece(original: str) -> Piece:
    """The original prepared for detectors: full-width or Arabic digits, « ’ », no-break spaces all read alike."""
    origin = canonical(original)
    text = plain(origin.text)
    typed = "".join(original[origin.place(index)] for index in range(len(text)))
    return Piece(text, typed, origin)


def plain(text: str) -> str:
    """The text sign for sign without accents and with ASCII digits: « prénom ٣ » -> prenom 3."""
    return text if text.isascii() else "".join(map(_plain_sign, text))


def _plain_sign(sign: str) -> str:
    value = unicodedata.digit(sign, -1)
    return str(value) if value >= 0 else unicodedata.normalize("NFD", sign)[0]
