"""What is said about the last answer: a question it answers in part, a detail, another wish read with the one before."""

from __future__ import annotations

from typing import NamedTuple

from chatbot.dialogue import scenes
from chatbot.dialogue.desk import Desk, Said
from chatbot.dialogue.folded import words_of
from chatbot.dialogue.state import ConversationState, Turn
from chatbot.knowledge import Role
from chatbot.matching.model import Decision, Match

# In words: more than this is a question of its own.
_LONGEST_MORE = 8
# Confidence from which a few words are a question of their own, and from which one they may be is worth offering.
_OWN_QUESTION = 0.8
_WORTH_OFFERING = 0.5
_WORTH_ASKING = 0.3
_MOST_OFFERED = 2
# In words; and the confidence up to which « je l'ai … », « c'était … » are told of what was asked before.
_SHORTEST_DETAIL, _LONGEST_DETAIL = 3, 10
# Confidence from which two messages read as one mean something else than the first.
_SURE_TOGETHER = 0.75
# Confidence from which a statement may well begin something else.
_LIKELY_ALONE = 0.45
_SURE_ALONE = 0.85
_TELLING_OF_IT = frozenset({"il", "elle", "ils", "elles", "ce", "ca", "cela"})
_SPEAKERS, _IT = frozenset({"je", "on", "nous"}), frozenset({"le", "la", "les"})
# Of the words that ask or deny, those that a detail may be told with.
_TOLD_WITH = frozenset({"ne", "n", "pas", "plus", "jamais", "non", "aucun", "aucune", "rien", "sans", "avec", "ou"})
_TELLING_OF_ONESELF = frozenset({"je", "on", "nous", "mon", "ma", "mes", "notre", "nos"})
# Parts of one answer shown again, one question after the other; then a person.
_MOST_PARTS = 2


def more_about(desk: Desk, state: ConversationState, said: Said, match: Match) -> Turn | None:
    """« et si c'est pour la Belgique ? » after an answer: understood together with what was asked before, it is about
    the same. What the answer says of it is shown once more; else the answer goes no further. None for a question of its
    own.

    What the few words might mean alone is offered beside the way to a person.
    """
    if not state.answered or len(said.text.split()) > _LONGEST_MORE or "colere" in said.cues:
        return None
    alone = match.confidence if match.decision is Decision.ANSWER else 0.0
    if alone and set(match.intents) <= set(state.answered) and begins_with_it(said):
        # « c'est Chronopost », « c'est la 305 ? »: the very answer just given once more would be no help.
        guessed = _else_meant(desk, state, match, _WORTH_OFFERING)
        return _no_more(desk, state, guessed) if "?" in said.text else _noted(desk, state, said, guessed)
    kind = _kind(desk, state, said, match)
    if alone >= _OWN_QUESTION or not any(kind):
        return None
    together = _together(desk, state, said)
    if together.changed:
        return scenes.answer(desk, state._replace(others=(), options=()), together.changed)
    same = together.same or (kind.followed and _fits_the_title(desk, state, said))
    return _told_of_the_same(desk, state, said, match, kind) if same else None


class _Kind(NamedTuple):
    """How a message may be about the last answer: a question, a detail, words that go on from it, a hesitation."""

    question: bool
    detail: bool
    followed: bool
    hesitates: bool


def _kind(desk: Desk, state: ConversationState, said: Said, match: Match) -> _Kind:
    question = "?" in said.text
    return _Kind(
        question,
        is_a_detail(desk, said, match),
        "suite" in said.cues or (question and begins_with_it(said)),
        match.decision is Decision.CLARIFY and match.candidates[0].intent in state.answered,
    )


def _told_of_the_same(desk: Desk, state: ConversationState, said: Said, match: Match, kind: _Kind) -> Turn | None:
    """A part of the answer, a detail noted, or a person; None for what may well begin something else."""
    best = match.candidates[0] if match.candidates else None
    if kind.detail and best and best.intent not in state.answered and best.confidence >= _LIKELY_ALONE:
        return None
    if kind.detail and not kind.followed:
        return _noted(desk, state, said, _else_meant(desk, state, match, _WORTH_ASKING))
    fresh = state.stuck < _MOST_PARTS and match.decision is not Decision.ANSWER
    part = _part_about(desk, state, match) if fresh else ""
    if part:
        return scenes.part_told(desk, state, part)
    if not (kind.followed or kind.hesitates):
        return None
    return _no_more(desk, state, _else_meant(desk, state, match, _WORTH_OFFERING))


def _no_more(desk: Desk, state: ConversationState, guessed: tuple[str, ...]) -> Turn:
    """The answer goes no further: a person."""
    return scenes.hand_over(desk, scenes.understood(state), "rien_a_ajouter", guessed=guessed)


