"""A proof as text: how many mutations of how many keep their answer, per kind, and those that do not."""

from __future__ import annotations

from collections import Counter

from chatbot.workbench.evaluation import Rates
from chatbot.workbench.figures import percent, whole
from chatbot.workbench.judging import FRENCH, GOOD, REACHED, Verdict
from chatbot.workbench.mutations import EDITS, KINDS
from chatbot.workbench.proof import Loss, Proof, by_place

_SHOWN = 3


def as_text(proof: Proof, shown: int) -> str:
    """The whole proof, at most `shown` phrasings of those that lose mutations."""
    total = sum(proof.counts.values())
    if proof.phrasings == proof.of:
        head = f"{proof.phrasings} formulations, toutes"
    else:
        head = f"{proof.phrasings} formulations sur {proof.of}"
    lines = [f"{head} ; {whole(total)} variantes essayées ({whole(proof.matches)} lectures différentes)", ""]
    lines.append(f"{'':20}{'variantes':>11}{'gardent':>11}{'proposée':>10}{'perdue':>9}{'fausse':>9}")
    lines += [_row(kind, proof.of_kinds([kind])) for kind in KINDS]
    lines += ["", _row("une faute de frappe", proof.of_kinds(EDITS)), _row("en tout", proof.rates)]
    found = proof.rates
    if found.outside:
        lines += ["", _outside(found)]
    groups = by_place(proof)
    if groups:
        lines += ["", "Formulations qui perdent des variantes"]
    for phrasing, losses in groups[:shown]:
        counts = Counter(loss.verdict for loss in losses)
        told = ", ".join(f"{counts[v]} × {FRENCH[v]}" for v in Verdict if counts[v] and v not in GOOD)
        lines.append(f"  {phrasing.path}:{phrasing.line}: « {phrasing.text} » : {told}")
        lines += [f"      {loss.kind} : « {loss.text} » -> {loss.given}" for loss in _telling(losses)]
    if len(groups) > shown:
        lines.append(f"  … et {len(groups) - shown} autres (--losses {len(groups)}, ou --json)")
    return "\n".join(lines)


def _outside(found: Rates) -> str:
    return (
        f"Hors sujet : {whole(found.outside)} variantes, {percent(found.share(Verdict.REJECTED), 2)} écartées, "
        f"{percent(found.share(Verdict.CLARIFIED), 2)} font préciser, "
        f"{percent(found.share(Verdict.FALSE_ANSWER), 2)} reçoivent une réponse à tort"
    )


def kept(proof: Proof) -> tuple[float, float, float]:
    """(right, reached, wrong): shares of the mutations of the shop's own phrasings; 1, 1, 0 when there are none."""
    found = proof.rates
    if not found.inside:
        return 1.0, 1.0, 0.0
    return found.share(Verdict.RIGHT), found.share(*sorted(REACHED)), found.share(Verdict.WRONG)


def _row(name: str, found: Rates) -> str:
    if not found.inside:
        return f"  {name:20}{0:>9}"
    lost = found.share(Verdict.MISSED, Verdict.MISLED)
    offered = found.share(Verdict.OFFERED, Verdict.HALF)
    return (
        f"  {name:18}{whole(found.inside):>11}{percent(found.share(Verdict.RIGHT), 2):>11}{percent(offered, 2):>10}"
        f"{percent(lost, 2):>9}{percent(found.share(Verdict.WRONG), 2):>9}"
    )


def _telling(losses: list[Loss]) -> list[Loss]:
    """The losses shown: wrong answers first."""
    order = (Verdict.WRONG, Verdict.FALSE_ANSWER, Verdict.MISSED, Verdict.MISLED)
    rank = {verdict: n for n, verdict in enumerate(order)}
    return sorted(losses, key=lambda loss: rank.get(loss.verdict, len(rank)))[:_SHOWN]
