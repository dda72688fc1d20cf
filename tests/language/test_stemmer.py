"""The stemmer unites the regular forms of a word, and leaves apart what must stay apart."""

from __future__ import annotations

import doctest

import pytest

from chatbot.language import stem, stemmer

TOGETHER = [
    "facture factures",
    "annuler annule annulee annulees annulez annulation",
    "commander commande commandes commandez commandait",
    "livrer livre livres livree livrees livrez",
    "journal journaux",
    "payer paie payez payait",
    "changer change changement changez",
    "rembourser rembourse remboursee remboursement",
    "cartouche cartouches",
    "retourner retourne retournez",
    "choisir choisissez choisissait",
    "modifier modifie modifiee modifiez",
    "verifier verifie verifiez",
    "expedier expedie expediee",
    "appeler appelle appelez",
    "bloquer bloque bloquee",
]
APART = [
    ("facture", "facteur"),
    ("commande", "comment"),
    ("toner", "tonne"),
    ("carte", "carton"),
    ("compte", "complet"),
    ("poste", "pose"),
]


def test_the_examples_of_its_docstring_hold() -> None:
    failed, tried = doctest.testmod(stemmer)
    assert tried
    assert not failed


@pytest.mark.parametrize("forms", TOGETHER)
def test_forms_of_a_word_share_a_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(("one", "other"), APART)
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize("word", ["", "a", "les", "bus", "<num>", "avoir#nom", "3d", "tn2420"])
def test_short_and_typed_words_stay_as_they_are(word: str) -> None:
    assert stem(word) == word


def test_a_word_of_thousands_of_x_is_stemmed_like_any_other() -> None:
    assert stem("x" * 4000) == stem("x" * 5)
