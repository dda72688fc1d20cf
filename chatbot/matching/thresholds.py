"""The numbers that decide. A shop's own are in its intents/_seuils.yaml, with the figures that chose them.

`cli.py calibrate` computes them by cross-validation of the knowledge base; the defaults below are for a shop that has
not been calibrated yet, and are cautious.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Thresholds(NamedTuple):
    """answer, clarify: least confidence (0 to 1) to answer, to ask back. wish: least share of each of two wishes.

    Confidence = logistic(slope * log-odds of the best intent + offset + unknown * share of unknown words
    + similarity * likeness of the nearest phrasing), cut at 0.999: only an exact phrasing has 1.
    """

    answer: float = 0.65
    clarify: float = 0.2
    wish: float = 0.7
    slope: float = 0.9
    offset: float = 0.0
    unknown: float = -4.0
    similarity: float = 0.0

    @classmethod
    def of(cls, values: Mapping[str, float]) -> Thresholds:
        """The thresholds named in `values`, the defaults for the rest."""
        return cls(**{name: float(values[name]) for name in cls._fields if name in values})
