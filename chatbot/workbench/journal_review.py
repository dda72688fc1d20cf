"""Questions that were not understood, grouped by the telling words they share, each group with a proposal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import Any, NamedTuple

from chatbot.knowledge import Role
from chatbot.matching import Matcher
from chatbot.matching.compiled import exact_key

_PROPOSED = 5
# Of the confidence of a group's candidates, the share its proposed intent must hold; and the least mean confidence.
_CLEAR_SHARE = 0.5
_LEAST_CONFIDENCE = 0.1
_MOST_SHARED = 0.5


class Asked(NamedTuple):
    """A question as kept in the journal, and how often it was asked (spelt one way or another).

    `words`: stem -> the word as understood, for every word that carries content.
    """

    text: str
    times: int
    private: bool
    words: Mapping[str, str]
    candidates: tuple[tuple[str, float], ...]


class Group(NamedTuple):
    """Questions that share telling words. `intent` is the proposed one, "" for « a new question? »."""

    words: tuple[str, ...]
    questions: tuple[Asked, ...]
    intent: str
    phrasings: tuple[str, ...]

    @property
    def times(self) -> int:
        """How often any of them was asked."""
        return sum(question.times for question in self.questions)

    def as_dict(self) -> dict[str, Any]:
        """The group as JSON-ready values."""
        return {
            "words": list(self.words),
            "times": self.times,
            "intent": self.intent or None,
            "phrasings": list(self.phrasings),
            "questions": [{"text": q.text, "times": q.times, "candidates": dict(q.candidates)} for q in self.questions],
        }


def review(matcher: Matcher, texts: Iterable[tuple[str, bool]]) -> list[Group]:
    """Groups (text, holds something private) questions: biggest first, then by their words. Deterministic."""
    asked = _asked(matcher, texts)
    weights = _weights(matcher, asked)
    groups = [_group(matcher, words, members) for words, members in _gathered(asked, weights)]
    return sorted(groups, key=lambda g: (-g.times, -len(g.questions), g.words, g.questions[0].text))


def _asked(matcher: Matcher, texts: Iterable[tuple[str, bool]]) -> list[Asked]:
    """The questions, each once per normal form, in order of first mention; those answered by now are left out."""
    spellings: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for text, private in texts:
        spellings[exact_key(matcher.normalizer(text))].append((text, private))
    found = []
    for key, said in spellings.items():
        text, private = Counter(said).most_common(1)[0][0]
        match = matcher.match(text)
        if not key or matcher.phrasing_number(key) is not None:
            continue
        functions = matcher.normalizer.language.function_words
        words = {t.stem: t.form for t in match.analysis.tokens if t.form not in functions and t.form[0] != "<"}
        candidates = tuple((c.intent, c.confidence) for c in match.candidates[:3])
        found.append(Asked(text, len(said), private, words, candidates))
    return found


def _weights(matcher: Matcher, asked: Sequence[Asked]) -> dict[str, float]:
    """Stem -> how telling it is: rare in the phrasings, and not in most of the questions."""
    index, idf2 = matcher.compiled.row_of, matcher.reader.scorer.idf2
    count = Counter(stem for question in asked for stem in question.words)
    unknown = log(max(len(matcher.knowledge.phrasings), 2))
    most = max(2, _MOST_SHARED * len(asked))
    return {
        stem: idf2[index["w:" + stem]] ** 0.5 if "w:" + stem in index else unknown
        for stem, times in count.items()
        if 2 <= times <= most
    }


def _gathered(asked: Sequence[Asked], weights: dict[str, float]) -> list[tuple[tuple[str, ...], list[Asked]]]:
    """Takes, again and again, the stem that gathers most (asks x how telling it is); what is left stands alone."""
    left = list(asked)
    found: list[tuple[tuple[str, ...], list[Asked]]] = []
    while True:
        gain: Counter[str] = Counter()
        members: dict[str, list[Asked]] = defaultdict(list)
        for question in left:
            for stem in sorted(question.words.keys() & weights.keys()):
                gain[stem] += question.times
                members[stem].append(question)
        shared = [stem for stem in members if len(members[stem]) > 1]
        if not shared:
            break
        best = max(shared, key=lambda s: (gain[s] * weights[s], s))
        group = members[best]
        common = set.intersection(*(set(q.words) for q in group)) & weights.keys()
        found.append((tuple(sorted(common, key=lambda s: (-weights[s], s))), group))
        left = [q for q in left if q not in group]
    return found + [(tuple(sorted(q.words)), [q]) for q in left]


def _group(matcher: Matcher, words: tuple[str, ...], members: list[Asked]) -> Group:
    members = sorted(members, key=lambda q: (-q.times, q.text))
    shown = tuple(members[0].words.get(stem, stem) for stem in words)
    return Group(shown, tuple(members), _proposed(matcher, members), _phrasings(members))


def _proposed(matcher: Matcher, members: Sequence[Asked]) -> str:
    """The intent most of the group leans to; "" when it leans nowhere clearly."""
    votes: dict[str, float] = defaultdict(float)
    for question in members:
        for intent, confidence in question.candidates:
            if matcher.knowledge.role(intent) is not Role.SMALL_TALK:
                votes[intent] += confidence * question.times
    if not votes:
        return ""
    best = max(sorted(votes), key=lambda intent: votes[intent])
    times = sum(question.times for question in members)
    clear = votes[best] >= _CLEAR_SHARE * sum(votes.values()) and votes[best] >= _LEAST_CONFIDENCE * times
    return best if clear else ""


def _phrasings(members: Sequence[Asked]) -> tuple[str, ...]:
    """What to teach: the most asked first, each bringing a word the others have not; nothing with a private part."""
    chosen: list[Asked] = []
    told: set[str] = set()
    for question in members:
        if not question.private and (question.words.keys() - told or not chosen):
            chosen.append(question)
            told |= question.words.keys()
    return tuple(q.text for q in chosen[:_PROPOSED])
