"""The smallest change that would flip a decision: one word taken away, or one word added; found by trying."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nlargest
from typing import NamedTuple

from chatbot.language.words import root_of
from chatbot.matching import Decision, Match, Matcher
from chatbot.matching.explanation import Explanation

# Words tried as additions: those that speak loudest for each rival.
_TRIED_PER_RIVAL = 12
_RIVALS = 3


class Flip(NamedTuple):
    """A change of one word and the decision it brings. `word` is as typed, or the word to add."""

    word: str
    text: str
    decision: Decision
    intents: tuple[str, ...]
    offered: tuple[str, ...]


def without_a_word(matcher: Matcher, match: Match) -> list[Flip]:
    """The single words without which the decision would be another, in the order of the sentence."""
    spans = dict.fromkeys((token.start, token.end) for token in match.analysis.tokens)
    if len(spans) < 2:
        return []
    texts = ((match.text[s:e], " ".join((match.text[:s] + match.text[e:]).split())) for s, e in spans)
    return [flip for word, text in texts if (flip := _flip(matcher, match, word, text))]


def with_a_word(matcher: Matcher, explanation: Explanation) -> list[Flip]:
    """The single words at the end of the sentence that would bring another decision, one per rival, likeliest first."""
    found: list[Flip] = []
    for words in _telling_words(matcher, explanation):
        tried = (_flip(matcher, explanation.match, word, f"{explanation.match.text} {word}") for word in words)
        flip = next((flip for flip in tried if flip), None)
        if flip and flip.intents not in [f.intents for f in found]:
            found.append(flip)
    return found


def _telling_words(matcher: Matcher, explanation: Explanation) -> Iterator[list[str]]:
    """For each rival, the words whose weight speaks most for it against what came out first."""
    names = matcher.compiled.intents
    rivals = _rivals(explanation, matcher.out_of_scope)
    if not rivals:
        return
    first = names.index(explanation.match.intents[0]) if explanation.match.intents else None
    stems = _commonest_word_by_stem(matcher)
    index, scorer = matcher.compiled.row_of, matcher.reader.scorer
    rows = [(scorer.weights(index["w:" + root]), word) for root, word in stems.items() if "w:" + root in index]
    for rival in rivals:
        number = names.index(rival)
        speaks = ((row[number] - (row[first] if first is not None else 0.0), word) for row, word in rows)
        yield [word for _, word in nlargest(_TRIED_PER_RIVAL, speaks)]


def _rivals(explanation: Explanation, outside: str | None) -> list[str]:
    match = explanation.match
    names = [c.intent for c in match.candidates if c.intent not in match.intents][:_RIVALS]
    return names if outside is None or match.decision is Decision.FALLBACK else [*names, outside]


def _commonest_word_by_stem(matcher: Matcher) -> dict[str, str]:
    """Stem -> its commonest word in the phrasings: weights are by stem, and nobody types stems."""
    language = matcher.normalizer.language
    words: dict[str, tuple[int, str]] = {}
    for word, count in matcher.compiled.vocabulary.items():
        if word not in language.function_words and word.isalpha() and len(word) > 2:
            root = root_of(word, language)
            words[root] = max(words.get(root, (0, "")), (count, word))
    return {root: word for root, (_, word) in words.items()}


def _flip(matcher: Matcher, match: Match, word: str, text: str) -> Flip | None:
    other = matcher.match(text)
    if (other.decision, other.intents) == (match.decision, match.intents):
        return None
    offered = tuple(c.intent for c in other.candidates[:3]) if other.decision is Decision.CLARIFY else ()
    return Flip(word, text, other.decision, other.intents, offered)
