"""Toutes les formulations de la base, en CSV (pour un programme, ou pour Excel) ou pour Rasa (nlu.yml)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "format",
        choices=("csv", "excel", "rasa"),
        help="csv, excel (CSV que les tableurs français ouvrent d'un double-clic) ou rasa",
    )


def run(args: Namespace) -> int:
    from chatbot.knowledge import KnowledgeBase
    from chatbot.workbench.interchange import to_csv, to_excel, to_rasa

    write = {"csv": to_csv, "excel": to_excel, "rasa": to_rasa}[args.format]
    sys.stdout.write(write(KnowledgeBase.load(args.kb)))
    return 0
