"""What must never be typed into a chat: card numbers, IBANs, codes and passwords; found and masked, never repeated.

This is the floor that holds without any library: a redactor that is handed to the conversation may find more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from chatbot.language.characters import fold

# No word of any language, so that a masked question is still matched by the rest of its words.
MASK = "•••"
CARD, IBAN, PASSWORD = "carte", "iban", "mot_de_passe"
# Kinds a redactor may report that call for the same warning.
SECRET_KINDS = frozenset({CARD, IBAN, PASSWORD, "code", "securite_sociale"})

# Patterns are compiled on first need (`re` keeps them): most messages hold nothing that calls for them.
# Groups of digits as people part them.
_CHAIN = r"\d+(?:(?:[^\S\n][-._/\u200b]?[^\S\n]?|[-._/\u200b][^\S\n]?)\d+)*"
_LONGEST_CARD, _COMMON_CARD = 19, 16
_IBAN = r"(?i)(?<![a-z0-9])[a-z]{2}\d{2}(?:[ -]?[a-z0-9]){11,30}(?![a-z0-9])"
# What may stand between what announces a code and its digits; anything else between them is about something else.
_LINK = r"(?:[\s:=,]|\b(?:est|c['’]est|cest|c|sont|dit|le|la|les|ma|mon|de|du|carte|bleue|bancaire|cb|banque|suivant)\b){0,14}?"
# The digits of a code: what announces it, how many digits it has, and what must follow.
_CODES = tuple(
    rf"(?i)\b(?:{announced})(?!\w){_LINK}(?<!\w)(?P<value>\d{{{digits}}})(?![\w-]){after}"
    for announced, digits, after in (
        (r"crypto(?:gramme)?|cvv2?|cvc2?|(?:trois|3|derniers)\schiffres\s(?:au\sdos|(?:de\s)?derri[eè]re)", "3,4", ""),
        (r"chiffres\s(?:au\sdos|(?:de\s)?derri[eè]re|de\sma\scarte)|au\sdos(?:\sde\sma\scarte)?", "3", ""),
        (
            r"(?:code\s)?pin|code\s(?:secret|confidentiel|sms|re[çc]u|3\s?-?d[\s-]?secure|de\s(?:validation|v[ée]rification|confirmation|s[ée]curit[ée])|(?:de|par)\s(?:ma\s|la\s)?(?:banque|carte|cb))",
            "3,8",
            "",
        ),
        (r"mon\scode", "4,8", ""),
        (r"code(?:\sque\sj['’]ai\sre[çc]u)?", "6", r"(?!\s?(?:€|euros?))"),
        (r"code", "4", r"(?=\s(?:est\s)?(?:refus|rejet|incorrect|faux|expir|ne\s)\w*)"),
        (r"sms|texto", "6,8", ""),
    )
)
_BY_SMS = r"(?i)(?<![\w-])(?P<value>\d{4,8})\s(?:re[çc]u\s)?par\s(?:sms|texto)\b"
# « j'ai tapé 483920 »: a code, where codes are what is spoken of.
_TYPED_CODE = r"(?i)\b(?:tap[ée]|saisi|entr[ée]|rentr[ée]|mis)\s(?:le\s)?(?P<value>\d{6})(?![\w-])"
_OF_CODES = r"(?i)\b(?:codes?|sms|3d)\b"
# Beside a card number: its date and the digits on its back.
_BESIDE_CARD = r"(?<![\d/])(?:(?:0?[1-9]|1[0-2])\s?[/-]\s?(?:20)?\d{2}(?![\d/])|\d{3}(?!\d|\s?\d))"
_NEAR_CARD = 40
_MDP = r"\b(?:mo[ts]*\s+de\s+pass{0,3}e?|mdp|password|passwd|mon\s+pass|pass(?=\s?[:=]))(?!\w)"
# The secret is to come: « mon mot de passe est : ».
_ANNOUNCED = rf"(?i){_MDP}\s*(?:est|c['’]est|[:=])[\s:=]*$"
# What has as many digits as a card and is none.
_NO_CARD = r"(?i)\b(?:siret|siren|tva|factures?|r[ée]f[ée]rences?|s[ée]rie|suivi|colis|commandes?|ean)\b[^\d\n]{0,20}$"
_CALLED_CARD = r"(?i)\b(?:carte|cb|visa|mastercard)\b[^\d\n]{0,20}$"
# How many digits a card has -> how its number begins (ISO/IEC 7812).
_CARDS: Mapping[int, tuple[str, ...]] = {
    13: ("4",),
    14: ("30", "36", "38", "39"),
    15: ("34", "37"),
    16: ("2", "3", "4", "5", "6"),
    19: ("4", "6"),
}
_AFTER_MDP = (
    rf"(?i){_MDP}(?:\s+que\s+j['’]?\s?(?:utilise|ai\s+\w+|mets|tape|entre))?"
    r"(?:\s+(?:actuel|perso|est|c['’]est|cest\b|c[éè]\b|c\b|:|=|->|→))*\s*"
    r"(?:est|c['’]est|:|=)?\s*[«\"']?\s*(?P<value>[^\s«»\"']*\w[^\s«»\"']*)"
)
# Only what no word looks like: « le problème, c'est mon mot de passe ».
_BEFORE_MDP = rf"(?i)(?<!\S)(?=\S{{0,64}}\d)(?P<value>\S{{1,64}}+)\s+(?:c['’\s]?est|est|=|:)\s+mon\s+{_MDP}"
_AFTER_EMAIL = r"[\w.+-]{1,64}@[\w.-]+\s*[/:|]\s*(?P<value>(?=\S*\d)(?=\S*[^\W\d_])[^\s@/]{6,})(?!\S)"
_LINKED = r"(?i)(?:est|c['’]est|[:=>→])\s*[«\"']?\s*$"
_SUSPECT = ("pass", "mdp", "mot")
_SHORTEST_PASSWORD = 4
# Lengths fixed by the IBAN registry, for the countries French customers bank in; others are tried by checksum.
_IBAN_LENGTHS = {"fr": 27, "mc": 27, "be": 16, "lu": 20, "ch": 21, "de": 22, "es": 24, "it": 27, "pt": 25, "nl": 18}


class Masked(NamedTuple):
    """A text with its secrets replaced by `MASK`, and the kinds of secret found, sorted."""

    text: str
    kinds: tuple[str, ...]


def mask(text: str, harmless: Callable[[str], bool] = lambda _: False, before: str = "") -> Masked:
    """The text without its secrets.

    harmless: is this folded word after « mot de passe » no password (« oublié »)? before: what was said before it.
    """
    if before and re.search(_ANNOUNCED, before) and len(text.split()) == 1 and not harmless(fold(text.lower())):
        return Masked(MASK, (PASSWORD,))
    digits = sum(c.isdigit() for c in text)
    spans: list[tuple[int, int, str]] = []
    if digits >= 3:
        spans += _codes(text, before)
    if digits >= 8:
        spans += [*_cards(text), *_ibans(text)]
    if any(word in text.lower() for word in _SUSPECT):
        spans += _passwords(text, harmless)
    if "@" in text:
        spans += [(*match.span("value"), PASSWORD) for match in re.finditer(_AFTER_EMAIL, text)]
    spans.sort()
    if not spans:
        return Masked(text, ())
    pieces: list[str] = []
    end = 0
    for start, stop, _ in spans:
        if start >= end:
            pieces += [text[end:start], MASK]
        end = max(end, stop)
    return Masked("".join([*pieces, text[end:]]), tuple(sorted({kind for *_, kind in spans})))


def is_luhn(digits: str) -> bool:
    """Does the number end in its right check digit (cards, among others)?"""
    doubled = (sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _cards(text: str) -> Iterator[tuple[int, int, str]]:
    for chain in re.finditer(_CHAIN, text):
        groups = [(chain.start() + m.start(), chain.start() + m.end()) for m in re.finditer(r"\d+", chain.group())]
        digits = ["".join(str(int(c)) for c in text[start:end]) for start, end in groups]
        first = 0
        while first < len(groups):
            before = text[max(0, groups[first][0] - _NEAR_CARD) : groups[first][0]]
            called, no_card = bool(re.search(_CALLED_CARD, before)), bool(re.search(_NO_CARD, before))
            last = card_from(digits, first, partial(_is_card, whole=len(groups), called=called, no_card=no_card))
            if last is not None:
                yield groups[first][0], groups[last][1], CARD
                yield from _beside(text, groups[last][1])
            first = first + 1 if last is None else last + 1


def _beside(text: str, card_end: int) -> Iterator[tuple[int, int, str]]:
    """The date of a card and the three digits on its back, where they follow its number."""
    near = re.compile(_BESIDE_CARD)
    found = next(near.finditer(text, card_end, card_end + _NEAR_CARD), None)
    while found:
        yield *found.span(), CARD
        found = next(near.finditer(text, found.end(), found.end() + _NEAR_CARD), None)


def card_from(groups: Sequence[str], first: int, is_card: Callable[[Sequence[str]], bool]) -> int | None:
    """The last of the groups of digits that make the longest card from group `first` on; None when none does.

    Four groups of four are a card even when a digit is mistyped. What stands beside it (its date, a quantity, a price)
    may be parted from it in the same way.
    """
    found = None
    count = 0
    for index in range(first, len(groups)):
        count += len(groups[index])
        if count > _LONGEST_CARD:
            break
        taken = groups[first : index + 1]
        if _in_fours(taken) or is_card(taken):
            found = index
    return found


def _in_fours(groups: Sequence[str]) -> bool:
    """Four groups of four, a digit too many at either end allowed."""
    if len(groups) != 4:
        return False
    first, *middle, last = map(len, groups)
    return middle == [4, 4] and first in (4, 5) and last in (4, 5)


def _is_card(groups: Sequence[str], whole: int, *, called: bool, no_card: bool) -> bool:
    """Of all the `whole` groups there are, any card; of some of them, one printed as cards are, from four digits on.

    What is `called` a card is one even with a digit mistyped; what has another name (`no_card`) only with the length
    that nearly all cards have.
    """
    digits = "".join(groups)
    alike = len(groups) == whole or len(groups[0]) >= 4
    if not alike or not digits.startswith(_CARDS.get(len(digits), ())):
        return False
    return called or (is_luhn(digits) and (len(digits) == _COMMON_CARD or not no_card))


def _ibans(text: str) -> Iterator[tuple[int, int, str]]:
    for match in re.finditer(_IBAN, text):
        places = [match.start() + i for i, c in enumerate(match.group()) if c.isalnum()]
        letters = "".join(text[place] for place in places).lower()
        length = _IBAN_LENGTHS.get(letters[:2])
        lengths = [length] if length else range(min(34, len(letters)), 14, -1)
        found = next((n for n in lengths if n <= len(letters) and (length or _is_iban(letters[:n]))), None)
        if found and sum(c.isdigit() for c in letters[:found]) >= 8:
            yield match.start(), places[found - 1] + 1, IBAN


def _is_iban(letters: str) -> bool:
    return int("".join(str(int(c, 36)) for c in letters[4:] + letters[:4])) % 97 == 1


def _codes(text: str, before: str) -> Iterator[tuple[int, int, str]]:
    patterns = [*_CODES, _BY_SMS]
    if re.search(_OF_CODES, f"{text}\n{before}"):
        patterns.append(_TYPED_CODE)
    for pattern in patterns:
        for match in re.finditer(pattern, text):
            yield *match.span("value"), PASSWORD


def _passwords(text: str, harmless: Callable[[str], bool]) -> Iterator[tuple[int, int, str]]:
    for match in re.finditer(_BEFORE_MDP, text):
        yield *match.span("value"), PASSWORD
    for match in re.finditer(_AFTER_MDP, text):
        value = match.group("value")
        word = fold(value.lower()).strip(".,;!?…")
        linked = re.search(_LINKED, text[: match.start("value")])
        strange = any(c.isdigit() for c in word) or not word.replace("-", "").isalpha()
        odd = strange and len(word) >= _SHORTEST_PASSWORD
        participle = value.lower().rstrip(".,;!?…").endswith(("é", "ée"))
        ordinary = participle or harmless(word) or word == "est" or word.startswith("-")
        if word and not ordinary and (odd or linked):
            yield *match.span("value"), PASSWORD
