"""A rule-based French customer-service chatbot. The public names, each loaded when first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatbot.dialogue import Chatbot, Conversation, ConversationState, Reply, ReplyKind
    from chatbot.errors import ChatbotError, Fault, KnowledgeError, StorageError, UsageError
    from chatbot.knowledge import KnowledgeBase
    from chatbot.matching import Candidate, Decision, Match, Matcher

__all__ = [
    "Candidate",
    "Chatbot",
    "ChatbotError",
    "Conversation",
    "ConversationState",
    "Decision",
    "Fault",
    "KnowledgeBase",
    "KnowledgeError",
    "Match",
    "Matcher",
    "Reply",
    "ReplyKind",
    "StorageError",
    "UsageError",
]

_ROOMS = {
    "chatbot.dialogue": ("Chatbot", "Conversation", "ConversationState", "Reply", "ReplyKind"),
    "chatbot.errors": ("ChatbotError", "Fault", "KnowledgeError", "StorageError", "UsageError"),
    "chatbot.knowledge": ("KnowledgeBase",),
    "chatbot.matching": ("Candidate", "Decision", "Match", "Matcher"),
}


if not TYPE_CHECKING:
    # A checker sees the imports above alone: a name that is not there is an error to it.

    def __getattr__(name: str) -> object:
        """A public name, from its room: `import chatbot` alone imports none of them."""
        for room, names in _ROOMS.items():
            if name in names:
                return getattr(import_module(room), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
