"""An evaluation as text: rates, a table per intent and per style, confusions, each failure with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from chatbot.matching import Matcher, Thresholds
from chatbot.matching.explanation import Explanation, explain
from chatbot.workbench.evaluation import Evaluation, Judged, Rates
from chatbot.workbench.figures import decimal, percent
from chatbot.workbench.judging import FRENCH, REACHED, Verdict
from chatbot.workbench.thresholds_choice import COSTS, Point

_EVIDENCE = 4
_HEADER = f"{'':34}{'n':>5}{'justes':>9}{'atteintes':>11}{'fausses':>9}{'manquées':>10}{'à tort':>8}"


def summary(evaluation: Evaluation) -> str:
    """The rates in a few lines, counts beside shares."""
    found = evaluation.rates
    lines = [f"{found.inside + found.outside} questions : {found.inside} pour la boutique, {found.outside} hors sujet"]
    if found.inside:
        lines += [
            f"  {label:34}{found.of(*verdicts):6d}  {percent(found.share(*verdicts)):>8}"
            for label, verdicts in (
                ("justes", (Verdict.RIGHT,)),
                ("atteintes (juste, moitié, proposée)", tuple(sorted(REACHED))),
                ("réponses fausses", (Verdict.WRONG,)),
                ("propositions sans la bonne", (Verdict.MISLED,)),
                ("manquées (repli)", (Verdict.MISSED,)),
            )
        ]
    if found.outside:
        lines += [
            f"  {label:34}{found.of(verdict):6d}  {percent(found.share(verdict)):>8}"
            for label, verdict in (
                ("hors sujet écartées", Verdict.REJECTED),
                ("hors sujet, question en retour", Verdict.CLARIFIED),
                ("hors sujet, réponses à tort", Verdict.FALSE_ANSWER),
            )
        ]
    return "\n".join(lines)


def table(title: str, groups: Mapping[str, Rates]) -> str:
    """One line per group: counts, then shares."""
    lines = [title, _HEADER]
    for name, found in groups.items():
        inside = [_percent(found, *v) for v in ((Verdict.RIGHT,), sorted(REACHED), (Verdict.WRONG,), (Verdict.MISSED,))]
        outside = percent(found.share(Verdict.FALSE_ANSWER), 0) if found.outside else ""
        count = found.inside + found.outside
        lines.append(
            f"  {name:32}{count:5d}{inside[0]:>9}{inside[1]:>11}{inside[2]:>9}{inside[3]:>10}{outside:>8}".rstrip()
        )
    return "\n".join(lines)


def confusions(evaluation: Evaluation, shown: int = 25) -> str:
    """The confusions, most frequent first; "" when there is none."""
    found = evaluation.confusions
    if not found:
        return ""
    lines = ["Confusions (attendu -> répondu)"]
    lines += [f"  {count:4d}  {wanted} -> {given}" for wanted, given, count in found[:shown]]
    return "\n".join([*lines, *([f"        … et {len(found) - shown} autres"] if len(found) > shown else [])])


def failures(matcher: Matcher | None, judged: Iterable[Judged]) -> str:
    """Each question with what was wanted, what came, and the words that decided (none without a matcher)."""
    return "\n\n".join(failure(matcher, one) for one in judged)


def failure(matcher: Matcher | None, judged: Judged) -> str:
    """One failure: its place and text, the verdict, the evidence."""
    question = judged.question
    label = FRENCH[judged.verdict]
    if question.known_failure and judged.unexpected:
        label += " ; retirez « connu_en_echec »"
    lines = [
        f"{question.path}:{question.line}: « {question.text} »",
        f"  attendu {question.expected}, obtenu {judged.given} ({label})",
    ]
    return "\n".join([*lines, *(f"  {line}" for line in (evidence(matcher, judged) if matcher else []))])


def evidence(matcher: Matcher, judged: Judged) -> list[str]:
    """The words that spoke for what came rather than for what was wanted, and the phrasing it leaned on."""
    explanation = explain(matcher, judged.question.text)
    rivals = _rivals(judged, explanation, matcher.out_of_scope)
    lines: list[str] = []
    if rivals:
        got, wanted = rivals
        weighed = [e for e in explanation.difference(got, wanted) if e.weight > 0][:_EVIDENCE]
        if weighed:
            told = ", ".join(f"{e.kind} « {e.what} » {e.weight:+.1f}" for e in weighed)
            lines.append(f"pour {got} plutôt que {wanted} : {told}")
    lines += [f"proche de « {n.text} » ({n.path}:{n.line}, {n.similarity:.2f})" for n in explanation.neighbours[:1]]
    unknown = [judged.match.text[t.start : t.end] for t in judged.match.analysis.tokens if not t.known]
    return [*lines, *([f"mots inconnus : {', '.join(dict.fromkeys(unknown))}"] if unknown else [])]


def _rivals(judged: Judged, explanation: Explanation, outside: str | None) -> tuple[str, str] | None:
    """What came out ahead, and what should have: both among the explained intents, or nothing."""
    from chatbot.workbench.corpus import wanted

    got = judged.match.intents[0] if judged.match.intents else outside or ""
    expected = next((n for n in wanted(judged.question.expected) if n in explanation.scores and n != got), None)
    return (got, expected) if expected and got in explanation.scores else None


def thresholds_line(thresholds: Thresholds, now: Point, best: Point) -> str:
    """Which thresholds the data would choose, and why."""
    lines = [
        f"Seuils : réponse {decimal(thresholds.answer)}, question {decimal(thresholds.clarify)} "
        f"(coût moyen {decimal(now.cost, 3)})",
        f"  ces données choisiraient {decimal(best.answer)} et {decimal(best.clarify)} (coût moyen {decimal(best.cost, 3)})",
        f"  justes {_from_to(now.right, best.right)}, fausses {_from_to(now.wrong, best.wrong)}, "
        f"réponses à tort {_from_to(now.false_answer, best.false_answer)}",
        f"  parce qu'une réponse fausse y coûte {COSTS[Verdict.WRONG]:g}, une question en retour "
        f"{COSTS[Verdict.OFFERED]:g}, un repli {COSTS[Verdict.MISSED]:g}",
    ]  # fmt: skip
    if now.cost - best.cost < 0.005:
        lines.append("  l'écart est négligeable : les seuils d'aujourd'hui conviennent")
    return "\n".join(lines)


def _from_to(old: float, new: float) -> str:
    return f"{percent(old)} -> {percent(new)}"


def _percent(found: Rates, *verdicts: Verdict | Sequence[Verdict]) -> str:
    flat = [v for part in verdicts for v in ([part] if isinstance(part, Verdict) else part)]
    return percent(found.share(*flat), 0) if found.inside else ""
