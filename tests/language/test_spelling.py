"""How far a word may be corrected, and what is never corrected."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.language import Vocabulary
from chatbot.language.spelling import AZERTY_NEIGHBOURS, sound

COUNTS = {
    "facture": 50,
    "commande": 40,
    "cartouche": 30,
    "avoir": 20,
    "toner": 10,
    "page": 5,
    "cage": 2,
    "remboursement": 9,
    "securite": 4,
    "mon": 3,
}
VOCABULARY = Vocabulary(COUNTS)
LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=16)


def meant(word: str) -> str | None:
    found = VOCABULARY.correct(word)
    return found.word if found else None


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("facure", "facture"), ("factture", "facture"), ("fcature", "facture"), ("fscture", "facture"), ("acture", "facture"),
        ("gacture", "facture"), ("afcture", "facture"), ("comande", "commande"), ("commnade", "commande"),
        ("remboursemnt", "remboursement"), ("rembousemen", "remboursement"), ("tonar", "toner"), ("paage", "page"),
    ],
)  # fmt: skip
def test_a_slip_is_mended(typed: str, word: str) -> None:
    assert meant(typed) == word


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("phakture", "facture"),
        ("kommende", "commande"),
        ("quartoosh", None),
        ("sékurité", None),
        ("sekurite", "securite"),
    ],
)
def test_what_sounds_the_same_is_the_same(typed: str, word: str | None) -> None:
    assert meant(typed) == word


@pytest.mark.parametrize(
    "typed",
    [
        "mno",  # three letters: no edit at all
        "tnoar",  # five letters: one edit, not two
        "xactuze",  # two edits, the first letter among them
        "fac7ure", "tn2420",  # digits
        "fac-ture", "",  # no word
        "f" * 25,  # longer than any word
        "azertyuiop", "bicyclette",  # near nothing
    ],
)  # fmt: skip
def test_beyond_the_limits_nothing_is_corrected(typed: str) -> None:
    assert VOCABULARY.correct(typed) is None


def test_of_equally_near_words_the_commoner_wins() -> None:
    assert meant("wage") == "page"


@pytest.mark.parametrize(
    ("typed", "word"),
    [("clis", "colis"), ("granti", "garanti"), ("cahat", "achat"), ("acrte", "carte")],
)
def test_a_common_word_wins_over_a_rare_one_a_little_nearer(typed: str, word: str) -> None:
    rare = {"cils": 2, "granit": 1, "chat": 9, "acte": 4}
    common = {"colis": 600, "garanti": 90, "achat": 200, "carte": 500}
    found = Vocabulary({**rare, **common}).correct(typed)
    assert found is not None
    assert found.word == word


@pytest.mark.parametrize(
    ("typed", "times", "word"), [("bnjuor", 500, "bonjour"), ("bnjuor", 20, None), ("xnjuor", 500, None)]
)
def test_two_slips_in_six_letters_are_mended_for_a_very_common_word(typed: str, times: int, word: str | None) -> None:
    found = Vocabulary({"bonjour": times}).correct(typed)
    assert (found.word if found else None) == word


def test_a_neighbouring_key_costs_less_than_a_far_one() -> None:
    near, far = VOCABULARY.correct("cartoucje"), VOCABULARY.correct("cartouchw")
    assert near is not None
    assert far is not None
    assert near.cost < far.cost


@pytest.mark.parametrize(
    ("one", "other"),
    [("facture", "phakture"), ("paiement", "payeman"), ("chez", "che"), ("banque", "banke"), ("commande", "komande")],
)
def test_a_french_ear_does_not_tell_apart(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    ("one", "other"), [("facture", "voiture"), ("toner", "tambour"), ("banc", "dent"), ("cartouche", "cartable")]
)
def test_a_french_ear_tells_apart(one: str, other: str) -> None:
    assert sound(one) != sound(other)


def test_keys_touch_both_ways() -> None:
    assert {(b, a) for a, b in AZERTY_NEIGHBOURS} == AZERTY_NEIGHBOURS
    assert ("a", "q") in AZERTY_NEIGHBOURS
    assert ("a", "w") not in AZERTY_NEIGHBOURS


@settings(max_examples=300, deadline=None, derandomize=True)
@given(LETTERS)
def test_a_correction_is_a_known_word_at_a_cost(word: str) -> None:
    found = VOCABULARY.correct(word)
    assert found is None or (found.word in COUNTS and 0 < found.cost <= 1)
