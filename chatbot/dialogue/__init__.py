"""Match -> Reply: the conversation, its state, its form. Knows no channel and no store."""

from chatbot.dialogue.bot import Chatbot
from chatbot.dialogue.conversation import Conversation
from chatbot.dialogue.ports import ContactRequest, Contacts, EmailCheck, Journal, Redacted, Redactor, Understanding
from chatbot.dialogue.reply import Choice, Reachable, Reply, ReplyKind, Section
from chatbot.dialogue.state import ConversationState
from chatbot.dialogue.typeset import sanitise, typeset

__all__ = [
    "Chatbot", "Choice", "ContactRequest", "Contacts", "Conversation", "ConversationState", "EmailCheck", "Journal",
    "Reachable", "Redacted", "Redactor", "Reply", "ReplyKind", "Section", "Understanding", "sanitise", "typeset",
]  # fmt: skip
