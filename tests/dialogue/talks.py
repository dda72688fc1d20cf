"""Scripted conversations: read from YAML, played against the dialogue. Keys are told in conversations/LISEZMOI.md."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from chatbot.dialogue import Chatbot, ContactRequest, Conversation, Reply
from chatbot.errors import StorageError
from chatbot.knowledge import KnowledgeBase
from chatbot.language import Normalizer
from chatbot.matching import Candidate, Decision, Match, Matcher, Reason

FOLDER = Path(__file__).parent / "conversations"
REFERENCE = "TEST-7F3K"
_DECISIONS = {"?": Decision.CLARIFY, "!": Decision.ANSWER, "-": Decision.FALLBACK}


class Script(NamedTuple):
    """One conversation of a file: its turns, what the matcher is made to understand, and whether a form can be sent."""

    name: str
    turns: list[dict[str, Any]]
    understood: dict[str, str]
    store: str


class Scripted:
    """A matcher that understands a few texts as a script says, and the rest as the real one does."""

    def __init__(self, real: Matcher, understood: dict[str, str]) -> None:
        self._real = real
        self._understood = understood

    @property
    def knowledge(self) -> KnowledgeBase:
        return self._real.knowledge

    @property
    def normalizer(self) -> Normalizer:
        return self._real.normalizer

    def match(self, text: str) -> Match:
        script = self._understood.get(text)
        if script is None:
            return self._real.match(text)
        sign, *intents = script.split()
        candidates = tuple(Candidate(intent, 0.5, 0.0) for intent in intents)
        wanted = tuple(intents) if sign == "!" else ()
        analysis = self.normalizer(text)
        return Match(text, _DECISIONS[sign], wanted, candidates, self.knowledge.version, analysis, Reason.SURE)


class Desk:
    """Contacts that keep what they are given; `broken` ones never can."""

    def __init__(self, *, broken: bool = False) -> None:
        self.requests: list[ContactRequest] = []
        self.broken = broken

    def submit(self, request: ContactRequest) -> str:
        if self.broken:
            raise StorageError("disque plein")
        self.requests.append(request)
        return REFERENCE


@cache
def matcher() -> Matcher:
    return Matcher.load(Path(__file__).parents[2])


def conversation(script: Script) -> tuple[Conversation, Desk]:
    """A new conversation for a script, and the desk its form goes to."""
    desk = Desk(broken=script.store == "panne")
    chatbot = Chatbot(Scripted(matcher(), script.understood))
    return chatbot.conversation(contacts=None if script.store == "aucun" else desk), desk


def scripts() -> list[Script]:
    found = []
    for file in sorted(FOLDER.glob("*.yaml")):
        for talk in yaml.safe_load(file.read_text("utf-8")):
            name = f"{file.stem}: {talk['nom']}"
            found.append(Script(name, talk["tours"], talk.get("comprend", {}), talk.get("formulaire", "ouvert")))
    return found


def shown(reply: Reply) -> str:
    return f"{reply.text}\n\n{reply.hint}"


def faults(reply: Reply, turn: dict[str, Any]) -> list[str]:
    """What a reply lacks of what its turn expects; empty when it is as scripted."""
    text = shown(reply)
    wrong = [f"il manque « {part} »" for part in turn.get("contient", []) if part not in text]
    wrong += [f"« {part} » est de trop" for part in turn.get("sans", []) if part in text]
    labels = [choice.label for choice in reply.choices]
    actual = {
        "genre": str(reply.kind),
        "intentions": list(reply.intents),
        "titres": list(reply.titles),
        "choix": labels,
        "nombre_de_choix": len(labels),
        "fini": reply.over,
        "secret": reply.private,
        "aide_utile": reply.asks_feedback,
        "reference": reply.reference,
    }
    unknown = set(turn) - set(actual) - {"client", "contient", "sans"}
    wrong += [f"clé inconnue {key}" for key in sorted(unknown)]
    wrong += [
        f"{key} : {actual[key]!r}, attendu {turn[key]!r}" for key in actual if key in turn and actual[key] != turn[key]
    ]
    return wrong
