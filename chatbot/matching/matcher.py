"""Matcher: an utterance -> what it was understood as, and why. One object, immutable, built from a knowledge base."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import exp, log
from pathlib import Path
from typing import NamedTuple

from chatbot.knowledge import KnowledgeBase, Role
from chatbot.language import Analysis, LanguageData, Normalizer, Token, Vocabulary
from chatbot.matching.compiled import Compiled, exact_key, exact_phrasing
from chatbot.matching.concepts import Concepts
from chatbot.matching.features import Feature, features
from chatbot.matching.model import Candidate, Decision, Match
from chatbot.matching.rules import Rules
from chatbot.matching.scoring import Likeness, Part, Scorer, by_sentence, shares
from chatbot.matching.thresholds import Thresholds
from chatbot.matching.wishes import clauses, wish_limits

# Confidence below 1.0: that is kept for an exact phrasing (design.md).
_MOST_SURE = 0.999
_CANDIDATES = 5
_OFFERED = 3
# Of the score of a message of several sentences, the share of its most telling sentence.
SENTENCE_SHARE = 0.25


class Reading(NamedTuple):
    """Everything computed about one utterance, kept for the explanation."""

    analysis: Analysis
    features: list[Feature]
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
        found = features(
            analysis.tokens,
            self.concepts.find(analysis.tokens),
            self._functions,
            self.concepts.elsewhere,
            self.compiled.row_of,
        )
        scorer = self.scorer
        whole = scorer.part(found)
        likeness = scorer.likeness(whole, without=without)
        scores = scorer.scores(whole, likeness)
        sentence = self._most_telling(found) if analysis.tokens[-1].sentence else None
        if sentence is not None:
            alone = scorer.linear(sentence)
            scores = [(1 - SENTENCE_SHARE) * a + SENTENCE_SHARE * b for a, b in zip(scores, alone, strict=True)]
        return Reading(analysis, found, whole, sentence, likeness, scores)

    def signals(self, match: Match) -> tuple[float, float, float]:
        """What the confidence of the best candidate is made of: log-odds, share of unknown words, likeness."""
        if not match.analysis.tokens:
            return (0.0, 1.0, 0.0)
        reading = self.read(match.analysis)
        best = max(self._inside, key=lambda n: (reading.scores[n], -n))
        unknown = _share_unknown(match.analysis.tokens, self._functions)
        return (_log_odds(shares(reading.scores)[best]), unknown, reading.likeness.of(best))

    def _all_unknown(self, reading: Reading) -> bool:
        """True when some words carry content and none of them is in any phrasing twice or in the lexicon."""
        if any(feature[0].startswith("c:") for feature in reading.features):
            return False
        content = [t for t in reading.analysis.tokens if t.form not in self._functions]
        return bool(content) and not any(t.known and "w:" + t.stem in self.compiled.row_of for t in content)

    def _most_telling(self, found: list[Feature]) -> Part | None:
        """The sentence that speaks clearest for one intent; None when there is only one."""
        parts = [self.scorer.part(sentence) for sentence in by_sentence(found)]
        if len(parts) < 2:
            return None
        return max(parts, key=lambda part: self._clarity(self.scorer.linear(part)))

    def _clarity(self, scores: list[float]) -> float:
        """How far the best in-scope intent of a sentence is ahead of « out of scope »."""
        best = max(scores[n] for n in self._inside)
        return best - (scores[self._outside] if self._outside is not None else 0.0)

    def _ranked(self, reading: Reading) -> tuple[Candidate, ...]:
        """The in-scope intents, best first; ties go to the higher score, then to the intent id.

        All get the likeness of the best, so that confidences stand in the order of the scores.
        """
        probabilities = shares(reading.scores)
        allowed = self._rules.allowed(reading.analysis, self.concepts)
        names = self.compiled.intents
        order = sorted(self._inside, key=lambda n: (-reading.scores[n], names[n]))[:_CANDIDATES]
        unknown = _share_unknown(reading.analysis.tokens, self._functions)
        likeness = reading.likeness.of(order[0])
        candidates = []
        for n in order:
            confidence = self._confidence(probabilities[n], unknown, likeness) * allowed.get(names[n], 1.0)
            candidates.append(Candidate(names[n], round(confidence, 4), round(reading.scores[n], 4)))
        return tuple(sorted(candidates, key=lambda c: -c.confidence)) if allowed else tuple(candidates)

    def _confidence(self, probability: float, unknown: float, similarity: float) -> float:
        t = self.thresholds
        value = t.slope * _log_odds(probability) + t.offset + t.unknown * unknown + t.similarity * similarity
        return round(min(1 / (1 + exp(-max(min(value, 50.0), -50.0))), _MOST_SURE), 4)

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
        tokens = reading.analysis.tokens
        spans = clauses(reading.analysis, self.normalizer.language)
        if len(spans) < 2:
            return (best,)
        least = wish_limits(len(tokens), self.thresholds.wish)
        likely = {c.intent for c in ranked[: least.rank] if ranked[0].score - c.score <= least.gap}
        found: list[str] = []
        for span in spans:
            name, share, lead = self._wish_of(reading, span)
            if share >= least.share and lead >= least.lead and name in likely and name not in found:
                found.append(name)
        return tuple(found) if len(found) == 2 and best in found else (best,)

    def _wish_of(self, reading: Reading, span: range) -> tuple[str, float, float]:
        """What a stretch of the message asks for by itself: intent, probability, lead over « out of scope »."""
        inside = [f for f in reading.features if f[1] and f[1][0] >= span.start and f[1][-1] < span.stop]
        part = self.scorer.part(inside)
        scores = self.scorer.scores(part, self.scorer.likeness(part))
        top = max(self._inside, key=lambda n: (scores[n], -n))
        if self.compiled.roles[top] == Role.SMALL_TALK:
            return "", 0.0, 0.0
        outside = scores[self._outside] if self._outside is not None else 0.0
        return self.compiled.intents[top], shares(scores)[top], scores[top] - outside

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


def _share_unknown(tokens: tuple[Token, ...], functions: frozenset[str]) -> float:
    """Of the words that carry content, the share that nothing explains."""
    content = [t for t in tokens if t.form not in functions]
    return sum(not t.known for t in content) / len(content) if content else 0.0
