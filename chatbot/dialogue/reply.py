"""The reply: what one turn returns to any channel, as plain values in ordinary spaces (see `typeset` for screens)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal, NamedTuple

from chatbot.matching.model import Decision


class ReplyKind(StrEnum):
    """What a reply is, for channels that show kinds differently."""

    OPENING = "opening"
    ANSWER = "answer"
    CLARIFY = "clarify"
    FALLBACK = "fallback"
    MENU = "menu"
    CONTACT = "contact"
    COURTESY = "courtesy"
    HELP = "help"
    FORM = "form"
    SENT = "sent"
    END = "end"
    ERROR = "error"


class Section(NamedTuple):
    """A part of a reply under its title ("" for none). A paragraph may hold lines: steps « 1. … », bullets « - … »."""

    title: str
    paragraphs: tuple[str, ...]


class Choice(NamedTuple):
    """One of the numbered things a customer may pick: its label, and a text that means it (its number does too)."""

    number: int
    label: str
    send: str


class Reachable(NamedTuple):
    """How the shop is reached; "" for what is not known. `form_here`: the form can be filled in this conversation."""

    phone: str
    tariff: str
    hours: str
    form: str
    form_here: bool


@dataclass(frozen=True)
class Reply:
    """One turn's reply.

    choices: numbered from 1; suggestions: words that may be typed next; hint: how to go on, where one can.
    contact: set when the reply sends the customer to a person. decision, intents, confidence: what the question was
    understood as; "" and empty when the turn was no question. private: what was typed holds a secret, wipe it.
    asks_feedback: it ends by asking whether the answer helped. reference: of the message just stored, else "".
    """

    kind: ReplyKind
    sections: tuple[Section, ...] = ()
    choices: tuple[Choice, ...] = ()
    closing: tuple[str, ...] = ()
    hint: str = ""
    suggestions: tuple[str, ...] = ()
    contact: Reachable | None = None
    decision: Decision | Literal[""] = ""
    intents: tuple[str, ...] = ()
    confidence: float | None = None
    private: bool = False
    asks_feedback: bool = False
    reference: str = ""
    over: bool = False
    knowledge_version: str = ""

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of the sections that have one."""
        return tuple(section.title for section in self.sections if section.title)

    @property
    def text(self) -> str:
        """The whole reply as plain text, without the hint: paragraphs, numbered choices, closing."""
        parts: list[str] = []
        for section in self.sections:
            parts += [section.title, *section.paragraphs] if section.title else section.paragraphs
        if self.choices:
            parts.append("\n".join(f"{choice.number}. {choice.label}" for choice in self.choices))
        return "\n\n".join((*parts, *self.closing))

    def standing_alone(self) -> Reply:
        """The reply without what only a conversation can follow up: hint and feedback question."""
        return replace(self, hint="", closing=self.closing[:-1] if self.asks_feedback else self.closing)

    def as_dict(self) -> dict[str, object]:
        """The reply as JSON-ready values in a fixed key order."""
        return {
            "kind": str(self.kind),
            "decision": str(self.decision),
            "intents": list(self.intents),
            "confidence": self.confidence,
            "text": self.text,
            "sections": [{"title": s.title, "paragraphs": list(s.paragraphs)} for s in self.sections],
            "choices": [choice._asdict() for choice in self.choices],
            "closing": list(self.closing),
            "hint": self.hint,
            "suggestions": list(self.suggestions),
            "contact": self.contact._asdict() if self.contact else None,
            "private": self.private,
            "asks_feedback": self.asks_feedback,
            "reference": self.reference,
            "over": self.over,
            "knowledge_version": self.knowledge_version,
        }
