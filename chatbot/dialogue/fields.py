"""The fields of the contact form: what was typed -> the value to keep, or None when it will not do."""

from __future__ import annotations

import re

from chatbot.dialogue.cues import words_of
from chatbot.dialogue.desk import Desk, Said
from chatbot.dialogue.typeset import one_line
from chatbot.errors import ChatbotError
from chatbot.matching.model import Decision

FIELDS = ("name", "email", "order", "message")
# Longest values kept, in characters.
_LONGEST_NAME = 100
_LONGEST_ORDER = 60
# In words: « CC 12345 » is kept whole.
_LONGEST_REFERENCE = 2
LONGEST_MESSAGE = 4000
# « Où est mon colis » in the place of a name is a question; « Anne Toner » is not.
_LONGEST_UNASKED = 3
# What is said around an address, an order number: folded words, beside the function words.
_SPELT_AT = re.compile(r"\s*(?:\(at\)|\[at\]|\barobase\b|\barobas\b|\bat\b)\s*", re.IGNORECASE)
_SPELT_DOT = re.compile(r"\s+(?:point|dot)\s+", re.IGNORECASE)
# Words that answer a question of the form, and are no value of a field.
_REPLIES = frozenset({"oui", "non", "aucune", "passer", "envoyer", "corriger", "entendu", "insatisfait", "panne"})
# The form of an address, when no library was handed to check it: one @, no spaces, a dot in the domain.
_EMAIL = re.compile(r"[^\s@<>\"(),:;]+@[^\s@<>\"(),:;]+\.[^\s@<>\"(),:;.]{2,}")


def read(desk: Desk, field: str, said: Said) -> str | None:
    """The value of a field as it will be sent. An order number may be "" (there is none)."""
    if field == "name":
        return _name(desk, said)
    if field == "email":
        return _email(desk, said)
    return _order(desk, said) if field == "order" else _message(desk, said)


def _name(desk: Desk, said: Said) -> str | None:
    """A name of letters: not a yes or a no, not a question."""
    name = one_line(desk.cues.after("nom_avant", said.text)).strip(" .,;:!")
    if said.cues & _REPLIES or "?" in name or "@" in name or len(name) > _LONGEST_NAME or _is_question(desk, name):
        return None
    return name if sum(c.isalpha() for c in name) >= 2 else None


def _is_question(desk: Desk, text: str) -> bool:
    if len(text.split()) <= _LONGEST_UNASKED:
        return False
    return desk.understanding.match(text).decision is not Decision.FALLBACK


def _email(desk: Desk, said: Said) -> str | None:
    """« c'est zoe@exemple.fr. » -> the address in it; several addresses are none, nor one with a space in it."""
    words = (said.text if "@" in said.text else _spelt_out(said.text)).split()
    found = [word.strip("<>(),;:!?.\"'«»") for word in words if "@" in word]
    if len(found) != 1 or not _announces(desk, words[: next(i for i, w in enumerate(words) if "@" in w)]):
        return None
    if desk.check_email is not None:
        try:
            return desk.check_email(found[0])
        except ChatbotError:
            # Its library is not there: the shape alone is checked.
            pass
    return found[0] if _EMAIL.fullmatch(found[0]) and len(found[0]) <= 254 else None


def _spelt_out(text: str) -> str:
    """An address as it is said: « zoe arobase exemple point fr »."""
    return _SPELT_DOT.sub(".", _SPELT_AT.sub("@", text, count=1))


def _announces(desk: Desk, words: list[str]) -> bool:
    """Are these words before an address about it, and no part of it: « mon e-mail c'est », but not « jean » ?"""
    everyday = desk.understanding.normalizer.language.function_words
    before = words_of(" ".join(words))
    return all(word in everyday or "champ_email" in desk.cues.heard(word) for word in before)


def _order(desk: Desk, said: Said) -> str | None:
    """« c'est le 12345 » -> 12345; a sentence with several numbers apart, or an address, is none."""
    if not said.text or "passer" in said.cues:
        return ""
    order = one_line(said.text)
    words = order.split()
    if len(words) > _LONGEST_REFERENCE:
        numbered = [i for i, word in enumerate(words) if any(c.isdigit() for c in word)]
        words = words[numbered[0] : numbered[-1] + 1] if numbered else []
        if len(words) > len(numbered):
            return None
        order = " ".join(words).strip(".,;:!?")
    fits = any(c.isdigit() for c in order) and "@" not in order and len(order) <= _LONGEST_ORDER
    return order if fits else None


def _message(desk: Desk, said: Said) -> str | None:
    if said.wordless or len(said.text) > LONGEST_MESSAGE:
        return None
    # « envoyer » or « 1 » where the message is awaited: the customer is a step ahead.
    ahead = len(said.text.split()) <= 2 and (said.cues & _REPLIES or said.text.strip(" .").isdigit())
    return None if ahead else said.text
