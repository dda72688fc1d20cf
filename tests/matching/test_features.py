"""What of a text counts: features as the fitting and the matching see them."""

from __future__ import annotations

from chatbot import Matcher


def names(matcher: Matcher, text: str) -> list[str]:
    analysis = matcher.normalizer(text)
    found = matcher.reader.concepts.find(analysis.tokens)
    learnt = matcher.compiled.row_of
    return matcher.reader.features(analysis.tokens, found, lambda name: name if name in learnt else None)


def test_a_word_of_another_world_counts_as_one_whichever_it_is(shipped: Matcher) -> None:
    assert "x:1" in names(shipped, "mot de passe Gmail perdu")
    assert "x:1" in names(shipped, "mot de passe Netflix perdu")
    assert "x:1" not in names(shipped, "mot de passe perdu")


def test_a_word_without_weights_counts_as_unknown(shipped: Matcher) -> None:
    assert "u:1" in names(shipped, "ma facture brindezingue")
    assert "u:1" not in names(shipped, "ma facture")


def test_a_denied_wish_contributes_nothing(shipped: Matcher) -> None:
    found = names(shipped, "je ne veux pas annuler ma commande, juste changer l'adresse")
    assert "w:annul" not in found
    assert "w:adress" in found
