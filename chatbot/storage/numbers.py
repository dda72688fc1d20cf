"""Detectors of numbers that have a format: cards, IBAN, social security, telephone, e-mail, long runs of digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher
from stdnum import iban, luhn
from stdnum.fr import nir

from chatbot.dialogue.secrets import card_from
from chatbot.storage.spans import Piece, Span

REGION = "FR"
# Groups of digits as people part them: 4970 1000 …, 4970-1000-…, 4970.1000 …, one group per line.
_CHAIN = re.compile(r"\d+(?:[ \n.,·•|:/\-]{1,3}\d+)*")
_GROUP = re.compile(r"\d+")
# How many digits a card has -> how its number begins; any beginning for the most common length.
_CARDS = {13: "4", 14: "3", 15: "3", 16: "0123456789", 17: "456", 18: "456", 19: "456"}
# After a card its date and its code follow: this many digits at most.
_DATE_AND_CODE = 10
_IBAN = re.compile(r"(?<![a-z0-9])[a-z]{2} ?\d{2}(?:[ .\-]{0,2}[a-z0-9]){11,31}")
_NIR = re.compile(
    r"(?<!\d)[1-478](?:[ .\-]{0,2}\d){4}[ .\-]{0,2}(?:2[ ]?[ab]|\d[ .\-]{0,2}\d)(?:[ .\-]{0,2}\d){6,8}(?!\d)"
)
# Every repetition is bounded: a hostile text costs no more than a long one.
_EMAIL = re.compile(
    r"(?:\w{1,40} (?:point|tiret) )?[^\s<>()\[\],;:\"@]{0,80}[^\s<>()\[\],;:\".@] ?"
    r"(?:@|\((?:at|a|@)\)|\b(?:arobase|arrobase|arobas)\b) ?[^\s<>()\[\],;\"]{1,255}"
    r"(?: ?(?:\.|\bpoint\b) ?(?:fr|com|net|org|eu|be|ch|info|pro)\b)?|@\S{1,255}"
)
_SPELT_EMAIL = re.compile(
    r"[^\s@]{1,80} (?:at|chez) [a-z0-9\-]{1,80} ?(?:\.|\bpoint\b|\bdot\b) ?(?:fr|com|net|org|eu)\b"
)
_NATIONAL = re.compile(r"(?<![\w+.\-])0[1-9](?:[ .\-]?\d{2}){4}(?!\w)")
# Solid digits, and digits in groups, from which a number is more than a product's name or a price.
_WORD_OF_DIGITS = re.compile(r"[a-z0-9]{6,}")
_SOLID = re.compile(r"\d{6}")
_GROUPED = re.compile(r"(?<!\d)\d+(?:[ .\-/]{1,2}\d+)*")
_GROUPED_DIGITS = 8
DATE = re.compile(r"(?:[0-3]?\d([/.\- ])[01]?\d(?:\1(?:19|20)?\d\d)?|(?:19|20)\d\d-[01]\d-[0-3]\d)")


def cards(piece: Piece) -> Iterator[Span]:
    """Payment cards: 13 to 19 digits that pass Luhn however they are parted, or four groups of four."""
    for chain in _CHAIN.finditer(piece.text):
        groups = [(m.start(), m.end()) for m in _GROUP.finditer(piece.text, *chain.span())]
        digits = [piece.text[start:end] for start, end in groups]
        first = 0
        while first < len(groups):
            last = card_from(digits, first, _is_card)
            if last is None:
                first += 1
                continue
            rest = sum(end - start for start, end in groups[last + 1 :])
            end = chain.end() if rest <= _DATE_AND_CODE else groups[last][1]
            yield Span(groups[first][0], end, "carte")
            first = last + 1


def _is_card(groups: Sequence[str]) -> bool:
    digits = "".join(groups)
    beginnings = _CARDS.get(len(digits), "")
    return digits[0] in beginnings and luhn.is_valid(digits)


def ibans(piece: Piece) -> Iterator[Span]:
    """Bank accounts: the longest valid IBAN of each candidate, and what has its look but a wrong digit."""
    return _ibans(piece, _like_an_iban)


def valid_ibans(piece: Piece) -> Iterator[Span]:
    """Bank accounts: the longest valid IBAN of each candidate."""
    return _ibans(piece, lambda _: False)


def _ibans(piece: Piece, else_taken: Callable[[str], bool]) -> Iterator[Span]:
    for match in _IBAN.finditer(piece.text):
        text = match.group()
        ends = [end for end in range(len(text), 14, -1) if _ends_a_word(piece.text, match.start() + end)]
        valid = next((end for end in ends if iban.is_valid(text[:end])), None)
        end = valid or next((end for end in ends if else_taken(text[:end])), None)
        if end:
            yield Span(match.start(), match.start() + end, "iban")


def _ends_a_word(text: str, end: int) -> bool:
    return text[end - 1].isalnum() and not text[end : end + 1].isalnum()


def _like_an_iban(text: str) -> bool:
    compact = iban.compact(text)
    return (
        text[2].isdigit()
        and len(compact) >= 15
        and sum(sign.isdigit() for sign in compact) >= 12
        and not text[-1].isalpha()
    )


def social_security_numbers(piece: Piece, *, keyed: bool = False) -> Iterator[Span]:
    """French social security numbers (NIR), with their key or, unless `keyed`, for a plausible month, without."""
    for match in _NIR.finditer(piece.text):
        compact = re.sub(r"[ .\-]", "", match.group()).upper()
        month = int(compact[3:5])
        without_key = len(compact) == 13 and compact[0] in "12" and (1 <= month <= 12 or 20 <= month <= 42)
        if (without_key and not keyed) or nir.is_valid(compact):
            yield Span(*match.span(), "securite_sociale")


def emails(piece: Piece) -> Iterator[Span]:
    """E-mail addresses, also « nom arobase domaine point fr » and anything else around an @."""
    for pattern in (_EMAIL, _SPELT_EMAIL):
        for match in pattern.finditer(piece.text):
            yield Span(*match.span(), "email")


def own_numbers(shop_phone: str) -> frozenset[str]:
    """The digits of the shop's number in its national and international forms; empty when there is none."""
    if not shop_phone:
        return frozenset()
    try:
        number = phonenumbers.parse(shop_phone, REGION)
    except phonenumbers.NumberParseException:
        return frozenset({_digits(shop_phone)})
    formats = (PhoneNumberFormat.NATIONAL, PhoneNumberFormat.E164)
    written = {_digits(phonenumbers.format_number(number, form)) for form in formats} | {_digits(shop_phone)}
    return frozenset(written | {f"00{number.country_code}{number.national_number}"})


def phones(piece: Piece, own: frozenset[str]) -> Iterator[Span]:
    """Telephone numbers valid somewhere in the world, France unless they say otherwise; not the shop's.

    A number with France's form counts even in a range the library does not know to be in use.
    """
    text = re.sub(r"(?<=\d)/(?=\d)", "-", piece.text)
    known = [(match.start, match.end) for match in PhoneNumberMatcher(text, REGION, leniency=Leniency.VALID)]
    for start, end in (*known, *(match.span() for match in _NATIONAL.finditer(text))):
        if _digits(text[start:end]) not in own:
            yield Span(start, end, "telephone")


def long_runs(piece: Piece, own: frozenset[str]) -> Iterator[Span]:
    """Six digits in a row (with the letters stuck to them), or eight in groups that are no date."""
    for match in _WORD_OF_DIGITS.finditer(piece.text):
        if _SOLID.search(match.group()) and _digits(match.group()) not in own:
            yield Span(*match.span(), "numero")
    for match in _GROUPED.finditer(piece.text):
        digits = _digits(match.group())
        if len(digits) >= _GROUPED_DIGITS and digits not in own and not DATE.fullmatch(match.group()):
            yield Span(*match.span(), "numero")


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
