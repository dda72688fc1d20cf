"""Les défauts de la base, fichier et ligne : la forme d'abord (code 2), puis le sens (code 1).

Une remarque n'est pas un défaut et ne bloque rien : --notes pour les lire."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from datetime import date
from pathlib import Path


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=("text", "json", "github"), default="text", help="text (défaut), json, ou github"
    )
    parser.add_argument("--notes", action="store_true", help="montre aussi les remarques")
    parser.add_argument(
        "--max-age", type=int, default=365, metavar="JOURS", help="âge d'une relecture avant d'être signalé (365)"
    )
    parser.add_argument("--today", type=date.fromisoformat, help="la date du jour (AAAA-MM-JJ ; défaut : aujourd'hui)")


def run(args: Namespace) -> int:
    from chatbot.knowledge.sources import default_folder
    from chatbot.workbench import findings
    from chatbot.workbench.linting import lint

    found, version = lint(args.kb, today=args.today or date.today(), max_age=args.max_age)  # noqa: DTZ011 (a shop's own day)
    if args.format == "json":
        print(findings.as_json(found, version))
    elif args.format == "github":
        folder = os.path.relpath(Path(args.kb) if args.kb else default_folder())
        print(findings.as_github(found, folder))
    else:
        print(findings.as_text(found, notes=args.notes))
    return findings.exit_code(found)
