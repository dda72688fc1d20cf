"""Checks of phrasings: doubles, phrasings out of reach of their own intent, intents that compete, lack of variety."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatbot.dialogue.secrets import is_luhn
from chatbot.knowledge import Intent, Phrasing, Role
from chatbot.knowledge.sources import FAQ
from chatbot.knowledge.strict_yaml import Document
from chatbot.matching.rules import Rules
from chatbot.workbench.calibration import FEW_TRIALS
from chatbot.workbench.findings import Finding, Severity
from chatbot.workbench.ground import Ground, Seen

# Two intents compete when this many phrasings of one, and this share of them, look more like the other.
_COMPETING = 3
_COMPETING_SHARE = 0.05
_SHOWN = 5
_LEAST_PHRASINGS = 10
_LEAST_GREETINGS = 3
# Mean share of words that two phrasings of an intent may have in common; each is held against the next few.
_MOST_ALIKE = 0.5
_HELD_AGAINST = 4
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_FRENCH_PHONE = re.compile(r"(?<!\d)0[1-9](?:[ .\-]?\d{2}){4}(?!\d)")
_CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
# In characters; the longest story of the shipped shop has 800.
_LONGEST = 1500


def empty(ground: Ground) -> Iterator[Finding]:
    """Phrasings in which no word is left once normalised."""
    for seen in ground.seen:
        if not seen.key:
            yield _at(seen, "sans-mot", f"« {seen.phrasing.text} » ne contient aucun mot ; retirez la ligne.")


def somebodys(text: str) -> str:
    """The e-mail address, French phone number, payment card or IBAN in a text; "" for none."""
    found = _ADDRESS.search(text) or _FRENCH_PHONE.search(text) or _IBAN.search(text)
    cards = (card for card in _CARD.findall(text) if is_luhn("".join(filter(str.isdigit, card))))
    return found.group() if found else next(cards, "")


def personal(ground: Ground) -> Iterator[Finding]:
    """Phrasings with an e-mail address or a phone number in them: somebody's, most likely copied from a message."""
    for seen in ground.seen:
        found = somebodys(seen.phrasing.text)
        if found and found != ground.knowledge.contact.phone:
            message = f"« {found} » semble être à quelqu'un ; retirez-le : la phrase est lue de même sans lui."
            yield _at(seen, "donnee-personnelle", message)


def doubles(ground: Ground) -> Iterator[Finding]:
    """Phrasings that are one and the same after normalisation; the finding is at the later one and names the first."""
    first: dict[str, Phrasing] = {}
    for seen in ground.seen:
        phrasing = seen.phrasing
        earlier = first.setdefault(seen.key, phrasing)
        if not seen.key or earlier is phrasing:
            continue
        place = f"{earlier.path}:{earlier.line}"
        if earlier.intent == phrasing.intent:
            message = f"« {phrasing.text} » est déjà là : « {earlier.text} » ({place}) ; gardez-en une."
            yield _at(seen, "doublon", message)
        else:
            message = (
                f"« {phrasing.text} » ({phrasing.intent}) se lit comme « {earlier.text} » "
                f"({earlier.intent}, {place}) ; gardez-la sous une seule intention."
            )
            yield _at(seen, "doublon-ailleurs", message)


def out_of_reach(ground: Ground) -> Iterator[Finding]:
    """Phrasings that do not reach their own intent, or that only word-for-word equality keeps from another answer."""
    for seen in ground.seen:
        intent = seen.phrasing.intent
        outside = intent == ground.outside
        if intent in seen.answered or (outside and not seen.answered):
            continue
        if seen.key and ground.matcher.phrasing_number(seen.key) is None:
            given = " + ".join(seen.answered) or "aucune"
            message = f"« {seen.phrasing.text} » n'atteint pas « {intent} » (réponse : {given}) ; écrivez-la autrement."
            yield _at(seen, "hors-portee", message)
        elif seen.answered:
            what = "un contre-exemple" if outside else f"« {intent} »"
            message = (
                f"« {seen.phrasing.text} » est {what}, mais à un mot près la réponse serait « {seen.answered[0]} » ; "
                f"ajoutez des phrases proches {'aux contre-exemples' if outside else 'ici'}, ou déplacez-la."
            )
            # A phrasing of a single word has nothing but that word: equality is all it can count on.
            mild = outside or len(seen.stems) < 2
            yield _at(seen, "a-un-mot-pres", message, Severity.NOTE if mild else Severity.WARNING)


def long(ground: Ground) -> Iterator[Finding]:
    """Phrasings longer than anything a customer types: a whole mail, or two lines that became one."""
    for seen in ground.seen:
        if len(seen.phrasing.text) > _LONGEST:
            message = f"{len(seen.phrasing.text)} caractères : gardez la phrase ou deux qui disent ce qui est voulu."
            yield _at(seen, "trop-long", message)


def scope(ground: Ground) -> Iterator[Finding]:
    """A knowledge base that knows no question but its own answers them all."""
    if ground.knowledge.out_of_scope is None:
        message = (
            "aucune intention n'a « role: hors_sujet » : le robot répondra à tout ; remettez intents/hors_sujet.yaml."
        )
        yield Finding(FAQ, 1, "hors-sujet-absent", message)
    elif not ground.knowledge.thresholds and len(ground.knowledge.phrasings) >= FEW_TRIALS:
        message = (
            "pas de seuils calculés pour cette base : les seuils par défaut servent ; lancez « calibrate --write »."
        )
        yield Finding(FAQ, 1, "seuils-absents", message, Severity.NOTE)


