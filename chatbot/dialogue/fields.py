"""The fields of the contact form: what was typed -> the value to keep, or None when it will not do."""

from __future__ import annotations

import re

from chatbot.dialogue.cues import words_of
from chatbot.dialogue.desk import Desk, Said
from chatbot.dialogue.typeset import one_line
from chatbot.errors import ChatbotError
from chatbot.matching.model import Decision, Reason

FIELDS = ("name", "email", "order", "message")
# The step after the last field.
REVIEW = "review"
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
_SPELT_AT_SIGN = re.compile(r"\barobas[e]?\b", re.IGNORECASE)
_PARTED_AT = re.compile(r"\s*@\s*")
_PARTED_DOT = re.compile(r"(@[\w.-]+)(?:\s+\.\s*|\.\s+|,)([a-z]{2,4})\b", re.IGNORECASE)
_SPELT_DOT = re.compile(r"\s+(?:point|dot)\s+", re.IGNORECASE)
# Words that answer a question of the form, and are no value of a field.
_REPLIES = frozenset({"oui", "non", "aucune", "passer", "envoyer", "corriger", "entendu", "fini"})
_NO_NAMES = _REPLIES | {
    "insatisfait", "panne", "colere", "formulaire", "identite", "reference", "annonce", "attente", "pas_envoyer",
    "recommencer", "pourquoi", "autre_langue", "payant", "refus_donner",
}  # fmt: skip
# Everyday words that stand in names: « Jean de La Tour », « Marie et Paul ».
_IN_NAMES = frozenset({"de", "du", "des", "le", "la", "les", "et", "d", "l"})
# « le nom », « mon mail »: a field's own name is no value of any field.
_LABELS = frozenset(
    {"nom", "prenom", "famille", "mail", "email", "e", "courriel", "adresse", "electronique", "numero", "commande", "message",
     "texte", "question"}
)  # fmt: skip
# Of the words that ask or deny, those that a field may be named with: « pas de numéro », « le nom, non ».
_NOT_ASKING = frozenset({"ne", "n", "pas", "plus", "non", "sans", "avec", "aucun", "aucune", "rien", "jamais"})
# In digits, of one order number among several.
_LEAST_OF_SEVERAL = 4
_NUMBER_LABELS = frozenset({"numero", "commande"})
_PHONE = re.compile(r"(?:\+33|0033|0)[1-9](?:\d{2}){4}")
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}")
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


def names_a_field(desk: Desk, text: str) -> bool:
    """Is this no more than what a field is called: « le nom », « mon adresse mail »? « Où est ma commande ? » is more."""
    language = desk.understanding.normalizer.language
    words = set(words_of(text))
    told = words - language.function_words
    return bool(told) and told <= _LABELS and "?" not in text and words.isdisjoint(language.protected - _NOT_ASKING)


def _name(desk: Desk, said: Said) -> str | None:
    """A name of letters: not a yes or a no, not a greeting, not a question."""
    spelt = "@" in said.text or _SPELT_AT_SIGN.search(said.text)
    if said.cues & _NO_NAMES or spelt or names_a_field(desk, said.text):
        return None
    name = _without_the_rest(desk, one_line(desk.cues.after("nom_avant", said.text)).strip(" .,;:!"))
    words = words_of(name)
    if not words or "?" in said.text or len(name) > LONGEST_NAME:
        return None
    if ("salut" in desk.cues.heard(name) and len(words) == 1) or _is_question(desk, name):
        return None
    return name if may_be_name(name) else None


def _without_the_rest(desk: Desk, text: str) -> str:
    """« Marie, c'est pour ma facture », « Paul à l'appareil », « Jean 0612345678 »: the name that stands first."""
    everyday = desk.understanding.normalizer.language.function_words - _IN_NAMES
    kept: list[str] = []
    for word in text.split():
        if any(c.isdigit() for c in word) or not everyday.isdisjoint(words_of(word)):
            break
        kept.append(word)
        if word.endswith((",", ";", ":", "!")):
            break
    while kept and _IN_NAMES.issuperset(words_of(kept[-1])):
        kept.pop()
    return " ".join(kept).strip(" .,;:!-")


def _is_question(desk: Desk, text: str) -> bool:
    """Does the shop know an answer to it? In few words, only if it is sure of it: « Anne Toner » is a name, « merci » not."""
    match = desk.understanding.match(text)
    if len(text.split()) <= _LONGEST_UNASKED:
        return match.reason is Reason.EXACT
    decision = match.decision
    return decision is Decision.ANSWER or (decision is Decision.CLARIFY and len(text.split()) > _LONGEST_UNASKED + 1)


def _email(desk: Desk, said: Said) -> str | None:
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


def _order(desk: Desk, said: Said) -> str | None:
    """« c'est le 12345 » -> 12345; several numbers are kept together; a phone number, a date or a sentence is none."""
    if not said.text or said.cues & {"passer", "indecis", "refus_donner"}:
        return ""
    order = one_line(said.text)
    words = [word.strip(".,;:!?()") for word in order.split()]
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
    return _PHONE.fullmatch(re.sub(r"[^\d+]", "", text)) is not None


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
    """The digits of « numéro 12 34 »: short, but named; "" when anything else is said."""
    numbers = [word for word in words if word.isdigit()]
    rest = [word for word in words if not word.isdigit()]
    named = bool(_NUMBER_LABELS.intersection(words_of(" ".join(rest))))
    return " ".join(numbers) if numbers and named and names_a_field(desk, " ".join(rest)) else ""


def _message(desk: Desk, said: Said) -> str | None:
    if said.wordless or len(said.text) > LONGEST_MESSAGE or names_a_field(desk, said.text):
        return None
    # « Bonjour, » alone is the first line of a letter, « pourquoi ? » asks about the form.
    if said.cues & {"pourquoi", "payant", "refus_donner"} or ("salut" in said.cues and len(words_of(said.text)) == 1):
        return None
    # « envoyer » or « 1 » where the message is awaited: the customer is a step ahead.
    ahead = len(said.text.split()) <= 2 and (said.cues & _REPLIES or said.text.strip(" .").isdigit())
    return None if ahead else said.text
