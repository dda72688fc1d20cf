"""What is said beside the field that is asked for: several values at once, a field before it, a correction, giving up."""

from __future__ import annotations

import re

from chatbot.dialogue.cues import words_of
from chatbot.dialogue.desk import Desk, Said
from chatbot.dialogue.fields import FIELDS, LONGEST_MESSAGE, REVIEW, names_a_field, read
from chatbot.dialogue.state import Form

# « mon nom est mal écrit, c'est Thibaud »
_IT_IS = re.compile(r"\bc['’]\s?est\b|\bcest\b", re.IGNORECASE)
# « changez le nom en Robert Petit », « remplacez mon mail par zoe@exemple.fr »
_INTO = re.compile(r"((?:chang|modifi|corrig|remplac|mett)\w*\s.+?)\s(?:en|par|:)\s+(.+)", re.IGNORECASE)


def another_field(desk: Desk, form: Form, said: Said) -> Form | None:
    """The form with a field before this one corrected, or at a field that was named; None for a value of this one."""
    if form.step == "message" and "@" in said.text and len(said.text.split()) == 1:
        # An address alone is no message: it corrects the one that was given.
        email = read(desk, "email", said)
        return form._replace(email=email) if email else None
    if form.step == "message" and not names_a_field(desk, said.text):
        return None
    value = given(desk, form, said) if form.step in ("email", "order") else None
    if value not in (None, form) and getattr(value, form.step) == getattr(form, form.step):
        return value
    named = [field for field in FIELDS if f"champ_{field}" in said.cues and field != form.step]
    asked = "corriger" in said.cues or names_a_field(desk, said.text)
    if not asked or len(named) != 1:
        return None
    filled = form.editing or FIELDS.index(named[0]) < FIELDS.index(form.step)
    return form._replace(step=named[0]) if filled else None


def name_and_email(desk: Desk, form: Form, said: Said) -> Form | None:
    """The form with both, for « Marie Dupont marie@exemple.fr » where the name is asked for; None for anything else."""
    words = said.text.replace(",", " ").split()
    addresses = [word for word in words if "@" in word]
    if form.step != "name" or form.editing or len(addresses) != 1:
        return None
    rest = said.text[: said.text.index(addresses[0])]
    name, email = (
        read(desk, field, Said(text, frozenset())) for field, text in (("name", rest), ("email", addresses[0]))
    )
    return form._replace(step="email", name=name, email=email) if name and email else None


def given(desk: Desk, form: Form, said: Said) -> Form | None:
    """The form with a value corrected in passing: « mon adresse est zoe@exemple.fr », « mon nom est Zoé », « ajoutez … »."""
    added = desk.cues.after("ajouter_avant", said.text)
    if form.step == REVIEW and added != said.text and len(form.message) + len(added) < LONGEST_MESSAGE:
        return form._replace(message=f"{form.message}\n{added}")
    changed = _INTO.fullmatch(said.text)
    named = [field for field in FIELDS if f"champ_{field}" in desk.cues.heard(changed[1])] if changed else []
    if changed and len(named) == 1:
        value = read(desk, named[0], Said(changed[2], frozenset()))
        return Form(**{**form._asdict(), named[0]: value}) if value else None
    it_is = _IT_IS.split(said.text)
    corrected = Said(it_is[-1].strip(), frozenset()) if len(it_is) > 1 else said
    digits = sum(c.isdigit() for c in said.text)
    for field, is_given, value_in in (
        ("email", "@" in said.text, said),
        ("name", "champ_name" in said.cues and ("nom_avant" in said.cues or len(it_is) > 1), corrected),
        ("order", "champ_order" in said.cues and digits > 3 and form.step == REVIEW, said),
    ):
        value = read(desk, field, value_in) if is_given else None
        if value:
            return Form(**{**form._asdict(), field: value})
    return None


def gives_up(form: Form, said: Said) -> bool:
    """Is the form to be left? Where the message is awaited, « je veux annuler » is what many have to say."""
    words = words_of(said.text)
    in_message = form.step == "message"
    wished = "je" in words and any(word.startswith("annul") for word in words) and len(words) > len(("je", "annule"))
    if "annuler" in said.cues and in_message and wished:
        return False
    if said.cues & {"annuler", "quitter"}:
        return True
    return "pas_envoyer" in said.cues and (not in_message or any(word.startswith("env") for word in words))
