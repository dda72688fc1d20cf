"""What became of a question: lost, or only fallen off the threshold by a hair."""

from __future__ import annotations

import pytest

from chatbot.language import Analysis
from chatbot.matching import Candidate, Decision, Match
from chatbot.workbench.comparison import HAIR, Change, Pair
from chatbot.workbench.corpus import Question
from chatbot.workbench.evaluation import Judged, judged

QUESTION = Question("où est mon vélo", "louer_velo", "", "essai", 1)


def given(decision: Decision, intent: str, confidence: float) -> Judged:
    intents = (intent,) if decision is Decision.ANSWER else ()
    candidates = (Candidate(intent, confidence, 1.0), Candidate("louer_velo", 0.1, 0.5))
    match = Match(QUESTION.text, decision, intents, candidates, "v", Analysis(QUESTION.text, ()))
    return judged(QUESTION, match, "hors_sujet")


RIGHT = given(Decision.ANSWER, "louer_velo", 0.62)
AFTER = {
    "asked back, by a hair": (given(Decision.CLARIFY, "louer_velo", 0.62 - HAIR / 2), Change.WORSE),
    "asked back, far from it": (given(Decision.CLARIFY, "louer_velo", 0.62 - HAIR * 2), Change.LOST),
    "asked back about something else": (given(Decision.CLARIFY, "pneu_creve", 0.62), Change.LOST),
    "another answer": (given(Decision.ANSWER, "pneu_creve", 0.62), Change.LOST),
    "given up": (given(Decision.FALLBACK, "louer_velo", 0.62 - HAIR / 2), Change.LOST),
    "the same": (RIGHT, Change.SAME),
}


@pytest.mark.parametrize("name", AFTER)
def test_what_became_of_a_right_answer(name: str) -> None:
    after, change = AFTER[name]
    assert Pair(RIGHT, after).change is change
