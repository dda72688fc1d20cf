"""What is said beside the field that is asked for: several values at once, a field before it, a correction, giving up."""

from __future__ import annotations

import re

from chatbot.dialogue.desk import Desk, Said
from chatbot.dialogue.fields import FIELDS, LONGEST_MESSAGE, REVIEW, names_a_field, read
from chatbot.dialogue.folded import words_of
from chatbot.dialogue.state import Form

# « mon nom est mal écrit, c'est Thibaud »
_IT_IS = re.compile(r"\bc['’]\s?est\b|\bcest\b", re.IGNORECASE)
# « changez le nom en Robert Petit », « remplacez mon mail par zoe@exemple.fr »
_INTO = re.compile(r"((?:chang|modifi|corrig|remplac|mett)\w*\s.+?)\s(?:en|par|:)\s+(.+)", re.IGNORECASE)

# An order number told in passing: named, or of four digits and more.
_ORDER = re.compile(r"(?:commandes?|cmd|n[°o]|num[ée]ro)\D{0,20}?(\d[\d ]{2,}\d)|\b(\d{4,})\b", re.IGNORECASE)
# In words, of a message told in passing.
_SHORTEST_MESSAGE = 3
# In words: « mon mail c'est zoe@exemple.fr », its own words and dots counted.
_LONGEST_CORRECTION = 9
_NUMBER_ALONE = re.compile(r"\d{4,}")
_REMOVING = ("enlev", "retir", "supprim", "effac", "ote")


def another_field(desk: Desk, form: Form, said: Said) -> Form | None:
    """The form with a field before this one corrected, or at a field that was named; None for a value of this one."""
    address_alone = len(said.text.split()) == 1 or (
        "champ_email" in said.cues and len(words_of(said.text)) <= _LONGEST_CORRECTION
    )
    if form.step == "message" and "@" in said.text and address_alone:
        # An address alone is no message: it corrects the one that was given.
        email = read(desk, "email", said)
        return form._replace(email=email) if email else None
    if form.step == "message" and _NUMBER_ALONE.fullmatch(said.text) and not form.order:
        # Nor is a number: it is the order's.
        order = read(desk, "order", said)
        return form._replace(order=order) if order else None
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


def several_fields(desk: Desk, form: Form, said: Said) -> Form | None:
    """The form with all that « Marie Dupont, marie@exemple.fr, commande 45127 » tells; None for one value or anything else.

    An address alone where the name is asked for is kept as well.
    """
    if form.step not in ("name", "email") or form.editing:
        return None
    addresses = [word for word in said.text.replace(",", " ").split() if "@" in word]
    if len(addresses) > 1:
        return None
    head, _, tail = said.text.partition(addresses[0]) if addresses else (said.text, "", said.text)
    number = _ORDER.search(tail)
    told = {
        "name": head if form.step == "name" else "",
        "email": addresses[0] if addresses else "",
        "order": (number[1] or number[2]) if number else "",
        "message": tail[number.end() :] if number and addresses else "",
    }
    read_each = {field: _value_in(desk, field, text.strip(" ,;.:-")) for field, text in told.items()}
    values = {field: value for field, value in read_each.items() if value}
    enough = len(values) > 1 or "email" in values
    several = enough and [*values] != [form.step] and {"name", "email"} & {*values}
    return Form(**{**form._asdict(), **values}) if several else None


def _value_in(desk: Desk, field: str, text: str) -> str | None:
    if not text or (field == "message" and len(text.split()) < _SHORTEST_MESSAGE):
        return None
    return read(desk, field, Said(text, frozenset()))


def given(desk: Desk, form: Form, said: Said) -> Form | None:
    """The form with a value corrected in passing: « mon adresse est zoe@exemple.fr », « mon nom est Zoé », « ajoutez … »."""
    added = desk.cues.after("ajouter_avant", said.text).lstrip(" :,")
    if form.step == REVIEW and added != said.text and len(form.message) + len(added) < LONGEST_MESSAGE:
        return form._replace(message=f"{form.message}\n{added}")
    changed = _INTO.fullmatch(said.text)
    named = [field for field in FIELDS if f"champ_{field}" in desk.cues.heard(changed[1])] if changed else []
    if changed and len(named) == 1:
        value = read(desk, named[0], Said(changed[2].lstrip(" :"), frozenset()))
        return Form(**{**form._asdict(), named[0]: value}) if value else None
    removes = any(word.startswith(_REMOVING) for word in words_of(said.text))
    if removes and form.step == REVIEW and "champ_order" in said.cues and not any(map(str.isdigit, said.text)):
        return form._replace(order="")
    it_is = _IT_IS.split(said.text)
    corrected = Said(it_is[-1].strip(), frozenset()) if len(it_is) > 1 else said
    digits = sum(c.isdigit() for c in said.text)
    values = {
        field: value
        for field, is_given, value_in in (
            ("email", "@" in said.text, _before_the_order(said)),
            ("name", "champ_name" in said.cues and ("nom_avant" in said.cues or len(it_is) > 1), corrected),
            ("order", "champ_order" in said.cues and digits > 3 and form.step == REVIEW, _from_the_order(said)),
        )
        if is_given and (value := read(desk, field, value_in))
    }
    return Form(**{**form._asdict(), **values}) if values else None


def _before_the_order(said: Said) -> Said:
    """« mon mail c'est zoe@exemple.fr et la commande 4456 »: up to what is said of the order."""
    number = _ORDER.search(said.text)
    return Said(said.text[: number.start()], frozenset()) if number and "@" in said.text[: number.start()] else said


def _from_the_order(said: Said) -> Said:
    number = _ORDER.search(said.text)
    return Said(number[1] or number[2], frozenset()) if number and "@" in said.text else said


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
