"""The numbers that decide. A shop's own are in its intents/_seuils.yaml, with the figures that chose them.

`cli.py calibrate` computes them by cross-validation of the knowledge base; the defaults below are for a shop that has
not been calibrated yet, and are cautious.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp
from typing import NamedTuple

# Confidence stays below 1.0: that is kept for an exact phrasing.
MOST_SURE = 0.999
# What is said in one word is answered from this confidence on: who types « carte » or « changer » has yet to say what is
# wanted, and is in no labelled question. Of the phrasings of one word, each matched without its part, 98 % were right above
# it, 91 % between 0.65 and it.
ONE_WORD = 0.8


class Signals(NamedTuple):
    """What the confidence in an intent is made of.

    odds: log-odds of its probability; lead, margin: its score over « out of scope » and over the best other intent, in
    natural-log units; likeness, outside: of its own and of the out-of-scope phrasings nearest to the text, 0 to 1;
    unknown: share of the content words that nothing explains; length: log(1 + content words); sentences: 1 to 4.
    """

    odds: float
    lead: float
    margin: float
    likeness: float
    outside: float
    unknown: float
    length: float
    sentences: float


class Thresholds(NamedTuple):
    """answer, clarify: least confidence (0 to 1) to answer, to ask back. wish: least probability of a second wish.

    Confidence = logistic(offset + the sum of each signal times the weight of its name), cut at MOST_SURE.
    """

    answer: float = 0.7
    clarify: float = 0.2
    wish: float = 0.5
    offset: float = 0.0
    odds: float = 0.9
    lead: float = 0.0
    margin: float = 0.0
    likeness: float = 0.0
    outside: float = 0.0
    unknown: float = -4.0
    length: float = 0.0
    sentences: float = 0.0

    @classmethod
    def of(cls, values: Mapping[str, float]) -> Thresholds:
        """The thresholds named in `values`, the defaults for the rest."""
        return cls(**{name: float(values[name]) for name in cls._fields if name in values})

    def confidences(self, signals: Signals, odds: Sequence[float]) -> list[float]:
        """How often intents with these odds are right, 0 to MOST_SURE, to four decimals; the other signals are shared."""
        weights = self[-len(signals) :]
        value = self.offset - self.odds * signals.odds
        for weight, signal in zip(weights, signals, strict=True):
            value += weight * signal
        values = [max(min(value + self.odds * one, 50.0), -50.0) for one in odds]
        return [round(min(1 / (1 + exp(-one)), MOST_SURE), 4) for one in values]
