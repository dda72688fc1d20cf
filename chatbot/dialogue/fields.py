"""The fields of the contact form: what was typed -> the value to keep, or None when it will not do."""

from __future__ import annotations

import re

from chatbot.dialogue.addresses import dictates_an_address, read_email
from chatbot.dialogue.desk import Desk, Said
from chatbot.dialogue.folded import words_of
from chatbot.dialogue.order_numbers import read_order
from chatbot.dialogue.typeset import one_line
from chatbot.matching.model import Decision, Reason

FIELDS = ("name", "email", "order", "message")
# The step after the last field.
REVIEW = "review"
# Longest values kept, in characters.
LONGEST_NAME = 100
# A longer message is refused, never cut: half a question may mean something else.
LONGEST_MESSAGE = 4000
# « Où est mon colis » in the place of a name is a question; « Anne Toner » is not.
_LONGEST_UNASKED = 2
# Words that answer a question of the form, and are no value of a field.
_REPLIES = frozenset({"oui", "non", "aucune", "passer", "envoyer", "corriger", "entendu", "fini"})
_NO_NAMES = _REPLIES | {
    "insatisfait", "panne", "colere", "formulaire", "identite", "reference", "annonce", "attente", "pas_envoyer",
    "recommencer", "pourquoi", "autre_langue", "payant", "refus_donner", "comme_dit",
}  # fmt: skip
# Everyday words that stand in names: « Jean de La Tour », « Marie et Paul ».
_IN_NAMES = frozenset({"de", "du", "des", "le", "la", "les", "et", "d", "l", "m", "me"})
# Who signs with a title or for a firm asks nothing.
_SIGNS = frozenset(
    {"mme", "mlle", "mr", "monsieur", "madame",
     "sarl", "sas", "sasu", "eurl", "sa", "sci", "ets", "societe", "association", "asso", "mairie", "ecole", "college",
     "lycee", "cabinet", "garage"}
)  # fmt: skip
_GREETINGS = frozenset({"bonjour", "bonsoir", "salut", "madame", "monsieur", "mesdames", "messieurs"})
_INTRODUCED = re.compile(r"^\s*(?:(?:(?:mon|le)\s+)?message\s*(?:est\s*)?:|[/|])\s*", re.IGNORECASE)
# « le nom », « mon mail »: a field's own name is no value of any field.
_LABELS = frozenset(
    {"nom", "prenom", "famille", "mail", "email", "e", "courriel", "adresse", "electronique", "numero", "commande", "message",
     "texte", "question"}
)  # fmt: skip
# Of the words that ask or deny, those that a field may be named with: « pas de numéro », « le nom, non ».
_NOT_ASKING = frozenset({"ne", "n", "pas", "plus", "non", "sans", "avec", "aucun", "aucune", "rien", "jamais"})


def may_be_name(name: str) -> bool:
    """True for what may stand where a name is asked for, in any channel: two letters at least."""
    return len(name) <= LONGEST_NAME and sum(c.isalpha() for c in name) >= 2


def read(desk: Desk, field: str, said: Said) -> str | None:
    """The value of a field as it will be sent. An order number may be "" (there is none)."""
    if field == "name":
        return _name(desk, said)
    if field == "email":
        return read_email(desk, said)
    return read_order(desk, said) if field == "order" else _message(desk, said)


def names_a_field(desk: Desk, text: str) -> bool:
    """Is this no more than what a field is called: « le nom », « mon adresse mail »? « Où est ma commande ? » is more."""
    language = desk.understanding.normalizer.language
    words = set(words_of(text))
    told = words - language.function_words
    return bool(told) and told <= _LABELS and "?" not in text and words.isdisjoint(language.protected - _NOT_ASKING)


def _name(desk: Desk, said: Said) -> str | None:
    """A name of letters: not a yes or a no, not a greeting, not a question."""
    if said.cues & _NO_NAMES or dictates_an_address(said.text) or names_a_field(desk, said.text):
        return None
    name = _without_the_rest(desk, one_line(desk.cues.after("nom_avant", said.text)).strip(" .,;:!"))
    words = words_of(name)
    asks = "?" in (name if "nom_avant" in said.cues else said.text)
    if not words or asks or len(name) > LONGEST_NAME or names_a_field(desk, name):
        return None
    heard = desk.cues.heard(name, strange=frozenset())
    if ("salut" in heard and len(words) == 1) or heard & {"annuler", "menu", "quitter"} or _is_question(desk, name):
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
    if not _SIGNS.isdisjoint(words_of(text)) or text.lower().startswith("m. "):
        return False
    match = desk.understanding.match(text)
    if len(text.split()) <= _LONGEST_UNASKED:
        return match.reason is Reason.EXACT
    decision = match.decision
    return decision is Decision.ANSWER or (decision is Decision.CLARIFY and len(text.split()) > _LONGEST_UNASKED + 1)


def _message(desk: Desk, said: Said) -> str | None:
    if said.wordless or len(said.text) > LONGEST_MESSAGE or names_a_field(desk, said.text):
        return None
    # « Bonjour, » alone is the first line of a letter, « pourquoi ? » asks about the form.
    if said.cues & {"pourquoi", "payant", "refus_donner", "comme_dit"} or _GREETINGS.issuperset(words_of(said.text)):
        return None
    # « envoyer » or « 1 » where the message is awaited: the customer is a step ahead.
    ahead = len(said.text.split()) <= 2 and (said.cues & _REPLIES or said.text.strip(" .").isdigit())
    # « Message : ma cartouche fuit », « / ma cartouche fuit »: what only introduces it is not sent.
    return None if ahead else _INTRODUCED.sub("", said.text) or None
