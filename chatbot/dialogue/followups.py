"""Follow-ups on the last answer: it does not work, I cannot find it, say it again, that was not my question, and if… ?"""

from __future__ import annotations

from dataclasses import replace

from chatbot.dialogue import options, picks, scenes
from chatbot.dialogue.cues import Words, words_of
from chatbot.dialogue.desk import Desk, Said
from chatbot.dialogue.reply import ReplyKind
from chatbot.dialogue.state import ConversationState, Note, Turn
from chatbot.knowledge import Answer, Role
from chatbot.matching.model import Decision, Match

# In words: more than this is a question of its own.
_LONGEST_MORE = 8
# Confidence from which a few words are a question of their own, and from which one they may be is worth offering.
_OWN_QUESTION = 0.9
_WORTH_OFFERING = 0.7
_MOST_OFFERED = 2
# Parts of one answer shown again, one question after the other; then a person.
_MOST_PARTS = 2
# In words: what the last answer called for is said shortly; in so few (« elle est déjà expédiée ») it is nothing else.
_LONGEST_TOLD = 12
_LONGEST_STATE = 5
# Of the words that ask or deny, those that a state may be told with.
_SAID_WITH_A_STATE = frozenset({"ne", "n", "non", "avec", "ou", "rien", "sans"})


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


def told_next(desk: Desk, state: ConversationState, said: Said) -> Turn | None:
    """What the shop says to words its last answer called for: « en attente » after « regardez l'état de la commande ».

    None without such words in a short message, when they are asked about or denied, when they are said of something
    else (« mon paiement est en attente ») or belong to a question of their own.
    """
    words = words_of(said.text)
    told = [desk.voice.knowledge.answers[i] for i in state.answered if i in desk.voice.knowledge.answers]
    wordings = [(words_of(w), f.text, answer) for answer in told for f in answer.follow_ups for w in f.said]
    if not wordings or len(words) > _LONGEST_TOLD:
        return None
    found = _said_in(words, wordings)
    if not found:
        words = tuple(token.form for token in desk.understanding.normalizer(said.text).tokens)
        found = _said_in(words, wordings)
    covered = {place for place, wording, _, _ in found for place in range(place, place + len(wording))}
    rest = {word for place, word in enumerate(words) if place not in covered}
    texts = tuple(dict.fromkeys(text for _, _, text, _ in found))
    answer = found[0][3] if found else None
    if answer is None or (len(texts) > 1 and "ou" in rest) or not _only_a_state(desk, answer, rest):
        return None
    match = desk.understanding.match(said.text)
    own = match.decision is Decision.ANSWER and match.confidence >= _OWN_QUESTION
    if own and len(words) > _LONGEST_STATE and state.answered[0] not in match.intents:
        return None
    return scenes.told(desk, state, answer, texts)


def _said_in(words: Words, wordings: list[tuple[Words, str, Answer]]) -> list[tuple[int, Words, str, Answer]]:
    """The wordings in the words, by place; of two at the same words the longer (« plus en attente », « en attente »)."""
    found: list[tuple[int, Words, str, Answer]] = []
    taken: set[int] = set()
    for wording, text, answer in sorted(wordings, key=lambda one: -len(one[0])):
        for place in range(len(words) - len(wording) + 1):
            places = {*range(place, place + len(wording))}
            if words[place : place + len(wording)] == wording and taken.isdisjoint(places):
                taken |= places
                found.append((place, wording, text, answer))
    return sorted(found, key=lambda one: one[0])


def _only_a_state(desk: Desk, answer: Answer, rest: set[str]) -> bool:
    """Do the words beside a follow-up's only say where it was read or that it is so: no question, no other subject?"""
    language = desk.understanding.normalizer.language
    asked_or_denied = language.protected - _SAID_WITH_A_STATE
    known = language.function_words | {*words_of(f"{answer.title} {answer.text}")}
    around = (word for word in rest if word not in known and not word.isdigit())
    return rest.isdisjoint(asked_or_denied) and all("autour_d_un_etat" in desk.cues.heard(word) for word in around)


def more_about(desk: Desk, state: ConversationState, said: Said, match: Match) -> Turn | None:
    """« et si c'est pour la Belgique ? » after an answer: understood together with what was asked before, it is about
    the same. What the answer says of it is shown once more; else the answer goes no further. None for a question of its
    own.

    What the few words might mean alone is offered beside the way to a person.
    """
    if not state.answered or len(said.text.split()) > _LONGEST_MORE:
        return None
    alone = match.confidence if match.decision is Decision.ANSWER else 0.0
    hesitates = match.decision is Decision.CLARIFY and match.candidates[0].intent in state.answered
    asked = "suite" in said.cues
    if alone >= _OWN_QUESTION or not (asked or hesitates) or not _goes_on(desk, state, said):
        return None
    part = _part_about(desk, state, match) if state.stuck < _MOST_PARTS else ""
    if part:
        return scenes.part_told(desk, state, part)
    if not asked:
        return None
    likely = [c.intent for c in match.candidates if c.confidence >= _WORTH_OFFERING and c.intent not in state.answered]
    offers = tuple(f"guess:{intent}" for intent in likely if desk.voice.knowledge.role(intent) is not Role.SMALL_TALK)
    return scenes.no_more(desk, state, offers[:_MOST_OFFERED])


def _part_about(desk: Desk, state: ConversationState, match: Match) -> str:
    """The one paragraph of the last answer that holds the most telling words of the message; "" when several or none do."""
    normalizer, answers = desk.understanding.normalizer, desk.voice.knowledge.answers
    everyday = normalizer.language.function_words
    told = {token.stem for token in match.analysis.tokens if token.form not in everyday and len(token.form) > 2}
    parts = [
        part
        for intent in state.answered
        if intent in answers and not scenes.is_adviser(answers[intent])
        for part in desk.voice.section(answers[intent]).paragraphs
    ]
    held = [len(told.intersection(token.stem for token in normalizer(part).tokens)) for part in parts]
    most = max(held, default=0)
    return parts[held.index(most)] if most and held.count(most) == 1 else ""


def _goes_on(desk: Desk, state: ConversationState, said: Said) -> bool:
    """Is this, said after the last question or after the title of its answer, about the last answer?"""
    for before in (state.question, *map(desk.voice.title, state.answered)):
        match = desk.understanding.match(f"{before.rstrip(' .?!…')} {said.text}") if before else None
        if match and match.candidates and match.candidates[0].intent in state.answered and len(match.intents) < 2:
            return True
    return False


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
