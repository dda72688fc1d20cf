"""What YAML would silently drop or forbid in a file: anchors, tags, control characters; and its complaints in French."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from chatbot.knowledge.yaml_slips import Slip, slip_before

# What no editor shows: controls but tab and line feed, and the Unicode line ends that YAML counts and editors do not.
_HIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# UTF-8 read as Windows-1252: « é » -> « Ã© », « ’ » -> « â€™ », « « » -> « Â« »; and what no codec could read.
_GARBLED = re.compile(
    "Ã[ \u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
    "|â€[\u0080-\u00bf\u0153\u02dc\u2013-\u203a\u2122]?"
    "|Â[\u00a0-\u00bf]|\ufffd"
)
_SIGNS_OF_IT = ("Ã", "Â", "â€", "\ufffd")
# A mark may begin a value when one of these stands before it, spaces apart.
_MARK = re.compile("[&*!]")
_BEFORE_A_VALUE = frozenset("-:,?[{\n")


class Trap(NamedTuple):
    """Something wrong at a line: what it is, its cure, and a code."""

    line: int
    message: str
    code: str


def hidden_characters(text: str) -> Iterator[Trap]:
    """The lines that hold a character nobody can see, each once."""
    if not _HIDDEN.search(text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        found = _HIDDEN.search(line)
        if found:
            code = f"U+{ord(found.group()):04X}"
            yield Trap(
                number, f"un caractère de contrôle ({code}) s'est glissé dans la ligne ; retirez-le.", "controle"
            )


def garbled_text(text: str) -> Iterator[Trap]:
    """The first line of a text that was read in one encoding and saved in another: « Ã© » stands for « é »."""
    if not any(sign in text for sign in _SIGNS_OF_IT):
        return
    found = list(_GARBLED.finditer(text))
    lines = sorted({text.count("\n", 0, one.start()) + 1 for one in found})
    if lines:
        more = f", ici et dans {len(lines) - 1} autres lignes" if len(lines) > 2 else ""
        message = (
            f"« {found[0].group()} » n'est pas du français{more} : des accents ont été enregistrés dans un autre codage ; "
            "reprenez la version d'avant, ou retapez-les et enregistrez en UTF-8."
        )
        yield Trap(lines[0], message, "encodage")


def dropped_marks(text: str, loader: Any) -> Iterator[Trap]:
    """The values that begin with « & », « * » or « ! »: YAML takes that word for a mark of its own and drops it."""
    if not any(_may_begin_a_value(text, found.start()) for found in _MARK.finditer(text)):
        return
    for event in yaml.parse(text, loader):
        mark: Any = event.start_mark
        line = mark.line + 1
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            yield Trap(
                line,
                f"« {sign}{anchor} » serait pris pour une marque et perdu ; mettez le texte entre guillemets.",
                "ancre",
            )
        if tag:
            yield Trap(
                line,
                f"« {_as_written(tag)} » serait pris pour une étiquette et perdu ; mettez le texte entre guillemets.",
                "etiquette",
            )


def _may_begin_a_value(text: str, place: int) -> bool:
    """What stands before the mark, spaces apart, allows a value there; the parser's events say if it is one."""
    before = place - 1
    while before >= 0 and text[before] in " \t":
        before -= 1
    if before == place - 1 and text[place - 1 : place] in ("-", ":"):
        # Without a space after it, only the « : » of a key in quotes or brackets parts anything.
        return text[place - 1] == ":" and text[place - 2 : place - 1] in ('"', "'", "]", "}")
    return before < 0 or text[before] in _BEFORE_A_VALUE


def _as_written(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def place_of(error: yaml.YAMLError, text: str) -> int:
    """The line to look at: where an unclosed quote or bracket was opened, else where reading stopped."""
    context = str(getattr(error, "context", "") or "")
    if half := _half_quoted(error, text):
        return half
    if slip := _slip(error, text):
        return slip.line
    opened = getattr(error, "context_mark", None) if "quoted" in context or "flow" in context else None
    mark = opened or getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return mark.line + 1 if mark else 1


# A text that begins with a quote, without the one that ends it.
_HALF_QUOTED = re.compile(r"""\s*(?:-|\w+:)\s+(?:"(?:[^"\\]|\\.)*|'(?:[^']|'')*)""")
# Words of the parser's complaint (both loaders) -> the usual cause and its cure; the first that fits.
_CAUSES = (
    (
        ("mapping values are not allowed",),
        "un deux-points suivi d'une espace coupe le texte ; mettez-le entre guillemets",
    ),
    (
        ("cannot start any token", "found character"),
        "un caractère spécial (@ % ` ou une tabulation) ne peut pas commencer un texte ; mettez des guillemets ou des espaces",
    ),
    (("tab character",), "une tabulation sert de retrait ; remplacez-la par des espaces"),
    (("alias", "anchor"), "une étoile ou une esperluette commence le texte ; mettez-le entre guillemets"),
    (
        ("document start", "another document", "single document"),
        "le fichier contient plusieurs documents ; retirez la ligne « --- »",
    ),
    (("quoted scalar", "end of stream"), "un guillemet n'est pas refermé ; ajoutez celui qui manque"),
    (("flow sequence", "flow mapping"), "un crochet ou une accolade n'est pas refermé ; ajoutez celui qui manque"),
    (("tag", "directive"), "un point d'exclamation ou un % commence le texte ; mettez-le entre guillemets"),
    (
        ("expected",),
        "l'indentation change en route, ou il manque « - » ou « : » ; alignez la ligne sur ses voisines",
    ),
)


def _half_quoted(error: yaml.YAMLError, text: str) -> int | None:
    """The line of the text whose quote is opened and, in that line, not closed: it closes at the next quote of the file,
    and reading stops there, lines away from the mistake. None when no line before that place is so."""
    mark = getattr(error, "problem_mark", None)
    if mark is None or "expected" not in str(getattr(error, "problem", "")):
        return None
    before = text.splitlines()[: mark.line + 1]
    return next((number for number, line in enumerate(before, 1) if _HALF_QUOTED.fullmatch(line)), None)


def _slip(error: yaml.YAMLError, text: str) -> Slip | None:
    """What a hand did at or before the place where reading stopped."""
    mark = getattr(error, "problem_mark", None)
    return slip_before(text, mark.line + 1) if mark else None


def explained(error: yaml.YAMLError, text: str) -> str:
    """The parser's complaint with its usual cause and cure."""
    if _half_quoted(error, text):
        return "YAML illisible : un guillemet n'est pas refermé ; ajoutez celui qui manque."
    if slip := _slip(error, text):
        return f"YAML illisible : {slip.message}."
    complaint = f"{getattr(error, 'problem', '') or ''} {getattr(error, 'context', '') or ''}"
    for words, cause in _CAUSES:
        if any(word in complaint for word in words):
            return f"YAML illisible : {cause}."
    return "YAML illisible : vérifiez guillemets, crochets et indentation autour de cette ligne."
