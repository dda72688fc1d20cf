"""The project's own questions, written by other hands than the phrasings: each one a test, and their totals."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from places import CORPUS, ROOT

from chatbot import KnowledgeBase, Matcher
from chatbot.language.characters import fold
from chatbot.workbench.corpus import OUT_OF_SCOPE, Question, read_corpus, wanted
from chatbot.workbench.judging import BAD, Verdict, judge_match

QUESTIONS = read_corpus([CORPUS])
INSIDE = [q for q in QUESTIONS if q.expected != OUT_OF_SCOPE]
OUTSIDE = [q for q in QUESTIONS if q.expected == OUT_OF_SCOPE]
LEAST_PER_INTENT, LEAST_OUTSIDE = 25, 150
LEAST_RIGHT, MOST_FALSE = 0.85, 0.06
# Words from which on a question that is also a phrasing was copied, not met by chance.
LONG = 5


@cache
def matcher() -> Matcher:
    return Matcher.load(ROOT)


def verdict(question: Question) -> Verdict:
    return judge_match(question.expected, matcher().match(question.text))


def folded(text: str) -> str:
    """Lower case, no accents, words only."""
    return " ".join(re.findall("[a-z0-9]+", fold(text.lower())))


@cache
def phrasings() -> frozenset[str]:
    return frozenset(folded(phrasing.text) for phrasing in matcher().knowledge.phrasings)


def measured(questions: list[Question]) -> list[Question]:
    """Those that are no phrasing: the others would only flatter the figures."""
    return [question for question in questions if folded(question.text) not in phrasings()]


def cases() -> list[object]:
    known = pytest.mark.xfail(reason="connu en échec", strict=True)
    return [
        pytest.param(
            q, id=f"{Path(q.path).stem}:{q.line}: {ascii(q.text)[1:60]}", marks=known if q.known_failure else ()
        )
        for q in QUESTIONS
    ]


@pytest.mark.parametrize("question", cases())
def test_the_question_is_understood(question: Question) -> None:
    """In scope: answered (one of two wishes is enough) or offered among the first three. Out of scope: not answered."""
    match = matcher().match(question.text)
    told = f"{question.path}:{question.line}: {match.decision} {match.intents} {match.ranking[:3]}"
    assert verdict(question) not in BAD, told


def test_most_questions_get_their_right_answer() -> None:
    inside = measured(INSIDE)
    share = sum(verdict(q) is Verdict.RIGHT for q in inside) / len(inside)
    assert share >= LEAST_RIGHT


def test_hardly_anything_out_of_scope_is_answered() -> None:
    outside = measured(OUTSIDE)
    share = sum(verdict(q) is Verdict.FALSE_ANSWER for q in outside) / len(outside)
    assert share <= MOST_FALSE


@pytest.mark.parametrize("intent", sorted(KnowledgeBase.load(ROOT).answers))
def test_an_intent_has_a_file_with_questions_enough(intent: str) -> None:
    file = CORPUS / f"{intent}.yaml"
    assert file.is_file()
    assert len([q for q in QUESTIONS if Path(q.path) == file]) >= LEAST_PER_INTENT


def test_there_are_questions_enough_out_of_scope() -> None:
    assert len(OUTSIDE) >= LEAST_OUTSIDE


def test_every_label_is_an_intent_and_every_file_is_named_after_one() -> None:
    known = {*matcher().knowledge.answers, OUT_OF_SCOPE}
    assert {name for q in QUESTIONS for name in wanted(q.expected)} <= known
    assert {file.stem for file in CORPUS.glob("*.yaml")} <= known


def test_no_question_is_a_phrasing() -> None:
    """Else it would measure nothing. A few words that anyone would write (« mot de passe oublié ») may be."""
    copied = [q for q in QUESTIONS if folded(q.text) in phrasings()]
    assert [f"{q.path}:{q.line}: {q.text}" for q in copied if len(folded(q.text).split()) >= LONG] == []
    assert len(copied) <= len(QUESTIONS) // 12


def test_no_question_stands_twice() -> None:
    seen: dict[str, int] = {}
    for question in QUESTIONS:
        seen[question.text.lower()] = seen.get(question.text.lower(), 0) + 1
    assert [text for text, count in seen.items() if count > 1] == []


def test_styles_are_of_a_few_kinds() -> None:
    assert len({q.style for q in QUESTIONS}) <= 12
