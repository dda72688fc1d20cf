"""Checks of `messages:` : keys the dialogue never says, names in braces it never fills."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz.process import extractOne

from chatbot.dialogue.data_files import default_messages
from chatbot.dialogue.voice import MESSAGE_PLACEHOLDERS, PLACEHOLDERS
from chatbot.knowledge.sources import FAQ
from chatbot.workbench.findings import Finding
from chatbot.workbench.ground import Ground

_KEYS = "chatbot/dialogue/data/messages.yaml"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def unknown_keys(ground: Ground) -> Iterator[Finding]:
    """A message under a key the bot never asks for: it would be written for nothing."""
    known = sorted(default_messages())
    for key in ground.knowledge.messages:
        if key not in known:
            nearest = extractOne(key, known, score_cutoff=60)
            cure = f"vouliez-vous dire « {nearest[0]} » ?" if nearest else f"toutes les clés : {_KEYS}."
            yield _at(ground, key, "message-inconnu", f"le robot ne dit jamais « {key} » ; {cure}")


def placeholders(ground: Ground) -> Iterator[Finding]:
    """Names in braces that nothing replaces in this message."""
    for key, text in ground.knowledge.messages.items():
        allowed = sorted(PLACEHOLDERS | {MESSAGE_PLACEHOLDERS.get(key, "boutique")})
        for name in _PLACEHOLDER.findall(text):
            if name not in allowed:
                message = f"« {{{name}}} » n'est remplacé par rien ici ; permis : {', '.join(allowed)}."
                yield _at(ground, key, "accolades", message)


def _at(ground: Ground, key: str, code: str, message: str) -> Finding:
    return Finding(FAQ, ground.faq.line(("messages", key)), code, message)
