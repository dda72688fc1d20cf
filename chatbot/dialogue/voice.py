"""What the bot says: the shop's answers and messages with their placeholders filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from chatbot.dialogue.reply import Reachable, Section
from chatbot.knowledge import Answer, KnowledgeBase

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# What any text may hold between braces; a few messages have one more, told in messages.yaml.
PLACEHOLDERS = frozenset({"boutique", "telephone", "tarif", "horaires", "formulaire", "sujet"})
MESSAGE_PLACEHOLDERS: Mapping[str, str] = {
    "numero_hors_liste": "nombre",
    "formulaire_message_offert": "question",
    "formulaire_corriger": "champ",
    "formulaire_envoye": "reference",
    "formulaire_parti": "reference",
    "formulaire_delai": "reference",
    "formulaire_email_verifier": "adresse",
}


class Voice:
    """Texts by key and by intent, ready to show. `form_here`: the contact form can be filled in this conversation."""

    def __init__(self, knowledge: KnowledgeBase, defaults: Mapping[str, str], *, form_here: bool) -> None:
        """The voice of a shop: its own messages over the defaults."""
        contact = knowledge.contact
        self.knowledge = knowledge
        self.form_here = form_here
        self.reachable = Reachable(contact.phone, contact.tariff, contact.hours, contact.form, form_here)
        self._texts = {**defaults, **knowledge.messages}
        self._values = {
            "boutique": knowledge.shop,
            # A number is never shown without its price, once the shop has said it.
            "telephone": f"{contact.phone} ({contact.tariff})" if contact.tariff else contact.phone,
            "tarif": contact.tariff,
            "horaires": contact.hours,
            "formulaire": contact.form,
        }

    def say(self, key: str, **values: str) -> str:
        """The message of a key as one text."""
        return self.fill(self._texts[key], **values)

    def paragraphs(self, key: str, **values: str) -> tuple[str, ...]:
        """The message of a key as paragraphs."""
        return _split(self.say(key, **values))

    def fill(self, text: str, **values: str) -> str:
        """The text with its placeholders replaced; a placeholder nothing is known for stays as it is written."""
        known = {**self._values, **values}
        return _PLACEHOLDER.sub(lambda found: known.get(found[1], found[0]), text)

    def title(self, intent: str) -> str:
        """The title of an intent's answer, "" when it has none."""
        answer = self.knowledge.answers.get(intent)
        return answer.title if answer else ""

    def section(self, answer: Answer, *, titled: bool = True) -> Section:
        """An answer as a section."""
        text = self.fill(answer.text, sujet=self.title(answer.topic))
        return Section(answer.title if titled else "", _split(text))

    def contact(self) -> tuple[str, ...]:
        """How to reach a person: the number with its price, the form, the opening hours when they are known."""
        return (*self.paragraphs("contact" if self.form_here else "contact_ailleurs"), *self._details())

    def unknown(self) -> tuple[str, ...]:
        """What the shop's page does not say of the call, said honestly, as one paragraph."""
        contact = self.knowledge.contact
        if not (contact.tariff or contact.hours):
            return self.paragraphs("sans_tarif_ni_horaires")
        if contact.tariff and contact.hours:
            return ()
        return self.paragraphs("sans_horaires" if contact.tariff else "sans_tarif")

    def beside_the_number(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """What must stand beside the number in these texts: the free form, wherever they do not speak of it."""
        said = "\n".join(texts)
        if self.knowledge.contact.phone not in said:
            return ()
        if "formulaire" in said:
            return self._details()
        return (*self.paragraphs("ecrire" if self.form_here else "ecrire_ailleurs"), *self._details())

    def _details(self) -> tuple[str, ...]:
        contact = self.knowledge.contact
        details = ["horaires"] if contact.hours else []
        if contact.form and not self.form_here:
            details.append("formulaire_adresse")
        return tuple(paragraph for key in details for paragraph in self.paragraphs(key))


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.strip().split("\n\n") if part.strip())
