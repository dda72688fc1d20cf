"""The live view of one sentence: styled fragments for a screen, every fact also readable without colour."""

from __future__ import annotations

from textwrap import wrap

from chatbot.dialogue.data_files import default_messages
from chatbot.dialogue.voice import Voice
from chatbot.language import Token
from chatbot.matching import Decision, Matcher
from chatbot.matching.explanation import Explanation, explain
from chatbot.workbench.explaining import STEPS, printable, rivals

Fragment = tuple[str, str]

_DECISIONS = {
    Decision.ANSWER: ("class:answer", "RÉPONSE"),
    Decision.CLARIFY: ("class:clarify", "QUESTION"),
    Decision.FALLBACK: ("class:fallback", "REPLI"),
}
_BAR = 20
_SHOWN = 3
_ANSWER_LINES = 4
_WIDTH = 76
# How a word counted: style, mark before it.
_MATCHED = ("class:matched", "=")
_CORRECTED = ("class:corrected", "~")
_SYNONYM = ("class:synonym", "≈")
_TOOL = ("class:tool", "·")
_UNKNOWN = ("class:unknown", "?")
_DENIED = ("class:tool", "×")
LEGEND = "= reconnu   ~ corrigé   ≈ synonyme   · mot-outil   × écarté   ? pas compris"


def view(matcher: Matcher, text: str) -> list[Fragment]:
    """The whole view; about 4 ms for 10,000 phrasings."""
    if not text.strip():
        return [("class:dim", "Tapez une question de client.\n")]
    explanation = explain(matcher, text)
    return [
        *_decision(explanation),
        *_candidates(explanation),
        *_words(matcher, explanation),
        *_neighbours(explanation),
        *_second(matcher, explanation),
        *_answer(matcher, explanation),
    ]


def _decision(explanation: Explanation) -> list[Fragment]:
    match = explanation.match
    style, name = _DECISIONS[match.decision]
    intents = " + ".join(match.intents)
    return [(style, f" {name} "), ("", f" {intents}  "), ("class:dim", f"({match.reason})\n\n")]


def _candidates(explanation: Explanation) -> list[Fragment]:
    found: list[Fragment] = []
    for candidate in explanation.match.candidates[:_SHOWN]:
        filled = round(candidate.confidence * _BAR)
        found += [
            ("", f"  {candidate.intent:32} "),
            ("class:bar", "█" * filled),
            ("class:dim", "·" * (_BAR - filled)),
            ("", f" {candidate.confidence:.2f}\n"),
        ]
    return [*found, ("", "\n")]


def _words(matcher: Matcher, explanation: Explanation) -> list[Fragment]:
    text = explanation.match.text
    synonyms = {
        position: e.what
        for evidence in explanation.evidence.values()
        for e in evidence
        if e.kind == "notion"
        for position in e.tokens
    }
    found: list[Fragment] = [("", "  ")]
    for position, token in enumerate(explanation.match.analysis.tokens):
        (style, mark), note = _role(matcher, token, synonyms.get(position))
        typed = printable(text[token.start : token.end])
        found.append((style, f"{mark}{typed}{f' ({note})' if note else ''}"))
        found.append(("", "  "))
    return [*found, ("", "\n"), ("class:dim", f"  {LEGEND}\n\n")]


def _role(matcher: Matcher, token: Token, concept: str | None) -> tuple[Fragment, str]:
    """What a word counted for: how it is marked, and a note."""
    if token.negated:
        return _DENIED, ""
    if not token.known:
        return _UNKNOWN, ""
    changed = next((c for c in token.changes if c.cost or c.step in ("misspelling", "stretched")), None)
    if changed:
        return _CORRECTED, f"{token.form}, {STEPS.get(changed.step, changed.step)}"
    if token.form in matcher.normalizer.language.function_words and concept is None:
        return _TOOL, ""
    if concept is not None and concept != token.form:
        return _SYNONYM, concept
    return _MATCHED, token.form if token.changes else ""


def _neighbours(explanation: Explanation) -> list[Fragment]:
    if not explanation.neighbours:
        return []
    n = explanation.neighbours[0]
    return [
        ("", "  S'appuie sur "),
        ("class:quote", f"« {printable(n.text)} »"),
        ("class:dim", f"  {n.path}:{n.line}\n"),
    ]


def _second(matcher: Matcher, explanation: Explanation) -> list[Fragment]:
    """What the first has that the second has not."""
    pair = rivals(explanation)
    if pair is None:
        return []
    first, second = pair
    for_first = [e for e in explanation.difference(first, second) if e.weight > 0][:_SHOWN]
    told = ", ".join(f"{e.kind} « {e.what} » {e.weight:+.1f}" for e in for_first)
    name = "hors sujet" if second == matcher.out_of_scope else second
    return [("", f"  Retient {name} derrière : "), ("class:dim", f"{told or 'rien de net'}\n\n")]


def _answer(matcher: Matcher, explanation: Explanation) -> list[Fragment]:
    """The beginning of each answer as customers read it."""
    voice = Voice(matcher.knowledge, default_messages(), form_here=True)
    found: list[Fragment] = []
    for intent in explanation.match.intents:
        answer = matcher.knowledge.answers.get(intent)
        if answer:
            text = " ".join(voice.section(answer).paragraphs)
            found.append(("class:title", f"  {answer.title}\n"))
            found += [
                ("class:dim", f"  │ {line}\n") for line in wrap(text, _WIDTH, max_lines=_ANSWER_LINES, placeholder=" …")
            ]
    return found
