"""What the dialogue is handed: the ports of `dialogue.ports` over the store, opened on first use.

Nothing heavy is imported before it is needed, so a conversation that never writes never pays for a database.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from chatbot.dialogue.ports import ContactRequest, Redacted
from chatbot.errors import ChatbotError, StorageError
from chatbot.storage.settings import Settings, settings

if TYPE_CHECKING:
    from chatbot.storage.redaction import FrenchRedactor
    from chatbot.storage.store import Store

logger = logging.getLogger(__name__)

# Import name -> the name it is installed by.
LIBRARIES = {
    "sqlalchemy": "SQLAlchemy",
    "email_validator": "email-validator",
    "stdnum": "python-stdnum",
    "phonenumbers": "phonenumbers",
    "platformdirs": "platformdirs",
}
# Never kept, not even in a request the shop is meant to read.
FORBIDDEN = frozenset({"carte", "mot_de_passe", "code"})


def missing_libraries() -> tuple[str, ...]:
    """The libraries of the extra `contact` that are not installed; empty when all are. Imports none of them."""
    return tuple(name for module, name in LIBRARIES.items() if find_spec(module) is None)


@contextmanager
def _installed() -> Iterator[None]:
    """An absent library as a StorageError that says how to install it."""
    try:
        yield
    except ImportError as error:
        absent = (error.name or str(error)).partition(".")[0]
        extra = "postgres" if absent.startswith("psycopg") else "contact"
        raise StorageError(
            f"il manque {LIBRARIES.get(absent, absent)} ; installez le complément « {extra} » : "
            f'pip install "chrono-chatbot[{extra}]"'
        ) from error


def open_store(asked: Settings | None = None) -> Store:
    """The store the settings name, with what is past its retention taken away; StorageError when it cannot be used."""
    asked = asked or settings()
    with _installed():
        from chatbot.storage import conversations, journal, store

        opened = store.open_store(asked.database)
        journal.purge_journal(opened, asked.retention)
        conversations.forget_idle(opened)
        return opened


def redactor(shop_phone: str = "") -> FrenchRedactor:
    """The Redactor of French texts, which keeps the shop's own number; StorageError without its libraries."""
    with _installed():
        from chatbot.storage.redaction import FrenchRedactor

        return FrenchRedactor.load(shop_phone)


def check_email(address: str) -> str | None:
    """The address in normal form, or None when it cannot be one; StorageError without the library."""
    with _installed():
        from chatbot.storage import emails

        return emails.check_email(address)


class _LazyStore:
    """A store opened by the first who asks, once."""

    def __init__(self, opener: Callable[[], Store]) -> None:
        self._opener = opener
        self._lock = threading.Lock()
        self._store: Store | None = None

    def __call__(self) -> Store:
        with self._lock:
            if self._store is None:
                self._store = self._opener()
            return self._store


class TalkRedactor:
    """A `Redactor` for a conversation: only what is certain, since a false alarm costs the customer an answer.

    Loads with the first text it is given: a conversation opens without waiting for it.
    """

    def __init__(self) -> None:
        """Loads nothing yet; a first call may raise StorageError, without its libraries."""
        self._load = lru_cache(1)(_certain)

    def __call__(self, text: str) -> Redacted:
        """The redacted text and the kinds found."""
        return self._load()(text)


def _certain() -> FrenchRedactor:
    with _installed():
        from chatbot.storage.redaction import FrenchRedactor

        return FrenchRedactor.certain()


class ContactDesk:
    """The `Contacts` port: durable first, mailed afterwards in the background when delivery is configured."""

    def __init__(self, asked: Settings | None = None, *, opener: Callable[[], Store] | None = None) -> None:
        """A desk over the store the settings name, or the one `opener` gives; opened by the first request."""
        self._settings = asked or settings()
        self._store = _LazyStore(opener or (lambda: open_store(self._settings)))

    def submit(self, request: ContactRequest, key: str | None = None) -> str:
        """Stores the request, then returns its reference; with a `key` used before, the reference it gave then.

        Card numbers and passwords are taken out first. StorageError: nothing is stored, say so to the customer.
        """
        store = self._store()
        with _installed():
            from chatbot.storage import contacts

            domain = self._settings.recipient.rpartition("@")[2] if self._settings.delivers else contacts.DOMAIN
            reference = contacts.submit(store, without_secrets(request), key, domain)
        if self._settings.delivers:
            threading.Thread(target=self._deliver, name=f"contact-{reference}").start()
        return reference

    def _deliver(self) -> None:
        """Tries what is due. Whatever goes wrong, the outbox keeps it for `cli.py contact send`."""
        from chatbot.storage.outbox import send_pending
        from chatbot.storage.smtp import transport

        try:
            send_pending(self._store(), transport(self._settings), limit=5)
        except ChatbotError as error:
            logger.warning("contact: delivery put off (%s)", type(error).__name__)


def without_secrets(request: ContactRequest) -> ContactRequest:
    """The request without card numbers, passwords or security codes; the e-mail address is left as it is.

    What the conversation hides is hidden here too, whatever channel the request came by; then what the redactor finds.
    """
    from chatbot.dialogue.cues import Cues
    from chatbot.dialogue.data_files import read_phrases
    from chatbot.dialogue.secrets import mask

    harmless, redact = Cues(read_phrases()).harmless, redactor()

    def safe(text: str) -> str:
        return redact.only(FORBIDDEN, mask(text, harmless).text).text

    return request._replace(name=safe(request.name), order=safe(request.order), message=safe(request.message))


class QuestionJournal:
    """The `Journal` port: does nothing unless the settings turn it on; redacts, then writes; never raises."""

    def __init__(
        self,
        asked: Settings | None = None,
        *,
        shop_phone: str = "",
        knowledge_version: str = "",
        opener: Callable[[], Store] | None = None,
        redact: Callable[[str], Redacted] | None = None,
    ) -> None:
        """A journal over the store the settings name; `redact` is the French redactor unless another is given."""
        self._settings = asked or settings()
        self._store = _LazyStore(opener or (lambda: open_store(self._settings)))
        self._redact = redact
        self._shop_phone = shop_phone
        self._knowledge_version = knowledge_version

    def record(self, outcome: str, text: str, intents: tuple[str, ...]) -> None:
        """Keeps one question, redacted. When redaction or the store fails, nothing is written."""
        if not self._settings.journal:
            return
        try:
            if self._redact is None:
                self._redact = redactor(self._shop_phone)
            redacted = self._redact(text)
            store = self._store()
            from chatbot.storage.journal import write_entry

            write_entry(store, outcome, redacted, intents, self._knowledge_version)
        except Exception as error:
            # A journal must not end a conversation. The error's text may hold the customer's: its kind alone is told.
            logger.warning("journal: one question not kept (%s)", type(error).__name__)
