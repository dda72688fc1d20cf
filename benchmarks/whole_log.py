"""A whole log at once: a million made questions through `match --jsonl --jobs 2`, its memory watched from outside.

Usage: python -m benchmarks.whole_log [--questions N] [--jobs N]. The questions are those of scale.py: a third of their
words follow the shipped phrasings, a tenth are misspelt, hardly two are the same. Prints the time, the memory of all
the processes together (shared pages counted once) at every tenth of the way, and whether every line came back in order.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.scale import INTENTS, Language

ROOT = Path(__file__).resolve().parents[1]


def write_questions(path: Path, count: int) -> None:
    """So many questions, one JSON object a line, numbered in `text` so that their order can be checked."""
    language = Language(count)
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            text = f"{language.question(number % INTENTS)} {number}"
            file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")


def family(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from family(int(child))


def memory(pid: int) -> float:
    """Memory of a process and its descendants in MiB, each shared page counted once; 0 when it has ended."""
    total = 0
    try:
        for one in family(pid):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    except OSError:
        return 0.0
    return total / 1024


def run(questions: Path, count: int, jobs: int) -> None:
    """Streams the file through the command and prints what was seen."""
    command = [sys.executable, "cli.py", "match", "--jsonl", "--jobs", str(jobs)]
    begun, seen, astray = time.perf_counter(), 0, 0
    with questions.open("rb") as source:
        process = subprocess.Popen(command, cwd=ROOT, stdin=source, stdout=subprocess.PIPE)
        for seen, line in enumerate(process.stdout or (), 1):
            astray += not json.loads(line)["text"].endswith(f" {seen - 1}")
            if seen % (count // 10) == 0 or seen == count // 100:
                passed = time.perf_counter() - begun
                print(f"{seen:>10,} answers after {passed:6.1f} s: {memory(process.pid):4.0f} MiB", flush=True)
        process.wait()
    passed = time.perf_counter() - begun
    print(f"{seen:,} of {count:,} answered in {passed:.0f} s, {count / passed:,.0f} a second; ", end="")
    print(f"{astray} out of order; exit code {process.returncode}")


def main() -> None:
    """Makes the questions, then runs the command over them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=1_000_000)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        questions = Path(folder) / "questions.jsonl"
        write_questions(questions, options.questions)
        run(questions, options.questions, options.jobs)


if __name__ == "__main__":
    main()
