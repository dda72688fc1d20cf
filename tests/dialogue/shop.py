"""A very small shop, in memory, and a matcher that only knows what a test tells it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from chatbot.dialogue import Chatbot
from chatbot.knowledge import KnowledgeBase
from chatbot.language import LanguageData, Normalizer
from chatbot.matching import Candidate, Decision, Match, Reason

FAQ = """
boutique:
  nom: Les Abeilles
  contact: {{telephone: "0 800 123 456", tarif: "{tarif}", horaires: "{horaires}", formulaire: "{formulaire}"}}
rubrique: NOS SUJETS
sujets:
  - {{intention: sujet_miel, titre: Le miel, reponse: "Tout sur le miel, au {{telephone}}."}}
  - {{intention: sujet_ruche, titre: Les ruches, reponse: "Rien de prêt sur les ruches : formulaire ou {{telephone}}."}}
questions:
  - {{intention: miel_dur, sujet: sujet_miel, titre: Mon miel est dur, frequente: 1,
     reponse: "Chauffez-le doucement."}}
  - {{intention: miel_prix, sujet: sujet_miel, titre: Quel est le prix du miel ?,
     reponse: "Demandez au {{telephone}}."}}
echanges:
  - {{intention: merci, titre: Dire merci, reponse: "De rien."}}
  - {{intention: humain, titre: Joindre quelqu'un, reponse: "Au {{telephone}}, ou par le formulaire."}}
messages: {messages}
"""
INTENTS = {
    "sujet_miel": "sujet", "sujet_ruche": "sujet", "miel_dur": "question", "miel_prix": "question",
    "merci": "politesse", "humain": "conseiller",
}  # fmt: skip


def texts(*, tarif: str = "", horaires: str = "", formulaire: str = "", messages: str = "{}") -> dict[str, str]:
    """The files of the small shop, with what its page may or may not say."""
    faq = FAQ.format(tarif=tarif, horaires=horaires, formulaire=formulaire, messages=messages)
    intents = {f"intents/{name}.yaml": f"role: {role}\nformulations: [{name}]\n" for name, role in INTENTS.items()}
    return {"faq.yaml": faq, **intents}


def shop(**page: str) -> KnowledgeBase:
    """The small shop."""
    return KnowledgeBase.from_texts(texts(**page))


@cache
def normalizer() -> Normalizer:
    return Normalizer(LanguageData.load())


class Told:
    """Understands exactly the texts it is told; « ! a b » answers, « ? a b » hesitates, the rest is not understood."""

    def __init__(self, knowledge: KnowledgeBase, understood: Mapping[str, str]) -> None:
        self.knowledge = knowledge
        self.normalizer = normalizer()
        self._understood = understood

    def match(self, text: str) -> Match:
        sign, *intents = self._understood.get(text, "-").split()
        decision = {"!": Decision.ANSWER, "?": Decision.CLARIFY, "-": Decision.FALLBACK}[sign]
        candidates = tuple(Candidate(intent, 0.5, 0.0) for intent in intents)
        wanted = tuple(intents) if sign == "!" else ()
        return Match(text, decision, wanted, candidates, self.knowledge.version, self.normalizer(text), Reason.SURE)


def bot(understood: Mapping[str, str] | None = None, **page: str) -> Chatbot:
    """An assistant of the small shop."""
    return Chatbot(Told(shop(**page), understood or {}))
