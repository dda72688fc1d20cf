"""Lint: what the strict loader refuses, then what only the meaning shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from chatbot.errors import KnowledgeError
from chatbot.knowledge.sources import FAQ, INTENTS, default_folder, read_folder
from chatbot.matching import Matcher
from chatbot.workbench.checks import answers, messages, phrasings, words
from chatbot.workbench.findings import Finding
from chatbot.workbench.ground import Ground

Check = Callable[[Ground], Iterable[Finding]]
CHECKS: tuple[Check, ...] = (
    phrasings.scope, phrasings.empty, phrasings.long, phrasings.personal,
    phrasings.doubles, phrasings.out_of_reach, phrasings.against_rules, phrasings.competition,
    phrasings.variety, words.lexicon, words.odd_signs, words.typing_errors, words.neighbours,
    answers.phone_number, answers.written_numbers, answers.premium_numbers, answers.references, answers.placeholders, answers.stale,
    messages.unknown_keys, messages.placeholders,
)  # fmt: skip


def lint(path: str | Path | None = None, *, today: date, max_age: int = 365) -> tuple[list[Finding], str]:
    """The findings on a folder, in place order, and its version (« » when the knowledge cannot be used)."""
    try:
        sources = read_folder(path)
        matcher = Matcher.load(path)
    except KnowledgeError as error:
        return [Finding.of(fault) for fault in error.faults], ""
    found = _findings(Ground(matcher, sources, today, max_age, remembers=True))
    return sorted([*found, *_unread(path)]), matcher.knowledge.version


def _unread(path: str | Path | None) -> Iterator[Finding]:
    """Files in folders below intents/, and files whose name ends otherwise (« .yaml.txt »), which nothing reads."""
    folder = Path(path) if path is not None else default_folder()
    for file in sorted((folder / INTENTS).glob("*/**/*.y*ml")):
        message = "un sous-dossier n'est pas lu ; déplacez ce fichier dans intents/, ou retirez-le."
        yield Finding(file.relative_to(folder).as_posix(), 1, "sous-dossier", message)
    for file in sorted((folder / INTENTS).glob("*.y*ml.*")):
        message = f"ce fichier n'est pas lu ; renommez-le « {file.name.partition('.')[0]}.yaml », ou retirez-le."
        yield Finding(file.relative_to(folder).as_posix(), 1, "sous-dossier", message)


def lint_texts(texts: Mapping[str, str], *, today: date, max_age: int = 365) -> list[Finding]:
    """The findings on a knowledge base in memory."""
    from chatbot.knowledge import KnowledgeBase

    try:
        knowledge = KnowledgeBase.from_texts(texts)
    except KnowledgeError as error:
        return [Finding.of(fault) for fault in error.faults]
    sources = {name: text.encode() for name, text in texts.items()}
    return sorted(_findings(Ground(Matcher(knowledge), sources, today, max_age)))


def _findings(ground: Ground) -> Iterator[Finding]:
    yield from _thresholds(ground)
    for check in CHECKS:
        yield from check(ground)


def _thresholds(ground: Ground) -> Iterator[Finding]:
    thresholds = ground.matcher.thresholds
    if thresholds.clarify > thresholds.answer:
        path = next((name for name, content in ground.sources.items() if b"seuils:" in content), FAQ)
        message = (
            "le seuil « clarify » dépasse « answer » : plus aucune question ne serait posée ; recalculez les seuils."
        )
        yield Finding(path, 1, "seuils", message)
