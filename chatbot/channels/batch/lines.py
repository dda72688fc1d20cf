"""One line in, one line out: what `match --jsonl` prints, whoever asks."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import NamedTuple

from chatbot.matching import Matcher

# What stands in a line for bytes that are no UTF-8, when it was read with « surrogateescape ».
_NO_UTF8 = re.compile("[\udc80-\udcff]")


class Answered(NamedTuple):
    """A line of output with its line end, "" for a blank line of input; `good` is False when the input was no question."""

    line: str
    good: bool


def answer_line(matcher: Matcher, number: int, line: str) -> Answered:
    """The answer to one input line, `{"text": …}` or a bare JSON string; `number` is told when it is neither."""
    if number == 1:
        # What Windows puts before a UTF-8 file.
        line = line.removeprefix("\ufeff")
    if not line.strip():
        return Answered("", good=True)
    text = _text(line)
    if text is not None:
        return Answered(matcher.match(text).as_json() + "\n", good=True)
    answer: dict[str, object] = {
        "text": None,
        "decision": "fallback",
        "intents": [],
        "candidates": [],
        "knowledge_version": matcher.knowledge.version,
        "reason": "illisible",
        "error": f'ligne {number} : attendu {{"text": …}} ou une chaîne JSON, en UTF-8',
    }
    return Answered(json.dumps(answer, ensure_ascii=False) + "\n", good=False)


def answer_lines(matcher: Matcher, numbered: tuple[int, Sequence[str]]) -> Answered:
    """The answers to some lines at once; `numbered` is the number of the first one, and all of them."""
    first, lines = numbered
    answers = [answer_line(matcher, number, line) for number, line in enumerate(lines, first)]
    return Answered("".join(answer.line for answer in answers), all(answer.good for answer in answers))


def _text(line: str) -> str | None:
    if not line.isascii() and _NO_UTF8.search(line):
        # Bytes that are no UTF-8 (a file of an old Windows): what they stood for is lost.
        return None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict):
        value = value.get("text")
    # A lone surrogate is valid in JSON and nowhere else: it could not be written back as UTF-8.
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else None
