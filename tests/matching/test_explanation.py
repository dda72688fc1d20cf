"""The evidence adds up: what `explain` shows is what the ranking used, to the last decimal that counts."""

from __future__ import annotations

import pytest
from breads import bakery
from hypothesis import given, settings
from hypothesis import strategies as st
from places import CORPUS, ROOT

from chatbot import Decision, Matcher
from chatbot.matching.explanation import explain
from chatbot.workbench.corpus import read_corpus

PHRASES = [question.text for question in read_corpus([CORPUS])][::12]
BREADS = bakery()
WORDS = "pain complet gluten gâteau samedi heures ouvert bonjour un de sans vélo zzz . ? et pas mais veux".split()  # noqa: SIM905


def gap(matcher: Matcher, text: str) -> float:
    """The largest distance between an intent's score and the sum of its evidence."""
    told = explain(matcher, text)
    return max((abs(sum(e.weight for e in told.evidence[i]) - told.scores[i]) for i in told.scores), default=0.0)


def test_the_evidence_of_the_corpus_adds_up(shipped: Matcher) -> None:
    assert max(gap(shipped, text) for text in PHRASES) < 1e-6


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_the_evidence_of_any_words_adds_up(text: str) -> None:
    assert gap(BREADS, text) < 1e-6


def test_the_scores_are_those_of_the_candidates(shipped: Matcher) -> None:
    for text in PHRASES:
        told = explain(shipped, text)
        assert {c.intent: c.score for c in told.match.candidates if c.confidence < 1} == {
            c.intent: round(told.scores[c.intent], 4) for c in told.match.candidates if c.confidence < 1
        }


def test_out_of_scope_has_its_evidence_too(shipped: Matcher) -> None:
    assert shipped.out_of_scope in explain(shipped, "ma facture de gaz").evidence


@pytest.mark.parametrize("text", ["", "🙂", "..."])
def test_without_a_word_there_is_nothing_to_explain(shipped: Matcher, text: str) -> None:
    told = explain(shipped, text)
    assert (told.match.decision, told.scores, told.evidence, told.neighbours) == (Decision.FALLBACK, {}, {}, ())


def test_evidence_points_at_the_words_it_comes_from(shipped: Matcher) -> None:
    told = explain(shipped, "je veux annuler ma commande")
    forms = [token.form for token in told.match.analysis.tokens]
    words = [e for e in told.evidence["commande_annuler_modifier"] if e.kind == "mot" and e.what == "annul"]
    assert [forms[place] for place in words[0].tokens] == ["annuler"]
    assert words[0].weight > 0


def test_the_difference_of_two_intents_is_that_of_their_scores(shipped: Matcher) -> None:
    told = explain(shipped, "ma facture est fausse")
    one, other = told.match.ranking[:2]
    difference = sum(e.weight for e in told.difference(one, other))
    assert difference == pytest.approx(told.scores[one] - told.scores[other], abs=1e-6)


def test_neighbours_are_phrasings_with_their_place(shipped: Matcher) -> None:
    told = explain(shipped, "où est passée ma facture du mois dernier")
    assert told.neighbours
    assert [n.similarity for n in told.neighbours] == sorted((n.similarity for n in told.neighbours), reverse=True)
    for neighbour in told.neighbours:
        line = (ROOT / neighbour.path).read_text("utf-8").splitlines()[neighbour.line - 1]
        assert neighbour.text in line.replace("''", "'").replace('\\"', '"')
        assert 0 < neighbour.similarity <= 1.0001
