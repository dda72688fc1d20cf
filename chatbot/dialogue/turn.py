"""One turn: where the conversation stands and what was said -> where it stands next and what is replied. Pure."""

from __future__ import annotations

from dataclasses import replace

from chatbot.dialogue import followups, form, options, scenes
from chatbot.dialogue.cues import words_of
from chatbot.dialogue.desk import Desk, Said, listen
from chatbot.dialogue.reply import ReplyKind, Section
from chatbot.dialogue.state import ConversationState, Note, Turn
from chatbot.knowledge import Role
from chatbot.matching.model import Decision, Match


def advance(desk: Desk, state: ConversationState, text: str) -> Turn:
    """The turn that answers `text`. Equal arguments give equal turns."""
    said = listen(desk, text)
    state = state._replace(over=False)
    if said.secret:
        return _warned(desk, _with_secret(desk, state, said))
    return _advance(desk, state, said)


def _advance(desk: Desk, state: ConversationState, said: Said) -> Turn:
    if state.form is not None:
        turn = form.advance(desk, state, said)
        if turn is not None:
            return turn
        state = state._replace(form=None)
    if not said.text:
        return scenes.not_understood(desk, state, empty=True)
    return (
        _command(desk, state, said)
        or _choice(desk, state, said)
        or _reaction(desk, state, said)
        or _titled(desk, state, said)
        or _question(desk, state, said)
    )


def _with_secret(desk: Desk, state: ConversationState, said: Said) -> Turn:
    """A message with a secret: in the form the field is asked again; elsewhere what is left of it is answered."""
    if state.form is not None:
        return form.ask_again(desk, state)
    if len(words_of(said.text)) < 3:
        return scenes.show(desk, state, ReplyKind.HELP, scenes.text(desk, "ecoute"))
    return _advance(desk, state, said)


def _warned(desk: Desk, turn: Turn) -> Turn:
    warning = scenes.text(desk, "secret")
    return turn._replace(reply=replace(turn.reply, sections=(warning, *turn.reply.sections), private=True))


def _command(desk: Desk, state: ConversationState, said: Said) -> Turn | None:
    """The words that move the customer around, at any turn."""
    if "quitter" in said.cues:
        return goodbye(desk)
    if "menu" in said.cues:
        return scenes.menu(desk, state)
    if "aide" in said.cues:
        return scenes.simple(desk, state, ReplyKind.HELP, "aide")
    if "formulaire" in said.cues:
        return form.start(desk, state)
    if "repeter" in said.cues and (state.answered or state.expects):
        return followups.repeat(desk, state)
    return _back(desk, state) if "retour" in said.cues and (state.place or state.expects) else None


def goodbye(desk: Desk) -> Turn:
    """The end of a conversation: nothing of it is remembered."""
    turn = scenes.simple(desk, ConversationState(), ReplyKind.END, "au_revoir")
    return turn._replace(state=turn.state._replace(over=True), reply=replace(turn.reply, over=True))


def _back(desk: Desk, state: ConversationState) -> Turn:
    """One step up: from an answer to its topic's questions, from a topic (or anywhere else) to the topics."""
    reading_answer = state.place not in ("", "menu") and state.expects != "choice"
    if reading_answer and desk.voice.knowledge.questions_of(state.place):
        return scenes.topic(desk, state, state.place)
    return scenes.menu(desk, state)


def _choice(desk: Desk, state: ConversationState, said: Said) -> Turn | None:
    """A choice among what was offered: by number, ordinal, yes, no, none, or part of a title."""
    offered = options.alive(desk, state.options)
    waiting = state.expects in ("choice", "yesno")
    number = options.number_in(desk, said, len(offered))
    if number is not None and offered:
        if 1 <= number <= len(offered):
            return act(desk, state, offered[number - 1])
        return _out_of_list(desk, state, offered) if waiting else None
    if not waiting or not offered:
        return None
    if said.cues & {"aucune", "non", "insatisfait"}:
        return _none_of_them(desk, state, offered)
    if "oui" in said.cues:
        return _yes(desk, state, offered)
    action = options.by_part(desk, said, offered, least=1.0)
    return act(desk, state, action) if action else None


