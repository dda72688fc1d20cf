"""Ce qu'un changement de la base fait à un fichier de questions : gagnées, perdues, changées, avec leurs raisons.

ANCIEN et NOUVEAU sont des dossiers de boutique ou des révisions git (HEAD, main~3…). Les questions sont étiquetées
(.jsonl, .csv, .yaml) ou une par ligne (.txt). Code 1 quand une réponse juste est perdue, ou qu'une autre devient fausse ou
manquée."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatbot.matching import Matcher


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("ancien", metavar="ANCIEN", help="dossier ou révision git")
    parser.add_argument("nouveau", metavar="NOUVEAU", help="dossier ou révision git")
    parser.add_argument("questions", metavar="QUESTIONS", nargs="+", help="fichiers de questions")
    parser.add_argument("--json", action="store_true", help="tout en JSON")
    parser.add_argument("--shown", type=int, default=50, metavar="N", help="questions montrées (50)")


def run(args: Namespace) -> int:
    from chatbot.workbench.comparison import Change, as_dict, as_text, compare
    from chatbot.workbench.corpus import read_corpus

    old, new = _matcher(args.ancien, args.kb), _matcher(args.nouveau, args.kb)
    pairs = compare(old, new, read_corpus(args.questions))
    if args.json:
        print(json.dumps(as_dict(old, new, pairs), ensure_ascii=False, indent=2))
    else:
        print(as_text(old, new, pairs, args.shown))
    return int(any(pair.change in (Change.LOST, Change.WORSE) for pair in pairs))


def _matcher(name: str, folder: str | None) -> Matcher:
    from pathlib import Path

    from chatbot.knowledge.loader import build
    from chatbot.matching import Matcher
    from chatbot.workbench.revisions import sources_of

    return Matcher.load(name) if Path(name).is_dir() else Matcher(build(sources_of(name, folder)))
