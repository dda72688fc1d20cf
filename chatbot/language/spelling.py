"""Spelling: an unknown word -> the known word that was meant, or nothing. Never a sentence, only one word at a time.

Limits (after Meilisearch's 5/9 and what was measured on our own phrasings): no edit below 4 letters, one below 7, two
from 7 when the first letter stands (from 6 to a very common word of 7); nothing with a digit; nothing that is itself a
French word. A slip to a key nearby on the AZERTY keyboard, a doubled letter and a letter that sounds the same are
cheaper than any other edit, and a word that stands often in the knowledge base wins over a rare one that is hardly
nearer. What sounds wholly the same (« fakture ») is accepted at any distance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from math import log
from typing import NamedTuple

from chatbot.language.stemmer import stem

_ROWS = ("azertyuiop", "qsdfghjklm", "wxcvbn")
_SHORTEST = 4
_TWO_EDITS_FROM = 7
# How much nearer a word counts for each e-fold that it is commoner. Words of tests/corpus with a typing error are taken for
# the word they were in 94.1 % of cases, in 91.0 % when cost alone decides.
_COMMON = 0.08
_VERY_COMMON = 100


def _neighbours() -> frozenset[tuple[str, str]]:
    """Pairs of letters whose keys touch on an AZERTY keyboard: side by side, or one row apart by at most one key."""
    place = {letter: (row, column) for row, keys in enumerate(_ROWS) for column, letter in enumerate(keys)}
    return frozenset(
        (a, b) for a, (r, c) in place.items() for b, (s, d) in place.items() if a != b and abs(r - s) + abs(c - d) <= 2
        and abs(c - d) <= 1 and abs(r - s) <= 1
    )  # fmt: skip


AZERTY_NEIGHBOURS = _neighbours()

# Spelling -> sound, applied in order; only what French typing mixes up.
_SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"y", "i"), (r"eau|au", "o"), (r"ph", "f"), (r"qu|ck|k|q|c(?=[aoulrtn]|$)", "K"), (r"c(?=[eiy])|ss|sc(?=[ei])", "s"),
        (r"g(?=[eiy])", "j"), (r"gu(?=[eiy])", "g"), (r"ai|ei|et$|er$|ez$|es$", "e"),
        (r"[ae][nm](?=[^aeiounm]|$)", "A"), (r"[iu][nm](?=[^aeiounmA]|$)", "I"), (r"om(?=[^aeioumAI]|$)", "on"),
        (r"oi", "wa"), (r"h", ""), (r"(?<=[aeiouAI])s(?=[aeiou])", "z"), (r"x$|t$|s$|d$|p$|z$", ""), (r"e+$", ""),
        (r"(.)\1+", r"\1"),
    )
)  # fmt: skip


def sound(word: str) -> str:
    """A rough phonetic key of a folded word: two spellings that a French ear does not tell apart share it."""
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word


class Correction(NamedTuple):
    """The word meant, how far it was (0 < cost <= 1) and by which step it was found."""

    word: str
    cost: float
    step: str


class Vocabulary:
    """The words a text may be corrected to, indexed by first letter, by tail and by sound; immutable once built.

    `counts`: folded word -> how often it stands in the knowledge base (the commoner, the nearer); 0: known, but no
    word is corrected to it.
    """

    def __init__(self, counts: Mapping[str, int], stems: frozenset[str] | None = None) -> None:
        self.counts: Mapping[str, int] = counts
        self.stems = frozenset(map(stem, counts)) if stems is None else stems

    @cached_property
    def _indexed(self) -> list[str]:
        return [w for w, count in sorted(self.counts.items()) if count and len(w) >= _SHORTEST and w.isalpha()]

    @cached_property
    def _by_first(self) -> dict[str, list[str]]:
        return _grouped(self._indexed, lambda word: word[0])

    @cached_property
    def _by_tail(self) -> dict[str, list[str]]:
        return _grouped(self._indexed, lambda word: word[1:4])

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        return _grouped(self._indexed, sound)

    def __contains__(self, word: str) -> bool:
        return word in self.counts

    def has_stem(self, word: str) -> bool:
        """True for a word whose stem a word of the vocabulary shares."""
        return stem(word) in self.stems

    def correct(self, word: str) -> Correction | None:
        """The word meant, the nearest or a commoner one nearly as near; None when none is within the limits."""
        if len(word) < _SHORTEST or not word.isalpha() or len(word) > 24:
            return None
        limit = 1 if len(word) < _TWO_EDITS_FROM - 1 else 2
        found = self._near(self._by_first.get(word[0], ()), word, limit)
        found += self._near(self._other_first_letter(word), word, 1)
        if found:
            return min(found, key=lambda c: (c.cost - _COMMON * log(self.counts[c.word]), c.cost, c.word))
        return self._same_sound(word)

    def _near(self, pool: Iterable[str], word: str, limit: int) -> list[Correction]:
        # Imported when first needed: most questions have no unknown word, and the import costs a fifth of a cold start.
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        hits = extract(word, pool, scorer=OSA.distance, score_cutoff=limit, processor=None, limit=None)  # type: ignore[arg-type]
        return [
            Correction(hit, _cost(word, hit, int(distance)), "typo")
            for hit, distance, _ in hits
            if distance == 1 or self._long_enough(word, hit)
        ]

    def _long_enough(self, typed: str, meant: str) -> bool:
        """True for words that two edits may part: one may be a letter short, if it is « bnjuor » for a very common word."""
        if len(typed) >= _TWO_EDITS_FROM:
            return len(meant) >= _TWO_EDITS_FROM - 1
        return len(meant) >= _TWO_EDITS_FROM and self.counts[meant] >= _VERY_COMMON

    def _other_first_letter(self, word: str) -> list[str]:
        """Words that `word` may be after one slip at its very start: replaced, dropped, or swapped with the second."""
        pool = [w for w in self._by_tail.get(word[1:4], ()) if w[0] != word[0]]
        pool += [w for w in self._by_tail.get(word[:3], ()) if w[1:] == word]
        swapped = word[1] + word[0] + word[2:]
        if self.counts.get(swapped) and swapped[0] != word[0]:
            pool.append(swapped)
        if self.counts.get(word[1:]) and word[1] != word[0]:
            pool.append(word[1:])
        return pool

    def _same_sound(self, word: str) -> Correction | None:
        matches = self._by_sound.get(sound(word), ())
        if not matches:
            return None
        from rapidfuzz.distance import OSA

        best = min(matches, key=lambda w: (OSA.distance(word, w), -self.counts[w], w))
        return Correction(best, 0.5, "sound") if best[0] == word[0] or len(best) >= 6 else None


def _grouped(words: Iterable[str], key: Callable[[str], str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(key(word), []).append(word)
    return groups


def _cost(typed: str, meant: str, distance: int) -> float:
    """0.2 to 1: a likely slip of the fingers costs less than an unlikely one, two cost more than one."""
    if distance >= 2:
        return 0.8 if sound(typed) != sound(meant) else 0.6
    if typed[0] != meant[0]:
        return _cost_of_first_letter(typed, meant)
    if sound(typed) == sound(meant) or sorted(typed) == sorted(meant):
        return 0.2
    if len(typed) == len(meant):
        slip = next((a, b) for a, b in zip(typed, meant, strict=True) if a != b)
        return 0.3 if slip in AZERTY_NEIGHBOURS else 0.4
    return 0.3


def _cost_of_first_letter(typed: str, meant: str) -> float:
    """A slip at the very start is rarer, for people look at what they begin: dearer than the same slip later on."""
    if sorted(typed) == sorted(meant):
        return 0.3
    return 0.4 if (typed[0], meant[0]) in AZERTY_NEIGHBOURS or len(typed) != len(meant) else 0.6
