"""The result of matching: a decision, ranked candidates, and the evidence for them."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from chatbot.language import Analysis


class Decision(StrEnum):
    """What to do with an utterance: answer it, ask which of a few was meant, or say it was not understood."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    FALLBACK = "fallback"


class Reason(StrEnum):
    """Which rule decided; in French, for support staff read it. Every reason belongs to one decision."""

    EXACT = "formulation exacte"
    SURE = "sûr"
    TWO_WISHES = "deux souhaits"
    UNSURE = "hésitation"
    DENIED = "souhait nié"
    COUNTER_EXAMPLE = "contre-exemple"
    EMPTY = "vide"
    NO_KNOWN_WORD = "aucun mot connu"
    UNLIKELY = "inconnu"

    @property
    def decision(self) -> Decision:
        """What is done for this reason."""
        if self in (Reason.EXACT, Reason.SURE, Reason.TWO_WISHES):
            return Decision.ANSWER
        return Decision.CLARIFY if self in (Reason.UNSURE, Reason.DENIED) else Decision.FALLBACK


class Evidence(NamedTuple):
    """One thing that counted for (weight > 0) or against (weight < 0) an intent, in natural-log units.

    `kind` is what counted, in French, for support staff read it: mot, suite (two neighbours), notion, longueur,
    inconnu, ailleurs (another world) or proche (the nearest phrasings). `what` names it; `tokens` are the positions in the
    analysis it came from, empty for what no word carries.
    """

    kind: str
    what: str
    tokens: tuple[int, ...]
    weight: float


class Neighbour(NamedTuple):
    """A phrasing like the utterance: where it is written and how much of both is shared (0 to 1)."""

    text: str
    intent: str
    path: str
    line: int
    similarity: float


class Candidate(NamedTuple):
    """An intent the utterance may mean. `confidence` (0 to 1): how often such an answer is right; 1.0 only for an
    exact phrasing. `score` is the natural-log score it was ranked by."""

    intent: str
    confidence: float
    score: float


class Match(NamedTuple):
    """What an utterance was understood as.

    intents: what is answered, main wish first, which is the one asked first; empty unless the decision is ANSWER.
    candidates: in-scope intents, best first, at most five; on CLARIFY the first one to three are worth offering.
    """

    text: str
    decision: Decision
    intents: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    knowledge_version: str
    analysis: Analysis
    reason: Reason

    @property
    def confidence(self) -> float:
        """The confidence in the best candidate, 0 to 1; 0 when there is none."""
        return self.candidates[0].confidence if self.candidates else 0.0

    @property
    def ranking(self) -> tuple[str, ...]:
        """The candidates' intents, best first."""
        return tuple(candidate.intent for candidate in self.candidates)

    def as_json(self) -> str:
        """`as_dict` as JSON on one line, byte for byte what `json.dumps` makes of it, in a third of the time.

        A lone surrogate, which no UTF-8 can hold, is a question mark.
        """
        # Imported here: a question asked in a terminal is answered without it, and starts sooner.
        from json.encoder import encode_basestring as quoted

        intents = ", ".join([quoted(intent) for intent in self.intents])
        candidates = ", ".join([f'{{"intent": {quoted(c[0])}, "confidence": {c[1]!r}}}' for c in self.candidates])
        version, reason = quoted(self.knowledge_version), quoted(self.reason)
        text = self.text if self.text.isascii() else self.text.encode("utf-8", "replace").decode()
        return (
            f'{{"text": {quoted(text)}, "decision": "{self.decision.value}", "intents": [{intents}], '
            f'"candidates": [{candidates}], "knowledge_version": {version}, "reason": {reason}}}'
        )

    def as_dict(self) -> dict[str, object]:
        """The match as JSON-ready values in a fixed key order, as `match --jsonl` prints it."""
        return {
            "text": self.text,
            "decision": str(self.decision),
            "intents": list(self.intents),
            "candidates": [{"intent": c.intent, "confidence": c.confidence} for c in self.candidates],
            "knowledge_version": self.knowledge_version,
            "reason": str(self.reason),
        }
