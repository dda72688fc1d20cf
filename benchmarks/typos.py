"""One typing error in a phrasing: is its intent still ranked first, is it still answered?

    python -m benchmarks.typos [--count 1000] [--seed 3] [--kb FOLDER] [--show]

Takes phrasings of in-scope intents at random, and in each one word of four letters or more, and does to it one of what
fingers do: two letters swapped, one forgotten, doubled, replaced by a neighbouring key, or by any letter.
Exit code 0 when at least 99 % keep their intent first and 97 % are still answered.
"""

from __future__ import annotations

import random
import re
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import NamedTuple

from chatbot import Matcher
from chatbot.language.spelling import AZERTY_NEIGHBOURS
from chatbot.matching import Decision

LEAST_FIRST, LEAST_ANSWERED = 0.99, 0.97
_WORD = re.compile(r"[^\W\d_]{4,}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Outcome(NamedTuple):
    """What became of one phrasing with a typing error."""

    text: str
    intent: str
    first: bool
    answered: bool


def one_typo(text: str, chance: random.Random) -> str:
    """The text with one typing error in one word of four letters or more; unchanged when it has none."""
    words = list(_WORD.finditer(text))
    if not words:
        return text
    word = chance.choice(words)
    return text[: word.start()] + _mistyped(word.group(), chance) + text[word.end() :]


def _mistyped(word: str, chance: random.Random) -> str:
    for _ in range(20):
        place = chance.randrange(len(word))
        head, letter, tail = word[:place], word[place], word[place + 1 :]
        near = sorted(b for a, b in AZERTY_NEIGHBOURS if a == letter.lower())
        typed = chance.choice(
            (
                head + tail[:1] + letter + tail[1:],
                head + tail,
                head + letter * 2 + tail,
                head + (chance.choice(near) if near else "") + tail,
                head + chance.choice(_LETTERS) + tail,
            )
        )
        if typed.lower() != word.lower():
            return typed
    return word


def outcomes(matcher: Matcher, count: int, seed: int) -> Iterator[Outcome]:
    """What becomes of `count` phrasings drawn at random, each with one typing error; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - repeatable
    inside = [p for p in matcher.knowledge.phrasings if p.intent != matcher.out_of_scope]
    for phrasing in chance.choices(inside, k=count):
        match = matcher.match(one_typo(phrasing.text, chance))
        first = bool(match.ranking) and match.ranking[0] == phrasing.intent
        yield Outcome(
            match.text, phrasing.intent, first, match.decision is Decision.ANSWER and phrasing.intent in match.intents
        )


def main() -> int:
    """Prints the two shares, and with --show what fell short of either."""
    parser = ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--kb")
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    results = list(outcomes(Matcher.load(args.kb), args.count, args.seed))
    first, answered = (sum(getattr(r, name) for r in results) / len(results) for name in ("first", "answered"))
    print(f"{len(results)} phrasings with one typing error: intent first {first:.1%}, still answered {answered:.1%}")
    if args.show:
        for result in results:
            if not (result.first and result.answered):
                print(f"  {'lost ' if not result.first else 'unsure'}  {result.intent:32} {result.text}")
    return 0 if first >= LEAST_FIRST and answered >= LEAST_ANSWERED else 1


if __name__ == "__main__":
    sys.exit(main())
