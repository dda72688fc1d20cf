"""A reply -> lines for a screen: wrapped by columns, well set, safe. Pure; knows no terminal library."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from chatbot.dialogue import Reply, sanitise, typeset

# Longer lines are hard to read, however wide the screen is; in columns.
_MEASURE = 84
_NARROWEST = 20
MARGIN = "  "
_ITEM = re.compile(r"(\d{1,3}\.|-) +")


class Span(NamedTuple):
    """A piece of a line and its style: title, number, hint, warning, said, or "" for plain text."""

    style: str
    text: str


Line = tuple[Span, ...]


def reply_lines(reply: Reply, columns: int | None) -> list[Line]:
    """The reply as lines at most `columns` wide; None: one line per paragraph, ordinary spaces, for a pipe."""
    lines: list[Line] = []
    warned = reply.private
    for section in reply.sections:
        blocks = [("title", section.title)] if section.title else []
        blocks += [("warning" if warned else "", paragraph) for paragraph in section.paragraphs]
        warned = False
        for style, block in blocks:
            lines += [*_block(block, columns, style), ()]
    widest = len(f"{len(reply.choices)}.")
    for choice in reply.choices:
        mark = f"{choice.number}."
        lines += _item(mark if columns is None else mark.rjust(widest), choice.label, columns, "")
    lines += [()] if reply.choices else []
    for paragraph in reply.closing:
        lines += [*_block(paragraph, columns, ""), ()]
    if reply.hint:
        lines += [*_block(reply.hint, columns, "hint"), ()]
    return lines[:-1] if lines else lines


def said_lines(text: str, columns: int) -> list[Line]:
    """What the customer said, as it stays on the screen."""
    rows = [row for line in sanitise(text).split("\n") for row in wrap(line, _room(columns) - len(MARGIN))]
    return [(Span("said", ("› " if n == 0 else "  ") + row),) for n, row in enumerate(rows)]


def plain(lines: Iterable[Line]) -> str:
    """The lines as text."""
    return "\n".join("".join(span.text for span in line).rstrip(" ") for line in lines)


def wrap(text: str, width: int) -> list[str]:
    """The text in rows of at most `width` columns, broken at ordinary spaces; a longer word is cut."""
    rows: list[str] = []
    row = ""
    for word in text.split(" "):
        joined = f"{row} {word}" if row else word
        if cells(joined) <= width:
            row = joined
            continue
        if row:
            rows.append(row)
        *full, row = _pieces(word, width)
        rows += full
    return [*rows, row]


def cells(text: str) -> int:
    """How many columns a text takes: two for wide characters, none for combining marks."""
    if text.isascii():
        return len(text)
    return sum(_cell(c) for c in text)


def _cell(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _pieces(word: str, width: int) -> Iterator[str]:
    piece, size = "", 0
    for character in word:
        cell = _cell(character)
        if piece and size + cell > width:
            yield piece
            piece, size = "", 0
        piece, size = piece + character, size + cell
    yield piece


def _room(columns: int) -> int:
    return max(_NARROWEST, min(columns - 1, _MEASURE) - len(MARGIN))


def _block(block: str, columns: int | None, style: str) -> list[Line]:
    """A paragraph, its list items with hanging indents."""
    lines: list[Line] = []
    for row in sanitise(block).split("\n"):
        item = _ITEM.match(row)
        lines += _item(item[1], row[item.end() :], columns, style) if item else _rows(row, columns, style)
    return lines


def _rows(row: str, columns: int | None, style: str) -> list[Line]:
    if columns is None:
        return [(Span(style, row),)]
    return [(Span("", MARGIN), Span(style, part)) for part in wrap(typeset(row), _room(columns))]


def _item(mark: str, text: str, columns: int | None, style: str) -> list[Line]:
    """A list item: its mark, then its text hanging beside it."""
    text = " ".join(sanitise(text).split("\n"))
    if columns is None:
        return [(Span("number", mark), Span(style, f" {text}"))]
    shown = "•" if mark == "-" else mark
    hang = max(3, len(shown) + 1)
    rows = wrap(typeset(text), _room(columns) - hang)
    marks = [shown.rjust(hang - 1) + " ", *[" " * hang] * (len(rows) - 1)]
    return [(Span("", MARGIN), Span("number", m), Span(style, row)) for m, row in zip(marks, rows, strict=True)]
