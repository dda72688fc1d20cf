"""Matcher: an utterance -> what it was understood as, and why. One object, immutable, built from a knowledge base."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from chatbot.knowledge import KnowledgeBase, Role
from chatbot.language import Analysis, LanguageData, Normalizer, Vocabulary
from chatbot.language.grammar import only_denied
from chatbot.matching.clauses import clause_spans
from chatbot.matching.compiled import Compiled, exact_key, exact_phrasing
from chatbot.matching.model import Candidate, Match, Reason
from chatbot.matching.reading import Reader, Reading
from chatbot.matching.rules import BROKEN, Rules
from chatbot.matching.scoring import log_odds, shares
from chatbot.matching.thresholds import ONE_WORD, Signals, Thresholds
from chatbot.matching.wishes import Second, Wishes, probability

_new = tuple.__new__
_CANDIDATES = 5


class Matcher:
    """Matches utterances against one knowledge base. Ready when constructed; safe to share between threads."""

    def __init__(
        self, knowledge: KnowledgeBase, *, thresholds: Thresholds | None = None, compiled: Compiled | None = None
    ) -> None:
        """Compiles the knowledge base, unless its compiled form is given; `thresholds` stand for those it has."""
        if compiled is None:
            from chatbot.matching.compiler import compile_knowledge

            compiled = compile_knowledge(knowledge, thresholds)
        elif thresholds is not None:
            compiled = compiled._replace(thresholds=tuple(thresholds))
        self.knowledge = knowledge
        self.compiled = compiled
        self.thresholds = Thresholds(*compiled.thresholds)
        language = LanguageData.unpacked(compiled.language)
        self.normalizer = Normalizer(language, Vocabulary(compiled.vocabulary, compiled.stems))
        self._exact_keys = memoryview(compiled.exact_keys).cast("Q")
        self._exact_phrasings = memoryview(compiled.exact_phrasings).cast("I")
        self._rules = Rules(compiled.required, compiled.excluded, self.normalizer)
        outside = [n for n, role in enumerate(compiled.roles) if role == Role.OUT_OF_SCOPE]
        self._outside = outside[0] if outside else None
        self.reader = Reader(compiled, language.determiners, language.function_words, self._outside)
        self.out_of_scope = compiled.intents[outside[0]] if outside else None
        self._inside = self.reader.inside
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
            return self._match(analysis, Reason.EMPTY, ())
        reading = self.reader.read(analysis)
        ranked = self._ranked(reading)
        core = analysis.without_politeness()
        exact = self._exact(analysis, core, ranked)
        if exact is not None:
            return self._decided_exactly(analysis, exact, ranked)
        if core is not analysis and ranked[0].confidence < self.thresholds.answer:
            reading, ranked = self._clearer(reading, ranked, core)
        if self.reader.all_unknown(reading):
            return self._match(reading.analysis, Reason.NO_KNOWN_WORD, ranked)
        return self._decided(reading, ranked)

    def _exact(self, analysis: Analysis, core: Analysis, ranked: tuple[Candidate, ...]) -> str | None:
        """The intent of the phrasing that the text is word for word, politeness around it or not; None for no such one."""
        number = self.phrasing_number(exact_key(analysis))
        if number is not None or core is analysis:
            return None if number is None else self.intent_of(number)
        number = self.phrasing_number(exact_key(core))
        intent = None if number is None else self.intent_of(number)
        # « ok merci »: what is left without the thanks is nothing to answer, the thanks are.
        return None if intent == self.out_of_scope and self._only_polite(ranked[0]) else intent

    def _decided(self, reading: Reading, ranked: tuple[Candidate, ...]) -> Match:
        """The decision by confidence, for a text that is no phrasing."""
        confidence = ranked[0].confidence
        if confidence < self.thresholds.clarify:
            return self._match(reading.analysis, Reason.UNLIKELY, ranked)
        if only_denied(reading.analysis.without_politeness().tokens, self.normalizer.language):
            return self._match(reading.analysis, Reason.DENIED, ranked)
        wishes = self._wishes(reading, ranked)
        if len(wishes) > 1:
            return self._match(reading.analysis, Reason.TWO_WISHES, ranked, wishes)
        if confidence < self._least_sure(reading.analysis, ranked[0]):
            return self._match(reading.analysis, Reason.UNSURE, ranked)
        return self._match(reading.analysis, Reason.SURE, ranked, wishes)

    def _least_sure(self, analysis: Analysis, best: Candidate) -> float:
        """The least confidence that answers: more for a word alone (« cartouche »), which no phrasing is, courtesies apart."""
        least = self.thresholds.answer
        if self.knowledge.role(best.intent) is Role.SMALL_TALK:
            return least
        functions = self.normalizer.language.function_words
        said = [token for token in analysis.without_politeness().tokens if token.form not in functions]
        return max(least, ONE_WORD) if len(said) == 1 else least

    def _only_polite(self, best: Candidate) -> bool:
        return best.confidence >= self.thresholds.answer and self.knowledge.role(best.intent) is Role.SMALL_TALK

    def _clearer(
        self, reading: Reading, ranked: tuple[Candidate, ...], core: Analysis
    ) -> tuple[Reading, tuple[Candidate, ...]]:
        """The text as it was read, or read without the politeness around it when a question then stands out better."""
        alone = self.reader.read(core)
        best = self._ranked(alone)
        question = self.knowledge.role(best[0].intent) is not Role.SMALL_TALK
        return (alone, best) if question and best[0].confidence > ranked[0].confidence else (reading, ranked)

    def phrasing_number(self, key: str) -> int | None:
        """The number of the phrasing with this `exact_key` (its forms in order), None when there is none."""
        return exact_phrasing(self._exact_keys, self._exact_phrasings, key)

    def intent_of(self, phrasing: int) -> str:
        """The intent of a phrasing, by its number."""
        return self.reader.scorer.intent_of(phrasing)

    def match_many(self, texts: Iterable[str]) -> Iterator[Match]:
        """The match of each text, in order, one at a time."""
        return map(self.match, texts)

    def signals(self, match: Match) -> Signals | None:
        """What the confidence of the best candidate is made of; None when there was no word to judge by."""
        if not match.analysis.tokens or not self._inside:
            return None
        reading = self.reader.read(match.analysis)
        order = sorted(self._inside, key=reading.scores.__getitem__, reverse=True)
        return self.reader.signals(reading, order, log_odds(shares(reading.scores)[order[0]]))

    def _ranked(self, reading: Reading) -> tuple[Candidate, ...]:
        """The in-scope intents, best first; ties go to the higher score, then to the intent id.

        All but the odds is taken from the best, so that confidences stand in the order of the scores.
        """
        scores = reading.scores
        chances = shares(scores)
        broken = self._rules.broken_by(reading.analysis, reading.concepts)
        names = self.compiled.intents
        # The intents' numbers stand in the order of their ids, and sorting leaves equals where they are.
        order = sorted(self._inside, key=scores.__getitem__, reverse=True)[:_CANDIDATES]
        odds = [log_odds(chances[n]) for n in order]
        confidences = self.thresholds.confidences(self.reader.signals(reading, order, odds[0]), odds)
        candidates = []
        for n, confidence in zip(order, confidences, strict=True):
            if names[n] in broken:
                confidence = round(confidence * BROKEN, 4)  # noqa: PLW2901
            candidates.append(_new(Candidate, (names[n], confidence, round(scores[n], 4))))
        return tuple(sorted(candidates, key=lambda c: -c.confidence)) if broken else tuple(candidates)

    def _decided_exactly(self, analysis: Analysis, intent: str, ranked: tuple[Candidate, ...]) -> Match:
        """The decision for an utterance that is a phrasing, word for word."""
        if intent == self.out_of_scope:
            return self._match(analysis, Reason.COUNTER_EXAMPLE, ranked)
        first = Candidate(intent, 1.0, next((c.score for c in ranked if c.intent == intent), 0.0))
        others = tuple(c for c in ranked if c.intent != intent)
        return self._match(analysis, Reason.EXACT, (first, *others)[:_CANDIDATES], (intent,))

    def _wishes(self, reading: Reading, ranked: tuple[Candidate, ...]) -> tuple[str, ...]:
        """The best intent, and a second one when two stretches of the message each clearly ask for their own."""
        best = ranked[0].intent
        found = self.second_wish(reading, self.compiled.intents.index(best))
        if found is None or probability(found.signals) < self.thresholds.wish:
            return (best,)
        other = self.compiled.intents[found.intent]
        return (other, best) if found.first else (best, other)

    def wish_probability(self, match: Match) -> float:
        """How likely the message holds a second wish, 0 to 1; 0 where none is considered."""
        if not match.candidates:
            return 0.0
        best = self.compiled.intents.index(match.candidates[0].intent)
        found = self.second_wish(self.reader.read(match.analysis), best)
        return probability(found.signals) if found else 0.0

    def second_wish(self, reading: Reading, best: int) -> Second | None:
        """The likeliest wish beside the intent `best`, and what speaks for it; None without another."""
        spans = clause_spans(reading.analysis, self.normalizer.language)
        if len(spans) < 2:
            return None
        parts = self._wish.clauses(reading.analysis, spans)
        scores = [
            self.reader.scorer.linear(self.reader.stretch(reading.analysis.tokens, reading.concepts, span))
            for _, span in zip(parts, spans, strict=False)
        ]
        return self._wish.second(parts, scores, reading.scores, best)

    def _match(
        self, analysis: Analysis, reason: Reason, ranked: tuple[Candidate, ...], intents: tuple[str, ...] = ()
    ) -> Match:
        version = self.compiled.version
        return Match(analysis.text, reason.decision, intents, ranked, version, analysis, reason)
