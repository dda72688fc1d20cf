"""Calibration: thresholds and confidence fitted on cross-validation, so that « 0.8 » means right four times in five."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp
from typing import NamedTuple

from chatbot.knowledge import KnowledgeBase, Phrasing
from chatbot.matching import Matcher, Thresholds
from chatbot.workbench.cross_validation import without
from chatbot.workbench.parallel import map_chunks

# What the shop accepts, in shares of the counter-examples or of the phrasings: a wrong answer costs more than a
# question back, and a question back more than a right answer. A stretch left out is harder than what customers ask: on
# tests/corpus, written by other hands, these gave half as many false answers and a quarter as many wrong ones.
FALSE_ANSWERS = 0.06
WRONG_ANSWERS = 0.04
FALSE_QUESTIONS = 0.15
# Each fold leaves so little out that the rest is nearly what customers will meet.
STRETCHES = 10
# Fewer trials than this fit nine weights badly: on 8 to 60 phrasings an intent drawn from ours, likeness even counted
# against an answer.
FEW_TRIALS = 2_000
_STEPS = 200
_ROUNDS = 25
_RIDGE = 1e-3


class Trial(NamedTuple):
    """One phrasing matched without its fold: signals, whether its best candidate is right, whether in scope."""

    signals: tuple[float, ...]
    right: bool
    inside: bool


class Calibration(NamedTuple):
    """New thresholds, and what they give on the trials they come from (shares, and (confidence, count, right) rows)."""

    thresholds: Thresholds
    right: float
    reached: float
    wrong: float
    false_answers: float
    false_questions: float
    reliability: tuple[tuple[float, int, float], ...]
    trials: int


def calibrate(knowledge: KnowledgeBase) -> Calibration:
    """The thresholds that cross-validation of the knowledge base chooses."""
    return calibration_of(trials(knowledge), Thresholds.of(knowledge.thresholds).wish)


def trials(knowledge: KnowledgeBase) -> list[Trial]:
    """Every phrasing matched without its fold: the stretch of its file where it stands.

    What one hand wrote, or of one kind, stands together in a file, so a stretch is as foreign to the rest as a
    customer's words are; folds drawn at random would leave its sisters in, and flatter the figures.
    """

    def work(folds: Sequence[int]) -> list[Trial]:
        return [trial for fold in folds for trial in _trials_of(knowledge, fold)]

    return [trial for found in map_chunks(work, range(STRETCHES), chunk=1) for trial in found]


def _trials_of(knowledge: KnowledgeBase, fold: int) -> list[Trial]:
    lists = [found for i in knowledge.intents.values() for found in (i.phrasings, i.counter_examples)]
    part = [p for found in lists for p in found[len(found) * fold // STRETCHES : len(found) * (fold + 1) // STRETCHES]]
    matcher = Matcher(without(knowledge, part))
    tried = (_trial(matcher, phrasing, knowledge.out_of_scope) for phrasing in part)
    return [trial for trial in tried if trial]


def _trial(matcher: Matcher, phrasing: Phrasing, outside: str | None) -> Trial | None:
    match = matcher.match(phrasing.text)
    signals = matcher.signals(match)
    inside = phrasing.intent != outside
    return Trial((1.0, *signals), inside and match.ranking[:1] == (phrasing.intent,), inside) if signals else None


def calibration_of(found: Sequence[Trial], wish: float) -> Calibration:
    """The thresholds for these trials: see the constants above for what is accepted."""
    weights = logistic([t.signals for t in found], [t.right for t in found])
    confidences = [probability(weights, t.signals) for t in found]
    inside = sum(t.inside for t in found) or 1
    outside = sum(not t.inside for t in found) or 1

    def share(least: float, most: float = 2.0, *, inside_only: bool, right: bool = False) -> float:
        hits = sum(
            least <= c < most and t.inside is inside_only and t.right is right
            for c, t in zip(confidences, found, strict=True)
        )
        return hits / (inside if inside_only else outside)

    grid = [step / _STEPS for step in range(1, _STEPS)]
    answer = next(
        (
            g
            for g in grid
            if share(g, inside_only=False) <= FALSE_ANSWERS and share(g, inside_only=True) <= WRONG_ANSWERS
        ),
        grid[-1],
    )
    ask = next((g for g in grid if g >= answer or share(g, answer, inside_only=False) <= FALSE_QUESTIONS), answer)
    return Calibration(
        Thresholds(answer, ask, wish, *weights),
        right=share(answer, inside_only=True, right=True),
        reached=share(ask, inside_only=True, right=True),
        wrong=share(answer, inside_only=True),
        false_answers=share(answer, inside_only=False),
        false_questions=share(ask, answer, inside_only=False),
        reliability=tuple(_reliability(confidences, found)),
        trials=len(found),
    )


def logistic(rows: Sequence[Sequence[float]], truths: Sequence[bool]) -> list[float]:
    """Logistic regression by Newton's method, a trace of ridge for stability: one weight per column."""
    width = len(rows[0]) if rows else 0
    weights = [0.0] * width
    for _ in range(_ROUNDS):
        gradient = [-_RIDGE * w for w in weights]
        curvature = [[_RIDGE if i == j else 0.0 for j in range(width)] for i in range(width)]
        for row, truth in zip(rows, truths, strict=True):
            likely = probability(weights, row)
            slack = likely * (1 - likely)
            for i, a in enumerate(row):
                gradient[i] += (truth - likely) * a
                for j, b in enumerate(row):
                    curvature[i][j] += slack * a * b
        change = _solved(curvature, gradient)
        weights = [w + c for w, c in zip(weights, change, strict=True)]
        if max(map(abs, change), default=0.0) < 1e-8:
            break
    return weights


def probability(weights: Sequence[float], row: Sequence[float]) -> float:
    """The logistic of the weighted sum of a row."""
    value = sum(w * x for w, x in zip(weights, row, strict=True))
    return 1 / (1 + exp(-max(min(value, 50.0), -50.0)))


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a small linear system, by elimination with pivots."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda r: abs(rows[r][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for r in range(size):
            if r != column:
                factor = rows[r][column] / rows[column][column]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[column], strict=True)]
    return [rows[i][size] / rows[i][i] for i in range(size)]


def _reliability(confidences: Sequence[float], found: Sequence[Trial]) -> Iterable[tuple[float, int, float]]:
    for tenth in range(10):
        inside = [t.right for c, t in zip(confidences, found, strict=True) if tenth <= min(c, 0.999) * 10 < tenth + 1]
        if inside:
            yield tenth / 10, len(inside), sum(inside) / len(inside)


def as_yaml(calibration: Calibration) -> str:
    """The thresholds file, with the figures that chose them as comments (in French, for its readers)."""
    c = calibration
    figures = [
        f"# Validation croisée ({STRETCHES} parts, {c.trials} formulations, chacune cherchée dans la base sans sa part) :",
        f"#   réponses justes {c.right:.1%}, justes ou proposées {c.reached:.1%}, fausses {c.wrong:.1%} ;",
        f"#   contre-exemples : réponse {c.false_answers:.1%}, question en retour {c.false_questions:.1%}.",
        "# Confiance annoncée -> part de bonnes réponses (effectif) :",
        *(f"#   {low:.1f} à {low + 0.1:.1f} -> {right:.2f} ({count})" for low, count, right in c.reliability),
    ]
    values = [f"  {name}: {value:.4f}" for name, value in c.thresholds._asdict().items()]
    head = "# Seuils de décision. Écrit par « cli.py calibrate --write » : ne pas modifier à la main."
    return "\n".join([head, *figures, "seuils:", *values, ""])
