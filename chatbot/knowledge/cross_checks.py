"""What no single file can show: answers without intent, intents without answer, unknown topics, doubles."""

from __future__ import annotations

from collections.abc import Mapping

from chatbot.errors import Fault
from chatbot.knowledge.model import Answer, Intent, Role
from chatbot.knowledge.sources import FAQ
from chatbot.knowledge.strict_yaml import Document


def cross_checks(
    answers: list[Answer], intents: Mapping[str, Intent], *, complete: bool, documents: Mapping[str, Document]
) -> list[Fault]:
    """The faults between files. `complete`: every file could be read, so what is missing is missing."""
    faults: list[Fault] = []
    seen: dict[str, Answer] = {}
    topics = {answer.intent for answer in answers if answer.role is Role.TOPIC}
    answered = {answer.intent for answer in answers}
    unanswered = sorted(i.id for i in intents.values() if i.id not in answered and i.role is not Role.OUT_OF_SCOPE)
    for answer in answers:
        if answer.intent in seen:
            message = f"« {answer.intent} » a déjà une réponse, ligne {seen[answer.intent].line} ; gardez-en une."
            faults.append(Fault(FAQ, answer.line, message, "double"))
        seen.setdefault(answer.intent, answer)
        if complete and answer.intent not in intents:
            meant = nearest_name(answer.intent, unanswered)
            message = (
                f"aucune formulation pour « {answer.intent} » ; {meant or f'ajoutez intents/{answer.intent}.yaml.'}"
            )
            faults.append(Fault(FAQ, answer.line, message, "sans-formulation"))
        faults += _misplaced(answer, intents.get(answer.intent))
        if answer.topic and answer.topic not in topics:
            meant = nearest_name(answer.topic, sorted(topics)) or f"sujets : {', '.join(sorted(topics))}."
            faults.append(Fault(FAQ, answer.line, f"sujet inconnu « {answer.topic} » ; {meant}", "sujet"))
    outside = [intent for intent in intents.values() if intent.role is Role.OUT_OF_SCOPE]
    for intent in sorted(intents.values()):
        if FAQ in documents and answers and intent.id not in seen and intent.role is not Role.OUT_OF_SCOPE:
            message = f"« {intent.id} » n'a pas de réponse dans faq.yaml ; ajoutez-la, ou role: hors_sujet ici."
            faults.append(Fault(intent.path, 1, message, "sans-reponse"))
        if intent.counter_examples and not outside:
            line = intent.counter_examples[0].line
            message = "contre_exemples demande une intention de role: hors_sujet ; ajoutez intents/hors_sujet.yaml."
            faults.append(Fault(intent.path, line, message, "contre-exemples"))
    for intent in outside[1:]:
        faults.append(Fault(intent.path, 1, f"« {outside[0].id} » a déjà le role hors_sujet ; gardez-en un.", "double"))
    return faults


def _misplaced(answer: Answer, intent: Intent | None) -> list[Fault]:
    """The fault of a role that the place of the answer contradicts: a courtesy among the questions, say."""
    if intent is None or intent.role not in (Role.SMALL_TALK, Role.ADVISER) or answer.role is intent.role:
        return []
    message = (
        f"« role: {intent.role} » demande une réponse dans « echanges » de faq.yaml ; déplacez-la, ou retirez le role."
    )
    return [Fault(intent.path, 1, message, "role")]


def nearest_name(name: str, known: list[str]) -> str:
    """« vouliez-vous dire … ? » with the nearest of the known names; "" when none is near."""
    # Imported here: only a fault needs it.
    from rapidfuzz.process import extractOne

    nearest = extractOne(name, known, score_cutoff=60)
    return f"vouliez-vous dire « {nearest[0]} » ?" if nearest else ""
