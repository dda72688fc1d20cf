"""The words a conversation understands by itself (yes, the second, menu, it does not work…), read from mots.yaml; and the
alerts of alertes.yaml, told by several words together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from chatbot.dialogue.folded import Words, words_of, words_of_each
from chatbot.language import Vocabulary
from chatbot.language.data import french_words

_DOUBLED = re.compile(r"([a-z])\1+")
_FILLERS = "remplissage"
_FAMILY = "famille_"
_ANGER, _NO_ANGER = "colere", "sans_colere"
# The words of an alert stand this near each other; farther apart, each belongs to another part of a story.
_NEAR = 16
# Only short commands are respelt: in a longer message a near miss is more likely another word.
_RESPELT_WORDS = 4
# In words; a longer message is no phrase among fillers, or nothing but fillers.
_LONGEST_PHRASED = 16


class _Pattern(NamedTuple):
    """A phrase with something before (`opens`) or after it (`goes_on`)."""

    category: str
    words: Words
    opens: bool
    goes_on: bool


class Cues:
    """Text -> the categories of mots.yaml it belongs to. Immutable; safe to share between threads."""

    def __init__(self, phrases: Mapping[str, Iterable[str]], alerts: Mapping[str, Iterable[str]] | None = None) -> None:
        """Reads category -> phrases as mots.yaml writes them, and families and alerts as alertes.yaml does."""
        fillers = [_pattern(_FILLERS, phrase) for phrase in phrases.get(_FILLERS, ())]
        self._anywhere = frozenset(word for f in fillers if f.opens and f.goes_on for word in f.words)
        self._edges = frozenset(f.words for f in fillers if not f.opens)
        self._edges_reversed = frozenset(edge[::-1] for edge in self._edges)
        self._sizes = sorted({len(edge) for edge in self._edges}, reverse=True)
        self._exact: dict[Words, set[str]] = {}
        # By their first word: a message is only tried against those that may stand in it.
        self._inside: dict[str, list[_Pattern]] = {}
        told = [(category, phrase) for category, items in phrases.items() if category != _FILLERS for phrase in items]
        each = words_of_each(phrase for _, phrase in told)
        for (category, phrase), words in zip(told, each, strict=True):
            self._add(category, phrase, words)
        # By their first word, as above.
        self._families: dict[str, list[tuple[Words, str]]] = {}
        self._alerts: list[tuple[str, frozenset[str]]] = []
        for name, items in (alerts or {}).items():
            self._add_alert(name, items)

    def _add_alert(self, name: str, items: Iterable[str]) -> None:
        if not name.startswith(_FAMILY):
            self._alerts += [(name, frozenset(item.split(" + "))) for item in items]
            return
        for words in words_of_each(items):
            self._families.setdefault(words[0], []).append((words, name.removeprefix(_FAMILY)))

    def _add(self, category: str, phrase: str, words: Words) -> None:
        if not self._anywhere.isdisjoint(words):
            words = self._without_anywhere(words)
        if phrase[0] == "…" or phrase[-1] == "…":
            pattern = _Pattern(category, words, phrase[0] == "…", phrase[-1] == "…")
            self._inside.setdefault(words[0], []).append(pattern)
        else:
            self._exact.setdefault(words, set()).add(category)

    def heard(self, text: str, respelt: Words = (), strange: frozenset[str] | None = None) -> frozenset[str]:
        """The categories `text` belongs to.

        Tried when it has none: `respelt`, its words as a normaliser reads them; then the nearest phrase, where only
        `strange` words (None: all) may be misspelt.
        """
        said = self._without_anywhere(words_of(text))
        exact = (
            self._exact_of(said) or self._exact_of(self._without_anywhere(respelt)) or self._corrected(said, strange)
        )
        found = frozenset(exact) | self._categories_inside(said) | self._alerted(said)
        return found - {_ANGER} if _NO_ANGER in found else found

    def _alerted(self, said: Words) -> set[str]:
        """The alerts all of whose families have a word in the same few words of the message."""
        hits = [
            (place, family)
            for place, word in enumerate(said)
            for words, family in self._families.get(word, ())
            if said[place : place + len(words)] == words
        ]
        groups = [{family for place, family in hits if start <= place < start + _NEAR} for start, _ in hits]
        return {category for category, families in self._alerts if any(families <= group for group in groups)}

    def core(self, text: str) -> Words:
        """The words of a text without the fillers around and within it; all of them if nothing else is left."""
        return self._core(self._without_anywhere(words_of(text)))

    def after(self, category: str, text: str) -> str:
        """What follows an opening phrase of a category, as typed: nom_avant, « je m'appelle Zoé » -> « Zoé »."""
        typed = text.split()
        patterns = [p for found in self._inside.values() for p in found if p.category == category]
        for pattern in sorted(patterns, key=lambda p: -len(p.words)):
            for count in range(1, min(len(typed), len(pattern.words) + 1)):
                if words_of(" ".join(typed[:count])) == pattern.words:
                    return " ".join(typed[count:])
        return text

    def about_a_choice(self, words: Words) -> Words:
        """The words without those that only surround a choice: « je dirais plutôt la deuxième » -> deuxieme."""
        return tuple(word for word in words if "autour_du_choix" not in self._exact.get((word,), ()))

    def phrases(self, category: str) -> list[str]:
        """The phrases of a category that are a message by themselves, as folded words."""
        return [" ".join(words) for words, categories in self._exact.items() if category in categories]

    def harmless(self, word: str) -> bool:
        """Is this folded word, after « mot de passe », no password?"""
        return "sans_secret" in self._exact.get((word,), ()) or (word.endswith("e") and word in self._dictionary)

    def _categories_inside(self, said: Words) -> set[str]:
        core = self._core(said)
        found = {
            p.category
            for place, word in enumerate(said)
            for p in self._inside.get(word, ())
            if (p.opens or not place) and said[place : place + len(p.words)] == p.words
        }
        return found | {
            p.category for p in self._inside.get(core[0] if core else "", ()) if core[: len(p.words)] == p.words
        }

    def _exact_of(self, said: Words) -> set[str]:
        return self._phrase_in(said) or self._of_halves(said)

    def _phrase_in(self, said: Words) -> set[str]:
        """The categories of the longest phrase that is left when fillers are taken from either end.

        « merci bien » is nothing but fillers: the « bien » of it says nothing.
        """
        if said in self._edges:
            return self._exact.get(said, set())
        if len(said) > _LONGEST_PHRASED:
            # Of a long message the fillers are taken off once: all ways to take them off would be thousands.
            return self._exact.get(self._core(said), set())
        starts, ends = self._edges_of(said), [len(said) - cut for cut in self._edges_of(said, from_end=True)]
        spans = sorted((start - end, start, end) for start in starts for end in ends if start < end)
        return next((found for _, start, end in spans if (found := self._exact.get(said[start:end]))), set())

    def _edges_of(self, said: Words, *, from_end: bool = False) -> list[int]:
        """How many words fillers may take from an end of the message, one after the other: 0, and more."""
        words = said[::-1] if from_end else said
        edges = self._edges if not from_end else self._edges_reversed
        cuts = [0]
        for cut in cuts:
            cuts += [n for size in self._sizes if words[cut : cut + size] in edges and (n := cut + size) not in cuts]
        return cuts

    def _of_halves(self, said: Words) -> set[str]:
        """« ok super », « oui c'est ça » : two phrases that mean the same say it twice."""
        for middle in range(1, len(said)) if len(said) <= _RESPELT_WORDS * 2 else ():
            both = self._phrase_in(said[:middle]) & self._phrase_in(said[middle:])
            if both:
                return both
        return set()

    def _without_anywhere(self, words: Words) -> Words:
        return tuple(word for word in words if word not in self._anywhere) or words

    def _core(self, words: Words) -> Words:
        """The words without fillers at either end; the last filler stays when there is nothing else."""
        start, end = 0, len(words)
        trimmed = True
        while trimmed and start < end:
            trimmed = False
            for size in self._sizes:
                if end - start > size and words[start : start + size] in self._edges:
                    start, trimmed = start + size, True
                elif end - start > size and words[end - size : end] in self._edges:
                    end, trimmed = end - size, True
        return words[start:end]

    def _corrected(self, said: Words, strange: frozenset[str] | None) -> set[str]:
        if not said or len(said) > _RESPELT_WORDS or strange == frozenset():
            return set()
        corrected = tuple(word if strange and word not in strange else self._respell(word) for word in said)
        return self._exact_of(corrected) if corrected != said else set()

    def _respell(self, word: str) -> str:
        if word in self._vocabulary or len(word) < 4:
            return word
        single = _DOUBLED.sub(r"\1", word)
        if single in self._vocabulary:
            return single
        # Reading the dictionary takes a few milliseconds, the library that measures distances five times that.
        if word in self._dictionary:
            return word
        correction = self._vocabulary.correct(word)
        return correction.word if correction else word

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary({word: 1 for words in self._exact for word in words})

    @cached_property
    def _dictionary(self) -> frozenset[str]:
        return french_words()


def _pattern(category: str, phrase: str) -> _Pattern:
    return _Pattern(category, words_of(phrase), phrase.startswith("…"), phrase.endswith("…"))
