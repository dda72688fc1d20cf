"""Start-up, loading and matching times, each beside what it is compared with, in one run.

usage: python -m benchmarks.speed FILE.jsonl [--rounds 9]

- `cli.py ask` warm (compiled knowledge in the cache, bytecode as Python leaves it after a first run) against
  `python -c "import yaml, rapidfuzz.fuzz, unidecode"`;
- loading the knowledge base without a cache, in a fresh process, and with it;
- matching: median and 99th percentile per question, first sight and seen again, against
  `rapidfuzz.process.extractOne` with WRatio over the same phrasings.
The best of the rounds counts for processes: everything else on the machine only ever adds time.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process
from unidecode import unidecode

from chatbot.matching import Matcher

ROOT = Path(__file__).resolve().parents[1]
IMPORTS = "import yaml, rapidfuzz.fuzz, unidecode"
LOAD = "from chatbot.matching import Matcher; Matcher.load()"


def best(command: Sequence[str], rounds: int, **environment: str) -> float:
    """The shortest wall-clock time of a command, in milliseconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, env={**os.environ, **environment})
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def each(function: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """Microseconds of one call per text, sorted."""
    times = []
    for text in texts:
        start = time.perf_counter()
        function(text)
        times.append((time.perf_counter() - start) * 1e6)
    return sorted(times)


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    texts = [json.loads(line)["text"] for line in options.file.read_text("utf-8").splitlines()]
    # PYTHONDONTWRITEBYTECODE would have our sources compiled at each start, and those we compare with not.
    compileall.compile_dir(ROOT / "chatbot", quiet=1)
    python = sys.executable
    imports = best([python, "-c", IMPORTS], options.rounds)
    ask = best([python, "cli.py", "ask", "je veux ma facture"], options.rounds)
    typo = best([python, "cli.py", "ask", "je veux ma fcature"], options.rounds)
    print(f"import of yaml, rapidfuzz.fuzz, unidecode   {imports:7.0f} ms")
    print(f"cli.py ask, cached                          {ask:7.0f} ms = {ask / imports:.2f} times")
    print(f"cli.py ask with a typing error, cached      {typo:7.0f} ms = {typo / imports:.2f} times")
    cold = best([python, "-c", LOAD], 3, CHATBOT_CACHE="")
    warm = best([python, "-c", LOAD], options.rounds)
    print(
        f"loading without a cache                     {cold:7.0f} ms\nloading with it                             {warm:7.0f} ms"
    )
    matcher = Matcher.load()
    first, again = each(matcher.match, texts), each(matcher.match, texts)
    phrasings = [unidecode(p.text).lower() for p in matcher.knowledge.phrasings]
    rival = each(lambda t: process.extractOne(unidecode(t).lower(), phrasings, scorer=fuzz.WRatio), texts[:100])
    for name, times in (("first sight", first), ("seen again", again)):
        median, late = statistics.median(times), times[int(len(times) * 0.99)]
        print(f"match, {name:12} p50 {median:7.0f} µs   p99 {late:7.0f} µs = {late / median:.1f} times p50")
    median = statistics.median(rival)
    ratio = median / statistics.median(first)
    print(f"WRatio, {len(phrasings)} phrasings p50 {median:7.0f} µs = {ratio:.0f} times ours at first sight")


if __name__ == "__main__":
    main()
