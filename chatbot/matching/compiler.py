"""Compiling: a knowledge base -> Compiled. The only place that knows both the phrasings and the weights."""

from __future__ import annotations

import marshal
from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

from chatbot.knowledge import KnowledgeBase, Phrasing, Role
from chatbot.language import Analysis, LanguageData, Normalizer
from chatbot.language.characters import fold
from chatbot.language.data import entry_words
from chatbot.language.rote import RoteReader
from chatbot.language.stemmer import stem
from chatbot.language.tokens import WORD
from chatbot.matching.compiled import LANE_BITS, Compiled, exact_digest, exact_key, without_garbage_collection
from chatbot.matching.concepts import Concepts
from chatbot.matching.features import features
from chatbot.matching.lanes import Lanes
from chatbot.matching.thresholds import Thresholds
from chatbot.matching.training import Example, Labelled, fit

OUT_OF_SCOPE = "hors_sujet"
# A feature in more phrasings than this tells little of which one is near, and costs most of the time.
_LONGEST_POSTING = 30
# Phrasings read together: enough for each step to run warm, few enough for their tokens to stay near the processor.
_BATCH = 256


def compile_knowledge(
    knowledge: KnowledgeBase, thresholds: Thresholds | None = None, language: LanguageData | None = None
) -> Compiled:
    """Compiles a knowledge base (docs/how-it-works.md has the time it takes). The result depends on its content alone."""
    with without_garbage_collection():
        return _compile(
            knowledge, thresholds or Thresholds.of(knowledge.thresholds), language or language_of(knowledge)
        )


def language_of(knowledge: KnowledgeBase) -> LanguageData:
    """The language data with the shop's own abbreviations added."""
    language = LanguageData.load()
    added = {
        entry_words(short, {}): entry_words(meant, language.elisions)
        for short, meant in sorted(knowledge.abbreviations.items())
    }
    return language.with_abbreviations(added) if added else language


def learner(knowledge: KnowledgeBase, language: LanguageData) -> Normalizer:
    """The normaliser that the knowledge base is read with: it corrects nothing, and knows the lexicon's words."""
    words = [fold(e.text.lower()) for e in knowledge.lexicon if e.text.isalpha()]
    return Normalizer(language, names=[word for word in words if word not in language.misspellings])


def _compile(knowledge: KnowledgeBase, thresholds: Thresholds, language: LanguageData) -> Compiled:
    outside = knowledge.out_of_scope or OUT_OF_SCOPE
    normalizer = learner(knowledge, language)
    lexicon = [(e.concept, e.text) for e in knowledge.lexicon] + list(language.synonyms)
    analyses = normalizer.each([text for _, text in lexicon])
    expressions = [(concept, analysis) for (concept, _), analysis in zip(lexicon, analyses, strict=True)]
    elsewhere = frozenset(e.concept for e in knowledge.lexicon if e.elsewhere)
    concepts = Concepts.build(expressions, language.determiners, elsewhere)
    phrasings = knowledge.phrasings
    read = _read(phrasings, normalizer, concepts)
    # Names of other worlds are known, but nothing is corrected to them: count 0 (see Vocabulary).
    least = [0 if e.elsewhere else 1 for e in knowledge.lexicon] + [1] * len(language.synonyms)
    counts = _counts(read.words, [(a, n) for (_, a), n in zip(expressions, least, strict=True)])
    fitted = fit(read.labelled, read.number_of)
    keys, numbers = _exact(read.labelled)
    postings, starts = _postings(fitted.examples, len(fitted.row_of))
    return Compiled(
        version=knowledge.version,
        language=language.packed(),
        vocabulary=dict(sorted(counts.items())),
        stems=frozenset(map(stem, counts)),
        concepts=dict(concepts.tails),
        elsewhere=elsewhere,
        intents=fitted.intents,
        roles=tuple(str(Role.OUT_OF_SCOPE if i == outside else knowledge.role(i)) for i in fitted.intents),
        row_of=fitted.row_of,
        idf2=array("I", fitted.idf2).tobytes(),
        weights=b"".join(map(Lanes(len(fitted.intents), LANE_BITS).to_bytes, fitted.rows)),
        phrasings=marshal.dumps([tuple(p) for p in phrasings]),
        phrasing_intent=array("H", [e.intent for e in fitted.examples]).tobytes(),
        phrasing_inverse=array("d", [e.inverse for e in fitted.examples]).tobytes(),
        postings=postings,
        posting_starts=starts,
        exact_keys=keys,
        exact_phrasings=numbers,
        required={i.id: i.required for i in knowledge.intents.values() if i.required},
        excluded={i.id: i.excluded for i in knowledge.intents.values() if i.excluded},
        thresholds=tuple(thresholds),
    )


