"""Command lines read by argparse, with everything it says put into French."""

from __future__ import annotations

import io
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

# What argparse says (Lib/argparse.py) -> the same in French. Tried in order; `\1` is the argument, `\2` what was given.
_SAID = (
    (r"unrecognized arguments: (.+)", r"option ou mot inconnu : \1."),
    (r"argument (.+?): expected one argument", r"\1 : il manque sa valeur."),
    (r"argument (.+?): expected at least one argument", r"\1 : il manque au moins une valeur."),
    (r"argument (.+?): ignored explicit argument (.+)", r"\1 ne prend pas de valeur."),
    (r"argument (.+?): invalid int value: '(.*)'", r"\1 : « \2 » n'est pas un nombre entier."),
    (r"argument (.+?): invalid float value: '(.*)'", r"\1 : « \2 » n'est pas un nombre."),
    (r"argument (.+?): invalid \w+ value: '(.*)'", r"\1 : « \2 » ne convient pas."),
    (
        r"argument (.+?): invalid choice: '?(.*?)'? \(choose from (.+)\)",
        r"\1 : « \2 » n'existe pas ; choisissez parmi : \3.",
    ),
    (r"argument (.+?): not allowed with argument (.+)", r"\1 ne va pas avec \2 ; gardez l'un des deux."),
    (r"one of the arguments (.+) is required", r"il manque l'un de : \1."),
    (r"the following arguments are required: (.+)", r"il manque : \1."),
    (r"argument (.+?): (.+)", r"\1 : \2."),
)
_HEADINGS = (
    ("\npositional arguments:\n", "\narguments :\n"),
    ("\noptions:\n", "\noptions :\n"),
    ("show this help message and exit", "affiche cette aide"),
)
_QUOTED = r"'([\w.-]+)'"
_FAULT = r"(?ms)^(?P<program>[^\n]+?): error: (?P<message>.*)"


def program() -> str:
    """What the program was started as: cli.py in a checkout, chatbot once installed, python -m chatbot."""
    name = Path(sys.argv[0]).name
    return {"cli.py": "cli.py", "__main__.py": "python -m chatbot"}.get(name, "chatbot")


def french_parser(program: str, description: str | None) -> ArgumentParser:
    """A parser that takes no shortened option: `--writ` must not write."""
    return ArgumentParser(
        prog=program, description=description, formatter_class=RawDescriptionHelpFormatter, allow_abbrev=False
    )


def parsed(parser: ArgumentParser, words: Sequence[str]) -> Namespace:
    """What the words ask for; else the help (exit 0), or what is wrong in one line (exit 2), as SystemExit."""
    out, err = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(err):
            return parser.parse_args(words)
    except SystemExit:
        sys.stdout.write(in_french(out.getvalue()))
        sys.stderr.write(_fault(err.getvalue()))
        raise


def in_french(text: str) -> str:
    """A help text with argparse's own words in French."""
    for english, french in _HEADINGS:
        text = text.replace(english, french)
    return text


def share(text: str) -> float:
    """A part of a whole, 0 to 1, as an option's value: « 0,9 » too, but 90 is not ninety per cent."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise ArgumentTypeError(f"« {text} » n'est pas une part de 0 à 1 ; pour 90 %, écrivez 0.9")
    return value


def told(program: str, message: str) -> str:
    """What is wrong with a command line, and where to look, in two lines."""
    return f"{program} : {message}\n« {program} --help » montre ce qui est permis.\n"


def _fault(text: str) -> str:
    found = re.search(_FAULT, text)
    if not found:
        return text
    message = found["message"].strip()
    matches = ((re.fullmatch(english, message, re.DOTALL), french) for english, french in _SAID)
    said = next((match.expand(french) for match, french in matches if match), message)
    return told(found["program"], re.sub(_QUOTED, r"\1", said))
