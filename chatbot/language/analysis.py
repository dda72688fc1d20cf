"""The normaliser: an ordered list of small named steps of one signature, from raw tokens to tokens.

Rules that look at one word only are applied through `Words`, which remembers each word it has seen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from chatbot.language import words
from chatbot.language.abbreviations import expand_abbreviations
from chatbot.language.characters import Canonical, canonical
from chatbot.language.data import LanguageData
from chatbot.language.grammar import mark_negated_wishes, name_the_noun_avoir, set_politeness_aside
from chatbot.language.spelling import Vocabulary
from chatbot.language.tokenizer import Raw, tokenize
from chatbot.language.tokens import WORD, Token

# Longer texts are cut: no customer's question needs more, and cost must stay bounded. In characters.
MAX_LENGTH = 4000
_REMEMBERED_WORDS = 20_000
_new = tuple.__new__


class Analysis(NamedTuple):
    """A text understood as French: its tokens in order, and whether its end was cut off."""

    text: str
    tokens: tuple[Token, ...]
    cut: bool = False

    def without_politeness(self) -> Analysis:
        """The same without the greetings, thanks and closings around the question; itself when there are none."""
        if not any(token.polite for token in self.tokens):
            return self
        return self._replace(tokens=tuple(token for token in self.tokens if not token.polite))

    @property
    def sentences(self) -> int:
        """How many sentences hold a token."""
        return len({token.sentence for token in self.tokens})


Step = Callable[[list[Token], "Normalizer"], list[Token]]


def _noun_avoir(tokens: list[Token], normalizer: Normalizer) -> list[Token]:
    return name_the_noun_avoir(tokens, normalizer.language)


def _negation(tokens: list[Token], normalizer: Normalizer) -> list[Token]:
    return mark_negated_wishes(tokens, normalizer.language)


def _politeness(tokens: list[Token], normalizer: Normalizer) -> list[Token]:
    return set_politeness_aside(tokens, normalizer.language)


def _join(tokens: list[Token], normalizer: Normalizer) -> list[Token]:
    return words.join_split_words(tokens, normalizer.vocabulary, normalizer.language)


class Normalizer:
    """French text -> Analysis. Immutable and safe to share between threads.

    `vocabulary`: what unknown words may be corrected to; None leaves every word as it is typed (used to collect one).
    `names`: folded words that are what they are, whatever they look like: « shein » is not « s'hein ».
    """

    MEANING: tuple[Step, ...] = (_join, _noun_avoir, _negation)
    STEPS: tuple[Step, ...] = (*MEANING, _politeness)

    def __init__(
        self, language: LanguageData, vocabulary: Vocabulary | None = None, names: Collection[str] = ()
    ) -> None:
        self.language = language
        self.vocabulary = vocabulary
        reader = words.WordReader(language, vocabulary, names)
        self._read: Callable[[str, str, bool], tuple[words.WordReading, ...]] = lru_cache(_REMEMBERED_WORDS)(
            reader.read
        )
        # The same for what most tokens are, words without an apostrophe: remembered by the word alone, it is quicker.
        self._read_word: Callable[[str], tuple[words.WordReading, ...]] = lru_cache(_REMEMBERED_WORDS)(
            lambda word: reader.read(word, WORD, elided=False)
        )

    def __call__(self, text: str) -> Analysis:
        """The analysis of `text`; an empty or wordless text has no tokens. Never raises on any string."""
        return self.each((text,))[0]

    def each(self, texts: Sequence[str]) -> list[Analysis]:
        """The analysis of each text, in order; a step for all of them, then the next, takes less time than by turns."""
        canons = [canonical(text[:MAX_LENGTH]) for text in texts]
        return self.understood(texts, list(map(self.tokens, canons)), self.STEPS)

    def tokens(self, canon: Canonical) -> list[Token]:
        """The words of a canonical text as each is read by itself, with its place in the original."""
        raws = expand_abbreviations(tokenize(canon.text), self.language)
        return self.read(raws if canon.places is None else [_originally(raw, canon.places) for raw in raws])

    def read(self, raws: Iterable[Raw]) -> list[Token]:
        """The words as each is read by itself."""
        read, read_word = self._read, self._read_word
        # Token(...) by its short way: made hundreds of thousands of times while a knowledge base loads.
        return [
            _new(Token, (start, end, form, stem, kind, sentence, known, real, False, before + changes, False))
            for start, end, word, kind, sentence, elided, before in raws
            for form, stem, known, real, changes in (
                read(word, kind, elided) if elided or kind != WORD else read_word(word)
            )
        ]

    def understood(self, texts: Sequence[str], tokens: list[list[Token]], steps: Sequence[Step]) -> list[Analysis]:
        """The analysis of each text from its words and these steps: what they mean together."""
        for step in steps:
            tokens = [step(one, self) for one in tokens]
        return [
            _new(Analysis, (text, tuple(one), len(text) > MAX_LENGTH)) for text, one in zip(texts, tokens, strict=True)
        ]


def _originally(raw: Raw, places: Sequence[int]) -> Raw:
    """The raw token with its span in the original: to where its last character stands, that one included."""
    return raw._replace(start=places[raw.start], end=places[raw.end - 1] + 1)
