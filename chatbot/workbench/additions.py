"""Additions: phrasings for several intents at once, as a patch to read or as lines in the files; all or nothing."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from chatbot.errors import UsageError
from chatbot.knowledge.loader import build
from chatbot.knowledge.sources import read_folder
from chatbot.matching import Matcher
from chatbot.matching.compiled import exact_key
from chatbot.workbench.checks.phrasings import somebodys
from chatbot.workbench.writing import added, cleaned, write


class Sorted(NamedTuple):
    """Phrasings sorted before they are added: new ones by intent, those already there, and those that cannot go in.

    unfit: (text, why it can be no phrasing).
    """

    new: Mapping[str, tuple[str, ...]]
    known: tuple[tuple[str, str], ...]
    elsewhere: tuple[tuple[str, str, str], ...]
    homeless: tuple[tuple[str, str], ...]
    unfit: tuple[tuple[str, str], ...] = ()


def sort_out(matcher: Matcher, pairs: Iterable[tuple[str, str]]) -> Sorted:
    """Sorts (intent, text) pairs: new; already there; there under another intent; of an intent that does not exist."""
    new: dict[str, list[str]] = {}
    known, elsewhere, homeless, unfit = [], [], [], []
    seen: dict[str, str] = {}
    for intent, text in pairs:
        key = exact_key(matcher.normalizer(text))
        number = matcher.phrasing_number(key) if key else None
        owner = seen.get(key) or (matcher.intent_of(number) if number is not None else None)
        found = somebodys(text)
        if intent not in matcher.knowledge.intents:
            homeless.append((intent, text))
        elif not key:
            unfit.append((text, "elle ne contient aucun mot"))
        elif found:
            unfit.append((text, f"« {found} » semble être à quelqu'un"))
        elif owner == intent:
            known.append((intent, text))
        elif owner:
            elsewhere.append((intent, text, owner))
        else:
            seen[key] = intent
            new.setdefault(intent, []).append(cleaned(text))
    return Sorted(
        {i: tuple(texts) for i, texts in sorted(new.items())},
        tuple(known),
        tuple(elsewhere),
        tuple(homeless),
        tuple(unfit),
    )


def changed_files(folder: Path, matcher: Matcher, new: Mapping[str, Sequence[str]]) -> dict[str, tuple[bytes, bytes]]:
    """Relative path -> (before, after); KnowledgeError when the knowledge would no longer be usable."""
    sources = read_folder(folder)
    changes: dict[str, tuple[bytes, bytes]] = {}
    for intent, texts in new.items():
        path = matcher.knowledge.intents[intent].path
        before = sources[path]
        try:
            after, _ = added(before, texts)
        except UsageError as error:
            raise UsageError(f"{path} : {error}") from error
        changes[path] = (before, after)
    build({**sources, **{path: after for path, (_, after) in changes.items()}})
    return changes


def patch(changes: Mapping[str, tuple[bytes, bytes]]) -> str:
    """The changes as a patch that `git apply` takes."""
    parts: list[str] = []
    for path, (before, after) in changes.items():
        old, new = (content.decode().splitlines(keepends=True) for content in (before, after))
        for line in difflib.unified_diff(old, new, f"a/{path}", f"b/{path}"):
            parts.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(parts)


def write_all(folder: Path, changes: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Writes the changed files."""
    for path, (_, after) in changes.items():
        write(folder / path, after)
