"""Labelled questions read from files: JSON lines, CSV, or the YAML of tests/corpus.

A label is an intent id, « a+b » (both are wanted, the main one first) or « a|b » (either is right).
The YAML form, one file per intent, its stem being the label of the phrases that give none:

    phrases:
      - texte: où est ma facture
        style: sms              # optional
        attendu: une_intention  # optional
        connu_en_echec: true    # optional: known not to work yet; must fail, or the mark has to go
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from chatbot.errors import Fault, KnowledgeError, UsageError, os_reason
from chatbot.knowledge.strict_yaml import Document

OUT_OF_SCOPE = "hors_sujet"
_TEXT = ("text", "texte", "question", "phrase")
_LABEL = ("intent", "attendu", "intention", "label")
_STYLE = ("style",)
_TYPED = ("connu_en_echec",)
_YAML_KEYS = frozenset({"texte", "style", "attendu", *_TYPED})


class Question(NamedTuple):
    """One labelled question and where it is written. `expected` is "" in a file without labels."""

    text: str
    expected: str
    style: str
    path: str
    line: int
    known_failure: bool = False


def read_corpus(paths: Iterable[str | Path], intents: Collection[str] | None = None) -> list[Question]:
    """The questions of files and folders, in order. With `intents`, labels that name no intent are faults.

    Raises KnowledgeError with every fault as path:line, UsageError for a file that cannot be read at all.
    """
    questions: list[Question] = []
    faults: list[Fault] = []
    for file in _files(paths):
        questions += _read(file, faults)
    if intents is not None:
        faults += _unknown_labels(questions, {*intents, OUT_OF_SCOPE})
    if faults:
        raise KnowledgeError(faults)
    return questions


def wanted(label: str) -> tuple[str, ...]:
    """The intents a label names, main one first."""
    return tuple(name.strip() for name in re.split(r"[+|]", label))


def _files(paths: Iterable[str | Path]) -> Iterator[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(f for f in path.iterdir() if f.suffix in _READERS and not f.name.startswith("_"))
        else:
            yield path


def _read(file: Path, faults: list[Fault]) -> list[Question]:
    if not file.exists():
        raise UsageError(f"« {file} » n'existe pas.")
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise UsageError(f"« {file} » : format inconnu ; donnez un fichier {', '.join(_READERS)}.")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"« {file} » est illisible ({os_reason(error)}).") from error
    return list(reader(file, content, faults))


def _decoded(file: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"« {file} » n'est pas en UTF-8 ; enregistrez-le dans ce codage.") from error


def _json_lines(file: Path, content: bytes, faults: list[Fault]) -> Iterator[Question]:
    for number, line in enumerate(_decoded(file, content).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if isinstance(row, dict):
            yield from _from_row(file, number, row, faults)
        else:
            faults.append(Fault(str(file), number, 'attendu un objet JSON : {"text": …, "intent": …}', "forme"))


def _csv(file: Path, content: bytes, faults: list[Fault]) -> Iterator[Question]:
    text = _decoded(file, content)
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        for row in reader:
            yield from _from_row(file, reader.line_num, row, faults)
    except csv.Error as error:
        faults.append(Fault(str(file), reader.line_num, f"CSV illisible ({error}) ; vérifiez les guillemets.", "forme"))


def _plain(file: Path, content: bytes, _faults: list[Fault]) -> Iterator[Question]:
    for number, line in enumerate(_decoded(file, content).splitlines(), 1):
        if line.strip():
            yield Question(line.strip(), "", "", str(file), number)


def _from_row(file: Path, line: int, row: Mapping[Any, Any], faults: list[Fault]) -> Iterator[Question]:
    text, label, style = (_field(row, names) for names in (_TEXT, _LABEL, _STYLE))
    if text is None:
        faults.append(Fault(str(file), line, "il manque le texte de la question (« text » ou « texte »).", "manque"))
    else:
        yield Question(text, label or "", style or "", str(file), line)


def _field(row: Mapping[Any, Any], names: tuple[str, ...]) -> str | None:
    return next((row[name] for name in names if isinstance(row.get(name), str)), None)


def _yaml(file: Path, content: bytes, faults: list[Fault]) -> Iterator[Question]:
    document = Document(str(file), content, _TYPED)
    faults += document.faults
    phrases = document.data.get("phrases") if isinstance(document.data, dict) else None
    if not isinstance(phrases, list):
        if not document.faults:
            faults.append(Fault(str(file), 1, "il manque la liste « phrases: ».", "manque"))
        return
    for index, written in enumerate(phrases):
        line = document.line(("phrases", index))
        phrase = {"texte": written} if isinstance(written, str) else written
        if not isinstance(phrase, dict) or not isinstance(phrase.get("texte"), str):
            faults.append(Fault(str(file), line, "chaque phrase a un « texte: ».", "manque"))
            continue
        unknown = sorted(set(phrase) - _YAML_KEYS)
        if unknown:
            message = f"clé inconnue « {unknown[0]} » ; permises : {', '.join(sorted(_YAML_KEYS))}."
            faults.append(Fault(str(file), line, message, "inconnue"))
        expected = phrase.get("attendu") or file.stem
        style = phrase.get("style") or ""
        known = phrase.get("connu_en_echec", False)
        if not isinstance(known, bool):
            message = f"connu_en_echec: « {known} » n'est ni true ni false ; écrivez connu_en_echec: true."
            faults.append(Fault(str(file), line, message, "type"))
            known = False
        yield Question(phrase["texte"], str(expected), str(style), str(file), line, known)


def _unknown_labels(questions: Iterable[Question], intents: Collection[str]) -> Iterator[Fault]:
    for question in questions:
        for name in wanted(question.expected):
            if name and name not in intents:
                message = f"étiquette inconnue « {name} » ; attendu une intention de la base ou {OUT_OF_SCOPE}."
                yield Fault(question.path, question.line, message, "etiquette")


_READERS = {".jsonl": _json_lines, ".csv": _csv, ".yaml": _yaml, ".yml": _yaml, ".txt": _plain}
