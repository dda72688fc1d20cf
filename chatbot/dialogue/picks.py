"""Choices picked: by number, ordinal, yes, no, none, or part of a title; and what each of them does."""

from __future__ import annotations

import re

from chatbot.dialogue import form, options, scenes
from chatbot.dialogue.desk import Desk, Said
from chatbot.dialogue.folded import words_of
from chatbot.dialogue.reply import ReplyKind, Section
from chatbot.dialogue.state import ConversationState, Turn

# In words: « je prends les deux ».
_LONGEST_BOTH = 5
# « 1 et 2 »: numbers mean the lines of the list on the screen, whether it waits for a choice or not.
_NUMBERS = re.compile(r"\d(?:\s*(?:,|et|\+|&)\s*\d)+")
_WRITING = ("ecri", "formulaire", "message")
_REFUSALS = frozenset({"non", "pas", "sans"})


def choice(desk: Desk, state: ConversationState, said: Said) -> Turn | None:
    """A choice among what was offered: by number, ordinal, yes, no, none, or part of a title."""
    offered = options.alive(desk, state.options)
    waiting = state.expects in ("choice", "yesno")
    if waiting and said.cues & {"fini", "aucune"}:
        return _refused(desk, state, said, offered)
    several = options.several_in(desk, said, offered) if waiting or _NUMBERS.fullmatch(said.text) else ()
    if several:
        return scenes.answer(desk, state, several, unsure=True)
    if offered and _NUMBERS.fullmatch(said.text):
        return _out_of_list(desk, state, offered)
    if options.together(said) and len(words_of(said.text)) <= _LONGEST_BOTH:
        # « les deux » of three, or of nothing on the screen.
        return _ask_which(desk, state, offered, scenes.text(desk, "laquelle")) if waiting and offered else None
    number = options.number_in(desk, said, len(offered))
    if number is not None and not offered and state.answered:
        return _of_the_answers(desk, state, said, number)
    if number is not None and offered:
        if 1 <= number <= len(offered):
            return act(desk, state, offered[number - 1])
        return _out_of_list(desk, state, offered) if waiting else None
    return _worded(desk, state, said, offered) if waiting and offered else None


def _worded(desk: Desk, state: ConversationState, said: Said, offered: tuple[str, ...]) -> Turn | None:
    """A choice in words: yes, no, none, or part of a title."""
    if "insatisfait" in said.cues and not any(action.startswith("guess:") for action in offered):
        return scenes.hand_over(desk, state, "plus_de_piste")
    if said.cues & {"non", "insatisfait", "indecis"}:
        return _none_of_them(desk, state, offered)
    if "entendu" in said.cues and nothing_asked(state, offered):
        return None
    if "merci" in words_of(said.text) and all(action.startswith("topic:") for action in offered):
        # « ok merci » chooses none of the topics.
        return None
    if "oui" in said.cues:
        return _yes(desk, state, offered)
    if words_of(said.text) == words_of(state.question):
        # Asked once more in the same words: it was a question then, and still is.
        return None
    action = options.by_part(desk, said, offered, least=1.0)
    return _named(desk, state, said, action) if action else None


def _of_the_answers(desk: Desk, state: ConversationState, said: Said, number: int) -> Turn:
    """« et pour le deuxième ? » after an answer to two wishes is the second of them; a digit, a line of a lost list."""
    told = not any(c.isdigit() for c in said.text)
    if told and len(state.answered) > 1 and 1 <= number <= len(state.answered):
        return scenes.answer(desk, state, (state.answered[number - 1],))
    return scenes.simple(desk, state, ReplyKind.COURTESY, "ecoute") if told else scenes.menu(desk, state, "sans_liste")


def _named(desk: Desk, state: ConversationState, said: Said, action: str) -> Turn | None:
    if action != "form":
        return act(desk, state, action)
    # « je ne suis pas client » names « le service client », but no form.
    return form_wanted(desk, state, said) if any(word.startswith(_WRITING) for word in words_of(said.text)) else None


def form_wanted(desk: Desk, state: ConversationState, said: Said) -> Turn:
    """The form, which a message names; only the phone for « non, pas de formulaire »."""
    refused = not _REFUSALS.isdisjoint(words_of(said.text))
    return scenes.hand_over(desk, state, "sans_formulaire") if refused else form.start(desk, state)


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
    return _none_of_them(desk, state, (action,)) if verb in ("none", "other") else back(desk, state)


def back(desk: Desk, state: ConversationState) -> Turn:
    """One step up: from an answer to its topic's questions, from a topic (or anywhere else) to the topics."""
    reading_answer = state.place not in ("", "menu") and state.expects != "choice"
    if reading_answer and desk.voice.knowledge.questions_of(state.place):
        return scenes.topic(desk, state, state.place)
    return scenes.menu(desk, state)


def _refused(desk: Desk, state: ConversationState, said: Said, offered: tuple[str, ...]) -> Turn:
    """Nothing more is wanted, or none of what was offered."""
    if "fini" in said.cues or not offered:
        return scenes.simple(desk, state._replace(expects=""), ReplyKind.COURTESY, "rien_d_autre")
    return _none_of_them(desk, state, offered)


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
    if state.misses:
        return scenes.hand_over(desk, state, "plus_de_piste")
    return scenes.simple(desk, state, ReplyKind.COURTESY, "ecoute")


def nothing_asked(state: ConversationState, offered: tuple[str, ...]) -> bool:
    """Was the last reply an answer or a way to a person, with more offered under it? « ok » is then no choice."""
    verbs = {action.partition(":")[0] for action in offered}
    return "form" in verbs or (
        bool(state.answered) and state.place != "menu" and not verbs & {"none", "other", "guess"}
    )


def _yes(desk: Desk, state: ConversationState, offered: tuple[str, ...]) -> Turn:
    """Yes to one guess or to the form is that one; yes to several asks which, and counts as not understood."""
    if state.expects == "yesno" or offered[0] == "form":
        return act(desk, state, offered[0])
    return _ask_which(desk, state, offered, scenes.text(desk, "laquelle"))


def _out_of_list(desk: Desk, state: ConversationState, offered: tuple[str, ...]) -> Turn:
    key = "numero_hors_liste" if len(offered) > 1 else "numero_seul"
    message = desk.voice.paragraphs(key, nombre=str(len(offered)))
    return _ask_which(desk, state, offered, Section("", message))


def _ask_which(desk: Desk, state: ConversationState, offered: tuple[str, ...], section: Section) -> Turn:
    missed = state._replace(misses=state.misses + 1)
    if missed.misses >= 3:
        return scenes.hand_over(desk, missed, "toujours_incompris", kind=ReplyKind.FALLBACK)
    way_out = scenes.way_out(desk, missed)
    then = scenes.Then(offered, state.expects, "precisez_suite", way_out, contact=bool(way_out))
    return scenes.show(desk, missed, ReplyKind.CLARIFY, section, then=then)
