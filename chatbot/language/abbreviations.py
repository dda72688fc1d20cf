"""SMS forms and abbreviations written out: raw tokens -> raw tokens, before accents go."""

from __future__ import annotations

from chatbot.language.characters import fold
from chatbot.language.data import LanguageData
from chatbot.language.tokenizer import Raw
from chatbot.language.tokens import WORD, Change

# The first letters, folded, before which an elision may stand.
_VOWELS = frozenset("aeiouyh")


def expand_abbreviations(raws: list[Raw], language: LanguageData) -> list[Raw]:
    """The tokens with SMS forms and abbreviations written out, longest first: « mdp » -> mot de passe.

    Looked up with accents, before folding: « é » alone is « et », « e » is not. A single letter is only expanded
    before another word: « c quoi », but not « le modèle C ».
    """
    begins = language.abbreviation_starts
    single, pairs, elisions = language.single_words, language.first_pairs, language.elisions
    words = [raw.word for raw in raws]
    if begins.isdisjoint(words):
        return raws
    words.append("")
    hot = [
        i
        for i, word in enumerate(words)
        if word in begins
        and (
            (word in pairs and words[i + 1] in pairs[word])
            or ((word in single or word in elisions) and not raws[i].elided)
        )
    ]
    if not hot:
        return raws
    expanded: list[Raw] = []
    position = 0
    for start in hot:
        if start < position:
            continue
        length, meant = _abbreviation(raws, start, language)
        if meant is not None:
            expanded += raws[position:start]
            typed = raws[start : start + length]
            expanded += typed if _as_meant(typed, meant, language) else _written_out(typed, meant)
            position = start + length
    return expanded + raws[position:]


def _abbreviation(raws: list[Raw], position: int, language: LanguageData) -> tuple[int, tuple[str, ...] | None]:
    """How many tokens the abbreviation at this place has, and what it stands for; (1, None) when there is none."""
    raw = raws[position]
    for length in range(min(language.longest, len(raws) - position), 1, -1):
        meant = language.abbreviations.get(tuple(r.word for r in raws[position : position + length]))
        if meant:
            return length, meant
    if _lost_its_apostrophe(raws, position, language):
        return 1, (language.elisions[raw.word],)
    if raw.elided or (len(raw.word) == 1 and not _word_follows(raws, position)):
        return 1, None
    return 1, language.single_words.get(raw.word)


def _lost_its_apostrophe(raws: list[Raw], position: int, language: LanguageData) -> bool:
    """True for « l » in « l imprimante »: a short form, and after a space the word it goes with."""
    raw = raws[position]
    if raw.elided or raw.word not in language.elisions or not _word_follows(raws, position):
        return False
    following = fold(raws[position + 1].word)
    after = language.elided_before.get(raw.word)
    return following in after if after else following[:1] in _VOWELS


def _as_meant(raws: list[Raw], meant: tuple[str, ...], language: LanguageData) -> bool:
    """True for words that already are what they stand for: « il y a », listed so that its « y a » is left alone."""
    return meant == tuple(language.elisions.get(r.word, r.word) if r.elided else r.word for r in raws)


def _written_out(raws: list[Raw], meant: tuple[str, ...]) -> list[Raw]:
    first, last = raws[0], raws[-1]
    change = (Change("abbreviation", " ".join(r.word for r in raws), " ".join(meant)),)
    return [Raw(first.start, last.end, word, WORD, first.sentence, False, change) for word in meant]


def _word_follows(raws: list[Raw], position: int) -> bool:
    return position + 1 < len(raws) and raws[position + 1].kind == WORD
