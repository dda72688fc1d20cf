"""Concepts: the lexicon's groups found in a text, by their stems, determiners left out on both sides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from chatbot.language import Analysis, Token
from chatbot.language.grammar import NOUN_AVOIR

# first stem -> concepts of that word alone, and second stem -> (further stems, concept) of longer expressions
Tails = tuple[tuple[str, ...], dict[str, tuple[tuple[tuple[str, ...], str], ...]]]


_new = tuple.__new__


class Found(NamedTuple):
    """A concept in a text and the positions of the tokens it covers."""

    concept: str
    tokens: tuple[int, ...]


class Concepts:
    """Finds every expression of the lexicon in a text, the longest of a concept at each place. Immutable.

    `elsewhere`: the concepts that name another world than the shop's.
    """

    def __init__(self, tails: dict[str, Tails], determiners: frozenset[str], elsewhere: frozenset[str]) -> None:
        self.tails = tails
        self.elsewhere = elsewhere
        self._determiners = determiners

    @classmethod
    def build(
        cls,
        expressions: Iterable[tuple[str, Analysis]],
        determiners: frozenset[str],
        elsewhere: frozenset[str] = frozenset(),
    ) -> Concepts:
        """From (concept, analysed expression) pairs; an expression of determiners only is left out."""
        alone: dict[str, set[str]] = {}
        longer: dict[str, dict[str, set[tuple[tuple[str, ...], str]]]] = {}
        for concept, analysis in expressions:
            stems = tuple([t.stem for t in analysis.tokens if t.form not in determiners])
            if len(stems) > 1:
                longer.setdefault(stems[0], {}).setdefault(stems[1], set()).add((stems[2:], concept))
            # « un reçu » without its article is « reçu », which means something else: left out.
            elif stems and (len(analysis.tokens) == 1 or stems == (NOUN_AVOIR,)):
                alone.setdefault(stems[0], set()).add(concept)
        return cls(
            {first: _ordered(alone, longer, first) for first in sorted({*alone, *longer})}, determiners, elsewhere
        )

    def find(self, tokens: Sequence[Token]) -> list[Found]:
        """The concepts of the tokens, in order of place; overlapping ones of different concepts are all kept."""
        determiners = self._determiners
        tails = self.tails
        kept = [i for i, token in enumerate(tokens) if token.form not in determiners]
        stems = [tokens[i].stem for i in kept]
        begun = [place for place, stem in enumerate(stems) if stem in tails]
        stems.append("")
        found: list[Found] = []
        for place in begun:
            position = kept[place]
            alone, longer = tails[stems[place]]
            following = longer.get(stems[place + 1])
            if following is None:
                for concept in alone:
                    found.append(_new(Found, (concept, (position,))))
                continue
            seen: list[str] = []
            for rest, concept in following:
                end = place + 2 + len(rest)
                if concept in seen or (rest and tuple(stems[place + 2 : end]) != rest):
                    continue
                if tokens[position].sentence == tokens[kept[end - 1]].sentence:
                    seen.append(concept)
                    found.append(_new(Found, (concept, tuple(kept[place:end]))))
            for concept in alone:
                if concept not in seen:
                    found.append(_new(Found, (concept, (position,))))
        return found


def _ordered(
    alone: dict[str, set[str]], longer: dict[str, dict[str, set[tuple[tuple[str, ...], str]]]], first: str
) -> Tails:
    """The entry of one first stem, longest expressions first, in an order that does not depend on the files'."""
    concepts = tuple(sorted(alone.get(first, ())))
    if first not in longer:
        return concepts, {}
    seconds = longer[first]
    return (
        concepts,
        {s: tuple(sorted(seconds[s], key=lambda tail: (-len(tail[0]), tail))) for s in sorted(seconds)},
    )
