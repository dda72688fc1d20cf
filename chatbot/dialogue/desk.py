"""What every turn is handed: understanding, voice, words; and what a customer said, secrets taken out."""

from __future__ import annotations

from typing import NamedTuple

from chatbot.dialogue.cues import Cues
from chatbot.dialogue.folded import words_of
from chatbot.dialogue.ports import EmailCheck, Redactor, Understanding
from chatbot.dialogue.secrets import SECRET_KINDS, Masked, mask
from chatbot.dialogue.typeset import sanitise
from chatbot.dialogue.voice import Voice
from chatbot.language import Token

# Longer messages are cut before anything reads them; in characters.
LONGEST = 8000
# Past this many words a message is never a command, so its words need no second reading.
_COMMAND_WORDS = 8


class Desk(NamedTuple):
    """The unchanging surroundings of a conversation. `alone`: there will be no second turn."""

    understanding: Understanding
    voice: Voice
    cues: Cues
    redactor: Redactor | None = None
    check_email: EmailCheck | None = None
    alone: bool = False


class Said(NamedTuple):
    """One message of the customer. `text`: safe to keep and to show again; `secret`: it held a card number or such."""

    text: str
    cues: frozenset[str]
    secret: bool = False

    @property
    def wordless(self) -> bool:
        """Is there no letter or digit in it?"""
        return not any(c.isalnum() for c in self.text)


def listen(desk: Desk, text: str, before: str = "") -> Said:
    """What was said, after `before`: control characters and secrets taken out, the dialogue's own words recognised."""
    masked = hide(desk, sanitise(text[:LONGEST]).strip(), before)
    short = 0 < len(masked.text.split()) <= _COMMAND_WORDS
    tokens = desk.understanding.normalizer(masked.text).tokens if short else ()
    respelt = tuple(token.form for token in tokens)
    strange = frozenset(
        word for token in tokens if _is_strange(token) for word in words_of(masked.text[token.start : token.end])
    )
    return Said(masked.text, desk.cues.heard(masked.text, respelt, strange), bool(masked.kinds))


def hide(desk: Desk, text: str, before: str = "") -> Masked:
    """The text with its secrets masked, by our own checks first, then by the redactor when one was handed."""
    found = mask(text, desk.cues.harmless, before)
    if desk.redactor is None:
        return found
    try:
        redacted = desk.redactor(found.text)
    except Exception as error:  # a redactor that fails must not end the conversation; our own check has passed
        _say(error)
        return found
    kinds = SECRET_KINDS.intersection(redacted.kinds)
    return Masked(redacted.text, tuple(sorted({*found.kinds, *kinds}))) if kinds else found


def _say(error: Exception) -> None:
    """Logs that the redactor failed, not why: the error's text may hold the customer's. Imported here, as in cache.py."""
    import logging

    logging.getLogger(__name__).warning("the redactor failed: %s", type(error).__name__)


def _is_strange(token: Token) -> bool:
    """May this be one of the dialogue's own words, misspelt? Not if it is a word as it stands."""
    return not (token.known or token.real) or any(change.cost for change in token.changes)
