"""L'atelier : tapez une question, voyez à chaque touche ce que le robot comprend, et apprenez-lui la phrase.

Ctrl-A ajoute la phrase à une intention après avoir dit ce que cela change ailleurs ; Ctrl-Z annule. La base est relue
dès qu'un de ses fichiers est enregistré."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from chatbot.arguments import program
from chatbot.errors import UsageError


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--questions", nargs="*", default=[], metavar="FICHIER", help="questions étiquetées à ne pas perdre"
    )


def run(args: Namespace) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(f"l'atelier a besoin d'un terminal ; pour une question seule : {program()} explain \"…\"")
    from chatbot.workbench.corpus import read_corpus
    from chatbot.workbench.screen import Screen
    from chatbot.workbench.trial import Trial

    trial = Trial(args.kb)
    trial.questions = tuple(read_corpus(args.questions, trial.knowledge.intents))
    Screen(trial).run()
    return 0
