"""Les demandes de contact : les lister, les lire, les envoyer à la boutique, les exporter, les effacer.

L'envoi demande CHATBOT_SMTP_URL et CHATBOT_CONTACT_TO. Sans elles, les demandes attendent dans la base.
"""

from __future__ import annotations

import json
import os
import sys
import time
import unicodedata
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING

from chatbot.arguments import program
from chatbot.errors import UsageError, os_reason
from chatbot.storage import open_store, settings

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from chatbot.storage.contacts import StoredRequest
    from chatbot.storage.outbox import Delivery
    from chatbot.storage.store import Store

    Action = Callable[[Store, Namespace], int]

# Days or seconds: a hundred years of the ones, days of the others.
_MOST = 36_500


def add_arguments(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    _verb(verbs, "list", _list, "les demandes, la plus ancienne d'abord").add_argument(
        "--pending", action="store_true", help="seulement celles qui ne sont pas encore envoyées"
    )
    _verb(verbs, "show", _show, "une demande entière").add_argument("reference", metavar="RÉFÉRENCE")
    _send_arguments(_verb(verbs, "send", _send, "envoie ce qui attend"))
    _export_arguments(_verb(verbs, "export", _export, "toutes les demandes, pour un tableur ou un programme"))
    _purge_arguments(_verb(verbs, "purge", _purge, "efface les demandes anciennes"))


def run(args: Namespace) -> int:
    store = open_store(settings(args.database))
    try:
        code: int = args.act(store, args)
        return code
    finally:
        store.close()


def _verb(verbs: _SubParsersAction[ArgumentParser], name: str, act: Action, help_text: str) -> ArgumentParser:
    parser = verbs.add_parser(name, help=help_text, description=help_text, allow_abbrev=False)
    parser.add_argument("--database", metavar="URL", help="base ou fichier (défaut : CHATBOT_DATABASE_URL)")
    if name != "export":
        parser.add_argument("--json", action="store_true", help="du JSON pour les programmes")
    parser.set_defaults(act=act)
    return parser


def _send_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--now", action="store_true", help="sans attendre le délai qui suit un échec")
    parser.add_argument("--every", type=_positive, metavar="SECONDES", help="recommence sans fin, à cet intervalle")


def _export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--format", choices=("csv", "jsonl"), default="csv", help="csv (défaut) ou jsonl")
    parser.add_argument(
        "--output", metavar="FICHIER", help="fichier à créer, lisible de vous seul (défaut : la sortie)"
    )


def _purge_arguments(parser: ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--days", type=_positive, metavar="JOURS", help="efface ce qui est plus ancien")
    which.add_argument("--reference", metavar="RÉFÉRENCE", help="efface cette demande, envoyée ou non")
    parser.add_argument("--unsent", action="store_true", help="aussi les demandes jamais envoyées")
    parser.add_argument("--journal", action="store_true", help="aussi les questions du journal")
    parser.add_argument("--yes", action="store_true", help="efface vraiment ; sinon, compte seulement")


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:10]) <= _MOST):
        raise ArgumentTypeError(f"un nombre entier, de 1 à {_MOST}")
    return int(text)


def _list(store: Store, args: Namespace) -> int:
    from chatbot.storage.contacts import contact_requests
    from chatbot.storage.exports import as_values, moment

    found = contact_requests(store, pending=args.pending)
    if args.json:
        print(json.dumps([as_values(request) for request in found], ensure_ascii=False, indent=2))
        return 0
    for request in found:
        print(f"{request.reference}  {moment(request.created_at)}  {_state(request):12}  {_shown(request.name)}")
    print(f"{len(found)} demande(s)." if found else "Aucune demande.", file=sys.stderr)
    return 0


