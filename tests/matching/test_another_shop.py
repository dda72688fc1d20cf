"""The matcher knows no shop: it serves a bakery as well, with that bakery's rules, thresholds and words."""

from __future__ import annotations

import dataclasses
import re

import pytest
from breads import PHRASINGS, bakery, shop
from places import ROOT

from chatbot import Decision, KnowledgeBase, Matcher
from chatbot.matching import Thresholds

RIGHT = {
    "Bonsoir madame": "salut",
    "du pain complet svp": "pain_complet",
    "vous avez du sans gluten ?": "pain_sans_gluten",
    "je voudrais commander un gato pour samedi": "gateau_commander",
    "g besoin dun gateau danniversaire": "gateau_commander",
    "vous ouvrez à quelle heure": "heures",
    "ouvert le dimanche ?": "heures",
    "c koi vos horaires": "heures",
    "pin complet": "pain_complet",
    "je suis coeliaque": "pain_sans_gluten",
    "j aimerais réserver une tarte": "gateau_commander",
    "QUELS SONT VOS PAINS": "sujet_pain",
}
OUTSIDE = [
    "où est ma facture",
    "toner",
    "3d secure",
    "azertyuiop",
    "une cartouche d'encre pour mon imprimante",
    "mon vélo a crevé",
    "résilier un abonnement",
]


@pytest.fixture(scope="module")
def breads() -> Matcher:
    return bakery()


@pytest.mark.parametrize("text", RIGHT)
def test_the_bakery_is_understood(breads: Matcher, text: str) -> None:
    assert breads.match(text).intents == (RIGHT[text],)


@pytest.mark.parametrize("text", OUTSIDE)
def test_what_the_bakery_does_not_sell_is_not_answered(breads: Matcher, text: str) -> None:
    assert breads.match(text).decision is not Decision.ANSWER


def test_no_intent_of_ours_is_known_to_the_bakery(breads: Matcher, shipped: Matcher) -> None:
    assert set(breads.compiled.intents) == {*PHRASINGS, "hors_sujet"}
    assert not set(breads.compiled.intents) & set(shipped.knowledge.intents) - {"hors_sujet"}


def test_no_name_of_ours_stands_in_code() -> None:
    """Our name, an intent of ours, our phone number: another shop is another folder, so none may be in the package.

    An example under « >>> » may use the shipped knowledge: it is run by the tests.
    """
    ours = [p.stem for p in (ROOT / "intents").glob("[!_]*.yaml") if "_" in p.stem and p.stem[:3] not in ("hor", "au_")]
    names = re.compile(rf"chrono.?cartouche|0 ?892|\b(?:{'|'.join(ours)})\b", re.IGNORECASE)
    kinds = (".py", ".yaml", ".html", ".js")
    files = [p for p in (ROOT / "chatbot").rglob("*") if p.suffix in kinds and "shipped" not in p.parts]
    found = []
    for path in files:
        before = ""
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if names.search(line) and ">>>" not in before:
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
            before = line
    assert len(files) > 50
    assert found == []


def test_a_shop_without_counter_examples_still_works() -> None:
    texts = {
        "faq.yaml": 'boutique: {nom: X, contact: {telephone: "1 2"}}\nsujets:\n  - {intention: a, titre: A, reponse: A}\n'
        "questions:\n  - {intention: b, sujet: a, titre: B, reponse: B}\n",
        "intents/a.yaml": "role: sujet\nformulations: [les arbres, planter un arbre]\n",
        "intents/b.yaml": "formulations: [les bateaux, louer un bateau]\n",
    }
    small = Matcher(KnowledgeBase.from_texts(texts))
    assert small.out_of_scope is None
    assert small.match("louer un bateau").intents == ("b",)
    assert small.match("xyz").decision is Decision.FALLBACK


def test_one_phrasing_in_all_is_enough_to_build_a_matcher() -> None:
    texts = {
        "faq.yaml": 'boutique: {nom: X, contact: {telephone: "1 2"}}\nsujets:\n  - {intention: a, titre: A, reponse: A}\n'
        "questions:\n  - {intention: b, sujet: a, titre: B, reponse: B}\n",
        "intents/a.yaml": "role: sujet\nformulations: [arbre]\n",
        "intents/b.yaml": "formulations: ['🙂']\n",
    }
    assert Matcher(KnowledgeBase.from_texts(texts)).match("arbre").intents == ("a",)


