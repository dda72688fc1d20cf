"""Phrasings in and out: CSV, and the training file of Rasa (`nlu.yml`)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from chatbot.errors import UsageError, os_reason
from chatbot.knowledge import KnowledgeBase
from chatbot.storage.cells import as_it_was, safe_cell
from chatbot.workbench.writing import scalar

COLUMNS = ("texte", "intention", "fichier", "ligne")
_RASA_VERSION = "3.1"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# An annotated entity: [mot](entité) or [mot]{"entity": …}.
_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{\s*\"[^}]*\})")

Pairs = Iterator[tuple[str, str]]


def to_csv(knowledge: KnowledgeBase, delimiter: str = ",") -> str:
    """Every phrasing and counter-example with its place. A text that a spreadsheet would run gets an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", delimiter=delimiter)
    writer.writerow(COLUMNS)
    for p in knowledge.phrasings:
        writer.writerow((safe_cell(p.text), p.intent, p.path, p.line))
    return out.getvalue()


def to_excel(knowledge: KnowledgeBase) -> str:
    """The same for a spreadsheet set to French: semicolons, and the mark by which it knows UTF-8."""
    return "\ufeff" + to_csv(knowledge, delimiter=";")


def to_rasa(knowledge: KnowledgeBase) -> str:
    """The phrasings as Rasa's training data, one block per intent."""
    lines = [f'version: "{_RASA_VERSION}"', "nlu:"]
    outside = knowledge.out_of_scope
    for intent in knowledge.intents.values():
        texts = [p.text for p in intent.phrasings]
        if intent.id == outside:
            texts += [p.text for i in knowledge.intents.values() for p in i.counter_examples]
        lines += [f"- intent: {scalar(intent.id)}", "  examples: |"]
        lines += [f"    - {' '.join(text.split())}" for text in texts]
    return "\n".join(lines) + "\n"


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """(intent, text) pairs of a CSV file or of Rasa's YAML; UsageError when it is neither, or holds none."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"« {path} » est illisible ({os_reason(error)}).") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"« {path} » n'est pas en UTF-8 ; enregistrez-le dans ce codage.") from error
    pairs = list(from_rasa(text, str(path)) if path.suffix in (".yml", ".yaml") else from_csv(text, str(path)))
    if not pairs:
        raise UsageError(f"« {path} » ne contient aucune formulation.")
    return pairs


def from_csv(text: str, name: str = "") -> Pairs:
    """(intent, text) of a CSV with the columns « texte » and « intention » (or text and intent)."""
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        for row in reader:
            intent = row.get("intention") or row.get("intent")
            phrase = row.get("texte") or row.get("text")
            if not intent or not phrase:
                raise UsageError(
                    f"{name}:{reader.line_num} : il faut les colonnes « texte » et « intention », remplies."
                )
            yield (
                intent.strip(),
                as_it_was(phrase),
            )
    except csv.Error as error:
        raise UsageError(f"{name}:{reader.line_num} : CSV illisible ({error}) ; vérifiez les guillemets.") from error


def from_rasa(text: str, name: str = "") -> Pairs:
    """(intent, text) of Rasa's training data; entities lose their annotation, « faq/x » becomes « x »."""
    try:
        data: Any = yaml.load(text, _LOADER)  # noqa: S506 (the safe loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise UsageError(f"{name}:{mark.line + 1 if mark else 1} : YAML illisible.") from error
    blocks = data.get("nlu") if isinstance(data, dict) else None
    if not isinstance(blocks, list):
        raise UsageError(f"« {name} » n'a pas de liste « nlu: » ; attendu un fichier nlu.yml de Rasa.")
    for block in blocks:
        if isinstance(block, dict) and "intent" in block:
            intent = str(block["intent"]).rpartition("/")[2]
            for example in _examples(block.get("examples")):
                yield intent, _ENTITY.sub(r"\1", example)


def _examples(examples: Any) -> Iterator[str]:
    """The examples of a block: lines beginning with a dash, or a list of texts or of {text: …}."""
    if isinstance(examples, str):
        lines = (line.strip() for line in examples.splitlines())
        yield from (line[1:].strip() for line in lines if line.startswith("-") and line[1:].strip())
    elif isinstance(examples, list):
        for example in examples:
            text = example.get("text") if isinstance(example, dict) else example
            if isinstance(text, str) and text.strip():
                yield text.strip().removeprefix("-").strip()
