"""Mesure la base sur des questions étiquetées : JSONL, CSV, ou YAML de tests/corpus (fichiers ou dossiers).

Code 1 quand une question échoue sans que son fichier l'annonce (connu_en_echec), ou l'inverse ; avec --min-right,
--max-wrong ou --max-false, ce sont ces limites qui décident. Code 2 quand il n'y a rien à évaluer."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.arguments import share
from chatbot.errors import UsageError

if TYPE_CHECKING:
    from chatbot.matching import Matcher
    from chatbot.workbench.evaluation import Evaluation


# Surprises named one by one on the error output.
_SAID = 20


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "fichiers", nargs="*", metavar="FICHIER", help="questions étiquetées (.jsonl, .csv, .yaml, ou un dossier)"
    )
    parser.add_argument("--cross-validate", action="store_true", help="chaque formulation de la base, sans elle-même")
    parser.add_argument("--folds", type=int, default=5, metavar="N", help="parts de la validation croisée (5)")
    parser.add_argument("--json", action="store_true", help="tout en JSON")
    parser.add_argument("--junit", metavar="FICHIER", help="écrit un rapport JUnit")
    parser.add_argument("--html", metavar="FICHIER", help="écrit une page HTML autonome")
    parser.add_argument("--failures", type=int, default=50, metavar="N", help="échecs montrés (50 ; 0 : aucun)")
    parser.add_argument("--min-right", type=share, metavar="PART", help="part minimale de justes (0 à 1)")
    parser.add_argument("--max-wrong", type=share, metavar="PART", help="part maximale de réponses fausses (0 à 1)")
    parser.add_argument(
        "--max-false", type=share, metavar="PART", help="part maximale de réponses à tort hors sujet (0 à 1)"
    )


def run(args: Namespace) -> int:
    from chatbot.matching import Matcher

    if bool(args.fichiers) == args.cross_validate:
        raise UsageError("donnez des fichiers de questions, ou --cross-validate (l'un ou l'autre).")
    matcher = Matcher.load(args.kb)
    evaluation = _evaluation(args, matcher)
    # What cross-validation matched with is gone: the whole knowledge would explain its failures wrongly.
    explainer = None if args.cross_validate else matcher
    if args.junit:
        from chatbot.workbench.records import junit

        Path(args.junit).write_text(junit(evaluation, explainer), "utf-8")
    if args.html:
        from chatbot.workbench.html_report import page

        Path(args.html).write_text(page(evaluation, matcher, explainer), "utf-8")
    shown = _json(evaluation, matcher, explainer) if args.json else _text(evaluation, matcher, explainer, args.failures)
    print(shown)
    return _code(args, evaluation)


def _evaluation(args: Namespace, matcher: Matcher) -> Evaluation:
    if args.cross_validate:
        from chatbot.workbench.cross_validation import cross_validate
        from chatbot.workbench.progress import progress

        with progress(sys.stderr, "parts") as told:
            return cross_validate(matcher.knowledge, folds=args.folds, progress=told)
    from chatbot.workbench.corpus import read_corpus
    from chatbot.workbench.evaluation import evaluate

    return evaluate(matcher, read_corpus(args.fichiers, matcher.knowledge.intents))


def _json(evaluation: Evaluation, matcher: Matcher, explainer: Matcher | None) -> str:
    from chatbot.workbench import records
    from chatbot.workbench.thresholds_choice import best, now

    whole = records.as_dict(
        evaluation, matcher.compiled.version, explainer, now(evaluation, matcher.thresholds), best(evaluation)
    )
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _text(evaluation: Evaluation, matcher: Matcher, explainer: Matcher | None, shown: int) -> str:
    from chatbot.workbench import tables
    from chatbot.workbench.thresholds_choice import best, now

    parts = [tables.summary(evaluation), tables.table("Par intention", evaluation.by_intent)]
    if len(evaluation.by_style) > 1:
        parts.append(tables.table("Par style", evaluation.by_style))
    parts += [tables.confusions(evaluation), tables.failures(explainer, evaluation.imperfect[:shown])]
    hidden = len(evaluation.imperfect) - shown
    if hidden > 0 and shown:
        parts.append(f"… et {hidden} autres questions qui ne sont pas justes (--failures {len(evaluation.imperfect)})")
    parts.append(tables.thresholds_line(matcher.thresholds, now(evaluation, matcher.thresholds), best(evaluation)))
    return "\n\n".join(part for part in parts if part)


def _code(args: Namespace, evaluation: Evaluation) -> int:
    from chatbot.workbench.judging import Verdict
    from chatbot.workbench.limits import Limit, broken

    rates = evaluation.rates
    limits = (
        Limit("justes", "--min-right", args.min_right, rates.share(Verdict.RIGHT), at_least=True),
        Limit("fausses", "--max-wrong", args.max_wrong, rates.share(Verdict.WRONG), at_least=False),
        Limit("à tort", "--max-false", args.max_false, rates.share(Verdict.FALSE_ANSWER), at_least=False),
    )
    told = broken(limits)
    for line in told:
        print(line, file=sys.stderr)
    limited = any(limit.asked is not None for limit in limits)
    if limited:
        return int(bool(told))
    _say_unexpected(evaluation)
    return int(bool(evaluation.unexpected))


def _say_unexpected(evaluation: Evaluation) -> None:
    """What makes the code 1, on the error output."""
    for judged in evaluation.unexpected[:_SAID]:
        question = judged.question
        what = "ne réussit plus" if not question.known_failure else "réussit : retirez « connu_en_echec »"
        print(f"{question.path}:{question.line}: {what} : « {question.text[:100]} » ({judged.given})", file=sys.stderr)
    if len(evaluation.unexpected) > _SAID:
        print(f"… et {len(evaluation.unexpected) - _SAID} autres", file=sys.stderr)
