"""A phrasing more must not shake what it has nothing to do with: the training visits examples in an order of their own."""

from __future__ import annotations

from pathlib import Path

from chatbot.knowledge.loader import build
from chatbot.knowledge.sources import read_folder
from chatbot.matching import Matcher
from chatbot.workbench.comparison import Change, compare
from chatbot.workbench.corpus import read_corpus
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
