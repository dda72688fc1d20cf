"""Reactions to the last answer: it does not work, I cannot find it, say it again, that was not my question."""

from __future__ import annotations

from dataclasses import replace

from chatbot.dialogue import options, picks, scenes
from chatbot.dialogue.desk import Desk, Said
from chatbot.dialogue.folded import words_of
from chatbot.dialogue.reply import ReplyKind
from chatbot.dialogue.state import ConversationState, Note, Turn
from chatbot.matching.model import Decision


def follow_up(desk: Desk, state: ConversationState, said: Said) -> Turn | None:
    """The turn for a message about the last answer; None when there was none or the message is another question."""
    if not state.answered:
        return None
    if "insatisfait" in said.cues:
        return missed(desk, state)
    if "introuvable" in said.cues and _is_about_last(desk, state, said):
        return not_found(desk, state)
    if "panne" in said.cues:
        return not_working(desk, state)
    return None


def missed(desk: Desk, state: ConversationState) -> Turn:
    """The answer was not what was asked: the other candidates first, then a person."""
    note = Note("unhelpful", state.question, state.answered)
    rejected = state._replace(refused=(*state.refused, *state.answered), answered=(), others=())
    left = tuple(intent for intent in state.others if intent not in rejected.refused)
    if left:
        turn = scenes.guesses(desk, rejected, left, again=True)
    else:
        turn = scenes.hand_over(desk, rejected, "plus_de_piste")
    return turn._replace(notes=(note,) if state.question else ())


def not_working(desk: Desk, state: ConversationState) -> Turn:
    """What the answer says was done and did not help: only a person can look further."""
    note = Note("unhelpful", state.question, state.answered)
    stuck = state._replace(stuck=state.stuck + 1)
    turn = scenes.hand_over(desk, stuck, "encore_bloque" if state.stuck else "panne")
    return turn._replace(notes=(note,) if state.question and not state.stuck else ())


def not_found(desk: Desk, state: ConversationState) -> Turn:
    """A step of the answer cannot be found: the steps once more with the number beside them, then a person."""
    if state.stuck:
        return not_working(desk, state)
    turn = again(desk, state, "introuvable")
    contact = (*turn.reply.closing, *desk.voice.contact())
    reply = replace(turn.reply, closing=contact, contact=desk.voice.reachable, asks_feedback=False)
    return turn._replace(state=turn.state._replace(stuck=1, expects=""), reply=reply)


def again(desk: Desk, state: ConversationState, key: str) -> Turn:
    """The last answer once more, after a message."""
    turn = scenes.answer(desk, state._replace(seen=()), state.answered)
    reply = replace(turn.reply, sections=(scenes.text(desk, key), *turn.reply.sections))
    return turn._replace(state=turn.state._replace(seen=state.seen), reply=reply)


def repeat(desk: Desk, state: ConversationState) -> Turn:
    """The list that is waiting for a choice, or the last answer, once more.

    Who asks for a list again may be lost: from the second time on, the way to a person stands under it.
    """
    waiting = state.expects in ("choice", "yesno") and bool(state.options)
    if waiting and not picks.nothing_asked(state, options.alive(desk, state.options)):
        lost = state._replace(misses=state.misses + 1)
        way_out = scenes.way_out(desk, lost)
        then = scenes.Then(state.options, state.expects, "precisez_suite", way_out, contact=bool(way_out))
        return scenes.show(desk, lost, ReplyKind.CLARIFY, scenes.text(desk, "repete_liste"), then=then)
    if state.answered and state.stuck:
        return scenes.hand_over(desk, state, "encore_bloque")
    if state.answered:
        turn = again(desk, scenes.understood(state), "repete")
        return turn._replace(state=turn.state._replace(stuck=1))
    return scenes.show(desk, state, ReplyKind.COURTESY, scenes.text(desk, "rien_a_repeter"))


def _is_about_last(desk: Desk, state: ConversationState, said: Said) -> bool:
    """« je ne trouve pas mes commandes » after an answer that names « Mes commandes », or that nothing else answers."""
    answers = desk.voice.knowledge.answers
    told = {word for i in state.answered if i in answers for word in words_of(f"{answers[i].title} {answers[i].text}")}
    if told.issuperset(word for word in words_of(said.text) if len(word) > 6):
        return True
    match = desk.understanding.match(said.text)
    return match.decision is not Decision.ANSWER or set(match.intents) <= set(state.answered)
