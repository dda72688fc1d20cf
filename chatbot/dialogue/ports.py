"""What the dialogue needs from outside, as small protocols: it is handed them, it never looks for them."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from chatbot.knowledge import KnowledgeBase
from chatbot.language import Normalizer
from chatbot.matching.model import Match


class ContactRequest(NamedTuple):
    """A completed contact form; every field is what the customer confirmed. `order` may be empty."""

    name: str
    email: str
    order: str
    message: str


class Contacts(Protocol):
    """Where contact requests go."""

    def submit(self, request: ContactRequest) -> str:
        """Stores the request durably, then returns its short reference.

        Whatever it raises means that the request was not stored: the customer is told so and keeps the filled form.
        """
        ...


class Journal(Protocol):
    """Where questions worth a look by support staff go: not understood, clarified, or marked unhelpful."""

    def record(self, outcome: str, text: str, intents: tuple[str, ...]) -> None:
        """Keeps one question, redacted first. `outcome`: fallback, clarify or unhelpful. Never raises."""
        ...


class Redacted(NamedTuple):
    """A text with what is private replaced by stable placeholders, and the kinds found, e.g. ("carte", "telephone")."""

    text: str
    kinds: tuple[str, ...]


class Redactor(Protocol):
    """Takes what is private out of a text."""

    def __call__(self, text: str) -> Redacted:
        """The redacted text; raises only when it cannot be sure that nothing private is left."""
        ...


class EmailCheck(Protocol):
    """Checks the form of an e-mail address."""

    def __call__(self, address: str) -> str | None:
        """The address in normal form, or None when it cannot be one. Never asks the network."""
        ...


class Understanding(Protocol):
    """What turns an utterance into a match: `chatbot.matching.Matcher`, or a scripted fake in tests."""

    @property
    def knowledge(self) -> KnowledgeBase:
        """What the shop answers."""
        ...

    @property
    def normalizer(self) -> Normalizer:
        """French text -> tokens, spelling corrected."""
        ...

    def match(self, text: str) -> Match:
        """What `text` was understood as; never raises on any string."""
        ...
