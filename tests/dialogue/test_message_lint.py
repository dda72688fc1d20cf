"""Lint tells of messages the dialogue never says, and of names in braces it never fills."""

from __future__ import annotations

from datetime import date

import pytest
from shop import texts

from chatbot.workbench.linting import lint_texts


@pytest.mark.parametrize(
    ("messages", "code", "part"),
    [
        ("{incompri: Bzz}", "message-inconnu", "vouliez-vous dire « incompris »"),
        ("{bourdonnement_de_la_reine: Bzz}", "message-inconnu", "ne dit jamais"),
        ('{incompris: "Bzz {reference}"}', "accolades", "{reference}"),
        ('{formulaire_envoye: "Bzz {reference}"}', "", ""),
        ('{incompris: "Bzz {telephone}"}', "", ""),
    ],
)
def test_messages_are_linted_with_their_line(messages: str, code: str, part: str) -> None:
    found = [
        f
        for f in lint_texts(texts(messages=messages), today=date(2026, 11, 23))
        if f.code in ("message-inconnu", "accolades")
    ]
    assert [f.code for f in found] == ([code] if code else [])
    assert all(part in f.message and f.path == "faq.yaml" and f.line > 1 for f in found)
