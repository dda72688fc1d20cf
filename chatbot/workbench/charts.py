"""Charts of an evaluation as images for a page: a confusion heat map and the threshold curve; readable without colour."""

from __future__ import annotations

import base64
import io
from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from chatbot.errors import UsageError
from chatbot.matching import Thresholds
from chatbot.workbench.corpus import wanted
from chatbot.workbench.evaluation import Evaluation, Judged
from chatbot.workbench.figures import decimal
from chatbot.workbench.thresholds_choice import Point, curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ASKED_BACK = "question"
_FALLBACK = "repli"
# Above this share of a row the figure is written in white, for contrast.
_DARK = 0.55
_STYLES = (
    ("right", "justes", "-", "o", "#0b6e4f"),
    ("wrong", "fausses", "--", "s", "#a4262c"),
    ("fallback", "repli", ":", "^", "#3b5b92"),
    ("false_answer", "réponses à tort (hors sujet)", "-.", "D", "#8a5a00"),
)


def heat_map(evaluation: Evaluation) -> str:
    """What was wanted (rows) against what came (columns), as shares of each row with the counts written in."""
    counts = Counter((wanted(j.question.expected)[0], _came(j)) for j in evaluation.judged)
    rows = sorted({row for row, _ in counts})
    columns = [*sorted({c for _, c in counts} - {_ASKED_BACK, _FALLBACK}), _ASKED_BACK, _FALLBACK]
    totals = {row: sum(counts[row, column] for column in columns) for row in rows}
    figure = _figure(max(6.0, 0.48 * len(columns) + 3.2), max(2.5, 0.34 * len(rows) + 2.2))
    axes = figure.add_subplot()
    axes.imshow(
        [[counts[r, c] / totals[r] for c in columns] for r in rows], cmap="Blues", vmin=0, vmax=1, aspect="auto"
    )
    axes.set_xticks(range(len(columns)), columns, rotation=60, ha="right", fontsize=9)
    axes.set_yticks(range(len(rows)), rows, fontsize=9)
    axes.set_ylabel("attendu")
    for y, row in enumerate(rows):
        for x, column in enumerate(columns):
            if counts[row, column]:
                colour = "white" if counts[row, column] > _DARK * totals[row] else "#1c2733"
                axes.text(x, y, str(counts[row, column]), ha="center", va="center", fontsize=8, color=colour)
    _plain(axes)
    return _image(figure, f"Carte des confusions : {len(rows)} intentions attendues, {len(columns)} issues")


def threshold_curve(evaluation: Evaluation, thresholds: Thresholds, best: Point) -> str:
    """Right, wrong and fallback against the answer threshold; today's and the data's choice are marked."""
    points = curve(evaluation, thresholds)
    figure = _figure(6.4, 4.4)
    axes = figure.add_subplot()
    answers = [point.answer for point in points]
    for name, label, line, marker, colour in _STYLES:
        values = [getattr(point, name) for point in points]
        axes.plot(answers, values, line, marker=marker, markevery=5, markersize=5, color=colour, label=label)
    marks = (
        (thresholds.answer, f"aujourd'hui {decimal(thresholds.answer)}", "-"),
        (best.answer, f"ces données {decimal(best.answer)}", "--"),
    )
    for height, (place, label, line) in zip((1.06, 1.0), marks, strict=True):
        axes.axvline(place, color="#1c2733", linewidth=1, linestyle=line)
        axes.annotate(f" {label}", (place, height), xycoords=("data", "axes fraction"), fontsize=9, va="bottom")
    axes.set_xlabel("seuil de réponse (confiance)")
    axes.set_ylabel("part des questions")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.grid(color="#d5dde4", linewidth=0.6)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=2, frameon=False, fontsize=9)
    _plain(axes)
    return _image(
        figure, f"Parts justes, fausses et de repli selon le seuil ; aujourd'hui {decimal(thresholds.answer)}"
    )


def _came(judged: Judged) -> str:
    """The column of a question: the intent answered (the wanted one if it is among several), a question, a fallback."""
    intents: Sequence[str] = judged.match.intents
    if intents:
        return next((name for name in wanted(judged.question.expected) if name in intents), intents[0])
    return _ASKED_BACK if judged.match.decision == "clarify" else _FALLBACK


def _figure(width: float, height: float) -> Figure:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UsageError('il manque matplotlib pour la page HTML : pip install "chrono-chatbot[workbench]"') from error
    return Figure(figsize=(width, height), layout="constrained")


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)


def _image(figure: Figure, described: str) -> str:
    """The figure as an <img> that holds its own drawing; the same bytes for the same figure."""
    import matplotlib as mpl

    out = io.BytesIO()
    settings: Any = {"svg.hashsalt": "evaluation", "svg.fonttype": "path"}
    with mpl.rc_context(settings):
        figure.savefig(out, format="svg", metadata={"Date": None})
    source = base64.b64encode(out.getvalue()).decode()
    return f'<img alt="{escape(described)}" src="data:image/svg+xml;base64,{source}">'
