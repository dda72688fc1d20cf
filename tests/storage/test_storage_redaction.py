"""Redaction: what customers write that is private goes, what is not stays; twice is once; doubt fails closed."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from chatbot.errors import StorageError
from chatbot.storage import check_email, redactor
from chatbot.storage.redaction import KINDS, LONGEST, FrenchRedactor

CASES = yaml.safe_load((Path(__file__).parent / "redaction.yaml").read_text("utf-8"))
REDACT = redactor("0 892 438 892")
SEPARATORS = st.sampled_from(["", " ", "-", ".", "\u00a0", "\u202f", "/", "\n", "\u200b"])
WORDS = st.sampled_from(
    ["je", "commande", "carte", "n°", "c'est", "mon", "Mme", "merci", "le", "de", ":", "euros", "@"]
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [pytest.param(*case, id=f"{kind}-{case[0][:30]}") for kind in CASES for case in CASES[kind].items()],
)
def test_redaction_keeps_what_may_be_kept(typed, kept):
    assert REDACT(typed).text == kept


def test_kinds_are_told_in_order_and_once():
    assert REDACT("06 12 34 56 78, 07 12 34 56 78, jean@exemple.fr").kinds == ("telephone", "email")


def test_text_without_anything_private_is_untouched():
    text = "Où est ma facture ?\n\tJ’ai « tout » essayé…"
    assert REDACT(text) == (text, ())


def test_only_the_kinds_asked_for_are_taken_out():
    text = "carte 4970 1000 0000 0006, tel 06 12 34 56 78"
    assert REDACT.only({"carte"}, text) == ("carte [carte], tel 06 12 34 56 78", ("carte",))


def test_number_of_another_shop_is_somebodys():
    assert redactor("0 1 99 00 00 00")("0 892 438 892").text == "[telephone]"


@given(st.text(max_size=300))
def test_redacting_twice_is_redacting_once(text):
    once = REDACT(text).text
    assert REDACT(once) == (once, ())


@given(
    st.lists(WORDS | st.from_regex(r"[0-9 ./-]{1,20}", fullmatch=True) | st.text(max_size=8), max_size=20).map(" ".join)
)
def test_redacting_twice_is_redacting_once_on_likely_texts(text):
    once = REDACT(text).text
    assert REDACT(once) == (once, ())


def with_check_digit(digits: str) -> str:
    return digits + luhn.calc_check_digit(digits)


CARD = st.from_regex(r"(4[0-9]|5[1-5]|2[3-6])[0-9]{13}", fullmatch=True).map(with_check_digit)


@given(card=CARD, gaps=st.lists(SEPARATORS, min_size=15, max_size=15), before=WORDS, after=WORDS)
def test_no_card_number_survives_however_it_is_parted(card, gaps, before, after):
    typed = "".join(digit + gap for digit, gap in zip(card, [*gaps, ""], strict=True))
    redacted = REDACT(f"{before} {typed} {after}")
    assert not [sign for sign in redacted.text if sign.isdigit()]


@given(number=st.from_regex(r"0[67][0-9]{8}", fullmatch=True), gap=st.sampled_from(["", " ", ".", "-", "/", "\u00a0"]))
def test_no_mobile_number_survives(number, gap):
    typed = gap.join(number[place : place + 2] for place in range(0, 10, 2))
    assert not [sign for sign in REDACT(f"mon numéro est le {typed} merci").text if sign.isdigit()]


@given(st.emails())
def test_no_email_address_survives(address):
    assert "@" not in REDACT(f"mon adresse {address} merci").text


@given(st.from_regex(r"[0-9]{6,30}", fullmatch=True))
def test_no_long_run_of_digits_survives(digits):
    assert REDACT(f"voilà {digits} ok").text.startswith("voilà [")


@given(st.text(alphabet=st.characters(categories=["L", "Nd", "P"]), min_size=4, max_size=20))
def test_announced_password_does_not_survive(password):
    typed = f"mot de passe : x{password}9 merci"
    assert f"x{password}9" not in REDACT(typed).text


@pytest.mark.parametrize(
    "hostile",
    ["1", "a", "1 ", "a@", "mdp ", "mme ", "- ", "fr76", "4970 ", "06 12 ", "12 rue ", "@", "1/", "a.", "'", "+", "("],
)
def test_hostile_text_costs_no_more_than_a_long_one(hostile):
    import time

    started = time.process_time()
    REDACT((hostile * LONGEST)[:LONGEST])
    assert time.process_time() - started < 3


def test_text_too_long_to_be_checked_is_refused():
    with pytest.raises(StorageError):
        REDACT("a" * (LONGEST + 1))


def test_detector_that_never_ends_is_refused():
    from chatbot.storage.spans import Span

    endless = FrenchRedactor((lambda piece: [Span(0, 1, "nom")],))
    with pytest.raises(StorageError, match="n'aboutit pas"):
        endless("a" * 100)


def test_every_kind_has_a_case():
    found = {kind for cases in CASES.values() for typed in cases for kind in REDACT(typed).kinds}
    assert found == set(KINDS)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("jean@exemple.fr", "jean@exemple.fr"),
        (" Jean.Dupont@EXEMPLE.fr ", "Jean.Dupont@exemple.fr"),
        ("jean@boîte.fr", "jean@boîte.fr"),
        ("jean", None),
        ("jean@", None),
        ("jean@exemple", None),
        ("jean @exemple.fr", None),
        ("jean@exemple.fr\r\nBcc: x@y.fr", None),
        ("", None),
        ("é@exemple.fr", None),
    ],
)
def test_email_is_checked_for_its_form(typed, normal):
    assert check_email(typed) == normal
