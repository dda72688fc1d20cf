"""French typography and safe text: what stands between any text and a screen."""

from __future__ import annotations

import re
import unicodedata

_NO_BREAK = "\u00a0"
# Patterns are compiled on first need: a reply to a pipe needs none of them.
# Only spaces that are there become no-break ones: « Etat de traitement: En attente » stays as the shop writes it.
_BEFORE = r"[ \u00a0\u202f](?=[?!;»](?:\W|$))"
_COLON = r"[ \u00a0\u202f](?=:(?:\s|$))"
_AFTER = r"(?<=«)[ \u00a0\u202f]"
# « 01 23 45 67 89 », « 12 000 » : digits in groups belong together on a line.
_DIGITS = r"(?<=\d) (?=\d{2,3}\b)"
# Format characters that can reorder, hide or join text on a screen; the zero-width joiner stays for emoji.
_UNSAFE_FORMAT = "[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"


def typeset(text: str) -> str:
    """The text with no-break spaces where French wants them: before ? ! : ; » and after «, and inside numbers.

    >>> typeset("Une question ? Appelez le 01 23 45 67 89.").count(chr(0xA0))
    5
    """
    text = re.sub(_BEFORE, _NO_BREAK, text)
    text = re.sub(_COLON, _NO_BREAK, text)
    text = re.sub(_AFTER, _NO_BREAK, text)
    return re.sub(_DIGITS, _NO_BREAK, text)


def sanitise(text: str) -> str:
    """The text without anything a terminal would obey: control and escape characters, and hidden direction marks.

    Line ends stay, a tab becomes a space, what is removed leaves nothing behind.
    """
    if text.isascii() and text.isprintable():
        return text
    text = re.sub(_UNSAFE_FORMAT, "", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(c for c in text if c == "\n" or not unicodedata.category(c).startswith(("Cc", "Cs")))


def one_line(text: str) -> str:
    """The sanitised text with every run of white space as one space: a name, an address, a subject."""
    return " ".join(sanitise(text).split())
