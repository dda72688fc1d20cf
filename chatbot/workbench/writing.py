"""Writing into a knowledge file: lines are added, nothing else moves — comments, order, quotes and line ends stay.

A line goes in as text, after the last element of its list, and the result is read back strictly before it is written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

from chatbot.errors import UsageError, os_reason
from chatbot.knowledge.strict_yaml import Document

PHRASINGS = "formulations"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Edit(NamedTuple):
    """A change of one file, with its content before and after."""

    path: Path
    before: bytes
    after: bytes
    lines: tuple[int, ...]


def added(content: bytes, texts: Sequence[str], key: str = PHRASINGS) -> tuple[bytes, tuple[int, ...]]:
    """The content with texts at the end of the list `key`, and the lines they are on.

    UsageError when there is no such list, when it is written between brackets, or when a text is empty.
    """
    clean = [cleaned(text) for text in texts]
    if not all(clean):
        raise UsageError("une formulation vide ne s'ajoute pas.")
    source = content.decode("utf-8-sig")
    last_line, indent = _end_of_list(source, key)
    lines = source.splitlines(keepends=True)
    newline = "\r\n" if lines[last_line].endswith("\r\n") else "\n"
    if not lines[last_line].endswith(("\n", "\r")):
        lines[last_line] += newline
    new = [f"{' ' * indent}- {scalar(text)}{newline}" for text in clean]
    whole = "".join([*lines[: last_line + 1], *new, *lines[last_line + 1 :]])
    after = (b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b"") + whole.encode()
    _check(content, after, clean, key)
    return after, tuple(range(last_line + 2, last_line + 2 + len(new)))


def add_phrasings(path: Path, texts: Sequence[str], key: str = PHRASINGS) -> Edit:
    """Adds texts to a list of a file and writes it; returns what `undo` needs. UsageError like `added`."""
    before = _read(path)
    after, lines = added(before, texts, key)
    write(path, after)
    return Edit(path, before, after, lines)


def undo(edit: Edit) -> None:
    """Puts the file back as it was; UsageError when someone has changed it since."""
    if _read(edit.path) != edit.after:
        place = f"{edit.path.parent.name}/{edit.path.name}:{edit.lines[0]}"
        raise UsageError(f"{place} : le fichier a changé depuis ; retirez cette ligne à la main.")
    write(edit.path, edit.before)


def write(path: Path, content: bytes) -> None:
    """Writes beside and renames: a reader sees the old file or the new one, whole."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(content)
        beside.chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o644)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UsageError(f"{path} ne peut pas être écrit ({os_reason(error)}).") from error


def cleaned(text: str) -> str:
    """The text on one line, single spaces, without the characters nobody sees."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def scalar(text: str) -> str:
    """The cleaned text as YAML on one line: plain where the strict loader reads it back as it is, else in double quotes."""
    document = Document("", f"- {text}\n".encode())
    if not document.faults and document.data == [text]:
        return text
    return json.dumps(text, ensure_ascii=False)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} est illisible ({os_reason(error)}).") from error


def _end_of_list(source: str, key: str) -> tuple[int, int]:
    """The line (from 0) of the last element of the list, and the column of its dash."""
    try:
        node = yaml.compose(source, _LOADER)
    except yaml.YAMLError as error:
        raise UsageError("le fichier est illisible ; corrigez d'abord les défauts que montre « lint ».") from error
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    found = next((value for name, value in pairs if name.value == key), None)
    if not isinstance(found, yaml.SequenceNode) or not found.value:
        raise UsageError(f"le fichier n'a pas de liste « {key}: » à compléter.")
    if found.flow_style:
        raise UsageError(
            f"la liste « {key} » est écrite entre crochets ; mettez un élément par ligne pour la compléter."
        )
    last = found.value[-1]
    end = last.end_mark
    # A quoted or block scalar may end at the very beginning of the next line.
    line = end.line - 1 if end.column == 0 and end.line > last.start_mark.line else end.line
    return line, found.start_mark.column


def _check(before: bytes, after: bytes, texts: Sequence[str], key: str) -> None:
    old, new = Document("", before), Document("", after)
    expected = {**old.data, key: [*old.data[key], *texts]}
    if new.data != expected or len(new.faults) != len(old.faults):
        raise UsageError("l'ajout changerait autre chose dans le fichier : rien n'a été écrit.")
