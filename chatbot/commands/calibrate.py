"""Recalcule les seuils par validation croisée de la base (une dizaine de secondes)."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from chatbot.knowledge import KnowledgeBase
from chatbot.knowledge.sources import INTENTS, default_folder

FILE = "_seuils.yaml"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--write", action="store_true", help=f"écrit {INTENTS}/{FILE} au lieu de l'afficher")


def run(args: Namespace) -> int:
    from chatbot.workbench.calibration import as_yaml, calibrate

    folder = Path(args.kb) if args.kb else default_folder()
    text = as_yaml(calibrate(KnowledgeBase.load(folder)))
    if args.write:
        (folder / INTENTS / FILE).write_text(text, "utf-8")
        print(f"{INTENTS}/{FILE} écrit.")
    else:
        print(text, end="")
    return 0
