"""Where things are kept and sent: flag > environment > default. Nothing here touches disk, network or a library."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from chatbot.errors import UsageError

DATABASE = "CHATBOT_DATABASE_URL"
SMTP = "CHATBOT_SMTP_URL"
RECIPIENT = "CHATBOT_CONTACT_TO"
SENDER = "CHATBOT_CONTACT_FROM"
JOURNAL = "CHATBOT_JOURNAL"
RETENTION = "CHATBOT_RETENTION_DAYS"
RETENTION_DEFAULT = 90
_YES = frozenset({"1", "true", "yes", "oui", "on"})
_NO = frozenset({"", "0", "false", "no", "non", "off"})


class Settings(NamedTuple):
    """What the environment and the flags ask of this room.

    database: an SQLAlchemy URL or a file path; None means the platform's data folder.
    smtp: smtp://, smtp+starttls:// or smtps:// URL, perhaps with a password: never print it. "" means no delivery.
    recipient, sender: e-mail addresses; the sender is the recipient unless another is named.
    journal: whether questions are kept at all. retention: for how many days.
    """

    database: str | None = None
    smtp: str = ""
    recipient: str = ""
    sender: str = ""
    journal: bool = False
    retention: int = RETENTION_DEFAULT

    @property
    def delivers(self) -> bool:
        """Whether mail can go out: a server and an address are both known."""
        return bool(self.smtp and self.recipient)


def settings(
    database: str | None = None, *, journal: bool | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """The settings in force; UsageError names the variable that makes no sense, and what would."""
    found = os.environ if environment is None else environment
    recipient = found.get(RECIPIENT, "").strip()
    return Settings(
        database=database or found.get(DATABASE, "").strip() or None,
        smtp=found.get(SMTP, "").strip(),
        recipient=recipient,
        sender=found.get(SENDER, "").strip() or recipient,
        journal=_switch(JOURNAL, found) if journal is None else journal,
        retention=_days(RETENTION, found),
    )


def _switch(name: str, found: Mapping[str, str]) -> bool:
    value = found.get(name, "").strip().lower()
    if value not in _YES | _NO:
        raise UsageError(f"{name} vaut « {value} » ; écrivez 1 (oui) ou 0 (non).")
    return value in _YES


def _days(name: str, found: Mapping[str, str]) -> int:
    value = found.get(name, "").strip() or str(RETENTION_DEFAULT)
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 3650):
        raise UsageError(f"{name} vaut « {value} » ; écrivez un nombre de jours, de 1 à 3650.")
    return int(value)
