"""This matcher and what anyone would pick instead, on the same knowledge and the same questions, in one run.

usage: python -m benchmarks.accuracy [--kb FOLDER] FILE.jsonl...       (needs the extra `bench`)

Each file holds {"text", "intent"} lines; `a+b` (both wanted) and `a|b` (either) are judged as chatbot.workbench.judging
does. Every peer gets the very phrasings of the knowledge base. A peer's threshold is tuned by 5-fold cross-validation of
those phrasings: the largest share of right answers with at most 10 % false answers. `same` is the fairest row: the share
of right answers when every system's threshold is set, on the file itself, to the false-answer rate of ours. With
several files, a last table takes them together: a system has one threshold for everything that is asked.
Prints microseconds per question (median, warm) measured in the same run: compare them as ratios.
"""

from __future__ import annotations

import argparse
import statistics
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline, make_union
from unidecode import unidecode

from chatbot.knowledge import KnowledgeBase
from chatbot.matching import Matcher, Reason
from chatbot.workbench.corpus import Question, read_corpus

OUTSIDE = "hors_sujet"
MOST_FALSE = 0.10


class Guess(NamedTuple):
    """The best in-scope intent for one question and how sure the system is; `answered` by its own threshold."""

    intent: str
    confidence: float
    answered: tuple[str, ...]


class Peer(NamedTuple):
    """A system: fitted on (texts, intents), it gives (intent, confidence) for a text."""

    name: str
    fit: Callable[[Sequence[str], Sequence[str]], Callable[[str], tuple[str, float]]]


def clean(text: str) -> str:
    """What users of these libraries do to French text: lower case without accents."""
    return unidecode(text).lower()


def fuzzy(scorer: Callable[..., float]) -> Peer:
    """`rapidfuzz.process.extractOne` over the phrasings, as its documentation shows."""

    def fit(texts: Sequence[str], intents: Sequence[str]) -> Callable[[str], tuple[str, float]]:
        kept = [(clean(t), i) for t, i in zip(texts, intents, strict=True) if i != OUTSIDE]
        choices = [t for t, _ in kept]

        def top(text: str) -> tuple[str, float]:
            _, score, index = process.extractOne(clean(text), choices, scorer=scorer)
            return kept[index][1], score / 100

        return top

    return Peer(f"rapidfuzz {scorer.__name__}", fit)


def linear() -> Peer:
    """TF-IDF of words and characters with logistic regression: the usual light recipe."""

    def fit(texts: Sequence[str], intents: Sequence[str]) -> Callable[[str], tuple[str, float]]:
        model = make_pipeline(
            make_union(
                TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
                TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 5), sublinear_tf=True),
            ),
            LogisticRegression(C=20, max_iter=400),
        )
        model.fit([clean(t) for t in texts], list(intents))
        inside = [i for i, name in enumerate(model.classes_) if name != OUTSIDE]

        def top(text: str) -> tuple[str, float]:
            shares = model.predict_proba([clean(text)])[0]
            best = max(inside, key=lambda i: shares[i])
            return str(model.classes_[best]), float(shares[best])

        return top

    return Peer("TF-IDF + LogReg", fit)


def tuned(peer: Peer, texts: Sequence[str], intents: Sequence[str]) -> float:
    """The threshold cross-validation of the phrasings chooses; a sample of 600 held-out ones a fold is enough."""
    scored: list[tuple[str, str, float]] = []
    # The phrasings stand intent by intent: a sample from the head of a fold would hold nothing out of scope.
    draw = np.random.default_rng(0)
    for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(texts, intents):
        top = peer.fit([texts[i] for i in train], [intents[i] for i in train])
        scored += [(intents[i], *top(texts[i])) for i in draw.permutation(test)[:600]]
    outside = sum(g == OUTSIDE for g, _, _ in scored)
    best = (0.0, 0.99)
    for threshold in np.linspace(0.02, 0.99, 98):
        false = sum(g == OUTSIDE and c >= threshold for g, _, c in scored) / outside
        right = sum(g == p and c >= threshold for g, p, c in scored)
        if false <= MOST_FALSE and right > best[0]:
            best = (right, float(threshold))
    return best[1]


