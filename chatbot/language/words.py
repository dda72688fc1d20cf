"""Word rules: elisions, stretched letters, misspellings, typing errors, glued and split words."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from chatbot.language.characters import fold, look_alikes
from chatbot.language.data import LanguageData
from chatbot.language.spelling import Vocabulary
from chatbot.language.stemmer import stem
from chatbot.language.tokens import TYPED, WORD, Change, Token

_STRETCHED = re.compile(r"(.)\1{2,}")
# « jai », « lavoir »; before a consonant only « j » is typed so: « jveux », « jcomprend ».
_GLUED_ELISION = re.compile(r"(jusqu|lorsqu|puisqu|quelqu|qu|[jldcmtsn])([aeiouyh].+)|(j)([^aeiouyhj'].{3,})")
_LONGEST_GLUED = 24
_TELLING_STEM = 6
_SHORT_REST = 3
# Letters of a misspelt verb after « j ».
_SHORTEST_SPOKEN = 5
# Cost below which a correction is taken before other ways to read a word are tried.
_SURE_ENOUGH = 0.6


class WordReading(NamedTuple):
    """One word as understood (a raw word may be read as several): see Token for the fields."""

    form: str
    stem: str
    known: bool
    real: bool
    changes: tuple[Change, ...] = ()


class WordReader:
    """Reads one word at a time; `read` depends on the word alone, so its caller may remember what it returned."""

    def __init__(self, language: LanguageData, vocabulary: Vocabulary | None, names: Collection[str] = ()) -> None:
        self._language = language
        self._vocabulary = vocabulary
        self._names = frozenset(names)

    def read(self, word: str, kind: str, elided: bool) -> tuple[WordReading, ...]:
        """What the word means: one reading, or several for glued words. `elided`: an apostrophe followed it."""
        if kind != WORD:
            return (WordReading(TYPED[kind], TYPED[kind], True, True),)
        latin = look_alikes(word)
        form = fold(latin)
        changes = (Change("look-alike", word, latin),) if latin != word else ()
        if not form.isalnum():
            return self._transliterated(form, changes)
        if elided:
            return self._elided(form, changes)
        if form.isdigit():
            return (WordReading(TYPED["number"], TYPED["number"], True, True),)
        return self._plain(form, changes)

    def _elided(self, form: str, changes: tuple[Change, ...]) -> tuple[WordReading, ...]:
        full = self._language.elisions.get(form)
        if full:
            return (WordReading(full, full, True, True),)
        return self._plain(form, changes)

    def _transliterated(self, form: str, changes: tuple[Change, ...]) -> tuple[WordReading, ...]:
        """Letters of other alphabets, and leftovers like « n° »: the alphanumeric parts, as they are."""
        # « aujourd'hui » is French, and known; a transliteration is neither.
        parts, french = re.findall("[a-z0-9]+", form), "'" in form
        return tuple(self._understood(part, french, changes) for part in parts)

    def _understood(self, form: str, known: bool, changes: tuple[Change, ...] = (), real: bool = True) -> WordReading:
        return WordReading(form, root_of(form, self._language), known, real, changes)

    def _plain(self, form: str, changes: tuple[Change, ...]) -> tuple[WordReading, ...]:
        if self._known(form):
            return (self._understood(form, True, changes),)
        shorter = self._unstretched(form)
        if shorter != form:
            changes = (*changes, Change("stretched", form, shorter))
            form = shorter
            if self._known(form):
                return (self._understood(form, True, changes),)
        meant = self._language.misspellings.get(form)
        if meant:
            change = (*changes, Change("misspelling", form, " ".join(meant)))
            return tuple(self._understood(fold(word), True, change) for word in meant)
        if self._vocabulary is None:
            return self._glued_elision(form, changes) or (self._understood(form, True, changes),)
        return self._unknown(form, changes, self._vocabulary)

    def _unknown(self, form: str, changes: tuple[Change, ...], vocabulary: Vocabulary) -> tuple[WordReading, ...]:
        glued = self._glued_elision(form, changes)
        if glued:
            return glued
        if form in self._language.dictionary or any(c.isdigit() for c in form):
            return (self._understood(form, False, changes),)
        correction = vocabulary.correct(form)
        if correction and correction.cost < _SURE_ENOUGH:
            change = Change(correction.step, form, correction.word, correction.cost)
            return (self._understood(correction.word, True, (*changes, change)),)
        spoken = self._glued_je(form, changes, vocabulary)
        if spoken:
            return spoken
        parts = self._split(form, vocabulary)
        if parts:
            change = Change("split", form, " ".join(parts), 0.3)
            return tuple(self._understood(part, True, (*changes, change)) for part in parts)
        if correction:
            change = Change(correction.step, form, correction.word, correction.cost)
            return (self._understood(correction.word, True, (*changes, change)),)
        return (self._understood(form, False, changes, real=self._regular(form)),)

    def _known(self, form: str) -> bool:
        if form in self._language.function_words or form in self._language.words_with_digits:
            return True
        if self._vocabulary is None:
            return form in self._names
        return form in self._vocabulary or self._inflected(form, self._vocabulary)

    def _inflected(self, form: str, vocabulary: Vocabulary) -> bool:
        """True for another form of a known word: « cartouches ». A short stem proves nothing: « pase » is not « pas »."""
        return vocabulary.has_stem(form) and (len(stem(form)) >= _TELLING_STEM or form in self._language.dictionary)

    def _regular(self, form: str) -> bool:
        """True for another inflection of a dictionary word."""
        dictionary = self._language.dictionary
        return any(form + ending in dictionary for ending in ("s", "e", "r")) or any(
            form.endswith(ending) and form[: -len(ending)] in dictionary for ending in ("s", "e", "es", "nt", "r", "x")
        )

    def _unstretched(self, form: str) -> str:
        """« bonjourrrr » -> bonjour, « appelllle » -> appelle: runs of three or more to two, then one, if known."""
        if not _STRETCHED.search(form):
            return form
        double, single = _STRETCHED.sub(r"\1\1", form), _STRETCHED.sub(r"\1", form)
        if self._known(double) and not self._known(single):
            return double
        return single

    def _glued_elision(self, form: str, changes: tuple[Change, ...]) -> tuple[WordReading, ...] | None:
        """« jai » -> je, ai; « lavoir » -> le, avoir, when what is left is a known word and the whole is no word."""
        match = _GLUED_ELISION.fullmatch(form)
        if not match or form in self._language.dictionary:
            return None
        short, rest = match.group(1) or match.group(3), match.group(2) or match.group(4)
        if len(rest) < 2 or not self._after_elision(short, rest):
            return None
        full = self._language.elisions[short]
        change = (*changes, Change("elision", form, f"{short}'{rest}"))
        if self._known(rest):
            return (self._understood(full, True, change), self._understood(rest, True, change))
        # « jlutilise » is « j'l'utilise »
        inner = self._glued_elision(rest, change)
        return (self._understood(full, True, change), *inner) if inner else None

    def _glued_je(
        self, form: str, changes: tuple[Change, ...], vocabulary: Vocabulary
    ) -> tuple[WordReading, ...] | None:
        """« jarive », « jrecomande »: « je » and a verb that is misspelt as well."""
        rest = form[1:]
        if form[0] != "j" or len(rest) < _SHORTEST_SPOKEN:
            return None
        correction = vocabulary.correct(rest)
        if correction is None or correction.cost >= _SURE_ENOUGH or correction.word[0] != rest[0]:
            return None
        change = (*changes, Change("elision", form, f"j'{rest}"))
        fixed = (*change, Change(correction.step, rest, correction.word, correction.cost))
        return (self._understood("je", True, change), self._understood(correction.word, True, fixed))

    def _after_elision(self, short: str, rest: str) -> bool:
        """False for what no elision stands before: « d'aux », « c'acheté », and short names (« l'our »), letters mistyped."""
        if rest not in self._language.elided_before.get(short, (rest,)):
            return False
        if len(rest) > _SHORT_REST:
            return True
        if rest in ("au", "aux"):
            return len(short) > 1
        return rest in self._language.function_words or rest in self._language.dictionary

    def _split(self, form: str, vocabulary: Vocabulary) -> list[str] | None:
        """The fewest known words glued together (« motdepasse »), the rarest split refused: parts of 2 letters are
        function words, and one part at least is a word of the vocabulary of 4 letters or more."""
        if not 6 <= len(form) <= _LONGEST_GLUED or not form.isalpha():
            return None
        best: list[list[str] | None] = [[]] + [None] * len(form)
        for end in range(1, len(form) + 1):
            for start in range(max(0, end - 16), end):
                head, part = best[start], form[start:end]
                if head is None or not self._splittable(part, vocabulary):
                    continue
                known = best[end]
                if known is None or len(head) + 1 < len(known):
                    best[end] = [*head, part]
        parts = best[len(form)]
        if parts is None or len(parts) > 4 or not any(len(p) >= 4 and vocabulary.counts.get(p) for p in parts):
            return None
        return parts

    def _splittable(self, part: str, vocabulary: Vocabulary) -> bool:
        if len(part) < 4:
            return len(part) > 1 and part in self._language.function_words
        return bool(vocabulary.counts.get(part)) or part in self._language.function_words


def root_of(form: str, language: LanguageData) -> str:
    """The stem of a word, but never a function word for another: « toner » is not « ton », nor « sûre » « sur »; and
    « cartons » are no verb of « carte »."""
    if form in language.function_words:
        return form
    root = stem(form[:-1] if form.endswith("ons") and form[:-1] in language.dictionary else form)
    if root not in language.function_words:
        return root
    singular = form.rstrip("s")
    return form if singular in language.function_words else singular


def join_split_words(tokens: list[Token], vocabulary: Vocabulary | None, language: LanguageData) -> list[Token]:
    """Neighbours that only make sense together become one word: « rembour sement » -> remboursement."""
    if vocabulary is None or not any(map(_guessed, tokens)):
        return tokens
    joined: list[Token] = []
    for token in tokens:
        before = joined[-1] if joined else None
        if before and (_guessed(before) or _guessed(token)) and before.kind == token.kind == WORD:
            first, second = _as_typed(before), _as_typed(token)
            whole = first + second
            if vocabulary.counts.get(whole) and len(whole) >= 5:
                change = Change("join", f"{first} {second}", whole, 0.1)
                joined[-1] = Token(
                    before.start, token.end, whole, root_of(whole, language), WORD, before.sentence, changes=(change,)
                )
                continue
        joined.append(token)
    return joined


def _guessed(token: Token) -> bool:
    """True when spelling could not place the word, or only by guessing."""
    return not token.known or bool(token.changes and token.changes[-1].cost)


def _as_typed(token: Token) -> str:
    """The folded word before spelling changed it."""
    return token.changes[-1].before if token.changes and token.changes[-1].cost else token.form