def against_rules(ground: Ground) -> Iterator[Finding]:
    """Phrasings that break the `exige` or `exclut` of their own intent, and rules that name no group."""
    compiled, matcher = ground.matcher.compiled, ground.matcher
    groups = {"@" + e.concept for e in ground.knowledge.lexicon} | {
        "@" + c for c, _ in matcher.normalizer.language.synonyms
    }
    for intent in ground.knowledge.intents.values():
        for entry in (*intent.required, *intent.excluded):
            if entry.startswith("@") and entry not in groups:
                message = f"la règle nomme le groupe « {entry} », qui n'existe pas ; corrigez-le ou créez-le."
                yield Finding(intent.path, 1, "groupe-inconnu", message)
    if not compiled.required and not compiled.excluded:
        return
    rules = Rules(compiled.required, compiled.excluded, matcher.normalizer)
    breaking: dict[str, list[Seen]] = {}
    for seen in ground.seen:
        analysis = matcher.normalizer(seen.phrasing.text)
        if seen.phrasing.intent in rules.broken_by(analysis, matcher.reader.concepts.find(analysis.tokens)):
            breaking.setdefault(seen.phrasing.intent, []).append(seen)
    for name, found in breaking.items():
        more = f", et {len(found) - 1} autre{'s' * (len(found) > 2)}" if len(found) > 1 else ""
        line, rule = _broken_rule(ground, ground.knowledge.intents[name], found[0])
        first = found[0].phrasing
        message = f"{rule} empêche de répondre à « {first.text} » (ligne {first.line}){more} ; précisez la règle, ou retirez-la."
        yield Finding(first.path, line, "regle-contraire", message)


def _broken_rule(ground: Ground, intent: Intent, seen: Seen) -> tuple[int, str]:
    """The line and the name of the rule that a phrasing of the intent breaks."""
    matcher = ground.matcher
    lines = Document(intent.path, ground.sources[intent.path]).line
    analysis = matcher.normalizer(seen.phrasing.text)
    concepts = matcher.reader.concepts.find(analysis.tokens)
    for number, entry in enumerate(intent.excluded):
        if Rules({}, {intent.id: (entry,)}, matcher.normalizer).broken_by(analysis, concepts):
            return lines(("exclut", number)), f"« {entry} » (exclut)"
    return lines(("exige",)), "« exige »"


def competition(ground: Ground) -> Iterator[Finding]:
    """Pairs of intents of which one has many phrasings that look more like the other, with these phrasings."""
    pairs: dict[tuple[str, str], list[Phrasing]] = {}
    for seen in ground.seen:
        intent = seen.phrasing.intent
        if intent != ground.outside and seen.ranked and seen.ranked[0] != intent:
            pairs.setdefault((intent, seen.ranked[0]), []).append(seen.phrasing)
    for (intent, rival), found in sorted(pairs.items()):
        total = len(ground.knowledge.intents[intent].phrasings)
        if len(found) >= _COMPETING and len(found) >= _COMPETING_SHARE * total:
            places = ", ".join(f"{p.line} « {p.text} »" for p in found[:_SHOWN])
            message = (
                f"{len(found)} formulations sur {total} de « {intent} » ressemblent davantage à « {rival} » "
                f"(lignes {places}{', …' * (len(found) > _SHOWN)}) ; précisez-les ou réunissez les deux intentions."
            )
            yield Finding(found[0].path, found[0].line, "concurrence", message)


def variety(ground: Ground) -> Iterator[Finding]:
    """Intents with too few phrasings, or whose phrasings all say the same words."""
    stems: dict[str, list[frozenset[str]]] = {}
    for seen in ground.seen:
        stems.setdefault(seen.phrasing.intent, []).append(seen.stems)
    for intent in ground.knowledge.intents.values():
        yield from _variety_of(intent, stems.get(intent.id, []))


def _variety_of(intent: Intent, stems: Sequence[frozenset[str]]) -> Iterator[Finding]:
    least = _LEAST_PHRASINGS if intent.role in (Role.QUESTION, Role.TOPIC, Role.ADVISER) else _LEAST_GREETINGS
    line = intent.phrasings[0].line if intent.phrasings else 1
    count = len(intent.phrasings)
    if count < least:
        message = (
            f"« {intent.id} » n'a que {count} formulation{'s' * (count > 1)} ; il en faut au moins {least}, variées."
        )
        yield Finding(intent.path, line, "peu-de-formulations", message)
    elif least == _LEAST_PHRASINGS and _alike(stems) > _MOST_ALIKE:
        message = f"les {count} formulations de « {intent.id} » redisent les mêmes mots ; ajoutez d'autres façons de demander."
        yield Finding(intent.path, line, "peu-varie", message)


def _alike(stems: Sequence[frozenset[str]]) -> float:
    """The mean share of words in common (0 to 1) of phrasings and the few that follow them, the last ones wrapping."""
    steps = range(1, min(_HELD_AGAINST, len(stems) - 1) + 1)
    pairs = [(a, stems[(n + step) % len(stems)]) for n, a in enumerate(stems) for step in steps]
    shares = [len(a & b) / len(a | b) for a, b in pairs if a | b]
    return sum(shares) / len(shares) if shares else 0.0


def _at(seen: Seen, code: str, message: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(seen.phrasing.path, seen.phrasing.line, code, message, severity)
