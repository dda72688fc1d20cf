"""Two wishes in one message: the stretches that may each hold one, and how likely the second one is.

Most messages of several clauses hold one wish and the story around it. What tells a second wish: each clause speaks for
its own intent and against the other's, both ask, and the second is announced as one more.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from typing import NamedTuple

from chatbot.language import Analysis, LanguageData, Token

_LEAST_WORDS = 2


class PairSignals(NamedTuple):
    """What tells that two clauses hold a wish each; differences of scores in natural-log units.

    odds: the lower of the log-odds that each clause is about its intent; first, second: how much each clause prefers
    its intent to the other's; gap: how far the second intent is behind in the message as a whole; lead: how far the
    best is ahead of « out of scope »; length: log of the second clause's words; asks_first, asks_second, announced,
    joined: 1 or 0 (in the order of place: each asks something; the later one has a word like « aussi »; begins with « et »).
    """

    odds: float
    first: float
    second: float
    gap: float
    lead: float
    length: float
    asks_first: float
    asks_second: float
    announced: float
    joined: float


# Fitted on tests/corpus by `python -m benchmarks.wishes`, which prints them and what they find.
WEIGHTS = PairSignals(0.295, 0.213, 0.268, -0.176, 0.165, 0.859, 2.309, 0.572, 2.0, 2.216)
OFFSET = -12.19
# Beyond this, a gap or a preference says no more.
_MOST = 15.0


class Clause(NamedTuple):
    """A stretch of a message: its tokens, its text up to the next one, and the score of every intent in it alone."""

    tokens: Sequence[Token]
    text: str
    scores: Sequence[float]


def probability(signals: PairSignals) -> float:
    """How likely the message holds both wishes, 0 to 1."""
    value = OFFSET + sum([weight * signal for weight, signal in zip(WEIGHTS, signals, strict=True)])
    return 1 / (1 + exp(-max(min(value, 50.0), -50.0)))


def second_wish(
    parts: Sequence[Clause],
    whole: Sequence[float],
    best: int,
    askable: Sequence[int],
    outside: int | None,
    language: LanguageData,
) -> tuple[int, bool, PairSignals] | None:
    """The likeliest second intent beside `best`, whether it is asked first, and the signals; None without another.

    `whole`: the scores of the message as a whole; `askable`: the intents that can be wished for.
    """
    others = [n for n in askable if n != best]
    if len(parts) < 2 or not others:
        return None
    odds = [_log_odds(part.scores) for part in parts]
    wished = [max(others, key=part.scores.__getitem__) for part in parts]
    pairs = ((i, j) for i in range(len(parts)) for j in range(len(parts)) if i != j)
    i, j = max(pairs, key=lambda pair: min(odds[pair[0]][best], odds[pair[1]][wished[pair[1]]]))
    second = wished[j]
    one, other = parts[i].scores, parts[j].scores
    before, after = (parts[i], parts[j]) if i < j else (parts[j], parts[i])
    forms = {token.form for token in after.tokens}
    signals = PairSignals(
        odds=min(odds[i][best], odds[j][second]),
        first=_capped(one[best] - one[second]),
        second=_capped(other[second] - other[best]),
        gap=_capped(whole[best] - whole[second]),
        lead=_capped(whole[best] - whole[outside]) if outside is not None else 0.0,
        length=log(len(parts[j].tokens)),
        asks_first=float(_asks(before, language)),
        asks_second=float(_asks(after, language)),
        announced=float(not forms.isdisjoint(language.announcements)),
        joined=float(after.tokens[0].form == "et"),
    )
    return second, j < i, signals


def _log_odds(scores: Sequence[float]) -> list[float]:
    highest = max(scores)
    powers = [exp(score - highest) for score in scores]
    whole = sum(powers)
    return [log(max(power, 1e-9) / max(whole - power, 1e-9)) for power in powers]


def _capped(value: float) -> float:
    return max(min(value, _MOST), -_MOST)


def _asks(clause: Clause, language: LanguageData) -> bool:
    return "?" in clause.text or any(token.form in language.requests for token in clause.tokens)


def clauses(analysis: Analysis, language: LanguageData) -> list[range]:
    """Ranges of token positions: sentences, parted where a second wish may begin and both parts have words enough."""
    function_words = language.function_words
    spans: list[range] = []
    for sentence in sentences(analysis.tokens):
        parts = _merged(_parted(analysis, sentence, language), analysis.tokens, function_words)
        spans = _merged([*spans, *parts], analysis.tokens, function_words) if len(parts) == 1 else [*spans, *parts]
    return spans


def sentences(tokens: Sequence[Token]) -> list[range]:
    """The ranges of the positions of each sentence's tokens."""
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
