"""What customers type and what the normaliser makes of it: the pairs of normalisation.yaml, and where tokens stand."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from unidecode import unidecode

from chatbot import Matcher
from chatbot.language import Analysis, LanguageData, Normalizer
from chatbot.language.analysis import MAX_LENGTH
from chatbot.language.characters import fold
from chatbot.matching.compiler import learner

PAIRS = [
    pytest.param(typed, understood, id=f"{group}: {typed!a}")
    for group, pairs in yaml.safe_load((Path(__file__).parent / "normalisation.yaml").read_text("utf-8")).items()
    for typed, understood in pairs
]
# Dictionary words one or two letters away from words of the trade: they mean what they say.
REAL_WORDS = [
    "facteur", "fracture", "banc", "manque", "tonne", "tonneau", "tonnerre", "tambourin", "comédie", "canton", "carton",
    "caserne", "détourner", "routeur", "retard", "regard", "avocat", "lavage", "poste", "règle", "pacte", "cordonnier",
    "voiture", "livre", "montre", "commode", "annuaire", "vivement", "chaque", "clinique",
]  # fmt: skip


def forms(analysis: Analysis) -> str:
    """The forms in order, « ¬ » before those of a denied wish."""
    return " ".join("¬" * token.negated + token.form for token in analysis.tokens)


@pytest.mark.parametrize(("typed", "understood"), PAIRS)
def test_understood_as(shipped: Matcher, typed: str, understood: str) -> None:
    assert forms(shipped.normalizer(typed)) == understood


def test_there_are_pairs_enough() -> None:
    assert len(PAIRS) >= 120


@pytest.mark.parametrize("word", REAL_WORDS)
def test_real_word_is_not_corrected(shipped: Matcher, word: str) -> None:
    (token,) = shipped.normalizer(word).tokens
    assert not token.changes


@pytest.mark.parametrize("word", ["factu3", "c0mmande", "l0ngueur", "tn242O", "fac7ure", "c4rtouche"])
def test_token_with_digits_is_not_corrected(shipped: Matcher, word: str) -> None:
    assert all(not token.changes for token in shipped.normalizer(word).tokens)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Où est ma FACTURE ?", ["Où", "est", "ma", "FACTURE"]),
        ("  fac\u200bture  ", ["fac\u200bture"]),
        ("re\u0301glement", ["re\u0301glement"]),
        ("🙂 la ﬁn", ["la", "ﬁn"]),
        ("j’ai payé 12,50 € !", ["j’", "ai", "payé", "12,50 €"]),
        ("TN-2420, merci", ["TN-2420", "merci"]),
    ],
)
def test_span_is_what_was_typed(shipped: Matcher, text: str, typed: list[str]) -> None:
    assert [text[token.start : token.end] for token in shipped.normalizer(text).tokens] == typed


def test_words_out_of_one_share_its_span(shipped: Matcher) -> None:
    tokens = shipped.normalizer("bonjour jai").tokens
    assert [(token.form, token.start, token.end) for token in tokens[1:]] == [("je", 8, 11), ("ai", 8, 11)]


def test_one_word_out_of_two_covers_both(shipped: Matcher) -> None:
    (token,) = shipped.normalizer("impri mante").tokens
    assert (token.form, token.start, token.end) == ("imprimante", 0, 11)


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        ("cmd", "abbreviation"), ("dannuler", "elision"), ("bonjourrrr", "stretched"), ("fakture", "misspelling"),
        ("factuer", "typo"), ("ranboursemant", "sound"), ("jeveuxmafacture", "split"), ("impri mante", "join"),
        ("fаcture", "look-alike"),
    ],
)  # fmt: skip
def test_every_change_names_its_step(shipped: Matcher, typed: str, step: str) -> None:
    changes = [change for token in shipped.normalizer(typed).tokens for change in token.changes]
    assert step in {change.step for change in changes}


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", 0),
        ("bonjour", 1),
        ("Bonjour. Ma facture ?", 2),
        ("bonjour, ma facture", 1),
        ("bonjour\nma facture", 2),
        ("...", 0),
    ],
)
def test_sentences_are_counted(shipped: Matcher, text: str, sentences: int) -> None:
    assert shipped.normalizer(text).sentences == sentences


def test_a_long_text_is_cut_and_says_so(shipped: Matcher) -> None:
    analysis = shipped.normalizer("facture " * MAX_LENGTH)
    assert analysis.cut
    assert max(token.end for token in analysis.tokens) <= MAX_LENGTH


def test_without_a_vocabulary_nothing_is_guessed() -> None:
    (token,) = Normalizer(LanguageData.load())("factuer").tokens
    assert token.form == "factuer"
    assert not token.changes


def test_the_steps_of_the_normaliser_are_named_functions() -> None:
    assert [step.__name__ for step in Normalizer.STEPS] == ["_join", "_noun_avoir", "_negation", "_politeness"]


def test_a_day_of_ours_is_a_known_word(shipped: Matcher) -> None:
    """« aujourd'hui » stands in the language data: it must not count as an unknown word."""
    assert all(token.known for token in shipped.normalizer("aujourd'hui").tokens)


@pytest.mark.parametrize("letter", [chr(code) for code in (*range(0xC0, 0x180), 0x2019, 0x3C0, 0x44F)], ids=ascii)
def test_folding_by_table_is_what_unidecode_gives(letter: str) -> None:
    assert fold(f"a{letter}e") == unidecode(f"a{letter}e").lower()


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("toner", "ton"),
        ("toners", "ton"),
        ("sûre", "sur"),
        ("parait", "par"),
        ("cartons", "carte"),
        ("maisons", "mais"),
    ],
)
def test_words_of_different_meaning_have_different_stems(shipped: Matcher, word: str, other: str) -> None:
    (one,), (two,) = (shipped.normalizer(text).tokens for text in (word, other))
    assert one.stem != two.stem


@pytest.mark.parametrize("pair", [("toner", "toners"), ("carton", "cartons"), ("livraison", "livraisons")])
def test_a_word_and_its_plural_have_one_stem(shipped: Matcher, pair: tuple[str, str]) -> None:
    (one,), (two,) = (shipped.normalizer(text).tokens for text in pair)
    assert one.stem == two.stem


def test_a_name_of_the_lexicon_is_never_an_elision(shipped: Matcher) -> None:
    (token,) = shipped.normalizer("Shein").tokens
    assert token.form == "shein"
    language = shipped.normalizer.language
    assert [t.form for t in Normalizer(language, names=["shein"])("shein").tokens] == ["shein"]
    assert [t.form for t in Normalizer(language)("shein").tokens] == ["se", "hein"]


def test_no_word_of_another_world_is_a_function_word(shipped: Matcher) -> None:
    """« aaaa » reads « a »: as a word of another world, it stood in every other question."""
    reader = learner(shipped.knowledge, shipped.normalizer.language)
    functions = shipped.normalizer.language.function_words
    for expression in shipped.knowledge.lexicon:
        forms = [token.form for token in reader(expression.text).tokens]
        assert len(forms) > 1 or forms[0] not in functions, expression
