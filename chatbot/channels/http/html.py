"""Replies and answers as HTML: one set of templates for the page, the chat and its fragments."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chatbot.dialogue import Reply, typeset
from chatbot.dialogue.voice import Voice

HERE = Path(__file__).parent
_STEP = re.compile(r"\d{1,2}[.)] +(.*)")
_BULLET = re.compile(r"[-•] +(.*)")


class Block(NamedTuple):
    """A stretch of text: a paragraph (p) of lines, numbered steps (ol) or bullets (ul)."""

    kind: str
    lines: tuple[str, ...]


def blocks(paragraphs: Iterable[str]) -> list[Block]:
    """The paragraphs of a reply as blocks, their lists recognised.

    >>> [b.kind for b in blocks(["Dans votre espace :\\n1. Ouvrez.\\n2. Lisez.", "Merci."])]
    ['p', 'ol', 'p']
    """
    found: list[Block] = []
    for paragraph in paragraphs:
        start = True
        for line in filter(None, map(str.strip, paragraph.split("\n"))):
            kind, text = _kind(line)
            if not start and found[-1].kind == kind:
                found[-1] = Block(kind, (*found[-1].lines, text))
            else:
                found.append(Block(kind, (text,)))
            start = False
    return found


def _kind(line: str) -> tuple[str, str]:
    for kind, pattern in (("ol", _STEP), ("ul", _BULLET)):
        match = pattern.match(line)
        if match:
            return kind, match[1]
    return "p", line


class QuickReply(NamedTuple):
    """A button: what it says, and the message it sends."""

    label: str
    send: str


# What a reply suggests typing -> the message key of what its button says.
_SUGGESTED = {"menu": "revenir_menu", "formulaire": "laisser_message", "annuler": "formulaire_annuler"}


def quick_replies(reply: Reply, voice: Voice) -> list[QuickReply]:
    """The buttons under a reply: its choices, yes and no where it asks, and what it suggests typing."""
    found = [QuickReply(choice.label, choice.send) for choice in reply.choices]
    if reply.asks_feedback:
        found += [QuickReply("Oui", "oui"), QuickReply("Non", "non")]
    sends = {quick.send for quick in found}
    for word in reply.suggestions:
        # Whoever is looking at a list of topics or questions needs no button to see it.
        if word in _SUGGESTED and word not in sends and not (word == "menu" and (reply.choices or reply.over)):
            found.append(QuickReply(voice.say(_SUGGESTED[word]), word))
    return found


@lru_cache(1)
def templates() -> Environment:
    """The templates, everything escaped, an unknown name an error."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["typeset"] = typeset
    environment.filters["blocks"] = blocks
    environment.filters["digits"] = lambda phone: re.sub(r"[^0-9+]", "", phone)
    environment.globals["quick_replies"] = quick_replies
    environment.globals["assets"] = _assets_version()
    return environment


def _assets_version() -> str:
    """Changes with any static file, so that browsers may keep them for long."""
    digest = hashlib.sha256()
    for file in sorted((HERE / "static").iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:10]
