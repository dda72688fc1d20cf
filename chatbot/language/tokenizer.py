"""Canonical text -> raw tokens: words, numbers, references, amounts, addresses; punctuation ends sentences."""

from __future__ import annotations

import re
from typing import NamedTuple

from chatbot.language.tokens import EMAIL, MONEY, NUMBER, REFERENCE, URL, WORD

# Order matters: the first alternative that fits wins; `plain` is the commonest case, tried first.
_PATTERN = re.compile(
    r"""
    (?P<plain>[^\W\d_]+)(?=[\s,]|$)
  | (?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
  | (?P<url>(?:https?://|www\.)\S+)
  | (?P<money>\d+(?:[ .]\d{3})*(?:[.,]\d{1,2})?\s?(?:€|euros?\b|eur\b)(?:\s?\d{2}\b)?)
  | (?P<special>aujourd'hui|presqu'[iî]le|prud'hom\w+|entr'ouvert\w*|n°|@\+|\ba\+|\b3-d\b)
  | (?P<elided>[^\W\d_]{1,9}')
  | (?P<reference>(?=[a-zà-ÿ\d-]*\d)(?=\d*[a-zà-ÿ]|[a-zà-ÿ]+-?\d)[a-zà-ÿ\d]+(?:-[a-z\d]*\d[a-z\d]*)*)
  | (?P<number>\d+(?:[ .,/]\d+)*)
  | (?P<word>[^\W\d_]+)
  | (?P<end>[.!?;:…\n]+|[()"]|\s-\s|,)
    """,
    re.VERBOSE,
)
_KINDS = {"email": EMAIL, "url": URL, "money": MONEY, "reference": REFERENCE, "number": NUMBER}
# « 3d », « 24h », « 2fa » are words with a digit, « tn2420 » is a reference: at most one digit group first, then letters.
_WORD_WITH_DIGITS = re.compile(r"[0-9]{1,2}[a-zà-ÿ]{1,3}[0-9]?|[0-9][a-zà-ÿ]{2,}|[a-zà-ÿ]{1,2}[0-9]")
_new = tuple.__new__


class Raw(NamedTuple):
    """A token as typed: its place in the canonical text, its word there (accents kept), its kind and sentence."""

    start: int
    end: int
    word: str
    kind: str
    sentence: int
    elided: bool = False


def tokenize(text: str) -> list[Raw]:
    """The raw tokens of a canonical text, in order; a comma does not end a sentence, a full stop or a line end does."""
    tokens: list[Raw] = []
    sentence = 0
    for match in _PATTERN.finditer(text):
        group = match.lastgroup
        word = match.group()
        if group == "plain":
            tokens.append(_new(Raw, (match.start(), match.end(), word, WORD, sentence, False)))
            continue
        if group == "end":
            if word != "," and tokens and tokens[-1].sentence == sentence:
                sentence += 1
            continue
        start, end = match.span()
        if word == "3-d":
            tokens.append(Raw(start, end, "3d", WORD, sentence))
        elif group == "elided":
            tokens.append(Raw(start, end, word[:-1], WORD, sentence, elided=True))
        elif group == "reference" and _WORD_WITH_DIGITS.fullmatch(word):
            tokens.append(Raw(start, end, word, WORD, sentence))
        else:
            tokens.append(Raw(start, end, word, _KINDS.get(group or "", WORD), sentence))
    return tokens
