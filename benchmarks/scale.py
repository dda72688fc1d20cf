"""How cost grows with knowledge: 1,000 -> 10,000 -> 100,000 phrasings, beside rapidfuzz's extractOne over the same list.

Usage: python benchmarks/scale.py [SIZE…]. The phrasings are made, but have natural word statistics: a third of the
words follow the pairs of neighbours of the shipped phrasings, the rest are each intent's own words, drawn by rank as
words are in a language (the n-th commonest 1/n as often). Questions are made the same way, a tenth of their words
misspelt. Each size runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SIZES = (1_000, 10_000, 100_000)
INTENTS = 40
OWN_WORDS = 400
QUESTIONS = 1000
# extractOne looks at every phrasing: this many questions are enough to see how long that takes.
SLOW_QUESTIONS = 40
FAQ_HEAD = 'boutique: {nom: Banc, contact: {telephone: "01 23 45 67 89"}}\nrubrique: BANC\nsujets:\n'


class Language:
    """Makes sentences. Equal seeds make equal sentences."""

    def __init__(self, seed: int) -> None:
        from chatbot.knowledge import KnowledgeBase

        self.rng = random.Random(seed)  # noqa: S311
        self.after: dict[str, list[str]] = defaultdict(list)
        self.lengths: list[int] = []
        for phrasing in KnowledgeBase.load().phrasings:
            words = [w for w in phrasing.text.lower().split() if w.isalpha()]
            self.lengths.append(len(words))
            for first, second in zip(["", *words], words, strict=False):
                self.after[first].append(second)
        words = sorted((ROOT / "chatbot" / "language" / "data" / "words.txt").read_text("utf-8").split())
        self.own = [self.rng.sample([w for w in words if w.isalpha()], OWN_WORDS) for _ in range(INTENTS)]
        self.weights = [1 / rank for rank in range(1, OWN_WORDS + 1)]

    def sentence(self, intent: int) -> str:
        """A phrasing of an intent."""
        words: list[str] = []
        for _ in range(max(2, self.rng.choice(self.lengths))):
            followers = self.after.get(words[-1] if words else "")
            if followers and self.rng.random() < 1 / 3:
                words.append(self.rng.choice(followers))
            else:
                words.append(self.rng.choices(self.own[intent], self.weights)[0])
        return " ".join(words)

    def question(self, intent: int) -> str:
        """A question of an intent, a tenth of its words misspelt."""
        return " ".join(self._misspelt(w) if self.rng.random() < 0.1 else w for w in self.sentence(intent).split())

    def _misspelt(self, word: str) -> str:
        at = self.rng.randrange(len(word))
        return word[:at] + word[at + 1 :] if len(word) > 3 else word


def write_knowledge(folder: Path, size: int, language: Language) -> list[str]:
    """A shop of that many different phrasings; returns them."""
    (folder / "intents").mkdir(parents=True)
    head = [f"  - {{intention: sujet_{n}, titre: Sujet {n}, reponse: Texte.}}" for n in range(INTENTS)]
    first = "  - {intention: sujet_0, titre: Sujet 0, reponse: Texte.}\nquestions:\n"
    rest = [line.replace("{intention", "{sujet: sujet_0, intention") for line in head[1:]]
    (folder / "faq.yaml").write_text(FAQ_HEAD + first + "\n".join(rest) + "\n", "utf-8")
    seen: set[str] = set()
    for intent in range(INTENTS):
        own: list[str] = []
        while len(own) < size // INTENTS:
            sentence = language.sentence(intent)
            if sentence not in seen:
                seen.add(sentence)
                own.append(sentence)
        lines = "".join(f"  - {json.dumps(sentence, ensure_ascii=False)}\n" for sentence in own)
        (folder / "intents" / f"sujet_{intent}.yaml").write_text("formulations:\n" + lines, "utf-8")
    return sorted(seen)


def percentile(times: list[float], share: float) -> float:
    """The value below which a share of the times lies."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def timed(work: Callable[[str], object], questions: list[str]) -> tuple[float, float]:
    """p50 and p99 of the time of one question, in milliseconds."""
    times = []
    for question in questions:
        begun = time.perf_counter()
        work(question)
        times.append((time.perf_counter() - begun) * 1000)
    return percentile(times, 0.5), percentile(times, 0.99)


def measure(size: int) -> dict[str, float]:
    """Everything about one size, in this process."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CHATBOT_CACHE"] = str(Path(folder) / "cache")
        language = Language(size)
        phrasings = write_knowledge(Path(folder) / "shop", size, language)
        questions = [language.question(n % INTENTS) for n in range(QUESTIONS)]
        code = f"from chatbot.matching import Matcher; Matcher.load({str(Path(folder) / 'shop')!r})"
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
        cold = time.perf_counter() - begun
        from chatbot.matching import Matcher

        before = _memory()
        begun = time.perf_counter()
        matcher = Matcher.load(Path(folder) / "shop")
        warm = time.perf_counter() - begun
        timed(matcher.match, questions[:50])
        p50, p99 = timed(matcher.match, questions)
        right = sum(matcher.match(q).candidates[0].intent == f"sujet_{n % INTENTS}" for n, q in enumerate(questions))
        memory = _memory() - before
    from rapidfuzz import fuzz, process, utils

    prepared = [utils.default_process(phrasing) for phrasing in phrasings]
    slow = questions[:SLOW_QUESTIONS]
    found: dict[str, float] = {
        "cold": cold,
        "warm": warm,
        "memory": memory,
        "p50": p50,
        "p99": p99,
        "right": right / QUESTIONS,
    }
    for name, scorer in (("WRatio", fuzz.WRatio), ("token_set_ratio", fuzz.token_set_ratio)):
        found[name] = timed(
            lambda q, s=scorer: process.extractOne(utils.default_process(q), prepared, scorer=s),
            slow,  # type: ignore[misc]
        )[0]
    return found


def _memory() -> float:
    """The memory in use now, in MiB."""
    try:
        fields = Path("/proc/self/statm").read_text().split()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def main(sizes: list[int]) -> None:
    """One row per size."""
    rows = []
    print("phrasings  first load  next loads    memory   match p50   match p99      WRatio   token_set   right")
    for size in sizes:
        done = subprocess.run(
            [sys.executable, __file__, "--one", str(size)], check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        row = json.loads(done.stdout.splitlines()[-1])
        rows.append(row)
        print(
            f"{size:9,}  {row['cold']:8.2f} s  {row['warm']:8.3f} s  {row['memory']:4.0f} MiB  {row['p50']:7.3f} ms"
            f"  {row['p99']:7.3f} ms  {row['WRatio']:7.2f} ms  {row['token_set_ratio']:6.2f} ms  {row['right']:5.1%}",
            flush=True,
        )
    if len(rows) > 1:
        print(
            f"\nFrom {sizes[0]:,} to {sizes[-1]:,} phrasings: match p50 x {rows[-1]['p50'] / rows[0]['p50']:.2f}, "
            f"WRatio x {rows[-1]['WRatio'] / rows[0]['WRatio']:.0f}. At {sizes[-1]:,}: "
            f"{rows[-1]['WRatio'] / rows[-1]['p50']:.0f} times faster than WRatio, "
            f"{rows[-1]['token_set_ratio'] / rows[-1]['p50']:.0f} times faster than token_set_ratio."
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
    else:
        main([int(a) for a in sys.argv[1:]] or list(SIZES))
