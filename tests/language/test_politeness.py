"""Greetings, thanks and closings around a question are set aside; they are everything when nothing else is said."""

from __future__ import annotations

import pytest

from chatbot import Matcher
from chatbot.language import Normalizer


def said(shipped: Matcher, text: str) -> str:
    return " ".join(token.form for token in shipped.normalizer(text).tokens if not token.polite)


def whole(shipped: Matcher, text: str) -> str:
    return " ".join(token.form for token in shipped.normalizer(text).tokens)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Bonjour, où est mon colis ?", "ou est mon colis"),
        ("bonjour madame je cherche un toner svp", "je cherche un toner"),
        ("où est mon colis, merci d'avance", "ou est mon colis"),
        ("Bonsoir, où est mon colis ? Cordialement, bonne soirée", "ou est mon colis"),
        ("merci de m'envoyer la facture", "de me envoyer la facture"),
        ("slt, où est mon colis stp", "ou est mon colis"),
    ],
)
def test_politeness_around_a_question_is_set_aside(shipped: Matcher, text: str, rest: str) -> None:
    assert said(shipped, text) == rest


@pytest.mark.parametrize("text", ["bonjour", "merci beaucoup, bonne journée", "bonjour madame", "salut ça va"])
def test_politeness_alone_is_what_is_said(shipped: Matcher, text: str) -> None:
    assert not any(token.polite for token in shipped.normalizer(text).tokens)


def test_thanks_for_something_stay(shipped: Matcher) -> None:
    assert said(shipped, "merci pour la facture") == "merci pour la facture"


def test_politeness_in_the_middle_stays(shipped: Matcher) -> None:
    assert "bonjour" in said(shipped, "j'ai dit bonjour au livreur de mon colis")


def test_a_phrasing_with_politeness_around_is_still_that_phrasing(shipped: Matcher) -> None:
    bare = [
        p
        for p in shipped.knowledge.intents["facture_copie"].phrasings
        if said(shipped, p.text) == whole(shipped, p.text)
    ]
    around = [shipped.match(f"Bonjour madame, {p.text}, merci d'avance. Cordialement") for p in bare]
    assert len(bare) > 200
    assert all(match.intents == ("facture_copie",) for match in around)
    # Where a text ends changes how « l'avoir » is read, and « Factur-X » is a misspelling to some: nearly all.
    assert sum(match.candidates[0].confidence == 1.0 for match in around) >= 0.97 * len(around)


def test_an_empty_text_has_nothing_to_set_aside(shipped: Matcher) -> None:
    normalizer: Normalizer = shipped.normalizer
    assert normalizer("").tokens == ()
