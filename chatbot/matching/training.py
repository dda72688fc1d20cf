"""Fitting: phrasings as features -> one weight per feature and intent. Pure Python, deterministic, under a second.

Multinomial logistic regression by stochastic gradient on TF-IDF vectors of length 1, plus a share of the naive-Bayes
log-odds of each feature, which steadies the rare ones. Both are linear, so they are stored as one table.
A word that stands in a single phrasing teaches nothing about the intent; it stands in for « a word never seen »,
so the model learns what unknown words mean (mostly: another subject) from the phrasings themselves.
Weights are whole numbers (SCALE to 1), a row of them in one integer: see lanes.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import exp, fsum, log
from typing import NamedTuple
from zlib import crc32

from chatbot.matching.compiled import LANE_BITS, SCALE, inverse_length
from chatbot.matching.features import UNKNOWN, UNKNOWN_REAL, unknown_count
from chatbot.matching.lanes import Lanes

# Chosen on the project's own corpus (tests/corpus) and 5-fold cross-validation; see docs/how-it-works.md.
EPOCHS = 2
FIRST_STEP = 5.0
STEP_DECAY = 0.5
# A feature in fewer phrasings is not learnt.
LEAST_PHRASINGS = 2
BAYES_SHARE = 3.0
BAYES_PRIOR = 20.0
# While training, a step and a squared idf are kept as whole numbers, so many to 1.
_STEP_SCALE = 1 << 20
_IDF_SCALE = 1 << 8
# Bits by which those scales are finer than SCALE.
_TO_SCALE = (_STEP_SCALE * _IDF_SCALE // SCALE).bit_length() - 1
# Examples already this sure, and classes this unlikely, are not worth an update.
_SURE = 0.98
_UNLIKELY = 0.05


class Fitted(NamedTuple):
    """row_of: feature -> row; rows: weights times SCALE (rows x intents); idf2: squared inverse document frequency."""

    intents: tuple[str, ...]
    row_of: dict[str, int]
    idf2: list[float]
    rows: list[list[int]]
    examples: list[Example]


class Example(NamedTuple):
    """One phrasing: its rows, 1 / length of its vector, and the number of its intent."""

    rows: tuple[int, ...]
    inverse: float
    intent: int


def fit(labelled: Sequence[tuple[str, Sequence[str]]]) -> Fitted:
    """The weights for (intent, feature names) pairs, in an order of the pairs that the caller has fixed."""
    bags = [dict.fromkeys(features) for _, features in labelled]
    frequency: Counter[str] = Counter()
    for bag in bags:
        frequency.update(bag.keys())
    order = _order(labelled)
    for bag in bags:
        _add_unknowns(bag, frequency)
    kept = sorted(name for name, count in frequency.items() if count >= LEAST_PHRASINGS)
    index = {name: row for row, name in enumerate(kept)}
    total = max(len(labelled), 2)
    idf2 = [log(total / min(frequency[name], total - 1)) ** 2 for name in kept]
    intents = tuple(sorted({intent for intent, _ in labelled}))
    number = {intent: i for i, intent in enumerate(intents)}
    examples = []
    for (intent, _), bag in zip(labelled, bags, strict=True):
        rows = tuple([index[name] for name in bag if name in index])
        examples.append(Example(rows, inverse_length(rows, idf2), number[intent]))
    lanes = Lanes(len(intents), 64)
    weights = _with_bayes(_logistic(examples, idf2, lanes, order), examples, lanes, len(intents))
    return Fitted(intents, index, idf2, weights, examples)


def _add_unknowns(bag: dict[str, None], frequency: Counter[str]) -> None:
    """Words of this phrasing alone become « unknown words » in it, and are counted as such."""
    once = {name[2:] for name in bag if name[0] == "w" and frequency[name] == 1}
    if not once:
        return
    pairs = [name[2:].split(" ") for name in bag if name[0] == "b"]
    unknown = [
        f"b:{UNKNOWN if first in once else first} {UNKNOWN if second in once else second}"
        for first, second in pairs
        if first in once or second in once
    ]
    for name in (UNKNOWN_REAL, unknown_count(len(once)), *unknown):
        if name not in bag:
            bag[name] = None
            frequency[name] += 1


def _order(labelled: Sequence[tuple[str, Sequence[str]]]) -> list[int]:
    """The order the examples are visited in: by a digest of each, so it has nothing to do with the files' order, is the
    same every time, and a phrasing more or less leaves the others where they were: what it does not touch stays put."""
    digests = [crc32(f"{intent} {' '.join(features)}".encode()) for intent, features in labelled]
    return sorted(range(len(digests)), key=lambda number: (digests[number], number))


def _logistic(examples: Sequence[Example], idf2: Sequence[float], lanes: Lanes, order: list[int]) -> list[int]:
    """One row of weights per feature, multiplied by its idf: a score is a sum of rows over the length of the text."""
    weights = [0] * len(idf2)
    pull = [round(value * _IDF_SCALE) for value in idf2]
    total = len(examples)
    all_of_them = order
    for epoch in range(EPOCHS):
        step = FIRST_STEP / (1 + STEP_DECAY * epoch)
        unsure = [position for position in order if _update(weights, examples[position], pull, step, lanes)]
        # What is already sure rests for an epoch: it would hardly change, and it is most of the work.
        order = unsure if len(order) == total else all_of_them
    return weights


def _update(weights: list[int], example: Example, pull: Sequence[int], step: float, lanes: Lanes) -> bool:
    """One gradient step; True if there was something to learn."""
    rows, inverse, intent = example
    unit = inverse / _STEP_SCALE / _IDF_SCALE
    scores = [score * unit for score in lanes.unpack(sum([weights[row] for row in rows]))]
    highest = max(scores)
    likely = [exp(score - highest) for score in scores]
    whole = fsum(likely)
    if likely[intent] > _SURE * whole:
        return False
    factor = step * inverse / whole * _STEP_SCALE
    least = _UNLIKELY * whole
    change = int(factor * (whole - likely[intent])) << (lanes.bits * intent)
    for number, share in enumerate(likely):
        if share > least and number != intent:
            change -= int(factor * share) << (lanes.bits * number)
    for row in rows:
        weights[row] += change * pull[row]
    return True


def _with_bayes(weights: list[int], examples: Sequence[Example], lanes: Lanes, intents: int) -> list[list[int]]:
    """The weights plus BAYES_SHARE times the log of how much commoner a feature is under each intent, times SCALE."""
    counts: list[dict[int, int]] = [{} for _ in weights]
    sizes = [0] * intents
    for rows, _, intent in examples:
        sizes[intent] += 1
        for row in rows:
            counts[row][intent] = counts[row].get(intent, 0) + 1
    total = len(examples)
    unit = BAYES_SHARE * _STEP_SCALE * _IDF_SCALE
    absent = [int(unit * log(BAYES_PRIOR / (size + BAYES_PRIOR))) for size in sizes]
    everywhere = sum(value << (lanes.bits * intent) for intent, value in enumerate(absent))
    logs: dict[tuple[int, int, int], int] = {}
    summed: list[list[int]] = []
    for weight, per_intent in zip(weights, counts, strict=True):
        overall = sum(per_intent.values())
        row = weight + everywhere
        for intent, count in per_intent.items():
            key = (count, overall, intent)
            added = logs.get(key)
            if added is None:
                rate = (count * total / overall + BAYES_PRIOR) / (sizes[intent] + BAYES_PRIOR)
                added = logs[key] = (int(unit * log(rate)) - absent[intent]) << (lanes.bits * intent)
            row += added
        summed.append([value >> _TO_SCALE for value in lanes.unpack(row)])
    return summed


def stored(rows: Sequence[Sequence[int]], intents: int) -> bytes:
    """The rows one after another in the form they are kept in (see Lanes)."""
    lanes = Lanes(intents, LANE_BITS)
    return b"".join([lanes.to_bytes(row) for row in rows])
