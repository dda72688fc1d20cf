"""The only room that writes to disk: contact requests and their mail, the journal, conversations between turns.

What the dialogue is handed comes from here: `Contacts`, `Journal`, `redactor`, `check_email`. Importing this costs
nothing; the libraries of the extra `contact` are imported, and the database opened, when first needed.
"""

from chatbot.storage.desk import (
    ContactDesk,
    QuestionJournal,
    TalkRedactor,
    check_email,
    missing_libraries,
    open_store,
    redactor,
)
from chatbot.storage.settings import Settings, settings

__all__ = [
    "ContactDesk",
    "QuestionJournal",
    "Settings",
    "TalkRedactor",
    "check_email",
    "missing_libraries",
    "open_store",
    "redactor",
    "settings",
]
