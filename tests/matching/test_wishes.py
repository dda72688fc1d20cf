"""Two wishes in one message, and the stories that only look like two."""

from __future__ import annotations

import pytest

from chatbot import Matcher
from chatbot.matching.clauses import clause_spans
from chatbot.matching.wishes import PairSignals, probability

TWO = {
    "Où est ma facture ? Et comment annuler ma commande ?": ("facture_copie", "commande_annuler_modifier"),
    "je veux suivre mon colis et aussi télécharger ma facture": ("sujet_livraison", "facture_copie"),
    "Je veux annuler ma commande. Aussi, quel est votre numéro de téléphone ?": (
        "commande_annuler_modifier",
        "conseiller",
    ),
    "À quelle heure ouvre votre standard ? Livrez-vous en Guadeloupe ?": ("conseiller", "sujet_livraison"),
    "Comment supprimer mon compte ? Autre question : le virement est-il accepté ?": ("sujet_compte", "sujet_paiement"),
}
ONE = {
    "Le colis est bien arrivé hier, rien à redire. Où puis-je télécharger la facture ?": "facture_copie",
    "J'ai changé d'imprimante entre-temps. Comment retourner une cartouche neuve jamais ouverte ?": "retour_article_neuf",
    "Mon colis est arrivé hier. J'ai un avoir chez vous, comment l'utiliser ?": "avoir_utiliser",
}


@pytest.mark.parametrize("text", TWO)
def test_both_wishes_are_answered_in_the_order_they_were_asked(shipped: Matcher, text: str) -> None:
    assert shipped.match(text).intents == TWO[text]


@pytest.mark.parametrize("text", ONE)
def test_the_story_around_a_wish_is_no_wish(shipped: Matcher, text: str) -> None:
    assert shipped.match(text).intents == (ONE[text],)


def test_a_message_of_one_clause_has_one_range(shipped: Matcher) -> None:
    analysis = shipped.normalizer("je voudrais ma facture du mois de mars")
    assert clause_spans(analysis, shipped.normalizer.language) == [range(len(analysis.tokens))]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("numéro de téléphone + facture d'avril", ["numero de telephone", "facture de avril"]),
        ("horaires + facture", ["horaires", "facture"]),
        (
            "Le colis a du retard. Autre question : où est la facture ?",
            ["le colis a du retard", "autre question ou est la facture"],
        ),
        ("je veux ma facture ainsi que le suivi du colis", ["je veux ma facture", "ainsi que le suivi du colis"]),
    ],
)
def test_a_second_wish_may_begin_after_a_plus_or_what_announces_it(
    shipped: Matcher, text: str, parts: list[str]
) -> None:
    analysis = shipped.normalizer(text)
    spans = clause_spans(analysis, shipped.normalizer.language)
    assert [" ".join(t.form for t in analysis.tokens[s.start : s.stop]) for s in spans] == parts


def test_clauses_cover_every_token_once(shipped: Matcher) -> None:
    for text in (*TWO, *ONE, "et", "et puis et puis et", "a. b. c. d.", "oui, non, peut-être, je ne sais pas"):
        analysis = shipped.normalizer(text)
        spans = clause_spans(analysis, shipped.normalizer.language)
        assert [i for span in spans for i in span] == list(range(len(analysis.tokens)))


@pytest.mark.parametrize("signal", ["first", "second", "odds", "asks_first", "announced", "joined", "questions"])
def test_each_sign_of_a_second_wish_makes_it_likelier(signal: str) -> None:
    nothing = PairSignals(*[0.0] * len(PairSignals._fields))
    assert probability(nothing._replace(**{signal: 1.0})) > probability(nothing)


def test_a_wish_far_behind_in_the_message_is_less_likely() -> None:
    nothing = PairSignals(*[0.0] * len(PairSignals._fields))
    assert probability(nothing._replace(gap=5.0)) < probability(nothing)
