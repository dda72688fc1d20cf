"""The command line: finds the verb, loads that verb's module only, runs it. French texts, English verbs."""

from __future__ import annotations

import gc
import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from chatbot.arguments import french_parser, in_french, parsed, program, told
from chatbot.errors import ChatbotError, KnowledgeError, os_reason

# Verb -> what it does. Its module is chatbot.commands.<verb>, with `add_arguments(parser)` and `run(args) -> int`.
COMMANDS = {
    "chat": "la conversation (par défaut)",
    "ask": "une question, une réponse",
    "match": "une ligne JSON par ligne lue",
    "explain": "pourquoi cette réponse, mot par mot",
    "evaluate": "mesure la base sur des questions étiquetées",
    "calibrate": "recalcule les seuils de décision",
    "lint": "les défauts de la base, fichier et ligne",
    "prove": "chaque formulation contre toutes ses variantes",
    "compare": "ce qu'un changement de la base fait à des questions",
    "try": "l'atelier : voir ce que le robot comprend pendant la frappe, et lui apprendre",
    "review": "les questions non comprises, et ce qu'on peut en apprendre",
    "import": "des formulations prises d'un CSV ou de Rasa",
    "export": "les formulations en CSV ou pour Rasa",
    "contact": "les demandes de contact : liste, envoi, export, purge",
    "serve": "le service HTTP et sa page d'aide",
}
DEFAULT = "chat"
# Verbs that give one answer and end: whatever they leave goes with the process.
ONE_ANSWER = frozenset({"ask", "explain"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code: 0 good, 1 findings, 2 bad usage or unreadable knowledge."""
    # Starting makes many objects and no garbage; looking for it takes a tenth of the time of `ask`.
    gc.disable()
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    finally:
        gc.enable()


def _run(words: list[str]) -> int:
    if not _open_streams():
        return 2
    if words[:1] in (["-h"], ["--help"]):
        print(in_french(_general_parser().format_help()), end="")
        return 0
    verb = words.pop(0) if words and not words[0].startswith("-") else DEFAULT
    if verb not in COMMANDS:
        message = f"commande inconnue « {verb} » ; choisissez parmi : {', '.join(COMMANDS)}."
        print(told(program(), message), end="", file=sys.stderr)
        return 2
    module = import_module(f"chatbot.commands.{verb}")
    parser = french_parser(f"{program()} {verb}", module.__doc__)
    parser.add_argument(
        "--kb", metavar="DOSSIER", help="dossier de la boutique (défaut : CHATBOT_KB, sinon celle livrée)"
    )
    module.add_arguments(parser)
    arguments = parsed(parser, words)
    if verb not in ONE_ANSWER:
        gc.enable()
    return _told(verb, lambda: module.run(arguments))


def _told(verb: str, run: Callable[[], int]) -> int:
    """The exit code of a command; what keeps it from its end is told in French, in a line."""
    try:
        code = run()
        sys.stdout.flush()
        return code
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 2
    except ChatbotError as error:
        print(f"{program()} {verb} : {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader went away (`… | head`): nothing is wrong, and nothing more can be printed.
        _silence()
        return 0
    except OSError as error:
        # A full disk, a device gone: files that commands were given are told of by the commands.
        _silence()
        print(f"{program()} {verb} : lecture ou écriture impossible ({os_reason(error)}).", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _silence() -> None:
    """What is still to be printed goes nowhere, rather than failing once more when the process ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_streams() -> bool:
    """Streams in UTF-8 whatever the locale, U+FFFD for what is not; False, and said, when there is no output.

    A closed input (`<&-`) is an empty one.
    """
    # Streams closed by the caller are None, whatever their type says; they are open until the process ends.
    sys.stdin = sys.stdin or Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if sys.stdout is None:
        print(f"{program()} : la sortie est fermée ; rien ne peut être affiché.", file=sys.stderr)
        return False
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")
    return True


def _general_parser() -> ArgumentParser:
    width = max(map(len, COMMANDS))
    lines = [f"  {verb:{width}}  {what}" for verb, what in COMMANDS.items()]
    return ArgumentParser(
        prog=program(),
        usage=f"{program()} [commande] [options]",
        description="Le robot qui répond aux questions des clients.",
        epilog="commandes :\n" + "\n".join(lines) + f"\n\nDétail d'une commande : {program()} COMMANDE --help",
        formatter_class=RawDescriptionHelpFormatter,
    )


if __name__ == "__main__":
    sys.exit(main())
