"""Les questions non comprises du journal, groupées par ce qu'elles partagent, avec une proposition pour chaque groupe.

Au clavier : accepter, modifier ou rejeter une à une ; les phrases acceptées vont dans intents/*.yaml, dont rien d'autre
ne change. --json et --patch montrent les propositions sans rien écrire."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.errors import UsageError

if TYPE_CHECKING:
    from chatbot.matching import Matcher
    from chatbot.workbench.journal_review import Group


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--since", type=_day, metavar="JOUR", help="premier jour à relire (2026-11-23 ou 23/11/2026)")
    parser.add_argument("--questions", metavar="FICHIER", help="au lieu du journal : un fichier de questions")
    parser.add_argument("--json", action="store_true", help="les groupes en JSON")
    parser.add_argument(
        "--patch", action="store_true", help="toutes les propositions en un correctif pour « git apply »"
    )


def run(args: Namespace) -> int:
    from chatbot.matching import Matcher
    from chatbot.workbench.journal_review import review

    matcher = Matcher.load(args.kb)
    groups = review(matcher, _from_file(args.questions) if args.questions else _from_journal(args.since))
    if args.json:
        print(json.dumps([group.as_dict() for group in groups], ensure_ascii=False, indent=2))
        return 0
    if not groups:
        print(_nothing(args), file=sys.stderr)
        return 0
    if args.patch:
        return _print_patch(args, matcher, groups)
    return _with_someone(args, matcher, groups)


def _day(text: str) -> date:
    """A day as support writes it, or as ISO 8601 does."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        with suppress(ValueError):
            return datetime.strptime(text, form).date()  # noqa: DTZ007 (a day has no time zone)
    raise ArgumentTypeError(f"« {text} » n'est pas un jour ; écrivez-le comme 2026-11-23 ou 23/11/2026")


def _nothing(args: Namespace) -> str:
    """Why there is nothing to read again."""
    from chatbot.storage import settings

    if args.questions or settings().journal:
        return "Rien à relire : aucune question non comprise."
    return (
        "Rien à relire : le journal est éteint, ou n'a rien gardé. Il note les questions non comprises quand "
        "CHATBOT_JOURNAL=1 ; sinon, donnez un fichier avec --questions."
    )


def _from_journal(since: date | None) -> list[tuple[str, bool]]:
    from chatbot.storage import open_store

    store = open_store()
    from chatbot.storage.journal import journal_entries

    try:
        return [(entry.text, bool(entry.kinds)) for entry in journal_entries(store, since)]
    finally:
        store.close()


def _from_file(path: str) -> list[tuple[str, bool]]:
    from chatbot.workbench.checks.phrasings import somebodys
    from chatbot.workbench.corpus import read_corpus

    return [(question.text, bool(somebodys(question.text))) for question in read_corpus([path])]


def _print_patch(args: Namespace, matcher: Matcher, groups: list[Group]) -> int:
    from chatbot.workbench.additions import changed_files, patch, sort_out

    pairs = [(group.intent, text) for group in groups if group.intent for text in group.phrasings]
    print(patch(changed_files(_folder(args), matcher, sort_out(matcher, pairs).new)), end="")
    return 0


def _with_someone(args: Namespace, matcher: Matcher, groups: list[Group]) -> int:
    from chatbot.workbench.additions import changed_files, sort_out, write_all
    from chatbot.workbench.deciding import decide

    if not sys.stdin.isatty():
        raise UsageError("la relecture a besoin d'un clavier ; sinon : --json ou --patch.")
    accepted = decide(groups, matcher.knowledge.intents, input, print)
    found = sort_out(matcher, accepted)
    changes = changed_files(_folder(args), matcher, found.new)
    write_all(_folder(args), changes)
    for intent, text, owner in found.elsewhere:
        print(f"« {text} » est déjà sous « {owner} » : pas ajoutée à « {intent} ».")
    for text, reason in found.unfit:
        print(f"« {text} » : {reason} ; pas ajoutée.")
    count = sum(map(len, found.new.values()))
    print(
        f"{count} formulation{'s' * (count > 1)} ajoutée{'s' * (count > 1)} : {', '.join(changes) or 'aucun fichier changé'}"
    )
    return 0


def _folder(args: Namespace) -> Path:
    from chatbot.knowledge.sources import default_folder

    return Path(args.kb) if args.kb else default_folder()
