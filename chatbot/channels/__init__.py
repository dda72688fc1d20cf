"""Ways to reach a customer. A channel takes a conversation and imports no other channel."""

from __future__ import annotations

from typing import Protocol

from chatbot.dialogue import Conversation


class Channel(Protocol):
    """Something that can hold one conversation from its first words to goodbye."""

    def run(self, conversation: Conversation) -> int:
        """Holds the conversation; returns the exit code of the program, 0 however the customer leaves."""
        ...
