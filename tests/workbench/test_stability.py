"""A phrasing more must not shake what it has nothing to do with: the training visits examples in an order of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.knowledge.loader import build
from chatbot.knowledge.sources import read_folder
from chatbot.matching import Matcher
from chatbot.workbench.comparison import Change, compare
from chatbot.workbench.corpus import Question, read_corpus
from chatbot.workbench.writing import added

CORPUS = Path(__file__).resolve().parents[1] / "corpus"


def test_one_phrasing_more_changes_next_to_nothing_elsewhere(shipped: Matcher) -> None:
    sources = read_folder()
    path = "intents/conseiller.yaml"
    sources[path], _ = added(sources[path], ["Ce robot me tape sur les nerfs"])
    questions = read_corpus([CORPUS], shipped.knowledge.intents)
    pairs = compare(shipped, Matcher(build(sources)), questions)
    changed = [pair for pair in pairs if pair.change is not Change.SAME]
    assert len(changed) <= len(questions) / 100


@pytest.mark.parametrize(("further", "edge"), [(0.02, True), (0.3, False)])
def test_a_second_wish_is_at_its_edge_when_both_were_near_the_threshold(
    shipped: Matcher, further: float, edge: bool
) -> None:
    text, wanted = "ma facture et mon colis", "facture_copie+sujet_livraison"
    likely = shipped.wish_probability(shipped.match(text))
    low, high = (shipped.thresholds._replace(wish=w) for w in (likely - 0.02, likely + further))
    old, new = (Matcher(shipped.knowledge, thresholds=t, compiled=shipped.compiled) for t in (low, high))
    (pair,) = compare(old, new, [Question(text, wanted, "", "essai", 1)])
    assert (len(pair.before.match.intents), len(pair.after.match.intents)) == (2, 1)
    assert pair.wish_at_edge is edge