def _show(store: Store, args: Namespace) -> int:
    from chatbot.storage.contacts import contact_request
    from chatbot.storage.exports import as_values, moment

    request = contact_request(store, args.reference)
    if request is None:
        raise _unknown(args.reference)
    if args.json:
        print(json.dumps(as_values(request), ensure_ascii=False, indent=2))
        return 0
    rows = {
        "Référence": request.reference,
        "Reçue le": moment(request.created_at),
        "Nom": request.name,
        "E-mail": request.email,
        "Commande": request.order or "non précisée",
        "Envoi": _state(request) + (f" le {moment(request.sent_at)}" if request.sent_at else ""),
        "Essais": request.attempts,
        "Erreur": request.last_error or "aucune",
        "Message-ID": request.message_id,
    }
    for name, value in rows.items():
        print(f"{name:11} : {_shown(str(value))}")
    print("\n" + "\n".join(map(_shown, request.message.splitlines())))
    return 0


def _send(store: Store, args: Namespace) -> int:
    from chatbot.storage.outbox import send_pending
    from chatbot.storage.smtp import transport

    carrier = transport(settings(args.database))
    while True:
        done = send_pending(store, carrier, now_due=args.now)
        _report(done, as_json=args.json)
        if args.every is None:
            return 1 if done.failed else 0
        time.sleep(args.every)


def _report(done: Delivery, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(done._asdict()), flush=True)
    else:
        print(f"Envoyées : {done.sent} ; échecs : {done.failed} ; en attente : {done.waiting}.", flush=True)


def _export(store: Store, args: Namespace) -> int:
    from chatbot.storage.contacts import contact_requests
    from chatbot.storage.exports import csv_table, jsonl

    found = contact_requests(store)
    text = csv_table(found) if args.format == "csv" else jsonl(found)
    if args.output is None:
        sys.stdout.write(text)
        return 0
    # Excel knows UTF-8 by its mark; JSON has none.
    _write_private(args.output, text.encode("utf-8-sig" if args.format == "csv" else "utf-8"))
    print(f"{len(found)} demande(s) dans {args.output}.", file=sys.stderr)
    return 0


def _write_private(path: str, content: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        raise UsageError(f"{path} ne s'écrit pas ({os_reason(error)}).") from error


def _purge(store: Store, args: Namespace) -> int:
    requests, entries = _purge_one(store, args) if args.reference else _purge_old(store, args)
    if args.json:
        print(json.dumps({"requests": requests, "journal": entries, "purged": args.yes}))
    else:
        verdict = "Effacé" if args.yes else "À effacer"
        print(f"{verdict} : {requests} demande(s), {entries} question(s) du journal.")
        if not args.yes and requests + entries:
            print("Rien n'a été effacé ; ajoutez --yes pour le faire.", file=sys.stderr)
    return 1 if requests + entries and not args.yes else 0


def _purge_one(store: Store, args: Namespace) -> tuple[int, int]:
    from chatbot.storage.contacts import contact_request, erase_request

    if contact_request(store, args.reference) is None:
        raise _unknown(args.reference)
    return (int(erase_request(store, args.reference)) if args.yes else 1), 0


def _purge_old(store: Store, args: Namespace) -> tuple[int, int]:
    from chatbot.storage.contacts import count_older, purge_requests
    from chatbot.storage.journal import count_older_entries, purge_journal

    take_requests, take_entries = (purge_requests, purge_journal) if args.yes else (count_older, count_older_entries)
    return take_requests(store, args.days, unsent=args.unsent), take_entries(store, args.days) if args.journal else 0


def _unknown(reference: str) -> UsageError:
    return UsageError(f"aucune demande « {_shown(reference)} » ; la liste : {program()} contact list")


def _state(request: StoredRequest) -> str:
    if request.sent_at is not None:
        return "envoyée"
    return "en échec" if request.attempts else "en attente"


def _shown(text: str) -> str:
    """The text without anything a terminal would obey."""
    return "".join("\ufffd" if unicodedata.category(sign) in ("Cc", "Cf", "Cs") else sign for sign in text)
