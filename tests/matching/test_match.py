"""What a match promises, on the shipped knowledge: its form, its order, its certainty, and the decisions shown to all."""

from __future__ import annotations

import json
import threading
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import CORPUS, ROOT

from benchmarks.typos import LEAST_ANSWERED, LEAST_FIRST, outcomes
from chatbot import Decision, Matcher
from chatbot.matching.compiled import exact_key
from chatbot.workbench.corpus import read_corpus


@cache
def loaded() -> Matcher:
    return Matcher.load(ROOT)


PHRASES = [question.text for question in read_corpus([CORPUS])]
# What the second issue asks for: right answers, and what must fall back.
ANSWERED = {
    "je veux ma facture": "facture_copie",
    "3D secure bloqué": "paiement_3d_secure",
    "g pa recu le code de ma bank": "paiement_3d_secure",
    "changer de mode de règlement": "paiement_changer_mode",
    "annuler ma commande": "commande_annuler_modifier",
    "comment utiliser mon avoir": "avoir_utiliser",
    "j'aimerais avoir ma facture": "facture_copie",
    "différence toner tambour": "toner_tambour_difference",
    "retourner une cartouche neuve": "retour_article_neuf",
    "cartouche générique défectueuse": "garantie_generique_defectueux",
    "d'accord, merci beaucoup": "remerciement",
}
FALLEN_BACK = ["quel temps fait-il", "résilier mon abonnement Netflix", "azertyuiop", "🙂", ""]
DENIED = [
    "je ne veux pas annuler ma commande",
    "jveux pa annulé ma comande",
    "Bonjour, je ne souhaite surtout pas modifier ma commande, merci",
    "ce n'est pas pour annuler",
    "n'annulez surtout pas mon achat",
    "je ne voulais pas un avoir",
    "je n'ai pas besoin de facture",
]
NOT_ONLY_DENIED = [
    "je ne veux pas annuler la commande, juste changer l'adresse de livraison",
    "je ne souhaite pas être remboursé, je veux utiliser mon avoir",
    "n'expédiez pas le colis",
    "ma facture ne veut pas se télécharger",
]
NOTHING_TO_READ = ["", " ", "\n\t", "🙂🙂", "...", "?!", "\u200b", "\0", "'", "\ud800", "—", "()"]
TWO_WISHES = {
    "je voudrais ma facture et aussi annuler ma commande": {"facture_copie", "commande_annuler_modifier"},
    "Comment utiliser mon avoir ? Et quelle est la différence entre un toner et un tambour ?": {
        "avoir_utiliser",
        "toner_tambour_difference",
    },
    "3D secure bloqué, sinon je peux changer de mode de paiement ?": {"paiement_3d_secure", "paiement_changer_mode"},
}


@pytest.mark.parametrize("text", ANSWERED)
def test_a_question_everyone_asks_is_answered(shipped: Matcher, text: str) -> None:
    match = shipped.match(text)
    assert (match.decision, match.intents[:1]) == (Decision.ANSWER, (ANSWERED[text],))


@pytest.mark.parametrize("text", DENIED)
def test_a_wish_that_is_only_denied_is_asked_about(shipped: Matcher, text: str) -> None:
    assert shipped.match(text).decision is Decision.CLARIFY


@pytest.mark.parametrize("text", NOT_ONLY_DENIED)
def test_an_order_or_a_denial_that_goes_on_is_answered(shipped: Matcher, text: str) -> None:
    assert shipped.match(text).decision is Decision.ANSWER


@pytest.mark.parametrize("text", FALLEN_BACK, ids=ascii)
def test_what_is_no_business_of_the_shop_falls_back(shipped: Matcher, text: str) -> None:
    assert shipped.match(text).decision is Decision.FALLBACK


@pytest.mark.parametrize("text", NOTHING_TO_READ, ids=ascii)
def test_without_a_word_there_is_nothing_to_answer(shipped: Matcher, text: str) -> None:
    match = shipped.match(text)
    assert (match.decision, match.intents, match.candidates) == (Decision.FALLBACK, (), ())


@pytest.mark.parametrize(
    "text",
    [
        "zq" * 50_000,
        "\x00\x01\x02\xff" * 1_000,
        "".join(map(chr, range(0x2500, 0x2900))),
        "lorem ipsum dolor sit amet " * 500,
    ],
    ids=["one huge word", "bytes", "drawings", "another language"],
)
def test_noise_of_any_size_falls_back(shipped: Matcher, text: str) -> None:
    assert shipped.match(text).decision is Decision.FALLBACK


@pytest.mark.parametrize("text", ["facture", "bonjour", "azertyuiop", ""])
def test_as_dict_has_its_keys_in_their_order(shipped: Matcher, text: str) -> None:
    found = shipped.match(text).as_dict()
    assert list(found) == ["text", "decision", "intents", "candidates", "knowledge_version", "reason"]
    assert (found["text"], found["knowledge_version"]) == (text, shipped.knowledge.version)
    assert found["decision"] in ("answer", "clarify", "fallback")
    assert all(list(candidate)[:2] == ["intent", "confidence"] for candidate in found["candidates"])  # type: ignore[attr-defined]


def test_intents_are_there_when_the_decision_is_to_answer_and_only_then(shipped: Matcher) -> None:
    seen = set()
    for text in PHRASES:
        match = shipped.match(text)
        seen.add(match.decision)
        assert (match.decision is Decision.ANSWER) == bool(match.intents), text
        assert len(set(match.intents)) == len(match.intents) <= 2, text
        assert set(match.intents) <= set(shipped.knowledge.answers), text
    assert seen == set(Decision)


