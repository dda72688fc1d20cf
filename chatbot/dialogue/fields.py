"""The fields of the contact form: what was typed -> the value to keep, or None when it will not do."""

from __future__ import annotations

import re

from chatbot.dialogue.cues import words_of
from chatbot.dialogue.desk import Desk, Said
from chatbot.dialogue.typeset import one_line
from chatbot.errors import ChatbotError
from chatbot.matching.model import Decision, Reason

FIELDS = ("name", "email", "order", "message")
# Longest values kept, in characters.
LONGEST_NAME = 100
LONGEST_ORDER = 60
# In words: « CC 12345 » is kept whole.
_LONGEST_REFERENCE = 2
# In digits; in a sentence, fewer are a day or a quantity.
_LEAST_DIGITS = 5
# A longer message is refused, never cut: half a question may mean something else.
LONGEST_MESSAGE = 4000
# « Où est mon colis » in the place of a name is a question; « Anne Toner » is not.
_LONGEST_UNASKED = 2
# An address as it is dictated: « zoe arobase exemple point fr ».
_SPELT_AT = re.compile(r"\s*(?:\(at\)|\[at\]|\barobase\b|\barobas\b|\bat\b)\s*", re.IGNORECASE)
_SPELT_DOT = re.compile(r"\s+(?:point|dot)\s+", re.IGNORECASE)
# Words that answer a question of the form, and are no value of a field.
_REPLIES = frozenset({"oui", "non", "aucune", "passer", "envoyer", "corriger", "entendu", "fini"})
_NO_NAMES = _REPLIES | {"insatisfait", "panne", "colere", "formulaire", "identite", "reference", "annonce"}
# The form of an address, when no library was handed to check it: one @, no spaces, a dot in the domain.
_EMAIL = re.compile(r"[^\s@<>\"(),:;]+@[^\s@<>\"(),:;]+\.[^\s@<>\"(),:;.]{2,}")


def may_be_name(name: str) -> bool:
    """True for what may stand where a name is asked for, in any channel: two letters at least."""
    return len(name) <= LONGEST_NAME and sum(c.isalpha() for c in name) >= 2


def may_be_order(order: str) -> bool:
    """True for what may stand where an order number is asked for, in any channel: a digit at least."""
    return len(order) <= LONGEST_ORDER and any(c.isdigit() for c in order)


def read(desk: Desk, field: str, said: Said) -> str | None:
    """The value of a field as it will be sent. An order number may be "" (there is none)."""
    if field == "name":
        return _name(desk, said)
    if field == "email":
        return _email(desk, said)
    return _order(desk, said) if field == "order" else _message(desk, said)


def _name(desk: Desk, said: Said) -> str | None:
    """A name of letters: not a yes or a no, not a greeting, not a question."""
    name = one_line(desk.cues.after("nom_avant", said.text)).strip(" .,;:!")
    words = words_of(name)
    everyday = desk.understanding.normalizer.language.function_words
    if said.cues & _NO_NAMES or "?" in name or "@" in name or len(name) > LONGEST_NAME or everyday.issuperset(words):
        return None
    if ("salut" in desk.cues.heard(name) and len(words) == 1) or _is_question(desk, name):
        return None
    return name if may_be_name(name) else None


def _is_question(desk: Desk, text: str) -> bool:
    """Does the shop know an answer to it? In few words, only if it is sure of it: « Anne Toner » is a name, « merci » not."""
    match = desk.understanding.match(text)
    if len(text.split()) <= _LONGEST_UNASKED:
        return match.reason is Reason.EXACT
    decision = match.decision
    return decision is Decision.ANSWER or (decision is Decision.CLARIFY and len(text.split()) > _LONGEST_UNASKED + 1)


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
    """« c'est le 12345 » -> 12345; a sentence without such a number, or with several, is none."""
    if not said.text or said.cues & {"passer", "indecis"}:
        return ""
    order = one_line(said.text)
    words = [word.strip(".,;:!?()") for word in order.split()]
    if len(words) > _LONGEST_REFERENCE:
        order = _number_in(words)
    return order if may_be_order(order) and "@" not in order else None


def _number_in(words: list[str]) -> str:
    """The order number in the words of a sentence: the one that is long enough, or digits that stand together."""
    numbered = [i for i, word in enumerate(words) if any(c.isdigit() for c in word)]
    long = [words[i] for i in numbered if sum(c.isdigit() for c in words[i]) >= _LEAST_DIGITS]
    if len(long) == 1:
        return long[0]
    together = words[numbered[0] : numbered[-1] + 1] if numbered else []
    digits = sum(c.isdigit() for word in together for c in word)
    return " ".join(together) if len(together) == len(numbered) and digits >= _LEAST_DIGITS else ""


def _message(desk: Desk, said: Said) -> str | None:
    if said.wordless or len(said.text) > LONGEST_MESSAGE:
        return None
    # « envoyer » or « 1 » where the message is awaited: the customer is a step ahead.
    ahead = len(said.text.split()) <= 2 and (said.cues & _REPLIES or said.text.strip(" .").isdigit())
    return None if ahead else said.text
