"""What holds for every text: it is read without error, in bounded time, and what carries no meaning changes nothing."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from places import CORPUS

from chatbot import Matcher
from chatbot.language import Analysis, LanguageData, Normalizer, stem
from chatbot.language.analysis import MAX_LENGTH
from chatbot.language.characters import canonical, fold
from chatbot.language.grammar import NOUN_AVOIR
from chatbot.language.rote import RoteReader
from chatbot.language.stemmer import _SUFFIXES
from chatbot.language.tokens import WORD
from chatbot.workbench.corpus import read_corpus

QUICK = settings(max_examples=200, deadline=None, derandomize=True)
# A text of any length is read in less; a hundred times what a question takes, because the machine may be busy.
LONGEST = 2.0
PHRASES = tuple(question.text for question in read_corpus([CORPUS]))
WORDS = sorted({word for phrase in PHRASES for word in phrase.split()})
MARKS = st.sampled_from([*" '-€@œ🙂\u00a0\u202f\u2019\u200b\u0301\ufe0f\ufb01\uff45\u0430\ud800\0\n", "  "])
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(st.sampled_from(WORDS) | MARKS | st.text(max_size=4), max_size=25).map("".join)
)
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)


# What may be read together with its neighbours: abbreviations of several words, sums, numbers, dashes, elisions and marks.
LEARNER = Normalizer(LanguageData.load())
TELESCOPED = sorted({word for key in LEARNER.language.abbreviations if len(key) > 1 for word in key})
TOGETHER = st.sampled_from(
    [*TELESCOPED, *"lcàynéj?!.,-€;:(", "20", "1", "50,5", "20€", "euros", "tn2420", "hl-l2350", "a-t-il", "est-ce", "l'",
     "aujourd'hui", "svp", "qqn", "'", "''", "www.site.fr", "p.s.", "- ", ""]
)  # fmt: skip
CRAMMED = st.lists(TOGETHER | st.sampled_from(WORDS), max_size=12).flatmap(
    lambda words: st.sampled_from([" ", "  ", "-", "' ", "", ", "]).map(lambda between: between.join(words))
)


def learnt(analysis: Analysis) -> list[tuple[object, ...]]:
    """The tokens but for where they stand and which are polite."""
    return [token._replace(start=0, end=0, polite=False) for token in analysis.tokens]


@cache
def matcher() -> Matcher:
    return Matcher.load()


def decided(text: str) -> tuple[str, tuple[str, ...]]:
    match = matcher().match(text)
    return str(match.decision), match.intents


def depends_on_accents(analysis: Analysis) -> bool:
    """True when an accent says which SMS form was typed: « é » is « et », « e » is nothing."""
    return any(c.step == "abbreviation" and not c.before.isascii() for t in analysis.tokens for c in t.changes)


def without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@QUICK
@given(TEXTS)
@example("")
@example("\ud800")
@example("İI\u0307ẞß")
@example("\u0301\u0301")
def test_any_text_is_read_and_its_tokens_stand_in_it(text: str) -> None:
    analysis = matcher().normalizer(text)
    places = [(token.start, token.end) for token in analysis.tokens]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


@QUICK
@given(TEXTS)
def test_every_form_is_plain_ascii_or_a_type(text: str) -> None:
    for token in matcher().normalizer(text).tokens:
        assert re.fullmatch(r"[a-z0-9]+|<[a-z]+>|avoir#nom", token.form)


@QUICK
@given(TEXTS)
def test_any_text_has_a_match(text: str) -> None:
    match = matcher().match(text)
    assert match.text == text
    assert bool(match.intents) == (str(match.decision) == "answer")


@QUICK
@given(TEXTS)
def test_canonical_text_is_left_as_it_is(text: str) -> None:
    once = canonical(text).text
    assert canonical(once).text == once


@QUICK
@given(TEXTS)
def test_each_canonical_character_has_its_place(text: str) -> None:
    canon = canonical(text)
    places = [canon.place(index) for index in range(len(canon.text))]
    assert places == sorted(places)
    assert all(0 <= place < max(len(text), 1) for place in places)


@QUICK
@given(TEXTS.map(lambda text: text.replace("\ud800", "")).filter(str.isprintable))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@QUICK
@given(st.lists(TEXTS | CRAMMED, max_size=12))
@example(
    ["c'est", "c'est à dire", "l", "l imprimante", "20", "20 €", "- a", "a - b", "?", "? a", "?!", "a.b", "est ce"]
)
def test_reading_by_rote_is_reading(texts: list[str]) -> None:
    rote = RoteReader(LEARNER)
    # Twice: what was read before must not change what it is read as now.
    again = [rote.each(texts), rote.each(texts)][1]
    assert [*map(learnt, again)] == [*map(learnt, LEARNER.each(texts))]
    assert [(a.text, a.cut) for a in again] == [(text, len(text) > MAX_LENGTH) for text in texts]


def test_phrasings_read_by_rote_are_read(shipped: Matcher) -> None:
    texts = [phrasing.text for phrasing in shipped.knowledge.phrasings]
    assert [*map(learnt, RoteReader(LEARNER).each(texts))] == [*map(learnt, LEARNER.each(texts))]


@pytest.mark.parametrize("kind", ["corpus", "phrasings"])
def test_normalising_what_was_normalised_changes_nothing(shipped: Matcher, kind: str) -> None:
    """For texts of plain words: typed tokens (« <num> ») and the noun « avoir#nom » are no French to be read again."""
    texts = PHRASES if kind == "corpus" else [p.text for p in shipped.knowledge.phrasings[::7]]
    again, held = [], 0
    for text in texts:
        tokens = shipped.normalizer(text).tokens
        if any(token.kind != WORD or token.form == NOUN_AVOIR for token in tokens):
            continue
        forms = [token.form for token in tokens]
        read = [token.form for token in shipped.normalizer(" ".join(forms)).tokens]
        held += 1
        if read != forms:
            again.append((text, forms, read))
    assert held > 500
    # A few may differ: « ya-t-il » leaves « t il », which an SMS reads as « tu es il ».
    assert len(again) <= held // 200, again


