"""Des formulations prises d'un CSV ou d'un nlu.yml de Rasa : montre le correctif, ou l'écrit avec --write.

Ce qui est déjà dans la base est laissé ; ce qui est sous une autre intention, ou sous une intention inconnue, est
signalé (code 1) et laissé aussi."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("fichier", help="fichier .csv, .yml ou .yaml")
    parser.add_argument("--write", action="store_true", help="écrit dans intents/*.yaml (défaut : montre le correctif)")


def run(args: Namespace) -> int:
    from chatbot.knowledge.sources import default_folder
    from chatbot.matching import Matcher
    from chatbot.workbench.additions import changed_files, patch, sort_out, write_all
    from chatbot.workbench.interchange import read_pairs

    matcher = Matcher.load(args.kb)
    found = sort_out(matcher, read_pairs(Path(args.fichier)))
    folder = Path(args.kb) if args.kb else default_folder()
    changes = changed_files(folder, matcher, found.new)
    if args.write:
        write_all(folder, changes)
    else:
        print(patch(changes), end="")
    for intent, text, owner in found.elsewhere:
        print(f"laissée : « {text} » ({intent}) est déjà sous « {owner} »", file=sys.stderr)
    for intent, text in found.homeless:
        print(f"laissée : « {text} », l'intention « {intent} » n'existe pas ici", file=sys.stderr)
    for text, reason in found.unfit:
        print(f"laissée : « {text} », {reason}", file=sys.stderr)
    told = f"{sum(map(len, found.new.values()))} nouvelles, {len(found.known)} déjà là"
    print(told + ("" if args.write else " (rien n'est écrit sans --write)"), file=sys.stderr)
    return int(bool(found.elsewhere or found.homeless or found.unfit))
