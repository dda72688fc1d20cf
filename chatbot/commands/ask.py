"""Une question, une réponse."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from chatbot.channels.terminal.layout import plain, reply_lines
from chatbot.dialogue import Chatbot


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "question", nargs="*", help="la question, entre guillemets ; sans elle, l'entrée standard est lue"
    )
    parser.add_argument("--json", action="store_true", help="la réponse complète en JSON")


def run(args: Namespace) -> int:
    reply = Chatbot.load(args.kb).reply(_question(args.question))
    if args.json:
        import json

        print(json.dumps(reply.as_dict(), ensure_ascii=False))
        return 0
    print(plain(reply_lines(reply.standing_alone(), _columns())))
    return 0


def _columns() -> int | None:
    """The width of the terminal; None when the output goes elsewhere."""
    if not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns


def _question(words: list[str]) -> str:
    if words or sys.stdin is None or sys.stdin.isatty():
        # What a shell could not decode comes as lone surrogates, which nothing can print.
        return " ".join(words).encode("utf-8", "replace").decode()
    return sys.stdin.read()