def test_candidates_are_ranked_by_confidence_and_none_is_out_of_scope(shipped: Matcher) -> None:
    for text in PHRASES:
        candidates = shipped.match(text).candidates
        assert all(one.confidence >= other.confidence for one, other in pairwise(candidates)), text
        assert len({candidate.intent for candidate in candidates}) == len(candidates) <= 5, text
        assert shipped.out_of_scope not in {candidate.intent for candidate in candidates}, text
        assert all(0 <= candidate.confidence <= 1 for candidate in candidates), text


def test_something_is_offered_when_the_decision_is_to_ask_back(shipped: Matcher) -> None:
    unsure = [match for match in shipped.match_many(PHRASES) if match.decision is Decision.CLARIFY]
    assert len(unsure) >= 10
    assert all(match.candidates and not match.intents for match in unsure)


def test_only_a_phrasing_itself_is_certain(shipped: Matcher) -> None:
    exact = {exact_key(shipped.normalizer(phrasing.text)) for phrasing in shipped.knowledge.phrasings}
    certain = [text for text in PHRASES if any(c.confidence == 1.0 for c in shipped.match(text).candidates)]
    keys = {text: shipped.normalizer(text) for text in certain}
    bare = {text: exact_key(analysis.without_politeness()) for text, analysis in keys.items()}
    assert [text for text in certain if exact_key(keys[text]) not in exact and bare[text] not in exact] == []


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text() | st.sampled_from(PHRASES))
def test_a_match_as_json_is_what_the_library_would_write(text: str) -> None:
    match = loaded().match(text)
    assert match.as_json() == json.dumps(match.as_dict(), ensure_ascii=False).encode("utf-8", "replace").decode()


def test_every_phrasing_is_certain_of_its_intent(shipped: Matcher) -> None:
    inside = [p for p in shipped.knowledge.phrasings if p.intent != shipped.out_of_scope][::10]
    wrong = []
    for phrasing in inside:
        match = shipped.match(phrasing.text)
        if (match.intents, match.candidates[0].confidence) != ((phrasing.intent,), 1.0):
            wrong.append((phrasing.text, match.intents))
    assert len(inside) > 300
    assert wrong == []


def test_no_counter_example_is_answered(shipped: Matcher) -> None:
    outside = [p for p in shipped.knowledge.phrasings if p.intent in ("", shipped.out_of_scope)][::20]
    assert len(outside) > 50
    assert [p.text for p in outside if shipped.match(p.text).decision is not Decision.FALLBACK] == []


@pytest.mark.parametrize("text", TWO_WISHES)
def test_two_wishes_give_two_intents(shipped: Matcher, text: str) -> None:
    assert set(shipped.match(text).intents) == TWO_WISHES[text]


@pytest.mark.parametrize(
    "text", ["Bonjour, je veux ma facture, merci", "bonjour annuler ma commande svp bonne journée"]
)
def test_greetings_around_a_wish_are_no_wish(shipped: Matcher, text: str) -> None:
    assert len(shipped.match(text).intents) == 1
    assert shipped.match(text).intents[0] in ("facture_copie", "commande_annuler_modifier")


def test_single_typing_errors_change_little(shipped: Matcher) -> None:
    found = list(outcomes(shipped, 1000, seed=1))
    assert sum(outcome.first for outcome in found) >= LEAST_FIRST * len(found)
    assert sum(outcome.answered for outcome in found) >= LEAST_ANSWERED * len(found)


def test_match_many_keeps_the_order_and_reads_one_at_a_time(shipped: Matcher) -> None:
    read: list[str] = []

    def texts() -> object:
        for text in ANSWERED:
            read.append(text)
            yield text

    matches = shipped.match_many(texts())  # type: ignore[arg-type]
    first = next(matches)
    assert (first.text, read) == (read[0], read[:1])
    assert [first.text, *(match.text for match in matches)] == list(ANSWERED)


def test_threads_share_one_matcher(shipped: Matcher) -> None:
    """A fresh matcher, so that what it unpacks and remembers on first use is raced for."""
    texts = PHRASES[::7]
    expected = [match.as_dict() for match in shipped.match_many(texts)]
    fresh = Matcher.load()
    start = threading.Barrier(4)
    found: dict[int, list[dict[str, object]]] = {}

    def work(number: int) -> None:
        start.wait()
        found[number] = [match.as_dict() for match in fresh.match_many(texts)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[number] for number in range(4)] == [expected] * 4


def test_matching_does_not_change_the_matcher(shipped: Matcher) -> None:
    before = [match.as_dict() for match in shipped.match_many(PHRASES[:50])]
    for text in ("zzz " * 100, "fcature", *PHRASES[50:150]):
        shipped.match(text)
    assert [match.as_dict() for match in shipped.match_many(PHRASES[:50])] == before


@pytest.mark.parametrize("text", ["cartouche", "carte", "changer"])
def test_a_word_alone_that_may_mean_anything_is_asked_about(shipped: Matcher, text: str) -> None:
    assert shipped.match(text).decision is Decision.CLARIFY


@pytest.mark.parametrize(
    ("text", "intent"), [("facture", "facture_copie"), ("rembousement", "sujet_paiement"), ("merciii", "remerciement")]
)
def test_a_word_alone_that_tells_what_is_wanted_is_answered(shipped: Matcher, text: str, intent: str) -> None:
    assert shipped.match(text).intents == (intent,)