CHANGES: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "swapped case": str.swapcase,
    "title case": str.title,
    "accents typed apart": lambda text: unicodedata.normalize("NFD", text),
    "curly apostrophes": lambda text: text.replace("'", "’"),
    "spaces for apostrophes": lambda text: text.replace("'", " ").replace("’", " "),
    "a final question mark": lambda text: text + " ?",
    "final dots": lambda text: text.rstrip(" .?!…") + "...",
    "no final punctuation": lambda text: text.rstrip(" .?!…"),
    "doubled spaces": lambda text: text.replace(" ", "  "),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "spaces around": lambda text: f"  {text} \n",
    "zero-width characters": lambda text: text.replace("a", "a\u200b"),
    "an emoji at the end": lambda text: text + " 🙂",
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_decision_never_changes_with(name: str) -> None:
    changed = [text for text in PHRASES if decided(CHANGES[name](text)) != decided(text)]
    assert changed == []


def test_the_decision_never_changes_with_accents() -> None:
    """But for SMS forms that an accent tells apart: those are read with their accents, on purpose."""
    normalizer = matcher().normalizer
    told_apart = [text for text in PHRASES if depends_on_accents(normalizer(text))]
    changed = [t for t in PHRASES if t not in told_apart and decided(without_accents(t)) != decided(t)]
    assert changed == []
    assert len(told_apart) < len(PHRASES) // 10


@QUICK
@given(SENTENCES, st.sampled_from(sorted(CHANGES)))
def test_the_decision_of_any_words_never_changes(text: str, name: str) -> None:
    # Joining words that end in punctuation makes no new sentence at the end: only what stands there already counts.
    text = text.rstrip(" .?!…;:,")
    assert decided(CHANGES[name](text)) == decided(text)


@pytest.mark.parametrize(
    "text",
    [
        " " * 100_000, "1" * 100_000, "1 " * 50_000, "a-" * 50_000, "a1-" * 50_000, "'" * 100_000, "l'" * 50_000,
        "." * 100_000, "a@" * 50_000, "a@a." * 30_000, "www." * 30_000, "🙂" * 100_000, "e" + "\u0301" * 100_000,
        "facture" * 15_000, "fcature " * 15_000, "\0" * 100_000, "\n" * 100_000, "\u202e" * 100_000, "你好" * 50_000,
        "\ud800" * 10_000, "".join(f"zq{i:x} " for i in range(20_000)), "fаcture" * 15_000, "a" * 100_000,
        "f\u0300\u0316\u0321" * 20_000, "j'" * 2_000 + "ai",
    ],
    ids=lambda text: ascii(text[:12]),
)  # fmt: skip
def test_a_hostile_text_takes_no_longer_than_a_page(text: str) -> None:
    started = time.perf_counter()
    matcher().match(text)
    assert time.perf_counter() - started < LONGEST


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=14))
@QUICK
def test_a_stem_is_never_longer_nor_empty(word: str) -> None:
    root = stem(word)
    assert len(root) <= len(word)
    assert bool(root) == bool(word)


def test_no_suffix_of_the_stemmer_is_listed_twice() -> None:
    suffixes = [suffix for suffix, _ in _SUFFIXES]
    assert sorted(set(suffixes)) == sorted(suffixes)
