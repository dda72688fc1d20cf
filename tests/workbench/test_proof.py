"""Mutations and the proof: exhaustive, honest, and as cheap as it claims."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.errors import UsageError
from chatbot.language import Analysis
from chatbot.matching import Matcher
from chatbot.workbench import mutations, proof
from chatbot.workbench.proof_text import as_text, kept
from chatbot.workbench.transparency import Place, WordReadings


def test_whole_text_mutations_are_those_of_the_issue() -> None:
    found = mutations.whole_text("J'ai crevé, que faire ?", polite=False)
    assert found == [
        (mutations.NO_ACCENTS, "J'ai creve, que faire ?"),
        (mutations.CAPITALS, "J'AI CREVÉ, QUE FAIRE ?"),
        (mutations.CURLY, "J’ai crevé, que faire ?"),
        (mutations.NO_PUNCTUATION, "J'ai crevé que faire"),
        (mutations.NO_APOSTROPHE, "Jai crevé, que faire ?"),
        (mutations.SPACES, "J'ai  crevé,  que  faire  ?"),
    ]


def test_single_edits_of_a_word_are_all_there() -> None:
    found = list(mutations.one_edit("pneus"))
    by_kind = {kind: {word for k, word in found if k == kind} for kind in mutations.EDITS}
    assert by_kind[mutations.SWAP] == {"npeus", "penus", "pnues", "pnesu"}
    assert by_kind[mutations.DROP] == {"neus", "peus", "pnus", "pnes", "pneu"}
    assert by_kind[mutations.DOUBLE] == {"ppneus", "pnneus", "pneeus", "pneuus", "pneuss"}
    assert {"pneud", "pneuq", "oneus"} <= by_kind[mutations.SLIP]


@given(st.text("abcdeé", min_size=5, max_size=12))
def test_an_edit_always_changes_the_word_by_one_letter_at_most(word: str) -> None:
    for _, edited in mutations.one_edit(word):
        assert edited != word
        assert abs(len(edited) - len(word)) <= 1


def test_politeness_is_not_put_around_greetings(bicycles: Matcher) -> None:
    found = proof.prove(bicycles, intents=["salutation"])
    assert found.of_kinds([mutations.POLITE]).inside == 0


class _Slow(WordReadings):
    """Judges nothing without a match: the reference."""

    def places(self, text: str, analysis: Analysis) -> dict[tuple[int, int], Place]:
        return {}


def test_sharing_matches_changes_no_verdict(bicycles: Matcher, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = proof.prove(bicycles, jobs=1)
    monkeypatch.setattr(proof, "WordReadings", _Slow)
    slow = proof.prove(bicycles, jobs=1)
    assert (fast.counts, fast.losses) == (slow.counts, slow.losses)
    assert fast.matches < slow.matches == sum(slow.counts.values())


def test_sharing_matches_changes_no_verdict_on_the_shipped_knowledge(
    shipped: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = proof.prove(shipped, sample=12, jobs=1)
    monkeypatch.setattr(proof, "WordReadings", _Slow)
    assert proof.prove(shipped, sample=12, jobs=1).losses == fast.losses


def test_a_sample_is_the_same_every_time_and_says_what_it_is(bicycles: Matcher) -> None:
    first, second = (proof.prove(bicycles, sample=5, jobs=1) for _ in range(2))
    assert first == second
    assert as_text(first, 0).startswith("5 formulations sur 42")


def test_processes_find_what_one_finds(bicycles: Matcher) -> None:
    assert proof.prove(bicycles, jobs=2).losses == proof.prove(bicycles, jobs=1).losses


def test_losses_bear_the_place_of_their_phrasing(bicycles: Matcher) -> None:
    found = proof.prove(bicycles, jobs=1)
    assert found.losses
    assert all(loss.phrasing.path.startswith("intents/") and loss.phrasing.line > 1 for loss in found.losses)
    assert sum(found.counts[k, v] for k, v in found.counts if v not in ("right", "rejected")) == len(found.losses)


@pytest.mark.parametrize("arguments", [{"intents": ["pneu"]}, {"intents": ["pneu_creve"], "sample": -1}])
def test_nothing_to_prove_is_no_success(bicycles: Matcher, arguments: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        proof.prove(bicycles, **arguments)  # type: ignore[arg-type]


def test_the_shipped_knowledge_stands_single_edits(shipped: Matcher) -> None:
    """A sample here; the whole is run by `cli.py prove`, whose figures are in docs/prove.md."""
    found = proof.prove(shipped, sample=60)
    edits = found._replace(counts={key: n for key, n in found.counts.items() if key[0] in mutations.EDITS})
    right, reached, wrong = kept(edits)
    assert right >= 0.97
    assert reached >= 0.99
    assert wrong <= 0.003
