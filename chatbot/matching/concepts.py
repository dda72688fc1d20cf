"""Concepts: the lexicon's groups found in a text, by their stems, determiners left out on both sides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from chatbot.language import Analysis, Token
from chatbot.language.grammar import NOUN_AVOIR

# stems of an expression after its first -> its concept, longest first
Tails = tuple[tuple[tuple[str, ...], str], ...]


class Found(NamedTuple):
    """A concept in a text and the positions of the tokens it covers."""

    concept: str
    tokens: tuple[int, ...]


class Concepts:
    """Finds every expression of the lexicon in a text, the longest of a concept at each place. Immutable."""

    def __init__(self, tails: dict[str, Tails], determiners: frozenset[str]) -> None:
        self.tails = tails
        self._determiners = determiners

    @classmethod
    def build(cls, expressions: Iterable[tuple[str, Analysis]], determiners: frozenset[str]) -> Concepts:
        """From (concept, analysed expression) pairs; an expression of determiners only is left out."""
        tails: dict[str, dict[tuple[str, ...], str]] = {}
        for concept, analysis in expressions:
            stems = tuple(t.stem for t in analysis.tokens if t.form not in determiners)
            # « un reçu » without its article is « reçu », which means something else: left out.
            if len(stems) > 1 or (stems and len(analysis.tokens) == 1) or stems == (NOUN_AVOIR,):
                tails.setdefault(stems[0], {}).setdefault(stems[1:], concept)
        ordered = {
            first: tuple(sorted(rest.items(), key=lambda item: (-len(item[0]), item[0], item[1])))
            for first, rest in sorted(tails.items())
        }
        return cls(ordered, determiners)

    def find(self, tokens: Sequence[Token]) -> list[Found]:
        """The concepts of the tokens, in order of place; overlapping ones of different concepts are all kept."""
        kept = [(i, token.stem) for i, token in enumerate(tokens) if token.form not in self._determiners]
        stems = [stem for _, stem in kept]
        found: list[Found] = []
        for place, (position, stem) in enumerate(kept):
            tails = self.tails.get(stem)
            if not tails:
                continue
            seen: set[str] = set()
            for tail, concept in tails:
                end = place + 1 + len(tail)
                if concept in seen or (tail and tuple(stems[place + 1 : end]) != tail):
                    continue
                last = kept[end - 1][0]
                if tokens[position].sentence != tokens[last].sentence:
                    continue
                seen.add(concept)
                found.append(Found(concept, tuple(i for i, _ in kept[place:end])))
        return found