def act(desk: Desk, state: ConversationState, action: str) -> Turn:
    """What an option does."""
    verb, _, intent = action.partition(":")
    if verb == "answer":
        return scenes.answer(desk, state, (intent,))
    if verb == "guess":
        return scenes.answer(desk, state, (intent,), unsure=True)
    if verb == "topic":
        return scenes.topic(desk, state, intent)
    if verb == "form":
        return form.start(desk, state)
    if verb == "menu":
        return scenes.menu(desk, state)
    return _none_of_them(desk, state, (action,)) if verb in ("none", "other") else _back(desk, state)


def _none_of_them(desk: Desk, state: ConversationState, offered: tuple[str, ...]) -> Turn:
    """No to guesses: rephrase once, then a person. No to a topic's questions: a person. No to the rest: go on."""
    verbs = {action.partition(":")[0] for action in (*offered, *state.options)}
    if "none" in verbs:
        guessed = tuple(a.partition(":")[2] for a in state.options if a.startswith("guess:"))
        again = bool(state.refused)
        refused = state._replace(refused=(*state.refused, *guessed), options=())
        if again:
            return scenes.hand_over(desk, refused, "plus_de_piste")
        then = scenes.Then(expects="rephrase", closing=scenes.way_out(desk, refused))
        return scenes.show(desk, refused, ReplyKind.CLARIFY, scenes.text(desk, "reformulez"), then=then)
    if "other" in verbs:
        return scenes.hand_over(desk, state._replace(misses=0), "ecoute")
    return scenes.simple(desk, state, ReplyKind.COURTESY, "ecoute")


def _yes(desk: Desk, state: ConversationState, offered: tuple[str, ...]) -> Turn:
    """Yes to one guess or to the form is that one; yes to several asks which, and counts as not understood."""
    if state.expects == "yesno" or offered[0] == "form":
        return act(desk, state, offered[0])
    return _ask_which(desk, state, offered, scenes.text(desk, "laquelle"))


def _out_of_list(desk: Desk, state: ConversationState, offered: tuple[str, ...]) -> Turn:
    message = desk.voice.paragraphs("numero_hors_liste", nombre=str(len(offered)))
    return _ask_which(desk, state, offered, Section("", message))


def _ask_which(desk: Desk, state: ConversationState, offered: tuple[str, ...], section: Section) -> Turn:
    missed = state._replace(misses=state.misses + 1)
    if missed.misses >= 3:
        return scenes.hand_over(desk, missed, "toujours_incompris", kind=ReplyKind.FALLBACK)
    way_out = scenes.way_out(desk, missed)
    then = scenes.Then(offered, state.expects, "precisez_suite", way_out, contact=bool(way_out))
    return scenes.show(desk, missed, ReplyKind.CLARIFY, section, then=then)


def _reaction(desk: Desk, state: ConversationState, said: Said) -> Turn | None:
    """A word on the last reply: did it help, it does not work, fine, no more questions."""
    if state.expects == "feedback" and "oui" in said.cues:
        return scenes.simple(desk, state, ReplyKind.COURTESY, "aide_oui")
    if state.expects == "feedback" and "non" in said.cues:
        return followups.missed(desk, state)
    turn = followups.follow_up(desk, scenes.understood(state), said)
    if turn is not None:
        return turn
    if "entendu" in said.cues and state.answered:
        return scenes.simple(desk, state, ReplyKind.COURTESY, "entendu")
    if "oui" in said.cues:
        return scenes.simple(desk, state, ReplyKind.COURTESY, "ecoute")
    return scenes.simple(desk, state, ReplyKind.COURTESY, "rien_d_autre") if said.cues & {"non", "aucune"} else None


def _titled(desk: Desk, state: ConversationState, said: Said) -> Turn | None:
    """A title typed in full, as completion and buttons send it."""
    intent = options.by_title(desk, said)
    if intent is None:
        return None
    answer = desk.voice.knowledge.answers[intent]
    if answer.role is Role.TOPIC:
        return scenes.topic(desk, state, intent)
    if answer.role is Role.QUESTION:
        return scenes.answer(desk, state._replace(place="", others=(), question=said.text), (intent,))
    return None


