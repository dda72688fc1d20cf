"""Does a confidence mean what it says? Of the best candidates given with confidence about c, the share that is right.

usage: python -m benchmarks.reliability FILE...      (JSON lines, CSV or tests/corpus/*.yaml)

Counts single wishes and out-of-scope questions (whose best candidate is always wrong); prints confidence, share, count.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from chatbot.matching import Matcher, Reason
from chatbot.workbench.corpus import read_corpus


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    options = parser.parse_args()
    matcher = Matcher.load()
    table: dict[int, list[bool]] = {}
    for question in read_corpus(options.files):
        match = matcher.match(question.text)
        if "+" in question.expected or not match.candidates or match.reason == Reason.COUNTER_EXAMPLE:
            continue
        best = match.candidates[0]
        tenth = min(int(best.confidence * 10), 9)
        table.setdefault(tenth, []).append(best.intent in question.expected.split("|"))
    for tenth, rights in sorted(table.items()):
        print(
            f"{tenth / 10:.1f} to {tenth / 10 + 0.1:.1f}   {sum(rights) / len(rights):4.0%} right of {len(rights):4d}"
        )


if __name__ == "__main__":
    main()
