"""Conversations over the store: any process can serve any turn, none is lost, none is taken twice."""

from __future__ import annotations

import hashlib
import logging
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from chatbot.channels.http.problems import Problem
from chatbot.channels.http.settings import HttpSettings
from chatbot.dialogue import Chatbot, ContactRequest, Conversation, ConversationState, Redactor
from chatbot.dialogue.reply import Choice, Reachable, Reply, ReplyKind, Section
from chatbot.errors import StorageError, UsageError
from chatbot.matching.model import Decision
from chatbot.storage import ContactDesk, QuestionJournal, TalkRedactor, check_email, open_store, redactor, settings

if TYPE_CHECKING:
    from chatbot.storage.store import Store

_log = logging.getLogger(__name__)
# How often a turn is taken anew when another one of the same conversation was saved first.
_TRIES = 8
# Answers remembered by their message id: a message that comes late, and twice, is still known.
_LATELY = 5


class Note(NamedTuple):
    """A question for the journal, held back until its turn is saved."""

    outcome: str
    text: str
    intents: tuple[str, ...]


class _Notes:
    """A journal that waits: a turn that has to be taken again must not be recorded twice."""

    def __init__(self) -> None:
        self.kept: list[Note] = []

    def record(self, outcome: str, text: str, intents: tuple[str, ...]) -> None:
        self.kept.append(Note(outcome, text, intents))


class _Keyed:
    """The contact desk for one turn: a turn repeated after a crash finds its request already stored."""

    def __init__(self, desk: ContactDesk, key: str) -> None:
        self._desk = desk
        self._key = key

    def submit(self, request: ContactRequest) -> str:
        return self._desk.submit(request, self._key)


class Turns:
    """Takes turns of conversations. Safe to share between threads; the store is opened by the first who needs it."""

    def __init__(self, asked: HttpSettings) -> None:
        """Touches neither disk nor network."""
        self._settings = settings(asked.database or None)
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._redactors: dict[str, Redactor | None] = {}
        self._talk_redactor = TalkRedactor()
        self.desk = ContactDesk(self._settings, opener=self.store)

    def store(self) -> Store:
        """The open store; StorageError when it cannot be reached."""
        with self._lock:
            if self._store is None:
                self._store = open_store(self._settings)
            return self._store

    def check(self) -> None:
        """Asks the store for something; StorageError when it does not answer."""
        from chatbot.storage import conversations

        conversations.load(self.store(), "ready")

    def take(self, bot: Chatbot, conversation: str, text: str, message_id: str | None = None) -> Reply:
        """The reply to one message, saved before it is returned; the same again for a `message_id` answered lately.

        A reply that only says that something failed here is not kept: the same message may be sent again.
        """
        from chatbot.storage import conversations

        store = self.store()
        for _ in range(_TRIES):
            saved = conversations.load(store, conversation)
            kept: dict[str, Any] = saved.state if saved else {}
            lately = _answered_lately(kept)
            if message_id in lately:
                return reply_from(lately[message_id])
            version = saved.version if saved else 0
            notes = _Notes()
            talk = self._talk(bot, conversation, version, kept.get("state"), notes)
            filled = talk.fills_form
            reply = talk.reply(text)
            if reply.kind is ReplyKind.ERROR:
                return reply
            state: dict[str, object] = {"state": talk.state.to_json(), "lately": _with(lately, message_id, reply, talk)}
            if conversations.save(store, conversation, state, version):
                if filled and not talk.fills_form:
                    # The form is sent or given up: nothing of it stays on the disk.
                    conversations.clear(store)
                self._tell(bot, notes)
                return reply
        raise Problem("conflict", headers={"retry-after": "1"})

    def opening(self, bot: Chatbot) -> Reply:
        """The first words of any conversation; nothing is stored before the customer answers."""
        return bot.conversation(contacts=self.desk).open()

    def restart(self, bot: Chatbot, conversation: str) -> Reply:
        """The first words again, and nothing kept of what was said before them."""
        from chatbot.storage import conversations

        conversations.forget(self.store(), conversation)
        return self.opening(bot)

    def forget_idle(self) -> None:
        """Takes away the conversations that nobody continues."""
        from chatbot.storage import conversations

        conversations.forget_idle(self.store())

    def close(self) -> None:
        """Lets go of the store."""
        with self._lock:
            if self._store is not None:
                self._store.close()
                self._store = None

    def _talk(self, bot: Chatbot, conversation: str, version: int, state: Any, notes: _Notes) -> Conversation:
        key = hashlib.sha256(f"{conversation} {version} {state}".encode()).hexdigest()
        talk = bot.conversation(
            state=_state(state),
            contacts=_Keyed(self.desk, key),
            journal=notes,
            redactor=self._talk_redactor,
            check_email=check_email,
        )
        if state is None:
            # The opening offers numbered questions: « 1 » means the first of them from the first message on.
            talk.open()
        return talk

    def _redactor(self, phone: str) -> Redactor | None:
        if phone not in self._redactors:
            try:
                self._redactors[phone] = redactor(phone)
            except StorageError:
                self._redactors[phone] = None
        return self._redactors[phone]

    def _tell(self, bot: Chatbot, notes: _Notes) -> None:
        if not notes.kept or not self._settings.journal:
            return
        knowledge = bot.knowledge
        journal = QuestionJournal(
            self._settings,
            shop_phone=knowledge.contact.phone,
            knowledge_version=knowledge.version,
            opener=self.store,
            redact=self._redactor(knowledge.contact.phone),
        )
        for note in notes.kept:
            journal.record(*note)


def _answered_lately(kept: dict[str, Any]) -> dict[str | None, Any]:
    """The last messages answered, oldest first: message id -> fields of the reply."""
    return dict(kept.get("lately", ()))


def _with(lately: dict[str | None, Any], message_id: str | None, reply: Reply, talk: Conversation) -> list[Any]:
    """What is remembered of the answers after one more; what a form said is forgotten when it is left."""
    if not message_id:
        return list(lately.items())
    kept = [(i, r) for i, r in lately.items() if talk.fills_form or r["kind"] != ReplyKind.FORM]
    return [*kept, (message_id, reply.as_dict())][-_LATELY:]


def _state(text: Any) -> ConversationState | None:
    """The stored state; a new conversation when it was written by a version that can no longer be read."""
    if text is None:
        return None
    try:
        return ConversationState.from_json(text)
    except UsageError:
        _log.warning("a conversation of another version begins anew")
        return None


def reply_from(fields: Any) -> Reply:
    """The reply that `Reply.as_dict` wrote."""
    contact = fields["contact"]
    return Reply(
        kind=ReplyKind(fields["kind"]),
        sections=tuple(Section(s["title"], tuple(s["paragraphs"])) for s in fields["sections"]),
        choices=tuple(Choice(**c) for c in fields["choices"]),
        closing=tuple(fields["closing"]),
        hint=fields["hint"],
        suggestions=tuple(fields["suggestions"]),
        contact=Reachable(**contact) if contact else None,
        decision=Decision(fields["decision"]) if fields["decision"] else "",
        intents=tuple(fields["intents"]),
        confidence=fields["confidence"],
        private=fields["private"],
        asks_feedback=fields["asks_feedback"],
        reference=fields["reference"],
        over=fields["over"],
        knowledge_version=fields["knowledge_version"],
    )
