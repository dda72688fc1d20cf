"""Replies and answers as HTML: one set of templates for the page, the chat and its fragments, with or without script."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chatbot.dialogue import typeset

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
    environment.globals["assets"] = _assets_version()
    return environment


def _assets_version() -> str:
    """Changes with any static file, so that browsers may keep them for long."""
    digest = hashlib.sha256()
    for file in sorted((HERE / "static").iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:10]
