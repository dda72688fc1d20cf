"""Une réponse par question, dans l'ordre : lignes JSON ({"text": …} ou une chaîne), CSV ou Parquet.

Sans option, lit et écrit des lignes JSON au fil de l'eau. Le format d'un fichier suit son nom (.csv, .parquet, sinon
JSON). Avec --jobs, les lignes partent par paquets vers plusieurs processus ; l'ordre est gardé.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from contextlib import ExitStack
from io import TextIOWrapper
from pathlib import Path
from signal import SIGTERM, signal
from types import FrameType
from typing import TextIO

from chatbot.channels.batch.files import translated_errors, whole
from chatbot.channels.batch.lines import answer_line, answer_lines
from chatbot.errors import UsageError

# How bytes that are no UTF-8 are read: as what no text holds.
_KEPT = "surrogateescape"
# Lines worked on at once by one process.
_CHUNK = 500
_TABLES = (".csv", ".parquet")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--jsonl", action="store_true", help="lit et écrit du JSON, une ligne par question (défaut)")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processus (défaut : 1 ; 0 : un par cœur)")
    parser.add_argument(
        "--output", metavar="FICHIER", help="où écrire (défaut : la sortie standard ; requis pour CSV, Parquet)"
    )
    parser.add_argument(
        "--column", default="text", metavar="NOM", help="colonne des questions, CSV et Parquet (défaut : text)"
    )
    parser.add_argument("fichier", nargs="?", help="fichier à lire (défaut : l'entrée standard)")


def run(args: Namespace) -> int:
    if args.jobs < 0:
        raise UsageError("--jobs vaut au moins 0.")
    # Told to stop, it stops as by Ctrl-C: the other processes with it, and no file half written.
    signal(SIGTERM, _stop)
    suffix = Path(args.fichier).suffix.lower() if args.fichier else ""
    with translated_errors(*(Path(name) for name in (args.fichier, args.output) if name)):
        if suffix in _TABLES and not args.jsonl:
            return _match_table(args, suffix)
        return _match_file(args)


def _stop(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _match_table(args: Namespace, suffix: str) -> int:
    from chatbot.channels.batch.tables import match_csv, match_parquet

    if not args.output or Path(args.output).suffix.lower() != suffix:
        raise UsageError(f"donnez --output FICHIER{suffix} : un fichier {suffix} s'écrit dans un fichier {suffix}.")
    work = match_csv if suffix == ".csv" else match_parquet
    count = work(Path(args.fichier), Path(args.output), args.column, args.kb, _jobs(args))
    print(f"{count} {'ligne écrite' if count < 2 else 'lignes écrites'} dans {args.output}.", file=sys.stderr)
    return 0


def _match_file(args: Namespace) -> int:
    """From a file or the standard input to a file, written whole or not at all, or the standard output."""
    with ExitStack() as opened:
        # What is no UTF-8 is kept as it is, for the line it stands in to be refused: see answer_line.
        source: TextIO = sys.stdin
        if args.fichier:
            source = opened.enter_context(open(args.fichier, encoding="utf-8", errors=_KEPT))  # noqa: PTH123
        elif isinstance(source, TextIOWrapper):
            source.reconfigure(errors=_KEPT)
        target = sys.stdout
        if args.output:
            beside = opened.enter_context(whole(Path(args.output)))
            target = opened.enter_context(beside.open("w", encoding="utf-8"))
        return (_match_in_parallel if _jobs(args) > 1 else _match_as_they_come)(args, source, target)


def _match_as_they_come(args: Namespace, lines: Iterable[str], target: TextIO) -> int:
    """One line out for each line in that is not blank, at once; exit code 1 when one of them was no question."""
    from chatbot.matching import Matcher

    matcher = Matcher.load(args.kb)
    all_good = True
    for number, line in enumerate(lines, 1):
        answered = answer_line(matcher, number, line)
        all_good &= answered.good
        target.write(answered.line)
        target.flush()
    return 0 if all_good else 1


def _match_in_parallel(args: Namespace, lines: Iterable[str], target: TextIO) -> int:
    from chatbot.channels.batch.parallel import chunked, in_order

    numbered = ((1 + number * _CHUNK, chunk) for number, chunk in enumerate(chunked(lines, _CHUNK)))
    all_good = True
    for answered in in_order(answer_lines, numbered, args.kb, _jobs(args)):
        all_good &= answered.good
        target.write(answered.line)
    return 0 if all_good else 1


def _jobs(args: Namespace) -> int:
    """How many processes; 0 asks for one per core this program may use."""
    import os

    return args.jobs or len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1))
