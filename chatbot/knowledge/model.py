"""What the shop knows, once read and checked: plain immutable values, no YAML, no validation library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import NamedTuple


class Role(StrEnum):
    """What an intent is for: what the dialogue does with it; in matching, that courtesies stand back behind a question."""

    QUESTION = "question"
    TOPIC = "sujet"
    SMALL_TALK = "politesse"
    ADVISER = "conseiller"
    OUT_OF_SCOPE = "hors_sujet"


class Phrasing(NamedTuple):
    """An example utterance and where its author wrote it. A counter-example has the out-of-scope intent."""

    text: str
    intent: str
    path: str
    line: int


class Expression(NamedTuple):
    """One wording of a concept group of the lexicon, and where it stands. `elsewhere`: it names another world."""

    text: str
    concept: str
    path: str
    line: int
    elsewhere: bool = False


class Intent(NamedTuple):
    """Something a customer may want. `required`: one of these must be there to answer; `excluded`: none may be."""

    id: str
    role: Role
    phrasings: tuple[Phrasing, ...]
    counter_examples: tuple[Phrasing, ...]
    required: tuple[str, ...]
    excluded: tuple[str, ...]
    path: str


class Contact(NamedTuple):
    """How to reach the shop; an empty field is one the help page does not give."""

    phone: str
    tariff: str
    hours: str
    form: str


class FollowUp(NamedTuple):
    """What is said when one of the wordings `said` comes right after an answer, and where it stands."""

    said: tuple[str, ...]
    text: str
    line: int


class Answer(NamedTuple):
    """The canonical text for one intent. `topic` is the intent of its topic (a topic's own answer has none).

    `frequent` is its rank among the most frequent questions, 0 for the others; `after_sales` tells a question about
    an order already placed, where a surcharged number may not be the only contact; `reviewed` is an ISO date or "".
    """

    intent: str
    role: Role
    title: str
    text: str
    topic: str
    frequent: int
    after_sales: bool
    reviewed: str
    path: str
    line: int
    follow_ups: tuple[FollowUp, ...] = ()


@dataclass(frozen=True, repr=False)
class KnowledgeBase:
    """Everything one folder (one shop) knows. Build it with `load`, `from_texts` or by hand; it never changes.

    answers: by intent, in the order of faq.yaml: topics, questions, then the rest.
    version: first 12 hex digits of the SHA-256 of the files; equal knowledge has equal versions everywhere.
    """

    shop: str
    contact: Contact
    heading: str
    answers: Mapping[str, Answer]
    messages: Mapping[str, str]
    intents: Mapping[str, Intent]
    lexicon: Sequence[Expression] = ()
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    version: str = ""

    def __hash__(self) -> int:
        return hash(self.version)

    @classmethod
    def load(cls, path: str | Path | None = None) -> KnowledgeBase:
        """The knowledge base of a folder (default: the shipped one); KnowledgeError lists all faults found in it."""
        from chatbot.knowledge.loader import load

        return load(path)

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> KnowledgeBase:
        """The same from memory: {"faq.yaml": "...", "intents/x.yaml": "..."}."""
        from chatbot.knowledge.loader import build

        return build({name: text.encode("utf-8", "surrogatepass") for name, text in texts.items()})

    @cached_property
    def topics(self) -> tuple[Answer, ...]:
        """The topics of the help page, in its order."""
        return tuple(a for a in self.answers.values() if a.role is Role.TOPIC)

    @cached_property
    def frequent(self) -> tuple[Answer, ...]:
        """The most frequent questions, first first."""
        return tuple(sorted((a for a in self.answers.values() if a.frequent), key=lambda a: a.frequent))

    @cached_property
    def out_of_scope(self) -> str | None:
        """The id of the intent that means « none of these », if the knowledge has one."""
        return next((i.id for i in self.intents.values() if i.role is Role.OUT_OF_SCOPE), None)

    @cached_property
    def phrasings(self) -> tuple[Phrasing, ...]:
        """Every phrasing and counter-example, by intent id then in file order."""
        return tuple(
            phrasing
            for _, intent in sorted(self.intents.items())
            for phrasing in (*intent.phrasings, *intent.counter_examples)
        )

    def questions_of(self, topic: str) -> tuple[Answer, ...]:
        """The questions under a topic (its intent id), in the order of faq.yaml."""
        return tuple(a for a in self.answers.values() if a.role is Role.QUESTION and a.topic == topic)

    def role(self, intent: str) -> Role:
        """The role of an intent; unknown ids count as questions."""
        answer = self.answers.get(intent)
        if answer is not None:
            return answer.role
        known = self.intents.get(intent)
        return known.role if known else Role.QUESTION
