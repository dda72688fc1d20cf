"""Le service HTTP : API JSON, formes de Rasa, page d'aide avec sa discussion.

Chaque réglage peut aussi venir de l'environnement (CHATBOT_HTTP_…) ; une option l'emporte. Voir docs/http.md.
"""

from __future__ import annotations

import socket
from argparse import ArgumentParser, Namespace
from typing import Any

from chatbot.arguments import program
from chatbot.channels.http.settings import HttpSettings
from chatbot.errors import StorageError, UsageError, os_reason


def add_arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="adresse d'écoute (défaut : 127.0.0.1, cette machine seule)")
    add("--port", type=int, default=8000, help="port d'écoute (défaut : 8000)")
    add("--workers", type=int, default=1, metavar="N", help="nombre de processus (défaut : 1)")
    add("--proxies", default="127.0.0.1", metavar="IP,…", help="mandataires dont X-Forwarded-For est cru")
    add("--database", metavar="URL", help="conversations et demandes : sqlite:///… ou postgresql://…")
    add("--token", help="jeton exigé de l'API ; mieux : CHATBOT_HTTP_TOKEN, que la liste des processus ne montre pas")
    add("--watch", action="store_true", default=None, help="relire la base quand ses fichiers changent")
    add("--origin", action="append", metavar="SITE", help="site dont les scripts peuvent appeler l'API (CORS)")
    add("--frame", action="append", metavar="SITE", help="site qui peut montrer la discussion (défaut : tous)")
    add("--rate", type=float, metavar="N", help="requêtes par seconde et par client, 0 : sans limite (défaut : 100)")
    add("--burst", type=int, metavar="N", help="requêtes d'un coup par client (défaut : 200)")
    add("--concurrency", type=int, metavar="N", help="requêtes à la fois (défaut : 200)")
    add("--timeout", type=float, metavar="S", help="secondes pour une requête (défaut : 15)")
    add("--no-page", dest="page", action="store_false", default=None, help="l'API seule, sans page")
    add("--no-access-log", dest="access_log", action="store_false", default=None, help="sans journal des requêtes")


def run(args: Namespace) -> int:
    settings = settings_of(args)
    if args.workers < 1:
        raise UsageError("--workers vaut au moins 1.")
    if not 0 <= args.port <= 65_535:
        raise UsageError("--port va de 1 à 65535 ; 0 prend un port libre.")
    _may_listen(args.host, args.port)
    try:
        from chatbot.channels.http.server import Listen, serve
    except ImportError as error:
        raise UsageError(f'il manque {error.name} ; installez-le : pip install "chrono-chatbot[http]"') from error
    from chatbot.matching import Matcher
    from chatbot.storage import open_store
    from chatbot.storage import settings as storage_settings
    from chatbot.storage.store import database_url

    # What cannot work is said here, once, rather than by every worker; and the compiled knowledge is ready for them.
    Matcher.load(settings.knowledge or None)
    kept = storage_settings(settings.database or None)
    database_url(kept.database)
    try:
        open_store(kept).close()
    except StorageError as error:
        print(f"{program()} serve : {error}\nLe service démarre ; /ready dira quand la base répond.")
    if not settings.token and HttpSettings.is_blank("token"):
        print(f"{program()} serve : CHATBOT_HTTP_TOKEN est vide ; l'API est ouverte à tous.")
    serve(settings, Listen(args.host, args.port, args.workers, args.proxies))
    return 0


def _may_listen(host: str, port: int) -> None:
    """UsageError when nobody can listen there: the port is taken, or the address is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except OSError as error:
        raise UsageError(f"impossible d'écouter sur {host}, port {port} ({os_reason(error)}).") from error


def settings_of(args: Namespace) -> HttpSettings:
    """Flags over environment over defaults; UsageError for what makes no sense."""
    if args.token is not None and not args.token.strip():
        raise UsageError("--token est vide ; donnez un jeton, ou retirez l'option.")
    given: dict[str, Any] = {
        name: getattr(args, name)
        for name in ("database", "token", "watch", "rate", "burst", "concurrency", "timeout", "page", "access_log")
        if getattr(args, name) is not None
    }
    if args.kb:
        given["knowledge"] = args.kb
    for name, flag in (("origins", args.origin), ("frames", args.frame)):
        if flag:
            given[name] = tuple(site.rstrip("/") for site in flag)
    return HttpSettings.from_environment(**given)
