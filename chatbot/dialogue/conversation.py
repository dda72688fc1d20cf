"""Conversation: the only object of the project with a state of its own."""

from __future__ import annotations

from chatbot.dialogue import scenes, sent, turn
from chatbot.dialogue.desk import Desk, hide
from chatbot.dialogue.ports import Contacts, Journal
from chatbot.dialogue.reply import Reachable, Reply, ReplyKind
from chatbot.dialogue.state import ConversationState, Turn
from chatbot.errors import StorageError
from chatbot.knowledge import Role


class Conversation:
    """A talk with one customer. Not for use by two threads at once; `state` may be stored and handed back later."""

    def __init__(
        self,
        desk: Desk,
        *,
        state: ConversationState | None = None,
        contacts: Contacts | None = None,
        journal: Journal | None = None,
    ) -> None:
        """A talk over `desk`, from `state` on; see `Chatbot.conversation` for the rest."""
        self._desk = desk
        self._contacts = contacts
        self._journal = journal
        self.state = state or ConversationState()

    def open(self) -> Reply:
        """The first words, before the customer says anything."""
        opening = scenes.opening(self._desk)
        if self.state == ConversationState():
            self.state = opening.state
        return opening.reply

    def reply(self, text: str) -> Reply:
        """The reply to one message. Never raises: a fault of ours gives an apology, the number and the form, and a log.

        A confirmed contact form is stored before the reply that says so is returned.
        """
        try:
            return self._reply(text)
        except Exception as error:  # whatever it is, the customer gets a way to go on
            _log(error)
            return self._apology()

    def close(self) -> Reply:
        """The last words, when the customer leaves without a goodbye; what was being filled in is forgotten."""
        closing = turn.goodbye(self._desk)
        self.state = closing.state
        return closing.reply

    @property
    def fills_form(self) -> bool:
        """Is the contact form open? There an empty message means « none »."""
        return self.state.form is not None

    @property
    def contact(self) -> Reachable:
        """How the shop is reached."""
        return self._desk.voice.reachable

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles a customer may type: questions, then topics."""
        answers = self._desk.voice.knowledge.answers.values()
        roles = (Role.QUESTION, Role.TOPIC)
        return tuple(answer.title for role in roles for answer in answers if answer.role is role)

    def hide(self, text: str) -> str:
        """The text with card numbers, IBANs, codes and passwords masked: what a channel may show or remember."""
        return hide(self._desk, text).text

    def _reply(self, text: str) -> Reply:
        taken = turn.advance(self._desk, self.state, text)
        if taken.request is not None:
            taken = self._submitted(taken)
        self.state = taken.state
        if self._journal is not None:
            for note in taken.notes:
                self._journal.record(note.outcome, note.text, note.intents)
        return taken.reply

    def _submitted(self, taken: Turn) -> Turn:
        """The turn once the request is stored; the turn as it is, with its apology, when it could not be."""
        if self._contacts is None or taken.request is None:
            return taken
        try:
            reference = self._contacts.submit(taken.request)
        except Exception as error:  # whatever a shop's own desk raises, the customer is told that nothing was sent
            _log(error)
            return taken
        if not reference:
            _log(StorageError("no reference"))
            return taken
        return sent.stored(self._desk, taken.state, reference)

    def _apology(self) -> Reply:
        section = scenes.with_contact(self._desk, "panne_interne")
        voice = self._desk.voice
        return Reply(
            ReplyKind.ERROR, (section,), contact=voice.reachable, suggestions=("menu",),
            knowledge_version=voice.knowledge.version,
        )  # fmt: skip


def _log(error: Exception) -> None:
    """The fault with its place, never with what the customer typed (an exception's own text may repeat it)."""
    import logging
    import traceback

    where = "".join(traceback.format_tb(error.__traceback__))
    logging.getLogger(__name__).error("a turn failed: %s\n%s", type(error).__name__, where)
