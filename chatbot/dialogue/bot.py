"""Chatbot: the matcher, the shop's texts and the dialogue's words behind one small door."""

from __future__ import annotations

from pathlib import Path

from chatbot.dialogue.conversation import Conversation
from chatbot.dialogue.cues import Cues
from chatbot.dialogue.data_files import default_messages, read_alerts, read_phrases
from chatbot.dialogue.desk import Desk
from chatbot.dialogue.ports import Contacts, EmailCheck, Journal, Redactor, Understanding
from chatbot.dialogue.reply import Reply
from chatbot.dialogue.state import ConversationState
from chatbot.dialogue.voice import Voice
from chatbot.knowledge import KnowledgeBase


class Chatbot:
    """A shop's assistant: ready when constructed, immutable, safe to share between threads.

    >>> Chatbot.load().reply("je veux ma facture").intents
    ('facture_copie',)
    """

    def __init__(self, matcher: Understanding) -> None:
        """The assistant that understands through `matcher`."""
        defaults = default_messages()
        self.matcher = matcher
        self._cues = Cues(read_phrases(), read_alerts())
        self._here = Voice(matcher.knowledge, defaults, form_here=True)
        self._elsewhere = Voice(matcher.knowledge, defaults, form_here=False)

    @classmethod
    def load(cls, path: str | Path | None = None) -> Chatbot:
        """The assistant of a folder (default: the shipped shop); KnowledgeError when it cannot be used."""
        from chatbot.matching import Matcher

        return cls(Matcher.load(path))

    @property
    def knowledge(self) -> KnowledgeBase:
        """What the shop answers."""
        return self.matcher.knowledge

    def conversation(
        self,
        *,
        state: ConversationState | None = None,
        contacts: Contacts | None = None,
        journal: Journal | None = None,
        redactor: Redactor | None = None,
        check_email: EmailCheck | None = None,
    ) -> Conversation:
        """A new conversation, or the one whose `state` is given.

        contacts: where the contact form goes; without it the form is not offered here.
        journal: where questions worth a look go. redactor: finds more secrets than the built-in check.
        check_email: checks the form's address; without it only its shape is.
        """
        voice = self._elsewhere if contacts is None else self._here
        desk = Desk(self.matcher, voice, self._cues, redactor, check_email)
        return Conversation(desk, state=state, contacts=contacts, journal=journal)

    def reply(self, text: str) -> Reply:
        """The reply to one message on its own, with no memory."""
        desk = Desk(self.matcher, self._elsewhere, self._cues, alone=True)
        return Conversation(desk).reply(text)
