"""The slips of a hand that make YAML stop reading, often many lines further on: found where they were made."""

from __future__ import annotations

import re
from typing import NamedTuple

import yaml


class Slip(NamedTuple):
    """A line (from 1) and what is wrong with it, with its cure."""

    line: int
    message: str


_BRACKET = "un crochet ou une accolade commence la phrase ; mettez-la entre guillemets"
# A line outside block texts -> what a hand did to it; the first that fits.
_SLIPS = (
    (re.compile(r"(?:<{7}|={7}|>{7})(?:\s.*)?"), "une marque de conflit de git est restée ; gardez l'une des deux versions"),
    (
        re.compile(r"[^\s#\-\[{\"'?&*!|>%@`][^:]*"),
        "cette ligne n'a ni retrait ni « : » ; c'est sans doute la fin de la ligne d'avant",
    ),
    (re.compile(r"\s*-[\u00a0\u202f].*"), "une espace insécable suit « - » ; remplacez-la par une espace ordinaire"),
    (re.compile(r"\s*[–—•·‣▪*]\s.*"), "cette ligne ne commence pas par « - » suivi d'une espace ; remplacez le signe du début"),
    (re.compile(r"\s*-[^\s\-].*"), "il manque une espace après « - »"),
    (re.compile(r"""\s+(?:"[^"]*"|'[^']*'|\w+):[^\s/].*"""), "il manque une espace après « : »"),
    (
        re.compile(r"""\s+(?:"[^"]*"|'[^']*'|\w+)\s*(?:=|->|→)\s.*"""),
        "« : » suivi d'une espace doit séparer les deux ; remplacez le signe",
    ),
    (
        re.compile(r"\s*-\s+(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*')\s*[^\s#:,].*"),
        'le texte continue après le guillemet fermant ; mettez toute la phrase entre guillemets, avec \\" pour ceux du dedans',
    ),
    (
        re.compile(r"\s*-\s+(?:\[[^\]]*\]|\{[^}]*\})\s*[^\s#,].*"),
        _BRACKET,
    ),
)  # fmt: skip
_KEY = re.compile(r"""(\s*)(?:- )?(?:[\w-]+|"[^"]*"|'[^']*'):(?:\s|$)""")
_BLOCK = re.compile(r"(\s*)(?:- )?[\w-]+:\s*[|>][+-]?\d?\s*(?:#.*)?")
_ALONE = re.compile(r"(\s*)(?:- )?(\w+):\s*")


def slip_before(text: str, last: int) -> Slip | None:
    """The first slip at or before line `last` (from 1), where reading stopped; None when no line shows one."""
    lines = text.splitlines()
    inside = -1
    before = ""
    for number, line in enumerate(lines[:last], 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        indent = len(line) - len(line.lstrip(" "))
        if inside >= 0 and indent > inside:
            continue
        block = _BLOCK.fullmatch(line)
        inside = len(block[1]) if block else -1
        found = _slip_of(line) or _without_bar(lines, number) or _without_dash(line, before)
        if found and not block:
            return Slip(number, found)
        before = line
    return None


def _slip_of(line: str) -> str:
    found = next((message for pattern, message in _SLIPS if pattern.fullmatch(line)), "")
    # « - {titre: Joindre, reponse: "Appelez le {telephone}."} » only looks as if it went on after its brace.
    return "" if found == _BRACKET and _reads(line) else found


def _reads(line: str) -> bool:
    try:
        yaml.safe_load(line)
    except yaml.YAMLError:
        return False
    return True


def _without_bar(lines: list[str], number: int) -> str:
    """« reponse: » over lines of text that begin further in: the bar that keeps them together is missing."""
    alone = _ALONE.fullmatch(lines[number - 1])
    following = next((line for line in lines[number:] if line.strip() and not line.lstrip().startswith("#")), "")
    deeper = alone is not None and len(following) - len(following.lstrip()) > len(alone[1])
    if alone is None or not deeper or following.lstrip().startswith("- ") or _KEY.match(following):
        return ""
    return f"il manque la barre « | » après « {alone[2]}: », devant un texte de plusieurs lignes ; écrivez « {alone[2]}: | »"


def _without_dash(line: str, before: str) -> str:
    """A line level with the items of a list, and no item."""
    level = len(before) - len(before.lstrip())
    if not before.lstrip().startswith("- ") or len(line) - len(line.lstrip()) != level or not level:
        return ""
    return "" if line.lstrip().startswith("-") or _KEY.match(line) else "il manque « - » au début de cette ligne"
