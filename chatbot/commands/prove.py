"""Chaque formulation contre toutes ses variantes : sans accents, en capitales, une faute de frappe à chaque lettre…

Dit combien gardent leur réponse et montre les autres, fichier et ligne. Code 1 sous les limites (--min-kept…)."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace

from chatbot.arguments import share


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--intent", action="append", default=[], metavar="INTENTION", help="seulement celle-ci (répétable)"
    )
    parser.add_argument(
        "--sample", type=int, default=0, metavar="N", help="N formulations au hasard, toujours les mêmes"
    )
    parser.add_argument("--json", action="store_true", help="tout en JSON, chaque variante perdue comprise")
    parser.add_argument("--losses", type=int, default=20, metavar="N", help="formulations montrées (20)")
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="processus (défaut : un par cœur)")
    parser.add_argument("--min-kept", type=share, default=0.97, metavar="PART", help="part gardant sa réponse (0.97)")
    parser.add_argument("--min-reached", type=share, default=0.995, metavar="PART", help="… au moins proposée (0.995)")
    parser.add_argument(
        "--max-wrong", type=share, default=0.003, metavar="PART", help="part de réponses fausses (0.003)"
    )


def run(args: Namespace) -> int:
    from chatbot.matching import Matcher
    from chatbot.workbench.limits import Limit, broken
    from chatbot.workbench.progress import progress
    from chatbot.workbench.proof import prove
    from chatbot.workbench.proof_text import as_text, kept

    matcher = Matcher.load(args.kb)
    with progress(sys.stderr, "formulations") as told:
        proof = prove(matcher, intents=args.intent, sample=args.sample, progress=told, jobs=args.jobs)
    if args.json:
        print(json.dumps(proof.as_dict(), ensure_ascii=False, indent=2))
    else:
        print(as_text(proof, args.losses))
    right, reached, wrong = kept(proof)
    limits = (
        Limit("réponses gardées", "--min-kept", args.min_kept, right, at_least=True),
        Limit("réponses au moins proposées", "--min-reached", args.min_reached, reached, at_least=True),
        Limit("réponses fausses", "--max-wrong", args.max_wrong, wrong, at_least=False),
    )
    told_limits = broken(limits)
    for line in told_limits:
        print(line, file=sys.stderr)
    return int(bool(told_limits))
