"""Checks of words: the lexicon's dead entries, likely typing errors, known words one slip apart that mislead."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from chatbot.knowledge import Expression, Phrasing
from chatbot.knowledge.strict_yaml import Document
from chatbot.language.characters import fold
from chatbot.language.spelling import Vocabulary
from chatbot.language.stemmer import stem
from chatbot.language.words import root_of
from chatbot.workbench.findings import Finding, Severity
from chatbot.workbench.ground import Ground
from chatbot.workbench.parallel import map_chunks

# A word this rare may be a typing error; one this common is what may have been meant.
_RARE = 1
_COMMON = 10
_LIKELY_SLIP = 0.3
_SHORTEST = 5
# Known words one slip apart: phrasings tried per word, and how many must go wrong.
_TRIED = 3
_MISLED = 2
# Only the pairs that pull apart most are tried: lint has to be quick.
_DOUBTFUL = 120
_WORD_QUOTES = re.compile("[“”«»„]")
_LETTERS = re.compile(r"[^\W\d_]+")


def lexicon(ground: Ground) -> Iterator[Finding]:
    """Expressions that can never be found in a question, and groups that no phrasing uses."""
    owner: dict[tuple[str, ...], Expression] = {}
    for expression, (stems, tokens, worded) in zip(ground.knowledge.lexicon, ground.spelled, strict=True):
        if not stems or (len(stems) == 1 and tokens > 1 and "#" not in stems[0]):
            message = f"« {expression.text} » ne sera jamais reconnu : il y reste moins de deux mots ; précisez-le ou retirez-le."
            yield _at(expression, "synonyme-muet", message)
            continue
        if not worded:
            message = f"« {expression.text} » se lit « {stems[0]} » : n'importe quel nombre ou référence y répondrait ; retirez-le."
            yield _at(expression, "synonyme-vague", message)
            continue
        if len(stems) == 1 and (len(stems[0]) == 1 or stems[0] in ground.plain.language.function_words):
            message = f"« {expression.text} » se lit « {stems[0]} » : presque toutes les questions y répondraient ; retirez-le."
            yield _at(expression, "synonyme-vague", message)
            continue
        first = owner.setdefault(stems, expression)
        if first.concept != expression.concept:
            message = (
                f"« {expression.text} » est déjà dans le groupe « {first.concept} » ({first.path}:{first.line}) : "
                f"« {expression.concept} » ne le verra jamais ; gardez-le dans un seul groupe."
            )
            yield _at(expression, "synonyme-masque", message)
    yield from _unused_groups(ground)


def _unused_groups(ground: Ground) -> Iterator[Finding]:
    used = Counter(concept for seen in ground.seen for concept in seen.concepts)
    # Words of other worlds count whether their own group was ever used or not: what one teaches holds for all.
    for concept in dict.fromkeys(e.concept for e in ground.knowledge.lexicon if not e.elsewhere):
        if not used[concept]:
            expression = next(e for e in ground.knowledge.lexicon if e.concept == concept)
            message = f"aucune formulation n'emploie le groupe « {concept} », qui ne sert donc à rien ; ajoutez-en ou retirez-le."
            yield _at(expression, "groupe-inutile", message)


def odd_signs(ground: Ground) -> Iterator[Finding]:
    """Signs of a hand in shared lists: quotes of a word processor around an entry, a semicolon where a comma parts."""
    for name in (name for name in ground.sources if name.rpartition("/")[2].startswith("_")):
        document = Document(name, ground.sources[name])
        shared, line = document.data or {}, document.line
        for short, meant in (shared.get("abreviations") or {}).items():
            if _WORD_QUOTES.search(f"{short}{meant}"):
                message = f'« {short} » : ces guillemets font partie du mot, que personne ne tapera ainsi ; écrivez "…" ou rien.'
                yield Finding(name, line(("abreviations", short)), "guillemets", message)
        for section in ("groupes", "ailleurs"):
            for group, entries in (shared.get(section) or {}).items():
                for number, entry in enumerate(entries):
                    if ";" in entry:
                        message = f"« {entry} » : un point-virgule ne sépare pas deux synonymes ; mettez une virgule."
                        yield Finding(name, line((section, group, number)), "point-virgule", message)


def typing_errors(ground: Ground) -> Iterator[Finding]:
    """Rare words of the phrasings that look like slips: once known, they are no longer corrected in questions."""
    language = ground.matcher.normalizer.language
    roots = frozenset(map(stem, language.dictionary))
    common = Vocabulary({w: n for w, n in ground.counts.items() if n >= _COMMON})
    for word, phrasing in _words(ground).items():
        if (
            len(word) < _SHORTEST
            or ground.counts.get(word, 0) > _RARE
            or word in language.dictionary
            or stem(word) in roots
        ):
            continue
        meant = common.correct(word)
        if meant and meant.cost <= _LIKELY_SLIP and stem(meant.word) != stem(word):
            message = (
                f"« {word} » : faute pour « {meant.word} » ? Dans la base, elle n'est plus corrigée chez les clients."
            )
            yield Finding(phrasing.path, phrasing.line, "faute-probable", message, Severity.NOTE)


def neighbours(ground: Ground) -> Iterator[Finding]:
    """Pairs of known words one slip apart that mean different things, where the slip really brings a wrong answer.

    Neither is ever corrected to the other, so the slip goes unnoticed; whether it matters is tried out.
    """
    places = _phrasings_by_word(ground)
    both_ways = [pair for a, b in _close_pairs(frozenset(places)) for pair in ((a, b), (b, a))]
    pulls = {(typed, meant): _pull(ground, typed, meant) for typed, meant in both_ways}
    doubtful = sorted((pair for pair in both_ways if pulls[pair]), key=lambda pair: (-pulls[pair], pair))[:_DOUBTFUL]

    def work(part: Sequence[tuple[str, str]]) -> list[Finding]:
        return [f for typed, meant in part for f in _tried(ground, typed, meant, places[meant])]

    for found in map_chunks(work, doubtful, chunk=50):
        yield from found


def _tried(ground: Ground, typed: str, meant: str, phrasings: list[Phrasing]) -> Iterator[Finding]:
    sample = phrasings[:: max(1, len(phrasings) // _TRIED)][:_TRIED]
    wrong: list[tuple[Phrasing, str]] = []
    for number, phrasing in enumerate(sample):
        if len(wrong) + len(sample) - number < _MISLED:
            return
        intents = ground.matcher.match(_replaced(phrasing.text, meant, typed)).intents
        if intents and phrasing.intent not in intents:
            wrong.append((phrasing, intents[0]))
    if len(wrong) >= _MISLED:
        phrasing, answered = wrong[0]
        message = (
            f"« {meant} » tapé « {typed} », mot lui aussi connu, amène une fausse réponse ({len(wrong)} essais sur "
            f"{len(sample)}, ici « {answered} ») ; ajoutez des formulations des deux mots, ou un groupe qui les distingue."
        )
        yield Finding(phrasing.path, phrasing.line, "mots-voisins", message)


def _replaced(text: str, word: str, by: str) -> str:
    return _LETTERS.sub(lambda found: by if fold(found.group().lower()) == word else found.group(), text)


def _pull(ground: Ground, typed: str, meant: str) -> float:
    """How strongly the slip pulls away from what the meant word speaks for; 0 when both speak for the same intent."""
    index, scorer = ground.matcher.compiled.row_of, ground.matcher.reader.scorer
    language = ground.matcher.normalizer.language
    rows = [index.get("w:" + root_of(word, language)) for word in (typed, meant)]
    if rows[0] is None or rows[1] is None:
        return 0.0
    there, here = scorer.weights(rows[0]), scorer.weights(rows[1])
    best, own = there.index(max(there)), here.index(max(here))
    return there[best] - there[own] + here[own] - here[best] if best != own else 0.0


def _close_pairs(words: frozenset[str]) -> list[tuple[str, str]]:
    """Pairs of words of different stems, one edit apart, in order; found by what is left when a letter is dropped."""
    shorter: dict[str, list[str]] = defaultdict(list)
    for word in words:
        for left in {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}:
            shorter[left].append(word)
    pairs = {(a, b) for group in shorter.values() if len(group) > 1 for a in group for b in group if a < b}
    return sorted((a, b) for a, b in pairs if stem(a) != stem(b) and OSA.distance(a, b, score_cutoff=1) <= 1)


def _words(ground: Ground) -> dict[str, Phrasing]:
    """Word -> the first in-scope phrasing it stands in."""
    return {word: phrasings[0] for word, phrasings in _phrasings_by_word(ground, 1).items()}


def _phrasings_by_word(ground: Ground, least: int = _MISLED) -> dict[str, list[Phrasing]]:
    places: dict[str, list[Phrasing]] = {}
    for seen in ground.seen:
        if seen.phrasing.intent != ground.outside:
            for word in dict.fromkeys(seen.words):
                places.setdefault(word, []).append(seen.phrasing)
    return {w: found for w, found in places.items() if len(found) >= least and len(w) >= _SHORTEST and w.isalpha()}


def _at(expression: Expression, code: str, message: str) -> Finding:
    return Finding(expression.path, expression.line, code, message)
