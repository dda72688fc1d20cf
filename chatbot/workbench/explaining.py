"""An explanation as text for people and as JSON for machines: words, steps, weights, neighbours, the runner-up."""

from __future__ import annotations

from typing import Any

from chatbot.language import Token
from chatbot.matching import Decision, Evidence, Matcher
from chatbot.matching.explanation import Explanation
from chatbot.matching.thresholds import ONE_WORD
from chatbot.workbench.flips import Flip, with_a_word, without_a_word

_DECISIONS = {Decision.ANSWER: "réponse", Decision.CLARIFY: "question en retour", Decision.FALLBACK: "repli"}
STEPS = {
    "abbreviation": "abréviation",
    "misspelling": "faute courante",
    "typo": "faute de frappe",
    "sound": "même son",
    "split": "mots collés",
    "join": "mot coupé",
    "stretched": "lettres répétées",
    "elision": "apostrophe oubliée",
    "look-alike": "lettres d'un autre alphabet",
}
SHOWN = 10
_REASONS = 3
_FLIPS = 3


def as_text(matcher: Matcher, explanation: Explanation) -> str:
    """The explanation in French, for a terminal of any width."""
    match = explanation.match
    lines = [f"Question : {printable(match.text)}", f"Décision : {_DECISIONS[match.decision]} ({match.reason})"]
    lines += ["", "Mots compris"]
    lines += [f"  {_word(match.text, token, matcher)}" for token in match.analysis.tokens] or ["  (aucun)"]
    lines += ["", "Intentions"]
    lines += [f"  {c.intent:32} confiance {c.confidence:.2f}   score {c.score:+.2f}" for c in match.candidates]
    pair = rivals(explanation)
    if pair:
        first, second = pair
        lines += ["", f"Ce qui pèse pour {first} (+) ou pour {second} (-)"]
        lines += [f"  {_line(match.text, e, explanation)}" for e in explanation.difference(first, second)[:SHOWN]]
    if explanation.neighbours:
        lines += ["", "Formulations les plus proches"]
        lines += [f"  {n.similarity:.2f}  {n.path}:{n.line}  {printable(n.text)}" for n in explanation.neighbours]
    lines += _second(matcher, explanation) + _flips(matcher, explanation)
    thresholds = matcher.thresholds
    lines += [
        "",
        f"Seuils : réponse à partir de {thresholds.answer:.2f} ({max(thresholds.answer, ONE_WORD):.2f} pour un mot seul), "
        f"question à partir de {thresholds.clarify:.2f}",
    ]
    return "\n".join(lines)


def as_json(matcher: Matcher, explanation: Explanation) -> dict[str, Any]:
    """The explanation as JSON-ready values: the match, its words, and all evidence, unabridged."""
    match = explanation.match
    return {
        **match.as_dict(),
        "tokens": [
            {
                "text": match.text[t.start : t.end], "start": t.start, "end": t.end, "form": t.form, "kind": t.kind,
                "known": t.known, "negated": t.negated, "polite": t.polite,
                "changes": [{"step": c.step, "before": c.before, "after": c.after, "cost": c.cost} for c in t.changes],
            }
            for t in match.analysis.tokens
        ],
        "scores": {intent: round(score, 6) for intent, score in explanation.scores.items()},
        "evidence": {
            intent: [{"kind": e.kind, "what": e.what, "tokens": list(e.tokens), "weight": round(e.weight, 6)} for e in found]
            for intent, found in explanation.evidence.items()
        },
        "neighbours": [n._asdict() for n in explanation.neighbours],
        "second": _second_as_dict(explanation),
        "flips": {
            "without": [_flip_as_dict(f) for f in without_a_word(matcher, match)],
            "with": [_flip_as_dict(f) for f in with_a_word(matcher, explanation)],
        },
        "thresholds": matcher.thresholds._asdict(),
    }  # fmt: skip


def _second(matcher: Matcher, explanation: Explanation) -> list[str]:
    """Why the second lost, in a sentence: what the first has and it has not, and what its neighbours lack."""
    pair = rivals(explanation)
    if pair is None:
        return []
    first, second = pair
    gap = explanation.scores[first] - explanation.scores[second]
    name = "« hors sujet »" if second == matcher.out_of_scope else second
    if gap < 0:
        return ["", f"Rien ne l'emporte : {name} pèse {-gap:.2f} de plus que {first}."]
    reasons = [e for e in explanation.difference(first, second) if e.weight > 0][:_REASONS]
    told = ", ".join(f"{e.kind} « {e.what} » ({e.weight:+.2f})" for e in reasons)
    return ["", f"Pourquoi {name} est second : il lui manque {gap:.2f} ; {told or 'rien de net'}."]


def _second_as_dict(explanation: Explanation) -> dict[str, Any] | None:
    pair = rivals(explanation)
    if pair is None:
        return None
    first, second = pair
    differences = explanation.difference(first, second)
    return {
        "intent": second,
        "behind": first,
        "gap": round(explanation.scores[first] - explanation.scores[second], 6),
        "reasons": [{"kind": e.kind, "what": e.what, "weight": round(e.weight, 6)} for e in differences[:SHOWN]],
    }


def _flips(matcher: Matcher, explanation: Explanation) -> list[str]:
    if not explanation.match.analysis.tokens:
        return []
    lines = [
        f"  sans « {printable(f.word)} » : {_outcome(f)}" for f in without_a_word(matcher, explanation.match)[:_FLIPS]
    ]
    lines += [f"  avec « {printable(f.word)} » : {_outcome(f)}" for f in with_a_word(matcher, explanation)[:_FLIPS]]
    return ["", "Ce qui renverserait la décision", *(lines or ["  (aucun mot, à lui seul)"])]


def _outcome(flip: Flip) -> str:
    target = " + ".join(flip.intents) or " ou ".join(flip.offered)
    return f"{_DECISIONS[flip.decision]}{f' ({target})' if target else ''}"


def _flip_as_dict(flip: Flip) -> dict[str, Any]:
    return {
        **flip._asdict(),
        "decision": str(flip.decision),
        "intents": list(flip.intents),
        "offered": list(flip.offered),
    }


def rivals(explanation: Explanation) -> tuple[str, str] | None:
    """The best candidate and what stands most in its way: the runner-up, or « out of scope »."""
    if not explanation.match.candidates:
        return None
    first = explanation.match.candidates[0].intent
    others = sorted((n for n in explanation.scores if n != first), key=lambda n: (-explanation.scores[n], n))
    return (first, others[0]) if others else None


def _word(text: str, token: Token, matcher: Matcher) -> str:
    typed = printable(text[token.start : token.end])
    notes = [f"{STEPS.get(c.step, c.step)} : {c.before} -> {c.after}" for c in token.changes]
    if token.polite:
        notes.append("politesse")
    if token.negated:
        notes.append("souhait écarté")
    if not token.known:
        notes.append("mot inconnu" if token.real else "mot inconnu, peut-être une faute")
    elif token.form in matcher.normalizer.language.function_words:
        notes.append("mot-outil")
    return f"{typed:20} {token.form:20} {' ; '.join(notes)}".rstrip()


def _line(text: str, evidence: Evidence, explanation: Explanation) -> str:
    tokens = explanation.match.analysis.tokens
    words = " … ".join(dict.fromkeys(printable(text[tokens[i].start : tokens[i].end]) for i in evidence.tokens))
    return f"{evidence.weight:+6.2f}  {evidence.kind:9} {evidence.what:32} {words}".rstrip()


def printable(text: str) -> str:
    """The text without control characters: a terminal must show it, not obey it."""
    return "".join(c if c.isprintable() else " " for c in text)
