"""Pourquoi le robot répond cela : chaque mot, ce qu'il a pesé, et ce qui retient le second."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from chatbot.matching import Matcher
from chatbot.workbench.explaining import as_json, as_text


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("question", nargs="+", help="la question du client")
    parser.add_argument("--json", action="store_true", help="la même chose en JSON")


def run(args: Namespace) -> int:
    from chatbot.matching.explanation import explain

    matcher = Matcher.load(args.kb)
    explanation = explain(matcher, " ".join(args.question))
    if args.json:
        print(json.dumps(as_json(matcher, explanation), ensure_ascii=False, indent=2))
    else:
        print(as_text(matcher, explanation))
    return 0