class _Together(NamedTuple):
    """What a message means said after the question before it: the `same` as that, or surely something else (`changed`)."""

    same: bool
    changed: tuple[str, ...]


def _together(desk: Desk, state: ConversationState, said: Said) -> _Together:
    """« elle est fausse » after « ma facture »: read as one message."""
    match = _after(desk, state.question or " ".join(map(desk.voice.title, state.answered)), said)
    if not match.candidates or len(match.intents) > 1:
        return _Together(False, ())
    best = match.candidates[0].intent
    if best in state.answered:
        return _Together(True, ())
    sure = match.decision is Decision.ANSWER and match.confidence >= _SURE_TOGETHER
    role = desk.voice.knowledge.role(best)
    return _Together(False, match.intents if sure and role is Role.QUESTION else ())


def _else_meant(desk: Desk, state: ConversationState, match: Match, least: float) -> tuple[str, ...]:
    """What the words may mean by themselves, from this confidence on, as choices."""
    likely = [c.intent for c in match.candidates if c.confidence >= least and c.intent not in state.answered]
    offers = tuple(f"guess:{intent}" for intent in likely if desk.voice.knowledge.role(intent) is not Role.SMALL_TALK)
    return offers[:_MOST_OFFERED]


def _noted(desk: Desk, state: ConversationState, said: Said, guessed: tuple[str, ...]) -> Turn:
    """A detail of what was asked before: the answer stands, a person can use it; a message would hold both."""
    key = "detail_encore" if state.stuck else "detail"
    turn = scenes.hand_over(desk, scenes.understood(state), key, guessed=guessed)
    kept = f"{state.question}\n{said.text}" if state.question else said.text
    return turn._replace(state=turn.state._replace(question=kept, stuck=state.stuck + 1))


def is_a_detail(desk: Desk, said: Said, match: Match) -> bool:
    """« c'était Chronopost », « je l'ai achetée il y a deux mois »: told, not asked, and no wish of its own."""
    words, language = words_of(said.text), desk.understanding.normalizer.language
    asking = language.requests | language.announcements | (language.protected - _TOLD_WITH)
    asks = "?" in said.text or not asking.isdisjoint(words)
    if asks or said.cues & {"colere", "deuil"} or not _SHORTEST_DETAIL <= len(words) <= _LONGEST_DETAIL:
        return False
    if match.candidates and desk.voice.knowledge.role(match.candidates[0].intent) is Role.SMALL_TALK:
        return False
    told_of_it = tells_of_it(said)
    if match.decision is Decision.ANSWER:
        return match.confidence < _SURE_ALONE and told_of_it
    return told_of_it or words[0] in _TELLING_OF_ONESELF


def tells_of_it(said: Said) -> bool:
    """« c'est un HP 305 », « je l'ai payée »: whatever it may mean alone, it is said of what was told before."""
    return "?" not in said.text and begins_with_it(said)


def begins_with_it(said: Said) -> bool:
    """Do its first words point at what was told before: « c'est … », « elle … », « je l'ai … »?"""
    words = words_of(said.text)
    told = words[:1] and (words[0] in _TELLING_OF_IT or (words[0] in _SPEAKERS and words[1:2] and words[1] in _IT))
    return bool(told) and len(words) <= _LONGEST_DETAIL


def _part_about(desk: Desk, state: ConversationState, match: Match) -> str:
    """The one paragraph of the last answer that holds the most telling words of the message; "" when several or none do."""
    normalizer, answers = desk.understanding.normalizer, desk.voice.knowledge.answers
    everyday = normalizer.language.function_words
    told = {token.stem for token in match.analysis.tokens if token.form not in everyday and len(token.form) > 2}
    parts = [
        part
        for intent in state.answered
        if intent in answers
        for part in desk.voice.section(answers[intent]).paragraphs
        # What only says whom to call is in every answer.
        if desk.voice.reachable.phone not in part
    ]
    held = [len(told.intersection(token.stem for token in normalizer(part).tokens)) for part in parts]
    most = max(held, default=0)
    return parts[held.index(most)] if most and held.count(most) == 1 else ""


def _fits_the_title(desk: Desk, state: ConversationState, said: Said) -> bool:
    """Is this, said after the title of the last answer, about the same?"""
    matches = (_after(desk, title, said) for title in map(desk.voice.title, state.answered) if title)
    return any(m.candidates and m.candidates[0].intent in state.answered and len(m.intents) < 2 for m in matches)


def _after(desk: Desk, before: str, said: Said) -> Match:
    return desk.understanding.match(f"{before.rstrip(' .?!…')} {said.text}")
