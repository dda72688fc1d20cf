"""Reading by rote: plain texts that repeat each other's words, read a word at a time in C, without their places.

The phrasings of a knowledge base say the same few thousand words: what each is read as is kept, and a text of letters,
apostrophes and punctuation is what its words are read as, one after the other. Any other text, and one that may hold an
abbreviation, is read as a customer's is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from itertools import chain, product

from chatbot.language.abbreviations import expand_abbreviations
from chatbot.language.analysis import MAX_LENGTH, Analysis, Normalizer
from chatbot.language.characters import canonical
from chatbot.language.data import LanguageData
from chatbot.language.tokenizer import Raw, tokenize
from chatbot.language.tokens import WORD, Token

_PLAIN = re.compile("[a-zà-öø-ÿœ ',.!?;:…()\"-]*+")
_PLAIN_WITH_DIGITS = re.compile("[a-zà-öø-ÿœ0-9 ',.!?;:…()\"-]*+")
# A digit and what is read together with it beyond its word: « hl-l2350 », « 12,50 », « 06 12 », « 20 euros ».
_TOGETHER = re.compile("[-'][^ ]*[0-9]|[0-9][^ ]*[-']|[0-9][.,][0-9]|[0-9] +(?:[0-9]|eur)")
_SENTENCE_END = re.compile(r"[.!?;:…()\"]")
_ADDRESS = re.compile(r"\w\.\w")
# Words that the tokeniser reads with the apostrophe in them.
_WITH_APOSTROPHE = frozenset({"aujourd'", "presqu'", "prud'", "entr'"})
_LONGEST_ELIDED = 9
_LONGEST_BEGUN = 3
_new = tuple.__new__


class RoteReader:
    """Reads texts as its normaliser does, but for where tokens stand and which are polite: nobody learns from that.

    Keeps every word it has read: made for one task, and dropped after it.
    """

    def __init__(self, normalizer: Normalizer) -> None:
        self._normalizer = normalizer
        # By number of the sentence, what any word of it is read as.
        self._words: list[Callable[[str], tuple[Token, ...]]] = []
        language = normalizer.language
        # Single letters and short forms without their apostrophe mean one thing or another by what follows.
        self._alone = frozenset({*language.elisions, *(word for word in language.single_words if len(word) == 1)})
        self._pairs, self._triples = _begun(language, 2), _begun(language, _LONGEST_BEGUN)

    def each(self, texts: Sequence[str]) -> list[Analysis]:
        """The analysis of each text, in order."""
        canons = [canonical(text[:MAX_LENGTH]) for text in texts]
        plain = [self._tokens(canon.text) for canon in canons]
        read = self._normalizer.tokens
        tokens = [read(canon) if one is None else one for one, canon in zip(plain, canons, strict=True)]
        return self._normalizer.understood(texts, tokens, self._normalizer.MEANING)

    def _tokens(self, text: str) -> list[Token] | None:
        """The tokens of a plain text; None for any other."""
        plain = _PLAIN.fullmatch(text) or (_PLAIN_WITH_DIGITS.fullmatch(text) and not _TOGETHER.search(text))
        if not plain or " - " in text or ("." in text and _ADDRESS.search(text)):
            return None
        spaced = text.replace("'", "' ").replace("-", " ").replace(",", " ")
        sentences = [words for part in _SENTENCE_END.split(spaced) if (words := part.split())]
        if self._may_abbreviate([*chain.from_iterable(sentences)]):
            return None
        while len(self._words) < len(sentences):
            self._words.append(lru_cache(maxsize=None)(partial(self._read, len(self._words))))
        try:
            return [
                token
                for word, words in zip(self._words, sentences, strict=False)
                for token in chain.from_iterable(map(word, words))
            ]
        except ValueError:
            return None

    def _may_abbreviate(self, words: Sequence[str]) -> bool:
        if not self._alone.isdisjoint(words):
            return True
        after = words[1:]
        return not self._pairs.isdisjoint(zip(words, after, strict=False)) or not self._triples.isdisjoint(
            zip(words, after, words[2:], strict=False)
        )

    def _read(self, sentence: int, word: str) -> tuple[Token, ...]:
        """What a word is read as; ValueError for one that the tokeniser reads with its neighbours."""
        normalizer, elided = self._normalizer, word[-1] == "'"
        if elided and (word in _WITH_APOSTROPHE or not 1 < len(word) <= _LONGEST_ELIDED + 1):
            raise ValueError
        if elided or (word.isalpha() and word not in normalizer.language.single_words):
            raws = [_new(Raw, (0, 0, word[:-1] if elided else word, WORD, sentence, elided, ()))]
        else:
            raws = [raw._replace(sentence=sentence) for raw in tokenize(word)]
            raws = expand_abbreviations(raws, normalizer.language)
        return tuple(normalizer.read(raws))


def _begun(language: LanguageData, size: int) -> frozenset[tuple[str, ...]]:
    """The first `size` words of the abbreviations of so many or, for three, of more; each word with and without the
    apostrophe of an elided one. Words that already are what they stand for (« est-ce ») are left out."""
    found: set[tuple[str, ...]] = set()
    for key, meant in language.abbreviations.items():
        if len(key) == size or len(key) > size == _LONGEST_BEGUN:
            ways = product(*((word, word + "'") for word in key[:size]))
            found.update(way for way in ways if _written_out(way, language) != meant)
    return frozenset(found)


def _written_out(words: Sequence[str], language: LanguageData) -> tuple[str, ...]:
    return tuple(language.elisions.get(w[:-1], w[:-1]) if w[-1] == "'" else w for w in words)
