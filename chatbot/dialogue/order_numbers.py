"""Order numbers as customers type them -> the number, "" for none, or None."""

from __future__ import annotations

import re

from chatbot.dialogue.desk import Desk, Said
from chatbot.dialogue.folded import words_of
from chatbot.dialogue.typeset import one_line

LONGEST_ORDER = 60
# In words: « CC 12345 » is kept whole.
_LONGEST_REFERENCE = 2
# In digits; in a sentence, fewer are a day or a quantity.
_LEAST_DIGITS = 5
# In digits, of one order number among several.
_LEAST_OF_SEVERAL = 4
_INTRODUCING = frozenset({"crois", "pense", "n", "o", "no", "num", "serait", "ok"})
_NUMBER_LABELS = frozenset({"numero", "commande"})
_PHONE = re.compile(r"(?:\+33|0033|0)[1-9](?:\d{2}){4}")
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}")


def may_be_order(order: str) -> bool:
    """True for what may stand where an order number is asked for, in any channel: a digit at least."""
    return len(order) <= LONGEST_ORDER and any(c.isdigit() for c in order)


def read_order(desk: Desk, said: Said) -> str | None:
    """« c'est le 12345 » -> 12345; several numbers are kept together; a phone number, a date or a sentence is none."""
    if not said.text or said.cues & {"passer", "indecis", "refus_donner"}:
        return ""
    order = one_line(said.text)
    words = [word.strip(".,;:!?()") for word in order.split()]
    long = sum(map(str.isdigit, order)) >= _LEAST_OF_SEVERAL
    if len(words) == _LONGEST_REFERENCE and long and _says_nothing(desk, words[0]):
        # « c'est 4567 », « n° 4567 »
        order = words[1]
        words = [order]
    if len(words) > _LONGEST_REFERENCE:
        order = _number_in(words) or _named_number(desk, words)
    elif len(words) > 1 and sum(c.isdigit() for c in order) < _LEAST_OF_SEVERAL and not _named_number(desk, words):
        # « la 3 » points at a line of a list.
        return None
    no_order = "@" in order or is_phone(order) or _DATE.fullmatch(order)
    return order if may_be_order(order) and not no_order else None


def is_phone(text: str) -> bool:
    """Is this a French telephone number, and nothing else?"""
    return _PHONE.fullmatch(re.sub(r"[\s.-]", "", text)) is not None


def has_phone(text: str) -> bool:
    """Are the digits of this text a French telephone number?"""
    return is_phone(re.sub(r"[^\d+]", "", text))


def _number_in(words: list[str]) -> str:
    """The order numbers in the words of a sentence: those that are long enough, or digits that stand together."""
    digits = [sum(c.isdigit() for c in word) for word in words]
    long = [word for word, count in zip(words, digits, strict=True) if count >= _LEAST_DIGITS]
    several = [word for word, count in zip(words, digits, strict=True) if count >= _LEAST_OF_SEVERAL]
    if len(long) == 1 and len(several) <= 1:
        return long[0]
    numbered = [i for i, count in enumerate(digits) if count]
    together = words[numbered[0] : numbered[-1] + 1] if numbered else []
    if len(together) == len(numbered) and sum(digits) >= _LEAST_DIGITS:
        return " ".join(together)
    return ", ".join(several) if len(several) > 1 else ""


def _named_number(desk: Desk, words: list[str]) -> str:
    """The digits of « numéro 12 34 » or « je crois que c'est 4567 »; "" when anything else is said."""
    numbers = [word for word in words if word.isdigit()]
    rest = [word for word in words if not word.isdigit()]
    named = bool(_NUMBER_LABELS.intersection(words_of(" ".join(rest))))
    enough = named or sum(map(len, numbers)) >= _LEAST_OF_SEVERAL
    return " ".join(numbers) if numbers and enough and all(_says_nothing(desk, word) for word in rest) else ""


def _says_nothing(desk: Desk, word: str) -> bool:
    """« c'est », « numéro », « crois »: a word that only introduces a number."""
    language = desk.understanding.normalizer.language
    known = (language.function_words - language.protected) | _NUMBER_LABELS | _INTRODUCING
    return known.issuperset(words_of(word)) and not any(map(str.isdigit, word))
