"""The last look at a message: which option words mean, and what they add to it."""

from __future__ import annotations

from chatbot.dialogue import options
from chatbot.dialogue.desk import Desk, Said
from chatbot.dialogue.fields import FIELDS, LONGEST_MESSAGE
from chatbot.dialogue.folded import words_of
from chatbot.dialogue.state import Form
from chatbot.knowledge import Role

OPTIONS = ("send", *(f"fix:{field}" for field in FIELDS), "cancel")
# « n'envoyez pas », « pas d'accord »: whatever else is said, nothing is sent.
_DENIALS = frozenset({"pas", "plus", "rien", "jamais", "ne", "incorrect", "inexact", "faux"})
# In words; what is said in fewer is no addition to the message, nor what names a field or takes leave.
_LEAST_OF_AN_ADDITION = 4
_NO_ADDITION = frozenset(
    {"quitter", "corriger", "fini", "entendu", "champ_name", "champ_message", "champ_email", "champ_order"}
)


def added(desk: Desk, form: Form, said: Said) -> Form | None:
    """The form with a sentence that means no option added to its message; None for anything else."""
    longer = f"{form.message}\n{said.text}"
    if said.cues & _NO_ADDITION or len(longer) > LONGEST_MESSAGE or len(said.text.split()) < _LEAST_OF_AN_ADDITION:
        return None
    return None if _is_polite(desk, said) else form._replace(message=longer)


def _is_polite(desk: Desk, said: Said) -> bool:
    match = desk.understanding.match(said.text)
    return bool(match.intents) and desk.voice.knowledge.role(match.intents[0]) is Role.SMALL_TALK


def spoken(desk: Desk, said: Said) -> str:
    """The option that words mean, or the key of what to say when they mean none."""
    named = [field for field in FIELDS if f"champ_{field}" in said.cues]
    if "payant" in said.cues:
        return "formulaire_gratuit"
    if "?" in said.text or "pourquoi" in said.cues:
        return "formulaire_question"
    if _DENIALS.intersection(words_of(said.text)) or said.cues & {"corriger", "non"}:
        return f"fix:{named[0]}" if len(named) == 1 else "formulaire_quoi_corriger"
    if said.cues & {"envoyer", "oui"}:
        return "send"
    if len(named) == 1:
        return f"fix:{named[0]}"
    return options.by_part(desk, said, OPTIONS, least=1.0) or "laquelle"
