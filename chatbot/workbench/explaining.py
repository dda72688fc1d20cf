"""An explanation as text for people and as JSON for machines: words, steps, weights, neighbours, the runner-up."""

from __future__ import annotations

from typing import Any

from chatbot.language import Token
from chatbot.matching import Decision, Evidence, Matcher
from chatbot.matching.explanation import Explanation

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
_SHOWN = 10


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
        lines += [f"  {_line(match.text, e, explanation)}" for e in explanation.difference(first, second)[:_SHOWN]]
    if explanation.neighbours:
        lines += ["", "Formulations les plus proches"]
        lines += [f"  {n.similarity:.2f}  {n.path}:{n.line}  {printable(n.text)}" for n in explanation.neighbours]
    thresholds = matcher.thresholds
    lines += ["", f"Seuils : réponse à partir de {thresholds.answer:.2f}, question à partir de {thresholds.clarify:.2f}"]
    return "\n".join(lines)


def as_json(matcher: Matcher, explanation: Explanation) -> dict[str, Any]:
    """The explanation as JSON-ready values: the match, its words, and all evidence, unabridged."""
    match = explanation.match
    return {
        **match.as_dict(),
        "tokens": [
            {
                "text": match.text[t.start : t.end], "start": t.start, "end": t.end, "form": t.form, "kind": t.kind,
                "known": t.known, "negated": t.negated,
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
        "thresholds": matcher.thresholds._asdict(),
    }  # fmt: skip


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
