"""What of a text counts: features as the fitting and the matching see them."""

from __future__ import annotations

import pytest

from chatbot import Matcher


def names(matcher: Matcher, text: str) -> list[str]:
    analysis = matcher.normalizer(text)
    found = matcher.reader.concepts.find(analysis.tokens)
    learnt = matcher.compiled.row_of
    return matcher.reader.features(analysis.tokens, found, lambda name: name if name in learnt else None)


def test_a_concept_counts_by_itself_when_nothing_foreign_is_around(shipped: Matcher) -> None:
    assert "k:mot_de_passe" in names(shipped, "mot de passe perdu")


@pytest.mark.parametrize("text", ["mot de passe Gmail perdu", "mot de passe brindezingue perdu"])
def test_a_concept_beside_another_world_or_an_unknown_word_does_not(shipped: Matcher, text: str) -> None:
    assert "c:mot_de_passe" in names(shipped, text)
    assert "k:mot_de_passe" not in names(shipped, text)


def test_a_word_without_weights_counts_as_unknown(shipped: Matcher) -> None:
    assert "u:1" in names(shipped, "ma facture brindezingue")
    assert "u:1" not in names(shipped, "ma facture")


def test_a_denied_wish_contributes_nothing(shipped: Matcher) -> None:
    found = names(shipped, "je ne veux pas annuler ma commande, juste changer l'adresse")
    assert "w:annul" not in found
    assert "w:adress" in found
