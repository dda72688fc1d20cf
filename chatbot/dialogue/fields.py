"""The fields of the contact form: what was typed -> the value to keep, or None when it will not do."""

from __future__ import annotations

import re

from chatbot.dialogue.desk import Desk, Said
from chatbot.dialogue.typeset import one_line
from chatbot.errors import ChatbotError

FIELDS = ("name", "email", "order", "message")
# Longest values kept, in characters.
_LONGEST_NAME = 100
_LONGEST_ORDER = 60
LONGEST_MESSAGE = 4000
# The form of an address, when no library was handed to check it: one @, no spaces, a dot in the domain.
_EMAIL = re.compile(r"[^\s@<>\"(),:;]+@[^\s@<>\"(),:;]+\.[^\s@<>\"(),:;.]{2,}")


def read(desk: Desk, field: str, said: Said) -> str | None:
    """The value of a field as it will be sent. An order number may be "" (there is none)."""
    if field == "name":
        return _name(desk, said)
    if field == "email":
        return _email(desk, said)
    return _order(desk, said) if field == "order" else _message(said)


def _name(desk: Desk, said: Said) -> str | None:
    name = one_line(desk.cues.after("nom_avant", said.text)).strip(" .,;:!")
    letters = sum(c.isalpha() for c in name)
    return name if letters >= 2 and len(name) <= _LONGEST_NAME and "@" not in name else None


def _email(desk: Desk, said: Said) -> str | None:
    """« c'est zoe@exemple.fr. » -> the address in it; several addresses are none."""
    found = [word.strip("<>(),;:!?.\"'«»") for word in said.text.split() if "@" in word]
    if len(found) != 1:
        return None
    if desk.check_email is not None:
        try:
            return desk.check_email(found[0])
        except ChatbotError:
            # Its library is not there: the shape alone is checked.
            pass
    return found[0] if _EMAIL.fullmatch(found[0]) and len(found[0]) <= 254 else None


def _order(desk: Desk, said: Said) -> str | None:
    if not said.text or "passer" in said.cues:
        return ""
    order = one_line(said.text)
    return order if any(c.isdigit() for c in order) and len(order) <= _LONGEST_ORDER else None


def _message(said: Said) -> str | None:
    return said.text if not said.wordless and len(said.text) <= LONGEST_MESSAGE else None
