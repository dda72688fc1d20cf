"""Fitting: phrasings as features -> one weight per feature and intent. Pure Python, deterministic, under a second.

Multinomial logistic regression by stochastic gradient on TF-IDF vectors of length 1, plus a share of the naive-Bayes
log-odds of each feature, which steadies the rare ones. Both are linear, so they are stored as one table.
A word that stands in a single phrasing teaches nothing about the intent; it stands in for « a word never seen »,
so the model learns what unknown words mean (mostly: another subject) from the phrasings themselves.
Weights are whole numbers (SCALE to 1), a row of them in one integer: see lanes.py.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from math import ceil, exp, fsum, log
from typing import NamedTuple

from chatbot.matching.compiled import IDF_SCALE, LANE_BITS, SCALE, inverse_length
from chatbot.matching.features import UNKNOWN, UNKNOWN_REAL, unknown_count
from chatbot.matching.lanes import Lanes

# Chosen on the project's own corpus (tests/corpus) and 5-fold cross-validation; see docs/how-it-works.md.
# As many visits of an example as make this many in all, between one and MOST_EPOCHS: a small shop has time for more.
VISITS = 12_000
MOST_EPOCHS = 15
FIRST_STEP = 2.5
STEP_DECAY = 0.05
LAST_STEP = 1.5
# A feature in fewer phrasings is not learnt, unless there are few phrasings in all: there, most words stand in one only,
# and what they say is worth more than it misleads (8 to 60 phrasings an intent drawn from ours: a quarter fewer wrong answers).
LEAST_PHRASINGS = 2
FEW_PHRASINGS = 2_000
BAYES_SHARE = 3.0
BAYES_PRIOR = 20.0
# A step is a whole number, so many to 1; a weight is a sum of steps times squared idfs.
_STEP_SCALE = SCALE // IDF_SCALE
# Examples already this sure, and classes this unlikely, are not worth an update.
_SURE = 0.98
# Examples less sure than this when they were seen are seen once more.
_FAR = 0.2
_UNLIKELY = 0.05
_new = tuple.__new__


class Labelled(NamedTuple):
    """A phrasing to learn from: its intent, its features by number, and a digest of its words that orders the work."""

    intent: str
    features: list[int]
    digest: int


class Fitted(NamedTuple):
    """row_of: feature -> row; rows: weights of every intent times SCALE, in lanes of LANE_BITS; idf2: squared inverse
    document frequency times IDF_SCALE."""

    intents: tuple[str, ...]
    row_of: dict[str, int]
    idf2: list[int]
    rows: list[int]
    examples: list[Example]


class Example(NamedTuple):
    """One phrasing: its rows, 1 / length of its vector, and the number of its intent."""

    rows: tuple[int, ...]
    inverse: float
    intent: int


def fit(labelled: Sequence[Labelled], number_of: defaultdict[str, int]) -> Fitted:
    """The weights for these phrasings. `number_of` gives any feature a number; those that fitting adds get theirs.

    Depends on what is labelled, not on the order of the pairs nor on the numbers.
    """
    bags = [one.features for one in labelled]
    frequency = Counter(chain.from_iterable(bags))
    _learn_unknowns(bags, number_of, frequency)
    least = 1 if len(labelled) < FEW_PHRASINGS else LEAST_PHRASINGS
    kept = sorted([name for name, number in number_of.items() if frequency[number] >= least])
    row_of = dict(zip(kept, range(len(kept)), strict=True))
    numbers = [number_of[name] for name in kept]
    rows = [-1] * len(number_of)
    for row, number in enumerate(numbers):
        rows[number] = row
    total = _steady(len(labelled))
    counts = [frequency[number] for number in numbers]
    square = {count: round(log(total / min(count, total - 1)) ** 2 * IDF_SCALE) for count in set(counts)}
    idf2 = [square[count] for count in counts]
    intents = tuple(sorted({one.intent for one in labelled}))
    intent_number = {intent: i for i, intent in enumerate(intents)}
    examples = []
    for (intent, _, _), bag in zip(labelled, bags, strict=True):
        found = tuple([row for row in map(rows.__getitem__, bag) if row >= 0])
        examples.append(_new(Example, (found, inverse_length(found, idf2), intent_number[intent])))
    lanes = Lanes(len(intents), LANE_BITS)
    weights = _logistic(examples, idf2, lanes, _order(labelled, intent_number))
    _add_bayes(weights, counts, examples, lanes, len(intents))
    return Fitted(intents, row_of, idf2, weights, examples)


def _steady(count: int) -> int:
    """The count in steps of a twentieth: one phrasing more does not change how rare every word of the shop is."""
    return max(round(1.05 ** ceil(log(max(count, 2), 1.05))), 2)


def _learn_unknowns(bags: Sequence[list[int]], number_of: defaultdict[str, int], frequency: Counter[int]) -> None:
    """Gives each bag with words of this phrasing alone what « unknown words » it stands for, and keeps count."""
    names = list(number_of)
    rare = {number for number, count in frequency.items() if count == 1}
    words = {number for number in rare if names[number][0] == "w"}
    # A pair with such a word in it is in no other phrasing either.
    pairs = {number for number in rare if names[number][0] == "b"}
    for bag in bags:
        if words.isdisjoint(bag):
            continue
        once = {names[number][2:] for number in words.intersection(bag)}
        told = [names[number][2:].split(" ") for number in pairs.intersection(bag)]
        added = {number_of[name] for name in _unknowns(told, once)}.difference(bag)
        frequency.update(added)
        bag.extend(added)


def _unknowns(pairs: Sequence[Sequence[str]], once: Collection[str]) -> Iterable[str]:
    """The features, each once, of a text with these pairs of words when the words `once` of it are « unknown words »."""
    told = [
        f"b:{UNKNOWN if first in once else first} {UNKNOWN if second in once else second}"
        for first, second in pairs
        if first in once or second in once
    ]
    return dict.fromkeys((UNKNOWN_REAL, unknown_count(len(once)), *told))


def _order(labelled: Sequence[Labelled], intent_number: dict[str, int]) -> list[int]:
    """The order the examples are visited in: by a digest of each, so it has nothing to do with the files' order, is the
    same every time, and a phrasing more or less leaves the others where they were: what it does not touch stays put."""
    keys = [(one.digest, intent_number[one.intent]) for one in labelled]
    return sorted(range(len(keys)), key=keys.__getitem__)


def _logistic(examples: Sequence[Example], pull: Sequence[int], lanes: Lanes, order: list[int]) -> list[int]:
    """One row of weights per feature, multiplied by its idf: a score is a sum of rows over the length of the text."""
    weights = [0] * len(pull)
    total = len(examples)
    all_of_them = order
    for epoch in range(max(1, min(MOST_EPOCHS, VISITS // max(total, 1)))):
        step = FIRST_STEP / (1 + STEP_DECAY * epoch)
        visits = [(_update(weights, examples[position], pull, step, lanes), position) for position in order]
        unsure = [position for share, position in visits if share <= _SURE]
        # What is already sure rests for an epoch: it would hardly change, and it is most of the work.
        order = unsure if len(order) == total else all_of_them
    # Once more what was far from right when it was seen: the weights know its words better by now.
    for share, position in visits:
        if share < _FAR:
            _update(weights, examples[position], pull, LAST_STEP, lanes)
    return weights


def _update(weights: list[int], example: Example, pull: Sequence[int], step: float, lanes: Lanes) -> float:
    """One gradient step, where there is something to learn; the probability of the right intent before it."""
    rows, inverse, intent = example
    unit = inverse / SCALE
    scores = lanes.raised(sum([weights[row] for row in rows]))
    highest = max(scores)
    likely = [exp((score - highest) * unit) for score in scores]
    whole = fsum(likely)
    share = likely[intent] / whole
    if share > _SURE:
        return share
    factor = step * inverse / whole * _STEP_SCALE
    least = _UNLIKELY * whole
    change = round(factor * (whole - likely[intent])) << (lanes.bits * intent)
    for number, other in enumerate(likely):
        if other > least and number != intent:
            change -= round(factor * other) << (lanes.bits * number)
    for row in rows:
        weights[row] += change * pull[row]
    return share


def _add_bayes(
    weights: list[int], overall: Sequence[int], examples: Sequence[Example], lanes: Lanes, intents: int
) -> None:
    """Adds BAYES_SHARE times the log of how much commoner a feature is under each intent than it would be by chance.

    `overall`: in how many examples each row is.
    """
    unit, total = BAYES_SHARE * SCALE, len(examples)
    by_intent: list[list[tuple[int, ...]]] = [[] for _ in range(intents)]
    for example in examples:
        by_intent[example.intent].append(example.rows)
    absent = [round(unit * log(BAYES_PRIOR / (len(found) + BAYES_PRIOR))) for found in by_intent]
    everywhere = sum(value << (lanes.bits * intent) for intent, value in enumerate(absent))
    logs: dict[tuple[int, int], int] = {}
    for row in range(len(weights)):
        weights[row] += everywhere
    for intent, found in enumerate(by_intent):
        shift = lanes.bits * intent
        for row, count in Counter(chain.from_iterable(found)).items():
            key = (count, overall[row])
            added = logs.get(key)
            if added is None:
                added = logs[key] = round(unit * log(1 + count * total / key[1] / BAYES_PRIOR))
            weights[row] += added << shift
