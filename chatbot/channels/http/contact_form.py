"""The page's contact form: what was typed -> a request, or what to mend, in French, field by field."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import NamedTuple

from chatbot.dialogue import ContactRequest, sanitise
from chatbot.dialogue.fields import LONGEST_MESSAGE, LONGEST_NAME, may_be_name
from chatbot.dialogue.order_numbers import LONGEST_ORDER, may_be_order
from chatbot.storage import check_email

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Field(NamedTuple):
    """A field as the page shows it. `autocomplete`: what the browser may fill in (WCAG 1.3.5)."""

    name: str
    label: str
    kind: str
    autocomplete: str
    longest: int
    required: bool
    help: str
    refusal: str


FIELDS = (
    Field("name", "Votre nom", "text", "name", LONGEST_NAME, True, "", "Indiquez votre nom, en quelques lettres."),
    Field(
        "email", "Votre adresse e-mail", "email", "email", 254, True,
        "Pour vous répondre. Par exemple : nom@exemple.fr",
        "Indiquez une adresse e-mail complète, par exemple : nom@exemple.fr",
    ),
    Field(
        "order", "Votre numéro de commande (facultatif)", "text", "off", LONGEST_ORDER, False, "",
        "Un numéro de commande contient au moins un chiffre ; laissez vide si vous n'en avez pas.",
    ),
    Field(
        "message", "Votre message", "textarea", "off", LONGEST_MESSAGE, True,
        "N'écrivez ni mot de passe, ni numéro de carte bancaire.",
        f"Écrivez votre message, en {LONGEST_MESSAGE:,} caractères au plus.".replace(",", "\u202f"),
    ),
)  # fmt: skip


class Filled(NamedTuple):
    """The form as it stands: what was typed, what is refused (field -> why), and the request when all is well."""

    values: Mapping[str, str] = {}
    refused: Mapping[str, str] = {}
    key: str = ""
    request: ContactRequest | None = None


def read_form(given: Mapping[str, str]) -> Filled:
    """The form read and checked; StorageError when addresses cannot be checked for want of a library."""
    values = {field.name: sanitise(given.get(field.name, "")).strip() for field in FIELDS}
    email = check_email(values["email"]) if values["email"] else None
    wrong = {
        "name": not may_be_name(values["name"]),
        "email": email is None,
        "order": bool(values["order"]) and not may_be_order(values["order"]),
        "message": not values["message"],
    }
    refused = {f.name: f.refusal for f in FIELDS if wrong[f.name] or len(values[f.name]) > f.longest}
    given_key = given.get("key", "")
    key = given_key if _KEY.fullmatch(given_key) else secrets.token_urlsafe(16)
    if refused or email is None:
        return Filled(values, refused, key)
    return Filled(values, {}, key, ContactRequest(values["name"], email, values["order"], values["message"]))
