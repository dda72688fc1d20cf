"""An evaluation as one page that needs nothing else: figures, charts, tables, the questions to look at."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template

from chatbot.matching import Matcher
from chatbot.workbench import tables
from chatbot.workbench.charts import heat_map, threshold_curve
from chatbot.workbench.evaluation import Evaluation, Judged, Rates
from chatbot.workbench.figures import percent
from chatbot.workbench.judging import BAD, FRENCH, REACHED, Verdict
from chatbot.workbench.thresholds_choice import best, now

_TEMPLATE = Path(__file__).parent / "data" / "report.html"
_WORST = 100
_CONFUSIONS = 25
_COLUMNS = ("", "n", "justes", "atteintes", "fausses", "manquées", "à tort")


def page(evaluation: Evaluation, matcher: Matcher, explainer: Matcher | None) -> str:
    """The page as HTML. `explainer` gives the evidence of each failure; None leaves it out. UsageError without the
    plotting library."""
    choice = best(evaluation)
    today = now(evaluation, matcher.thresholds)
    found = evaluation.rates
    return Template(_TEMPLATE.read_text("utf-8")).substitute(
        version=escape(matcher.compiled.version),
        counts=f"{found.inside + found.outside} questions : {found.inside} pour la boutique, {found.outside} hors sujet.",
        cards=_cards(found),
        heat_map=heat_map(evaluation),
        confusions=_confusions(evaluation),
        curve=threshold_curve(evaluation, matcher.thresholds, choice),
        thresholds=escape(tables.thresholds_line(matcher.thresholds, today, choice)),
        by_intent=_table(evaluation.by_intent),
        by_style=_table(evaluation.by_style),
        worst=_worst(evaluation, explainer),
    )


def _cards(found: Rates) -> str:
    shown = (
        (found.share(Verdict.RIGHT), "justes"),
        (found.share(*sorted(REACHED)), "atteintes"),
        (found.share(Verdict.WRONG), "fausses"),
        (found.share(Verdict.MISSED), "manquées"),
        (found.share(Verdict.FALSE_ANSWER), "à tort, hors sujet"),
    )
    return "".join(f'<div class="card"><b>{percent(share)}</b><span>{label}</span></div>' for share, label in shown)


def _confusions(evaluation: Evaluation) -> str:
    rows = "".join(
        f"<tr><td>{escape(expected)}</td><td>{escape(given)}</td><td>{count}</td></tr>"
        for expected, given, count in evaluation.confusions[:_CONFUSIONS]
    )
    head = '<tr><th scope="col">attendu</th><th scope="col">répondu</th><th scope="col">fois</th></tr>'
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>" if rows else "<p>Aucune confusion.</p>"


def _table(groups: Mapping[str, Rates]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
    body = "".join(_row(name, found) for name, found in groups.items())
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(name: str, found: Rates) -> str:
    inside = ((Verdict.RIGHT,), tuple(sorted(REACHED)), (Verdict.WRONG,), (Verdict.MISSED,))
    cells = [str(found.inside + found.outside)]
    cells += [percent(found.share(*verdicts)) if found.inside else "" for verdicts in inside]
    cells.append(percent(found.share(Verdict.FALSE_ANSWER)) if found.outside else "")
    return f"<tr><td>{escape(name)}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _worst(evaluation: Evaluation, explainer: Matcher | None) -> str:
    shown = evaluation.imperfect[:_WORST]
    if not shown:
        return "<p>Aucune : toutes les questions sont justes.</p>"
    rest = len(evaluation.imperfect) - len(shown)
    return "".join(_question(judged, explainer) for judged in shown) + (f"<p>… et {rest} autres.</p>" if rest else "")


def _question(judged: Judged, explainer: Matcher | None) -> str:
    question = judged.question
    style = "bad" if judged.verdict in BAD else "mild"
    label = f'<span class="verdict {style}">{FRENCH[judged.verdict]}</span>'
    lines = [f"attendu {question.expected}, obtenu {judged.given}", f"{question.path}:{question.line}"]
    lines += tables.evidence(explainer, judged) if explainer else []
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<details><summary>{label} « {escape(question.text)} »</summary><ul>{items}</ul></details>"