class _Read(NamedTuple):
    """The phrasings as they are learnt from, how often each word stands in them, and the numbers of their features."""

    labelled: list[Labelled]
    words: Counter[str]
    number_of: defaultdict[str, int]


def _read(phrasings: Sequence[Phrasing], normalizer: Normalizer, concepts: Concepts) -> _Read:
    """Reads the phrasings a batch at a time and forgets their tokens at once: memory used again is quicker than fresh."""
    number_of: defaultdict[str, int] = defaultdict(count().__next__)
    functions, elsewhere, number = normalizer.language.function_words, concepts.elsewhere, number_of.__getitem__
    reader, words = RoteReader(normalizer), list[str]()
    labelled: list[Labelled] = []
    for start in range(0, len(phrasings), _BATCH):
        batch = phrasings[start : start + _BATCH]
        # One step for the whole batch, then the next: each by turns for every phrasing takes an eighth longer.
        analyses = reader.each([phrasing.text for phrasing in batch])
        found = [concepts.find(analysis.tokens) for analysis in analyses]
        bags = [
            {*features(analysis.tokens, inside, functions, elsewhere, number)}
            for analysis, inside in zip(analyses, found, strict=True)
        ]
        words += [token.form for analysis in analyses for token in analysis.tokens if token.kind == WORD]
        digests = [exact_digest(exact_key(analysis)) for analysis in analyses]
        labelled += [
            Labelled(phrasing.intent, list(bag), digest)
            for phrasing, bag, digest in zip(batch, bags, digests, strict=True)
        ]
    return _Read(labelled, Counter(words), number_of)


def _counts(words: Counter[str], expressions: list[tuple[Analysis, int]]) -> Counter[str]:
    """How often each word stands in the phrasings; a word of the lexicon counts at least as its expression says."""
    counts: Counter[str] = Counter()
    for analysis, least in expressions:
        for token in analysis.tokens:
            if token.kind == WORD and counts[token.form] < least:
                counts[token.form] = least
            elif token.kind == WORD:
                counts.setdefault(token.form, 0)
    counts.update(words)
    return counts


def _postings(examples: list[Example], features_count: int) -> tuple[bytes, bytes]:
    lists: list[array[int]] = [array("I") for _ in range(features_count)]
    for number, example in enumerate(examples):
        for row in example.rows:
            lists[row].append(number)
    flat, starts = array("I"), array("I", [0])
    for posting in lists:
        if len(posting) <= _LONGEST_POSTING:
            flat.extend(posting)
        starts.append(len(flat))
    return flat.tobytes(), starts.tobytes()


def _exact(labelled: list[Labelled]) -> tuple[bytes, bytes]:
    """Digests of the phrasings that hold a word, sorted, and their numbers; of equal ones the first counts."""
    nothing = exact_digest("")
    numbers: dict[int, int] = {}
    for number, one in enumerate(labelled):
        if one.digest != nothing:
            numbers.setdefault(one.digest, number)
    keys = sorted(numbers)
    return array("Q", keys).tobytes(), array("I", [numbers[key] for key in keys]).tobytes()
