"""Two wishes in one message: the stretches that may each hold one, and how likely the second one is.

Most messages of several clauses hold one wish and the story around it. What tells a second wish: each clause speaks for
its own intent and against the other's, both ask, and the second is announced as one more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import exp, fsum, log
from typing import NamedTuple

from chatbot.language import Analysis, LanguageData, Token
from chatbot.matching.scoring import log_odds, shares

# « livrez-vous », « a-t-il »: a question without a word that asks, or something asked for (« envoyez-moi »).
_INVERSION = re.compile(r"\w-(?:t-)?(?:je|tu|il|elle|on|nous|vous|ils|elles|moi)\b", re.IGNORECASE)


class PairSignals(NamedTuple):
    """What tells that two clauses hold a wish each; differences of scores in natural-log units.

    odds: the lower of the log-odds that each clause is about its intent; first, second: how much each clause prefers
    its intent to the other's; gap: how far the second intent is behind in the message as a whole; lead: how far the
    best is ahead of « out of scope »; length: log of the second clause's words; asks_first, asks_second, announced,
    joined: 1 or 0 (in the order of place: each asks something; the later one has a word like « aussi »; begins with « et »);
    questions: 1 when the first ends with a question mark and the second asks, else 0; clauses: log of how many there are,
    for a long story has more that may be taken for a wish; last: 1 when the later of the two ends the message, else 0.
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
    questions: float
    clauses: float
    last: float


# Fitted on tests/corpus and the knowledge's own phrasings by `python -m benchmarks.wishes`, which prints what they find.
WEIGHTS = PairSignals(0.428, 0.18, 0.364, -0.169, 0.118, 1.598, 1.583, -0.135, 1.614, 1.486, 2.352, -0.688, 1.053)
OFFSET = -11.65
# Beyond this, a gap or a preference says no more.
_MOST = 15.0


class Clause(NamedTuple):
    """A stretch of a message: its tokens, whether it asks something, is announced as one more thing, begins with « et »,
    has a question mark."""

    tokens: Sequence[Token]
    asks: bool
    announced: bool
    joined: bool
    marked: bool


def probability(signals: PairSignals) -> float:
    """How likely the message holds both wishes, 0 to 1."""
    value = OFFSET + fsum([weight * signal for weight, signal in zip(WEIGHTS, signals, strict=True)])
    return 1 / (1 + exp(-max(min(value, 50.0), -50.0)))


class Second(NamedTuple):
    """The likeliest wish beside the best one: its intent, whether it is asked first, and what speaks for it."""

    intent: int
    first: bool
    signals: PairSignals


class Wishes:
    """Finds a second wish among clauses. `askable`: the intents that can be wished for; `outside`: « out of scope »."""

    def __init__(self, askable: Sequence[int], outside: int | None, language: LanguageData) -> None:
        self.askable = tuple(askable)
        self._outside = outside
        self._language = language
        self._said_by_verbs = language.function_words - language.determiners - language.connectors

    def clauses(self, analysis: Analysis, spans: Sequence[range]) -> list[Clause]:
        """The clauses of these ranges of token positions; [] when nothing in them can be a second wish.

        A second wish follows a clause that asks, or is announced: 240 of 252 pairs that would be found are, and a
        quarter of those that would be made up are not.
        """
        tokens, text, language = analysis.tokens, analysis.text, self._language
        # A question mark after the last word says nothing: most people leave it out.
        ends = [*(tokens[span.start].start for span in spans[1:]), tokens[-1].end]
        found = []
        for span, end in zip(spans, ends, strict=True):
            part = tokens[span.start : span.stop]
            forms = [token.form for token in part]
            # « 3D secure bloqué », « et mon colis » ask as well: who leaves out every verb has no other way.
            terse = self._said_by_verbs.isdisjoint(forms)
            written = text[part[0].start : end]
            marked = "?" in written
            asks = terse or marked or _INVERSION.search(written) is not None or not language.requests.isdisjoint(forms)
            announced = not language.announcements.isdisjoint(forms)
            found.append(Clause(part, asks, announced, forms[0] in language.joiners, marked))
        likely = any(c.asks for c in found[:-1]) or any(c.announced or c.joined for c in found[1:])
        return found if likely else []

    def second(
        self, parts: Sequence[Clause], scores: Sequence[Sequence[float]], whole: Sequence[float], best: int
    ) -> Second | None:
        """The likeliest second intent beside `best`; None without another.

        `scores`: of every intent in each clause alone; `whole`: in the message.
        """
        others = [n for n in self.askable if n != best]
        if len(parts) < 2 or not others or best not in self.askable:
            return None
        odds = [[log_odds(chance) for chance in shares(part)] for part in scores]
        wished = [max(others, key=part.__getitem__) for part in scores]
        pairs = ((i, j) for i in range(len(parts)) for j in range(len(parts)) if i != j)
        i, j = max(pairs, key=lambda pair: min(odds[pair[0]][best], odds[pair[1]][wished[pair[1]]]))
        first = j < i
        before, after = (parts[j], parts[i]) if first else (parts[i], parts[j])
        one, other, second = scores[i], scores[j], wished[j]
        signals = PairSignals(
            odds=min(odds[i][best], odds[j][second]),
            first=_capped(one[best] - one[second]),
            second=_capped(other[second] - other[best]),
            gap=_capped(whole[best] - whole[second]),
            lead=_capped(whole[best] - whole[self._outside]) if self._outside is not None else 0.0,
            length=log(len(parts[j].tokens)),
            asks_first=float(before.asks),
            asks_second=float(after.asks),
            announced=float(after.announced),
            joined=float(after.joined),
            questions=float(before.marked and after.asks),
            clauses=log(len(parts)),
            last=float(max(i, j) == len(parts) - 1),
        )
        return Second(second, first, signals)


def _capped(value: float) -> float:
    return max(min(value, _MOST), -_MOST)
