"""The steps of the analysis leave the tokens they are given as they were."""

from __future__ import annotations

import pytest

from chatbot.language import Normalizer
from chatbot.matching import Matcher

TEXTS = [
    "je ne veux pas annuler, juste changer l'adresse",
    "mon avoir et l'avoir de mai",
    "bonjour, je cherche ma facture, merci d'avance",
    "rembour sement de mon colis",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("step", Normalizer.STEPS, ids=lambda step: step.__name__)
def test_a_step_changes_no_token_it_was_given(shipped: Matcher, text: str, step) -> None:  # type: ignore[no-untyped-def]
    bare = Normalizer(shipped.normalizer.language)
    tokens = list(bare(text).tokens)
    before = list(tokens)
    step(tokens, shipped.normalizer)
    assert tokens == before