def _question(desk: Desk, state: ConversationState, said: Said) -> Turn:
    """Anything else is a question, and goes to the matcher."""
    match = desk.understanding.match(said.text)
    answers = desk.voice.knowledge.answers
    likely = tuple(c.intent for c in match.candidates if c.intent in answers and _is_worth(desk, c.intent))
    asked = state._replace(place="", question=said.text)
    wanted = tuple(intent for intent in match.intents if intent in answers)
    hinted = options.by_part(desk, said, state.options, least=0.5) if state.expects in ("choice", "yesno") else None
    if match.decision is Decision.ANSWER and wanted:
        turn = _answered(desk, asked, said, wanted, likely)
    elif hinted:
        # « une erreur dessus » : not a question by itself, but half of it names one of the choices.
        turn = act(desk, state, hinted)
    else:
        turn = _unsure(desk, asked, said, match, likely)
    confidence = match.candidates[0].confidence if match.candidates else None
    reply = replace(turn.reply, decision=str(match.decision), intents=match.intents, confidence=confidence)
    return turn._replace(reply=reply)


def _is_worth(desk: Desk, intent: str) -> bool:
    """May this be offered as a guess? Politeness never is."""
    answer = desk.voice.knowledge.answers[intent]
    return answer.role is not Role.SMALL_TALK or scenes.is_adviser(desk, answer)


def _answered(
    desk: Desk, state: ConversationState, said: Said, wanted: tuple[str, ...], likely: tuple[str, ...]
) -> Turn:
    """Every wish under its title, main one first; politeness around a question is not a wish."""
    telling = tuple(intent for intent in wanted if _is_worth(desk, intent))
    if not telling:
        section = desk.voice.section(desk.voice.knowledge.answers[wanted[0]], titled=False)
        return scenes.show(desk, scenes.understood(state), ReplyKind.COURTESY, section)
    others = tuple(intent for intent in likely if intent not in telling)[: scenes.GUESSES]
    turn = scenes.answer(desk, state._replace(others=others), telling, unsure=state.expects == "rephrase")
    if "colere" in said.cues:
        return _calmly(desk, turn)
    if "salut" in said.cues:
        greeting = scenes.text(desk, "salut")
        return turn._replace(reply=replace(turn.reply, sections=(greeting, *turn.reply.sections)))
    return turn


def _calmly(desk: Desk, turn: Turn) -> Turn:
    """The same answer after a calm word, with the way to a person beside it."""
    shown = "\n".join((*(p for s in turn.reply.sections for p in s.paragraphs), *turn.reply.closing))
    contact = () if desk.voice.reachable.phone in shown else desk.voice.contact()
    sections = (scenes.text(desk, "calme"), *turn.reply.sections)
    closing = (*turn.reply.closing, *contact)
    return turn._replace(reply=replace(turn.reply, sections=sections, closing=closing, contact=desk.voice.reachable))


def _unsure(desk: Desk, state: ConversationState, said: Said, match: Match, likely: tuple[str, ...]) -> Turn:
    """Guesses when there are any that were not refused before; else a person for the angry, or « not understood »."""
    guesses = tuple(i for i in likely if i not in state.refused)[: scenes.GUESSES]
    if "colere" in said.cues:
        turn = scenes.hand_over(desk, state._replace(misses=0), "calme")
        return turn._replace(notes=(Note("fallback", said.text, likely),))
    if match.decision is Decision.CLARIFY and guesses:
        turn = scenes.guesses(desk, state, guesses)
        return turn._replace(notes=(Note("clarify", said.text, guesses),))
    if state.expects == "rephrase":
        # The one rephrasing that was asked for was not understood either: no third try.
        state = state._replace(misses=max(1, state.misses))
    turn = scenes.not_understood(desk, state)
    return turn._replace(notes=(Note("fallback", said.text, likely),))
