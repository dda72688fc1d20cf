"""Checks of answers: the phone number, premium-rate numbers, placeholders nobody fills, reviews that are long past."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from chatbot.dialogue.folded import words_of
from chatbot.dialogue.voice import PLACEHOLDERS
from chatbot.knowledge import Answer
from chatbot.knowledge.sources import FAQ
from chatbot.workbench.findings import Finding, Severity
from chatbot.workbench.ground import Ground

# 081, 082 and 089 numbers cost more than a call (Arcep's plan); Code de la consommation L. 121-16 forbids them for
# an order already placed or a complaint when they are the only way.
_PREMIUM = re.compile(r"\b0\s?8[129](?:[\s.\-\u00a0\u202f]?\d){7}\b")
_OTHER_WAY = re.compile(r"formulaire|e-?mail|courriel|courrier|adresse postale|@", re.IGNORECASE)
_TARIFF = re.compile(r"€|euro|centime|gratuit", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# A number of six digits or more as people write it, + or 0 first: what customers would dial.
_WRITTEN = re.compile(r"(?<![\w,.+])(?:\+\d|0)(?:[ .\-\u00a0\u202f]?\d){5,14}(?![\w€]|[.,]\d)")
_CONTACT = ("boutique", "contact")
_REFERENCE = re.compile(r"\b(?:question|sujet)\s+«\s*([^«»]+?)\s*»")
# Ten digits in France, or a short number (Arcep's plan: 10YT, 3BPQ, 118XYZ); with + up to fifteen (ITU-T E.164).
_DIALLED = re.compile(r"0\d{9}|[13]\d{3}|118\d{3}|1[15-9]|\+\d{7,15}|00\d{7,15}")
_BETWEEN_DIGITS = re.compile(r"[\s.\-()/\u00a0\u202f]")


def phone_number(ground: Ground) -> Iterator[Finding]:
    """A phone number nobody can dial: a digit is missing, or one too many."""
    phone = ground.knowledge.contact.phone
    if not _DIALLED.fullmatch(_BETWEEN_DIGITS.sub("", phone)):
        message = (
            f"« {phone} » ne se compose pas : un numéro français a dix chiffres ; corrigez-le (étranger : « +32… »)."
        )
        yield Finding(FAQ, ground.faq.line((*_CONTACT, "telephone")), "telephone", message)


def written_numbers(ground: Ground) -> Iterator[Finding]:
    """Phone numbers inside answers that nobody can dial, or that repeat the shop's: it would change in one place only."""
    own = _BETWEEN_DIGITS.sub("", ground.knowledge.contact.phone)
    for answer in _texts(ground):
        for written in _WRITTEN.findall(answer.text):
            digits = _BETWEEN_DIGITS.sub("", written)
            if digits == own:
                message = f"« {answer.title} » : écrivez {{telephone}} au lieu de « {written} » : il changera avec la boutique."
                yield _at(answer, "telephone-en-dur", message, Severity.NOTE)
            elif not _DIALLED.fullmatch(digits):
                message = f"« {answer.title} » : « {written} » ne se compose pas ; corrigez ce numéro."
                yield _at(answer, "telephone", message)


def references(ground: Ground) -> Iterator[Finding]:
    """« voyez la question « … » » in an answer, where no question or topic has that title (any longer)."""
    titles = {words_of(answer.title) for answer in ground.knowledge.answers.values()}
    for answer in _texts(ground):
        for named in _REFERENCE.findall(answer.text):
            if "{" not in named and words_of(named) not in titles:
                message = (
                    f"« {answer.title} » renvoie à « {named} », que rien ne porte pour titre ; recopiez le titre exact."
                )
                yield _at(answer, "renvoi", message)


def _texts(ground: Ground) -> Iterator[Answer]:
    """Every answer; and each of its follow-ups, as an answer of that text on that line."""
    for answer in ground.knowledge.answers.values():
        yield answer
        for _, text, line in answer.follow_ups:
            yield answer._replace(text=text, line=line)


def premium_numbers(ground: Ground) -> Iterator[Finding]:
    """A premium-rate number without its tariff, or as the only way for someone who has already bought."""
    contact = ground.knowledge.contact
    stated = contact.tariff or not _PREMIUM.search(contact.phone)
    if not stated:
        yield _missing_tariff(ground)
    for answer in _texts(ground):
        text = answer.text.replace("{telephone}", contact.phone)
        if not _PREMIUM.search(text) or _OTHER_WAY.search(text):
            continue
        if answer.after_sales:
            message = (
                f"« {answer.title} » : un numéro surtaxé est le seul contact après la vente ; ajoutez le formulaire."
            )
            yield _at(answer, "numero-apres-vente", message)
        elif not (contact.tariff and "{telephone}" in answer.text) and not _TARIFF.search(text):
            message = (
                f"« {answer.title} » : numéro surtaxé sans tarif ni autre contact ; ajoutez le tarif ou le formulaire."
            )
            yield _at(answer, "numero-sans-tarif", message)


def _missing_tariff(ground: Ground) -> Finding:
    """A warning, or a note when the author wrote `tarif: ""`: nothing is known, and nothing may be made up."""
    lines = ground.faq.lines
    number = ground.knowledge.contact.phone
    written = (*_CONTACT, "tarif") in lines
    if written:
        message = f"le tarif du {number}, numéro surtaxé, n'est pas renseigné ; indiquez-le dès qu'il est connu."
        return Finding(FAQ, lines[*_CONTACT, "tarif"], "tarif-a-completer", message, Severity.NOTE)
    message = f"le {number} est un numéro surtaxé : indiquez « tarif: », ou tarif: \"\" s'il n'est pas connu."
    return Finding(FAQ, ground.faq.line((*_CONTACT, "telephone")), "numero-sans-tarif", message)


def placeholders(ground: Ground) -> Iterator[Finding]:
    """Names in braces that nothing replaces: customers would read them as they are."""
    for answer in _texts(ground):
        for name in _PLACEHOLDER.findall(answer.text):
            if name not in PLACEHOLDERS:
                message = f"« {{{name}}} » n'est remplacé par rien ; permis : {', '.join(sorted(PLACEHOLDERS))}."
                yield _at(answer, "accolades", message)
        if re.search(r"[{}]", _PLACEHOLDER.sub("", answer.text)):
            message = f"« {answer.title} » : une accolade est seule ou doublée ; écrivez par exemple {{telephone}}."
            yield _at(answer, "accolades", message)


def stale(ground: Ground) -> Iterator[Finding]:
    """Answers whose last review bears a date too long ago, or one that has not come yet."""
    for answer in ground.knowledge.answers.values():
        if not answer.reviewed:
            continue
        age = (ground.today - date.fromisoformat(answer.reviewed)).days
        if age > ground.max_age:
            message = f"« {answer.title} » : pas relue depuis {age} jours ({answer.reviewed}) ; relisez-la et changez « revu_le »."
            yield _at(answer, "a-relire", message)
        elif age < 0:
            yield _at(answer, "date-future", f"« {answer.title} » : « revu_le » ({answer.reviewed}) est dans l'avenir.")


def _at(answer: Answer, code: str, message: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(answer.path, answer.line, code, message, severity)