def main() -> None:
    """Prints one table per file."""
    warnings.filterwarnings("ignore")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--kb")
    options = parser.parse_args()
    knowledge = KnowledgeBase.load(options.kb)
    matcher = Matcher(knowledge)
    phrasings = [(p.text, p.intent) for p in knowledge.phrasings]
    texts, intents = [t for t, _ in phrasings], [i for _, i in phrasings]
    systems: list[tuple[str, Callable[[str], Guess]]] = [("this matcher", lambda text: ours(matcher, text))]
    for peer in (fuzzy(fuzz.WRatio), fuzzy(fuzz.token_set_ratio), fuzzy(fuzz.token_sort_ratio), linear()):
        threshold = tuned(peer, texts, intents)
        systems.append((f"{peer.name} @{threshold:.2f}", theirs(peer.fit(texts, intents), threshold)))
    print(f"{len(phrasings)} phrasings, knowledge {knowledge.version}")
    sets = {file.stem: read_corpus([file]) for file in options.files}
    if len(sets) > 1:
        sets["together"] = [question for questions in sets.values() for question in questions]
    for name, questions in sets.items():
        table(name, questions, systems)


def ours(matcher: Matcher, text: str) -> Guess:
    """Our decision as a guess."""
    match = matcher.match(text)
    first = match.candidates[0] if match.candidates else None
    rejected = first is None or match.reason == Reason.COUNTER_EXAMPLE
    return Guess(first.intent if first else "", 0.0 if rejected or not first else first.confidence, match.intents)


def theirs(top: Callable[[str], tuple[str, float]], threshold: float) -> Callable[[str], Guess]:
    """A peer's best intent, answered when it reaches the threshold."""

    def guess(text: str) -> Guess:
        intent, confidence = top(text)
        answered = (intent,) if confidence >= threshold and intent != OUTSIDE else ()
        return Guess(intent, confidence, answered)

    return guess


def table(title: str, questions: Sequence[Question], systems: Sequence[tuple[str, Callable[[str], Guess]]]) -> None:
    """Prints each system's figures on one set of questions."""
    print(f"\n{title}: {len(questions)} questions")
    print(f"{'system':34} {'right':>6} {'wrong':>6} {'false':>6} {'same':>6} {'µs':>8}")
    allowed: int | None = None
    for name, guess in systems:
        guesses, times = [], []
        for question in questions:
            guess(question.text) if name == "this matcher" else None
            start = time.perf_counter()
            guesses.append(guess(question.text))
            times.append(time.perf_counter() - start)
        figures = judged(questions, guesses)
        allowed = figures["false_count"] if allowed is None else allowed
        same = right_at(questions, guesses, allowed)
        print(
            f"{name:34} {figures['right']:6.1%} {figures['wrong']:6.1%} {figures['false']:6.1%} {same:6.1%} "
            f"{statistics.median(times) * 1e6:8.0f}"
        )


def judged(questions: Sequence[Question], guesses: Sequence[Guess]) -> dict[str, Any]:
    """Shares of right and wrong answers in scope, and of false answers out of scope."""
    inside = [(q, g) for q, g in zip(questions, guesses, strict=True) if q.expected != OUTSIDE]
    outside = [g for q, g in zip(questions, guesses, strict=True) if q.expected == OUTSIDE]
    right = sum(is_right(q.expected, g.answered) for q, g in inside)
    answered = sum(bool(g.answered) for _, g in inside)
    half = sum(
        bool(g.answered) and not is_right(q.expected, g.answered) and _touches(q.expected, g.answered)
        for q, g in inside
    )
    false = sum(bool(g.answered) for g in outside)
    return {
        "right": right / max(len(inside), 1),
        "wrong": (answered - right - half) / max(len(inside), 1),
        "false": false / max(len(outside), 1),
        "false_count": false,
    }


def is_right(expected: str, answered: tuple[str, ...]) -> bool:
    """True when the answer is what the label asks for."""
    if "+" in expected:
        return set(expected.split("+")) == set(answered)
    return len(answered) == 1 and answered[0] in expected.split("|")


def _touches(expected: str, answered: tuple[str, ...]) -> bool:
    return bool(set(expected.replace("|", "+").split("+")) & set(answered))


def right_at(questions: Sequence[Question], guesses: Sequence[Guess], false: int) -> float:
    """Right answers among single wishes at the threshold that lets so many false answers through on this file."""
    outside = sorted(
        (g.confidence for q, g in zip(questions, guesses, strict=True) if q.expected == OUTSIDE), reverse=True
    )
    threshold = outside[false] if false < len(outside) else -1.0
    inside = [
        (q, g) for q, g in zip(questions, guesses, strict=True) if q.expected != OUTSIDE and "+" not in q.expected
    ]
    hits = sum(g.confidence > threshold and g.intent in q.expected.split("|") for q, g in inside)
    return hits / max(len(inside), 1)


if __name__ == "__main__":
    main()
