"""Clauses: the stretches of a message that may each hold a wish of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chatbot.language import Token

# Words that may begin a second wish: « … et aussi … », « … sinon … », « au passage ».
CONNECTORS = frozenset(
    {"et", "aussi", "puis", "ensuite", "sinon", "egalement", "mais", "passage", "ailleurs", "plus", "enfin"}
)
_LEAST_WORDS = 2
# A message of more words is a story: most of its clauses tell what happened, and wish for nothing.
_STORY = 28


class WishLimits(NamedTuple):
    """What a clause must reach to count as a wish.

    share: least probability; lead: least score over « out of scope »; rank and gap: how far down and how far behind the
    best its intent may be in the message as a whole. Scores are natural logs.
    """

    share: float
    lead: float
    rank: int
    gap: float


def wish_limits(words: int, share: float) -> WishLimits:
    """The limits for a message of so many words; chosen on tests/corpus (31 of 42 pairs found, 11 of 169 invented)."""
    return WishLimits(share, 2.0, 3, 100.0) if words <= _STORY else WishLimits(max(share, 0.99), 6.0, 2, 4.0)


def clauses(tokens: Sequence[Token], function_words: frozenset[str]) -> list[range]:
    """Ranges of token positions between sentence ends and connectors, those with too few content words joined on."""
    starts = [0]
    for position in range(1, len(tokens)):
        new_sentence = tokens[position].sentence != tokens[position - 1].sentence
        if new_sentence or tokens[position].form in CONNECTORS:
            starts.append(position)
    spans = [range(start, stop) for start, stop in zip(starts, [*starts[1:], len(tokens)], strict=True)]
    joined: list[range] = []
    for span in spans:
        if joined and min(_content(tokens, part, function_words) for part in (span, joined[-1])) < _LEAST_WORDS:
            joined[-1] = range(joined[-1].start, span.stop)
        else:
            joined.append(span)
    return joined


def _content(tokens: Sequence[Token], span: range, function_words: frozenset[str]) -> int:
    return sum(tokens[i].form not in function_words for i in span)
