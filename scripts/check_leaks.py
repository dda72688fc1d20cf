"""Counts the sentences of an evaluation folder that stand, or nearly stand, in the knowledge, language data or tests.

usage: python scripts/check_leaks.py EVAL_FOLDER [--least 90]

Near = token_sort_ratio of the unaccented lower-case texts at or above --least. Prints each pair, then the count of those
of five words or more; what anyone would write (« bonjour », « mot de passe oublié ») and the titles of the shop's own help
page are listed apart. Not part of CI.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

from rapidfuzz import fuzz, process
from unidecode import unidecode

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from chatbot import KnowledgeBase  # noqa: E402

PLACES = ("intents", "chatbot/language/data", "tests", "faq.yaml")
SHORT = 5


def folded(text: str) -> str:
    """Lower case, no accents, words only."""
    return " ".join(re.findall(r"[a-z0-9]+", unidecode(text).lower()))


def texts() -> dict[str, str]:
    """Folded text -> where it stands, for every line of every YAML, JSON and Python file."""
    found: dict[str, str] = {}
    for place in PLACES:
        path = ROOT / place
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in files:
            if (
                file.suffix not in (".yaml", ".yml", ".json", ".jsonl", ".py", ".txt", ".csv")
                or file.name == "words.txt"
            ):
                continue
            for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), 1):
                text = folded(re.sub(r"^\s*(?:- )?(?:texte: |client: )?", "", line))
                if text:
                    found.setdefault(text, f"{file.relative_to(ROOT)}:{number}")
    return found


def main() -> int:
    """Prints the pairs; exit code 1 when a long one is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--least", type=float, default=90)
    options = parser.parse_args()
    ours = texts()
    keys = list(ours)
    titles = {folded(answer.title) for answer in KnowledgeBase.load().answers.values()}
    counts = {"LONG": 0, "short": 0, "title": 0}
    for file in sorted(options.folder.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            text = folded(json.loads(line)["text"])
            hit = process.extractOne(text, keys, scorer=fuzz.token_sort_ratio, score_cutoff=options.least)
            if not hit:
                continue
            titled = process.extractOne(text, titles, scorer=fuzz.token_sort_ratio, score_cutoff=options.least)
            kind = "title" if titled else "short" if len(text.split()) < SHORT else "LONG"
            counts[kind] += 1
            print(f"{kind:5}  {hit[1]:5.1f}  {ours[hit[0]]}  {text!r} ~ {hit[0]!r}")
    print(
        f"{counts['LONG']} sentences of {SHORT} words or more, {counts['short']} shorter phrases that anyone would write,"
        f" {counts['title']} titles of the help page"
    )
    return 1 if counts["LONG"] else 0


if __name__ == "__main__":
    sys.exit(main())
