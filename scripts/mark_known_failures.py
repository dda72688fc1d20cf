"""Brings the marks « connu_en_echec » of tests/corpus up to date, after the matcher or the knowledge changed for the better.

    python scripts/mark_known_failures.py [--write]

Prints each question that fails and is not marked, and each that is marked and no longer fails; with --write, edits the
files. Read what it prints before committing: a new mark is a question the bot used to understand.
Exit code 0 when there is nothing to change.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from chatbot import Matcher  # noqa: E402 (the checkout's package, installed or not)
from chatbot.workbench.corpus import Question, read_corpus  # noqa: E402
from chatbot.workbench.judging import BAD, judge_match  # noqa: E402

MARK = "    connu_en_echec: true"


def to_change(questions: Iterable[Question], matcher: Matcher) -> list[Question]:
    """The questions whose mark is not true any more."""
    return [q for q in questions if (judge_match(q.expected, matcher.match(q.text)) in BAD) != q.known_failure]


def change(path: Path, questions: Iterable[Question]) -> None:
    """Adds or removes the mark of each of these questions of one file."""
    lines = path.read_text("utf-8").split("\n")
    for question in sorted(questions, key=lambda q: -q.line):
        end = question.line
        while end < len(lines) and re.match(r"    \S", lines[end]):
            end += 1
        entry = [line for line in lines[question.line - 1 : end] if "connu_en_echec" not in line]
        lines[question.line - 1 : end] = entry if question.known_failure else [*entry, MARK]
    path.write_text("\n".join(lines), "utf-8")


def main() -> int:
    """Prints the changes, and makes them with --write."""
    found = to_change(read_corpus([ROOT / "tests" / "corpus"]), Matcher.load())
    for question in found:
        sign = "-" if question.known_failure else "+"
        print(f"{sign} {Path(question.path).relative_to(ROOT)}:{question.line}: {question.text}")
    if "--write" in sys.argv:
        for path in sorted({question.path for question in found}):
            change(Path(path), [question for question in found if question.path == path])
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
