"""Toutes les formulations de la base, en CSV ou pour Rasa (nlu.yml)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("format", choices=("csv", "rasa"), help="csv, ou rasa (nlu.yml)")


def run(args: Namespace) -> int:
    from chatbot.knowledge import KnowledgeBase
    from chatbot.workbench.interchange import to_csv, to_rasa

    knowledge = KnowledgeBase.load(args.kb)
    sys.stdout.write(to_csv(knowledge) if args.format == "csv" else to_rasa(knowledge))
    return 0
