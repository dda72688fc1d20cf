"""Une ligne JSON par ligne lue : {"text": …} ou une chaîne JSON, dans l'ordre, au fil de l'eau."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable

from chatbot.matching import Matcher


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--jsonl", action="store_true", help="lit et écrit du JSON, une ligne par question (défaut)")
    parser.add_argument("fichier", nargs="?", help="fichier à lire (défaut : l'entrée standard)")


def run(args: Namespace) -> int:
    matcher = Matcher.load(args.kb)
    if args.fichier:
        with open(args.fichier, encoding="utf-8", errors="replace") as lines:  # noqa: PTH123
            return _match_lines(matcher, lines)
    return _match_lines(matcher, sys.stdin)


def _match_lines(matcher: Matcher, lines: Iterable[str]) -> int:
    """Prints one line per input line; a line that is no question gets an "error" instead, and exit code 1."""
    code = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        text = _text(line)
        if text is None:
            code = 1
            answer: dict[str, object] = {
                "text": None, "decision": "fallback", "intents": [], "candidates": [],
                "knowledge_version": matcher.knowledge.version,
                "error": f'ligne {number} : attendu {{"text": …}} ou une chaîne JSON',
            }  # fmt: skip
        else:
            answer = matcher.match(text).as_dict()
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return code


def _text(line: str) -> str | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict):
        value = value.get("text")
    # A lone surrogate is valid in JSON and nowhere else: it could not be written back as UTF-8.
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else None
