"""Clauses: the stretches of a message that may each hold a wish of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chatbot.language import Analysis, LanguageData, Token

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
    """The limits for a message of so many words; chosen on tests/corpus (41 of 58 pairs found, 19 of 1,032 invented)."""
    return WishLimits(share, 2.0, 5, 100.0) if words <= _STORY else WishLimits(max(share, 0.99), 6.0, 2, 4.0)


def clauses(analysis: Analysis, language: LanguageData) -> list[range]:
    """Ranges of token positions: sentences, parted where a second wish may begin and both parts have words enough."""
    function_words = language.function_words
    spans: list[range] = []
    for sentence in _sentences(analysis.tokens):
        parts = _merged(_parted(analysis, sentence, language), analysis.tokens, function_words)
        spans = _merged([*spans, *parts], analysis.tokens, function_words) if len(parts) == 1 else [*spans, *parts]
    return spans


def _sentences(tokens: Sequence[Token]) -> list[range]:
    starts = [i for i in range(len(tokens)) if i == 0 or tokens[i].sentence != tokens[i - 1].sentence]
    return [range(start, stop) for start, stop in zip(starts, [*starts[1:], len(tokens)], strict=True)]


def _parted(analysis: Analysis, sentence: range, language: LanguageData) -> list[range]:
    tokens, text = analysis.tokens, analysis.text
    starts = [sentence.start]
    for i in sentence[1:]:
        form, following = tokens[i].form, tokens[i + 1].form if i + 1 < sentence.stop else ""
        # « puis-je » asks, « puis » goes on.
        asks = form == "puis" and following == "je"
        apart = any(mark in text[tokens[i - 1].end : tokens[i].start] for mark in ",+")
        if (form in language.connectors and not asks) or (apart and form in language.openers):
            starts.append(i)
    return [range(start, stop) for start, stop in zip(starts, [*starts[1:], sentence.stop], strict=True)]


def _merged(spans: Sequence[range], tokens: Sequence[Token], function_words: frozenset[str]) -> list[range]:
    """The spans with those of too few content words joined to the one before."""
    joined: list[range] = []
    for span in spans:
        if joined and min(_content(tokens, part, function_words) for part in (span, joined[-1])) < _LEAST_WORDS:
            joined[-1] = range(joined[-1].start, span.stop)
        else:
            joined.append(span)
    return joined


def _content(tokens: Sequence[Token], span: range, function_words: frozenset[str]) -> int:
    return sum(tokens[i].form not in function_words for i in span)
