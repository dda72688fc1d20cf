"""E-mail addresses as customers type and dictate them -> the address, or None."""

from __future__ import annotations

import re

from chatbot.dialogue.desk import Desk, Said
from chatbot.dialogue.folded import words_of
from chatbot.errors import ChatbotError

# An address as it is dictated: « zoe arobase exemple point fr ».
_SPELT_AT = re.compile(
    r"\s*(?:\(at\)|\[at\]|\barobase\b|\barobas\b|\bat\b|\bchez\b(?=\s+[\w-]+\.[a-z]{2,}))\s*", re.IGNORECASE
)
_PARTED_AT = re.compile(r"\s*@\s*")
_PARTED_DOT = re.compile(r"(@[\w.-]+)(?:\s+\.\s*|\.\s+|,)([a-z]{2,4})\b", re.IGNORECASE)
_SPELT_DOT = re.compile(r"\s+(?:point|dot)\s+", re.IGNORECASE)
_SPELT_AT_SIGN = re.compile(r"\barobas[e]?\b", re.IGNORECASE)
# The form of an address, when no library was handed to check it: one @, no spaces, a dot in the domain.
_EMAIL = re.compile(r"[^\s@<>\"(),:;]+@[^\s@<>\"(),:;]+\.[^\s@<>\"(),:;.]{2,}")


def dictates_an_address(text: str) -> bool:
    """« robert arobase exemple »: an address, whole or not, and no name."""
    return "@" in text or _SPELT_AT_SIGN.search(text) is not None


def read_email(desk: Desk, said: Said) -> str | None:
    """« c'est zoe@exemple.fr. » -> the address in it; several addresses are none, nor one that goes on before a space."""
    words = _joined(said.text if "@" in said.text else _spelt_out(said.text)).split()
    found = [word.removeprefix("mailto:").strip("<>(),;:!?.\"'«»") for word in words if "@" in word]
    if len(found) != 1 or not _announces(desk, words[: next(i for i, w in enumerate(words) if "@" in w)]):
        return None
    if desk.check_email is not None:
        try:
            return desk.check_email(found[0])
        except ChatbotError:
            # Its library is not there: the shape alone is checked.
            pass
    return found[0] if _EMAIL.fullmatch(found[0]) and len(found[0]) <= 254 else None


def _joined(text: str) -> str:
    """An address without the spaces and the comma that slipped into it: « zoe @ exemple . fr », « zoe@exemple,fr »."""
    return _PARTED_DOT.sub(r"\1.\2", _PARTED_AT.sub("@", text))


def meant_email(desk: Desk, email: str) -> str:
    """The address of a well-known provider that this one nearly is, "" for none: « zoe@gmial.com » -> zoe@gmail.com."""
    # Imported here: only who fills in the form needs it.
    from rapidfuzz.distance import OSA

    name, _, domain = email.rpartition("@")
    known = [".".join(words.rsplit(" ", 1)) for words in desk.cues.phrases("messageries")]
    near = [one for one in known if OSA.distance(domain.lower(), one, score_cutoff=1) == 1]
    return f"{name}@{near[0]}" if near and domain.lower() not in known else ""


def _spelt_out(text: str) -> str:
    """An address as it is said: « zoe arobase exemple point fr »."""
    return _SPELT_DOT.sub(".", _SPELT_AT.sub("@", text, count=1))


def _announces(desk: Desk, words: list[str]) -> bool:
    """Is the word before an address no part of it: « mon e-mail c'est », but not « jean » ?"""
    everyday = desk.understanding.normalizer.language.function_words
    before = words_of(" ".join(words))[-1:]
    return all(word in everyday or "champ_email" in desk.cues.heard(word) for word in before)
