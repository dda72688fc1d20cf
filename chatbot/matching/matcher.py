"""Matcher: an utterance -> what it was understood as, and why. One object, immutable, built from a knowledge base."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import exp, fsum, log
from pathlib import Path
from typing import NamedTuple, TypeVar

from chatbot.knowledge import KnowledgeBase, Role
from chatbot.language import Analysis, LanguageData, Normalizer, Token, Vocabulary
from chatbot.matching.compiled import Compiled, exact_key, exact_phrasing
from chatbot.matching.concepts import Concepts, Found
from chatbot.matching.features import add_concepts, features, words_and_pairs
from chatbot.matching.model import Candidate, Decision, Match
from chatbot.matching.rules import Rules
from chatbot.matching.scoring import Likeness, Part, Scorer, shares
from chatbot.matching.thresholds import Signals, Thresholds
from chatbot.matching.wishes import Second, Wishes, clauses, probability, sentences

T = TypeVar("T")
_new = tuple.__new__
_CANDIDATES = 5
_MOST_SENTENCES = 4
_OFFERED = 3
# Of the score of a message of several sentences, the share of its most telling sentence.
SENTENCE_SHARE = 0.25


class Reading(NamedTuple):
    """Everything computed about one utterance, kept for the explanation."""

    analysis: Analysis
    concepts: list[Found]
    whole: Part
    sentence: Part | None
    likeness: Likeness
    scores: list[float]


class Matcher:
    """Matches utterances against one knowledge base. Ready when constructed; safe to share between threads."""

    def __init__(
        self, knowledge: KnowledgeBase, *, thresholds: Thresholds | None = None, compiled: Compiled | None = None
    ) -> None:
        """Compiles the knowledge base, unless its compiled form is given (then `thresholds` are those it has)."""
        if compiled is None:
            from chatbot.matching.compiler import compile_knowledge

            compiled = compile_knowledge(knowledge, thresholds)
        self.knowledge = knowledge
        self.compiled = compiled
        self.thresholds = Thresholds(*compiled.thresholds)
        language = LanguageData.unpacked(compiled.language)
        self.normalizer = Normalizer(language, Vocabulary(compiled.vocabulary, compiled.stems))
        self.concepts = Concepts(compiled.concepts, language.determiners, compiled.elsewhere)
        self.scorer = Scorer(compiled)
        self._exact_keys = memoryview(compiled.exact_keys).cast("Q")
        self._exact_phrasings = memoryview(compiled.exact_phrasings).cast("I")
        self._functions = language.function_words
        self._rules = Rules(compiled.required, compiled.excluded, self.normalizer)
        outside = [n for n, role in enumerate(compiled.roles) if role == Role.OUT_OF_SCOPE]
        self._outside = outside[0] if outside else None
        self.out_of_scope = compiled.intents[outside[0]] if outside else None
        self._inside = tuple(n for n in range(len(compiled.intents)) if n not in outside)
        askable = [n for n in self._inside if compiled.roles[n] != Role.SMALL_TALK]
        self._wish = Wishes(askable, self._outside, language)

    @classmethod
    def load(cls, path: str | Path | None = None) -> Matcher:
        """The matcher of a folder, from the compiled copy in the cache when its content has not changed."""
        from chatbot.matching.cache import load_compiled

        knowledge, compiled = load_compiled(path)
        return cls(knowledge, compiled=compiled)

    def match(self, text: str) -> Match:
        """What `text` was understood as. Any string gives a match; nothing understood is a FALLBACK."""
        analysis = self.normalizer(text)
        if not analysis.tokens or not self._inside:
            return self._match(analysis, Decision.FALLBACK, (), (), "vide")
        core = analysis.without_politeness()
        exact = self.phrasing_number(exact_key(analysis))
        if exact is None and core is not analysis:
            exact = self.phrasing_number(exact_key(core))
        reading = self.read(analysis)
        ranked = self._ranked(reading)
        if exact is None and core is not analysis and ranked[0].confidence < self.thresholds.answer:
            analysis, reading, ranked = self._clearer(reading, ranked, core)
        if exact is not None:
            return self._exact(analysis, self.intent_of(exact), ranked)
        if self._all_unknown(reading):
            return self._match(analysis, Decision.FALLBACK, (), ranked, "aucun mot connu")
        best = ranked[0]
        if best.confidence >= self.thresholds.answer:
            wishes = self._wishes(reading, ranked)
            return self._match(analysis, Decision.ANSWER, wishes, ranked, "deux souhaits" if len(wishes) > 1 else "sûr")
        if best.confidence >= self.thresholds.clarify:
            wishes = self._wishes(reading, ranked)
            if len(wishes) > 1:
                return self._match(analysis, Decision.ANSWER, wishes, ranked, "deux souhaits")
            return self._match(analysis, Decision.CLARIFY, (), ranked, "hésitation")
        return self._match(analysis, Decision.FALLBACK, (), ranked, "inconnu")

    def _clearer(
        self, reading: Reading, ranked: tuple[Candidate, ...], core: Analysis
    ) -> tuple[Analysis, Reading, tuple[Candidate, ...]]:
        """The text as it was read, or read without the politeness around it when a question then stands out better."""
        alone = self.read(core)
        best = self._ranked(alone)
        question = self.knowledge.role(best[0].intent) is not Role.SMALL_TALK
        if question and best[0].confidence > ranked[0].confidence:
            return core, alone, best
        return reading.analysis, reading, ranked

    def phrasing_number(self, key: str) -> int | None:
        """The number of the phrasing with this `exact_key` (its forms in order), None when there is none."""
        return exact_phrasing(self._exact_keys, self._exact_phrasings, key)

    def intent_of(self, phrasing: int) -> str:
        """The intent of a phrasing, by its number."""
        return self.scorer.intent_of(phrasing)

    def match_many(self, texts: Iterable[str]) -> Iterator[Match]:
        """The match of each text, in order, one at a time."""
        return map(self.match, texts)

    def read(self, analysis: Analysis, *, without: int | None = None) -> Reading:
        """The scores of an analysed utterance; `without` leaves a phrasing out of the nearest ones."""
        tokens, scorer = analysis.tokens, self.scorer
        found = self.concepts.find(tokens)
        whole = scorer.part(self.features(tokens, found, self.compiled.row_of.get))
        likeness = scorer.likeness(whole, without=without)
        scores = scorer.scores(whole, likeness)
        sentence = self._most_telling(tokens, found) if tokens[-1].sentence else None
        if sentence is not None:
            alone = scorer.linear(sentence)
            scores = [(1 - SENTENCE_SHARE) * a + SENTENCE_SHARE * b for a, b in zip(scores, alone, strict=True)]
        return Reading(analysis, found, whole, sentence, likeness, scores)

    def features(self, tokens: Sequence[Token], found: Sequence[Found], told: Callable[[str], T | None]) -> list[T]:
        """The features of a text with these concepts, as `told`."""
        return features(tokens, found, self._functions, self.concepts.elsewhere, told)

    def signals(self, match: Match) -> Signals | None:
        """What the confidence of the best candidate is made of; None when there was no word to judge by."""
        if not match.analysis.tokens or not self._inside:
            return None
        reading = self.read(match.analysis)
        order = sorted(self._inside, key=reading.scores.__getitem__, reverse=True)
        return self._signals(reading, order, _log_odds(shares(reading.scores)[order[0]]))

    def _all_unknown(self, reading: Reading) -> bool:
        """True when some words carry content and none of them is in any phrasing twice or in the lexicon."""
        rows, functions, content = self.compiled.row_of, self._functions, False
        for token in reading.analysis.tokens:
            if token.form not in functions:
                if token.known and "w:" + token.stem in rows:
                    return False
                content = True
        return content and not reading.concepts

    def _most_telling(self, tokens: Sequence[Token], found: Sequence[Found]) -> Part | None:
        """The sentence that speaks clearest for one intent; None when there is only one."""
        parts = [self._stretch(tokens, found, sentence) for sentence in sentences(tokens)]
        parts = [part for part in parts if part.rows]
        if len(parts) < 2:
            return None
        return max(parts, key=lambda part: self._clarity(self.scorer.linear(part)))

    def _stretch(self, tokens: Sequence[Token], found: Sequence[Found], span: range) -> Part:
        """A stretch of a text by itself: its words, pairs and concepts, without what counts the text as a whole."""
        row = self.compiled.row_of.get
        rows, _ = words_and_pairs(tokens[span.start : span.stop], row)
        inside = [c for c in found if c.tokens[0] >= span.start and c.tokens[-1] < span.stop]
        add_concepts(rows, tokens, inside, self.concepts.elsewhere, row)
        return self.scorer.part(rows)

    def _clarity(self, scores: list[float]) -> float:
        """How far the best in-scope intent of a sentence is ahead of « out of scope »."""
        best = max(scores[n] for n in self._inside)
        return best - (scores[self._outside] if self._outside is not None else 0.0)

    def _ranked(self, reading: Reading) -> tuple[Candidate, ...]:
        """The in-scope intents, best first; ties go to the higher score, then to the intent id.

        All but the odds is taken from the best, so that confidences stand in the order of the scores.
        """
        scores = reading.scores
        highest = max(scores)
        powers = [exp(score - highest) for score in scores]
        whole = fsum(powers)
        allowed = self._rules.allowed(reading.analysis, self.concepts)
        names = self.compiled.intents
        # The intents' numbers stand in the order of their ids, and sorting leaves equals where they are.
        order = sorted(self._inside, key=scores.__getitem__, reverse=True)[:_CANDIDATES]
        odds = [_log_odds(powers[n] / whole) for n in order]
        confidences = self.thresholds.confidences(self._signals(reading, order, odds[0]), odds)
        candidates = []
        for n, confidence in zip(order, confidences, strict=True):
            if allowed:
                confidence = round(confidence * allowed.get(names[n], 1.0), 4)  # noqa: PLW2901
            candidates.append(_new(Candidate, (names[n], confidence, round(scores[n], 4))))
        return tuple(sorted(candidates, key=lambda c: -c.confidence)) if allowed else tuple(candidates)

    def _signals(self, reading: Reading, order: Sequence[int], odds: float) -> Signals:
        """The signals for the best of `order`, the in-scope intents from the best on."""
        scores, likeness, best = reading.scores, reading.likeness, order[0]
        content = [token for token in reading.analysis.tokens if token.form not in self._functions]
        return Signals(
            odds=odds,
            lead=scores[best] - scores[self._outside] if self._outside is not None else 0.0,
            margin=scores[best] - scores[order[1]] if len(order) > 1 else 0.0,
            likeness=likeness.of(best),
            outside=likeness.of(self._outside) if self._outside is not None else 0.0,
            unknown=sum([not token.known for token in content]) / len(content) if content else 0.0,
            length=log(1 + len(content)),
            sentences=float(min(reading.analysis.tokens[-1].sentence + 1, _MOST_SENTENCES)),
        )

    def _exact(self, analysis: Analysis, intent: str, ranked: tuple[Candidate, ...]) -> Match:
        """The decision for an utterance that is a phrasing, word for word."""
        if self._outside is not None and intent == self.compiled.intents[self._outside]:
            return self._match(analysis, Decision.FALLBACK, (), ranked, "contre-exemple")
        first = Candidate(intent, 1.0, next((c.score for c in ranked if c.intent == intent), 0.0))
        others = tuple(c for c in ranked if c.intent != intent)
        return self._match(analysis, Decision.ANSWER, (intent,), (first, *others)[:_CANDIDATES], "formulation exacte")

    def _wishes(self, reading: Reading, ranked: tuple[Candidate, ...]) -> tuple[str, ...]:
        """The best intent, and a second one when two stretches of the message each clearly ask for their own."""
        best = ranked[0].intent
        spans = clauses(reading.analysis, self.normalizer.language)
        if len(spans) < 2:
            return (best,)
        found = self.second_wish(reading, self.compiled.intents.index(best), spans)
        if found is None or probability(found.signals) < self.thresholds.wish:
            return (best,)
        other = self.compiled.intents[found.intent]
        return (other, best) if found.first else (best, other)

    def second_wish(self, reading: Reading, best: int, spans: Sequence[range]) -> Second | None:
        """The likeliest wish beside the intent `best`, and what speaks for it; None without another."""
        parts = self._wish.clauses(reading.analysis, spans)
        scores = [
            self.scorer.linear(self._stretch(reading.analysis.tokens, reading.concepts, span))
            for _, span in zip(parts, spans, strict=False)
        ]
        return self._wish.second(parts, scores, reading.scores, best)

    def _match(
        self,
        analysis: Analysis,
        decision: Decision,
        intents: tuple[str, ...],
        ranked: tuple[Candidate, ...],
        reason: str,
    ) -> Match:
        return Match(analysis.text, decision, intents, ranked, self.compiled.version, analysis, reason)


def _log_odds(probability: float) -> float:
    return log(max(probability, 1e-9) / max(1 - probability, 1e-9))