def test_a_required_word_that_is_missing_forbids_an_answer() -> None:
    text = "ouvert le dimanche ?"
    assert bakery().match(text).intents == ("heures",)
    ruled = bakery({"heures": 'exige: ["matin", "jours fériés"]'})
    assert ruled.match(text).decision is not Decision.ANSWER
    assert ruled.match("ouvert le dimanche matin").intents == ("heures",)
    assert ruled.match("ouvert ces jours fériés ?").intents == ("heures",)


def test_an_excluded_word_forbids_an_answer() -> None:
    ruled = bakery({"pain_complet": 'exclut: ["vélo", "sans levure"]'})
    assert ruled.match("du pain complet svp").intents == ("pain_complet",)
    assert ruled.match("du pain complet pour mon vélo").decision is not Decision.ANSWER
    assert ruled.match("du pain complet sans levure").decision is not Decision.ANSWER
    assert ruled.match("du pain complet à la levure").intents == ("pain_complet",)


def test_a_rule_may_name_a_group_of_the_lexicon() -> None:
    shared = {"lexique": "groupes:\n  fete: [noël, pâques, quatorze juillet]\n"}
    ruled = bakery({"heures": 'exclut: ["@fete"]'}, shared)
    assert ruled.match("vos horaires de la semaine prochaine").intents == ("heures",)
    assert ruled.match("vos horaires de Pâques").decision is not Decision.ANSWER


def test_an_intent_whose_rule_is_broken_stands_behind_those_that_keep_theirs() -> None:
    ruled = bakery({"pain_complet": 'exige: ["tranché"]'}).match("du pain complet svp")
    assert all(c.confidence <= 0.5 for c in ruled.candidates if c.intent == "pain_complet")
    assert [c.confidence for c in ruled.candidates] == sorted((c.confidence for c in ruled.candidates), reverse=True)


def test_thresholds_come_from_the_knowledge() -> None:
    strict = bakery(shared={"seuils": "seuils: {answer: 0.9995, clarify: 0.9}"})
    assert strict.thresholds.answer == 0.9995
    assert strict.match("du pain complet svp").decision is Decision.CLARIFY
    assert strict.match("avez-vous du pain complet").decision is Decision.ANSWER, (
        "a phrasing is certain whatever the threshold"
    )


def test_thresholds_given_by_hand_win() -> None:
    deaf = Matcher(shop(), thresholds=Thresholds(answer=1.0, clarify=1.0))
    assert deaf.match("du pain complet svp").decision is Decision.FALLBACK


def test_synonyms_of_the_lexicon_are_understood() -> None:
    text = "miche bise ?"
    assert bakery().match(text).intents != ("pain_complet",)
    told = bakery(shared={"lexique": "groupes:\n  complet: [complet, bise, boule complète]\n  pain: [pain, miche]\n"})
    assert told.match(text).ranking[0] == "pain_complet"


def test_abbreviations_of_the_shop_are_understood() -> None:
    told = bakery(shared={"abreviations": 'abreviations:\n  "pc": "pain complet"\n'})
    assert told.match("du pc svp").intents == ("pain_complet",)


@pytest.mark.parametrize("text", ["", "?", "du pain complet svp", "👍"])
def test_a_rule_without_a_word_says_nothing(text: str) -> None:
    knowledge = KnowledgeBase.load(ROOT)
    ruled = {name: intent._replace(required=("€",), excluded=("?", "👍")) for name, intent in knowledge.intents.items()}
    small = {
        name: intent._replace(phrasings=intent.phrasings[:3], counter_examples=()) for name, intent in ruled.items()
    }
    free = {name: intent._replace(required=(), excluded=()) for name, intent in small.items()}
    with_rules = Matcher(dataclasses.replace(knowledge, intents=small, version="a")).match(text)
    without = Matcher(dataclasses.replace(knowledge, intents=free, version="a")).match(text)
    assert with_rules.as_dict() == without.as_dict()


def test_thresholds_written_down_decide_as_the_same_ones_left_out() -> None:
    written = bakery(None, {"seuils": "seuils: {answer: 0.7, clarify: 0.2}\n"})
    assert written.thresholds == Thresholds() == bakery().thresholds


@pytest.mark.parametrize("text", ["merci", "merci beaucoup", "bonne journée", "je vous remercie"])
def test_a_courtesy_that_no_phrasing_has_is_not_understood(text: str) -> None:
    """The language knows it; the bakery, which knows one greeting, has nothing to say to it."""
    assert bakery().match(text).decision is Decision.FALLBACK
