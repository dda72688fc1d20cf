"""Recalcule les seuils par validation croisée de la base (un quart de minute)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from chatbot.knowledge import KnowledgeBase
from chatbot.knowledge.sources import INTENTS, default_folder

FILE = "_seuils.yaml"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--write", action="store_true", help=f"écrit {INTENTS}/{FILE} au lieu de l'afficher")


def run(args: Namespace) -> int:
    from chatbot.workbench.calibration import FEW_TRIALS, as_yaml, calibrate
    from chatbot.workbench.figures import whole

    folder = Path(args.kb) if args.kb else default_folder()
    calibration = calibrate(KnowledgeBase.load(folder))
    text = as_yaml(calibration)
    if calibration.trials < FEW_TRIALS:
        print(
            f"{calibration.trials} formulations, c'est peu pour calculer des seuils : ils restent incertains au-dessous de "
            f"{whole(FEW_TRIALS)}. Ceux par défaut, sans {FILE}, conviennent en attendant.",
            file=sys.stderr,
        )
    if args.write:
        (folder / INTENTS / FILE).write_text(text, "utf-8")
        # Of another folder than this one, which: it may be an installed copy.
        here = folder.resolve() == Path.cwd()
        print(f"{f'{INTENTS}/{FILE}' if here else folder / INTENTS / FILE} écrit.")
    else:
        print(text, end="")
    return 0
