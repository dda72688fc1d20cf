"""Canonical text -> raw tokens: words, numbers, references, amounts, addresses; punctuation ends sentences."""

from __future__ import annotations

import re
from typing import NamedTuple

from chatbot.language.tokens import EMAIL, MONEY, NUMBER, REFERENCE, URL, WORD, Change

# Order matters: the first alternative that fits wins; `plain` is the commonest case, tried first. Runs are possessive
# or bounded: a page of spaces or of « a-a-a- » takes no longer than a page of words.
_PATTERN = re.compile(
    r"""\s*+(?:
    (?P<plain>[^\W\d_]+)(?=[\s,]|$)
  | (?P<email>[\w.+-]{1,64}+@[\w-]+(?:\.[\w-]+)+)
  | (?P<url>(?:https?://|www\.)\S+)
  | (?P<site>[^\W_]+(?:-[^\W_]+)*\.(?:com|fr|net|org|be|ch|gouv(?:\.fr)?)(?![\w-]))
  | (?P<money>\d+(?:[ .]\d{3})*(?:[.,]\d{1,2})?\s*(?:€|euros?\b|eur\b)(?:\s?\d{2}\b)?|\d{2,6}e(?![\w-]))
  | (?P<special>aujourd'hui|presqu'[iî]le|prud'hom\w+|entr'ouvert\w*|n°|@\+|\ba\+|\b3-d\b)
  | (?P<elided>[^\W\d_]{1,9}')
  | (?P<reference>(?=[a-zà-ÿ-]{0,40}+\d)(?=\d*[a-zà-ÿ]|[a-zà-ÿ]+-?\d)[a-zà-ÿ\d]+(?:-[a-z\d]*\d[a-z\d]*)*)
  | (?P<number>\d+(?:(?:\ +|[.,/])\d+)*)
  | (?P<word>[^\W\d_]+)
  | (?P<end>[.!?;:…]+|[()"]|(?<=\s)-(?=\s)|,)
    )""",
    re.VERBOSE,
)
_KINDS = {"email": EMAIL, "url": URL, "money": MONEY, "reference": REFERENCE, "number": NUMBER}
# « 15e » is a sum as people type it (an ordinal above nine is rare).
# « 3d », « 24h », « 2fa » are words with a digit, « tn2420 » is a reference: at most one digit group first, then letters.
_WORD_WITH_DIGITS = re.compile(r"[0-9]{1,2}[a-zà-ÿ]{1,3}[0-9]?|[0-9][a-zà-ÿ]{2,}|[a-zà-ÿ]{1,2}[0-9]")
_LINES = re.compile(r"[^\n]+")
_new = tuple.__new__


class Raw(NamedTuple):
    """A token as typed: its place in the canonical text, its word there (accents kept), its kind and sentence.

    `changes`: how it came about, for a token that an abbreviation stood for.
    """

    start: int
    end: int
    word: str
    kind: str
    sentence: int
    elided: bool = False
    changes: tuple[Change, ...] = ()


def tokenize(text: str) -> list[Raw]:
    """The raw tokens of a canonical text, in order; a comma does not end a sentence, a full stop or a line end does."""
    if text.isalpha():
        return [Raw(0, len(text), text, WORD, 0)]
    tokens: list[Raw] = []
    sentence = 0
    for line in _LINES.finditer(text):
        sentence = _tokenize_line(text[: line.end()], line.start(), tokens, sentence)
        if tokens and tokens[-1].sentence == sentence:
            sentence += 1
    return tokens


def _tokenize_line(text: str, start: int, tokens: list[Raw], sentence: int) -> int:
    """Appends the tokens of the line from `start` to the end; returns the number of the sentence it ends in."""
    place = done = start
    for piece in text[start:].split(" "):
        stop = place + len(piece)
        # Most words stand between two spaces: the pattern would say the same, more slowly.
        if done <= place and piece.isalpha():
            tokens.append(_new(Raw, (place, stop, piece, WORD, sentence, False, ())))
        elif done < stop:
            done, sentence = _tokenize_piece(text, max(done, place), stop, tokens, sentence)
        place = stop + 1
    return sentence


def _tokenize_piece(text: str, start: int, stop: int, tokens: list[Raw], sentence: int) -> tuple[int, int]:
    """Appends the tokens that begin before `stop`, and reads on where the last one does; where it ended, and the sentence."""
    while start < stop:
        match = _PATTERN.search(text, start)
        if match is None:
            return len(text), sentence
        start = match.end()
        group = match.lastgroup or "end"
        first, last = match.span(group)
        word = text[first:last]
        if group == "plain":
            tokens.append(_new(Raw, (first, last, word, WORD, sentence, False, ())))
        elif group == "end":
            if word != "," and tokens and tokens[-1].sentence == sentence:
                sentence += 1
        elif word == "3-d":
            tokens.append(Raw(first, last, "3d", WORD, sentence))
        elif group == "elided":
            tokens.append(_new(Raw, (first, last, word[:-1], WORD, sentence, True, ())))
        elif group == "reference" and _WORD_WITH_DIGITS.fullmatch(word):
            tokens.append(Raw(first, last, word, WORD, sentence))
        else:
            tokens.append(Raw(first, last, word, _KINDS.get(group, WORD), sentence))
    return start, sentence
