"""What the bot shows: each scene is a pure function from where the conversation stands to a turn."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from chatbot.dialogue import options
from chatbot.dialogue.desk import Desk
from chatbot.dialogue.reply import Reply, ReplyKind, Section
from chatbot.dialogue.state import ConversationState, Turn
from chatbot.knowledge import Answer, Role

# Guesses offered at once; more would be a menu.
GUESSES = 3
Actions = tuple[str, ...]


class Then(NamedTuple):
    """What follows the sections of a scene: choices, what the next message is expected to be, last words, a hint."""

    offers: Actions = ()
    expects: str = ""
    hint: str = ""
    closing: tuple[str, ...] = ()
    contact: bool = False


NOTHING = Then()


def show(desk: Desk, state: ConversationState, kind: ReplyKind, *sections: Section, then: Then = NOTHING) -> Turn:
    """A turn that shows sections and offers; the last list offered stays usable by number when there is no new one."""
    offered = options.alive(desk, then.offers)
    reply = Reply(
        kind,
        sections,
        options.choices(desk, offered),
        then.closing,
        desk.voice.say(then.hint) if then.hint else "",
        _suggestions(desk, then.contact),
        desk.voice.reachable if then.contact else None,
        knowledge_version=desk.voice.knowledge.version,
    )
    return Turn(state._replace(expects=then.expects, options=offered or state.options), reply)


def text(desk: Desk, *keys: str) -> Section:
    """Messages as one untitled section."""
    return Section("", tuple(paragraph for key in keys for paragraph in desk.voice.paragraphs(key)))


def with_contact(desk: Desk, *keys: str) -> Section:
    """Messages followed by how to reach a person."""
    return Section("", (*text(desk, *keys).paragraphs, *desk.voice.contact()))


def opening(desk: Desk) -> Turn:
    """The first words of a conversation: what this is, what not to type, the most frequent questions."""
    frequent = desk.voice.knowledge.frequent
    offers = tuple(f"answer:{answer.intent}" for answer in frequent)
    sections = [text(desk, "ouverture")]
    if frequent:
        sections.append(Section(desk.voice.say("ouverture_questions"), ()))
    state = ConversationState()
    return show(desk, state, ReplyKind.OPENING, *sections, then=Then(offers, hint="ouverture_suite"))


def menu(desk: Desk, state: ConversationState, *before: str) -> Turn:
    """The topics of the help page, in its order, after messages."""
    knowledge = desk.voice.knowledge
    told = (text(desk, *before),) if before else ()
    section = Section(knowledge.heading, desk.voice.paragraphs("menu"))
    offers = tuple(f"topic:{topic.intent}" for topic in knowledge.topics)
    moved = understood(state)._replace(place="menu")
    return show(desk, moved, ReplyKind.MENU, *told, section, then=Then(offers, "choice", "menu_suite"))


def topic(desk: Desk, state: ConversationState, intent: str) -> Turn:
    """The questions of a topic; for a topic without any, what the shop says about it and how to reach a person."""
    questions = desk.voice.knowledge.questions_of(intent)
    moved = understood(state)._replace(place=intent)
    if not questions:
        return answer(desk, moved, (intent,))
    section = Section(desk.voice.title(intent), desk.voice.paragraphs("sujet"))
    offers = (*(f"answer:{question.intent}" for question in questions), "other", "menu")
    return show(desk, moved, ReplyKind.MENU, section, then=Then(offers, "choice", "sujet_suite"))


def answer(desk: Desk, state: ConversationState, intents: tuple[str, ...], *, unsure: bool = False) -> Turn:
    """The answers to one or more intents, main wish first. `unsure`: the customer had to help the bot find them.

    « Did this help? » is asked only where a no is likely and worth knowing: after a guess the customer picked, and
    when the same answer comes a second time.
    """
    found = [desk.voice.knowledge.answers[intent] for intent in intents if intent in desk.voice.knowledge.answers]
    sections = [_section(desk, a, titled=a.role in (Role.QUESTION, Role.TOPIC) or len(found) > 1) for a in found]
    said = tuple(paragraph for section in sections for paragraph in section.paragraphs)
    beside = desk.voice.beside_the_number(said)
    feedback = (unsure or any(i in state.seen for i in intents)) and any(a.role is Role.QUESTION for a in found)
    contact = desk.voice.reachable.phone in "\n".join(said)
    offers = _after(desk, found, state)
    closing = (*beside, *(desk.voice.paragraphs("aide_utile") if feedback else ()))
    expects = "feedback" if feedback else "choice" if offers else ""
    hint = "apres_deux" if len(found) > 1 and not feedback else _hint(desk, state, feedback, contact, offers)
    then = Then(offers, expects, hint, closing, contact)
    turn = show(desk, _answered(state, intents), ReplyKind.ANSWER, *sections, then=then)
    return turn._replace(reply=replace(turn.reply, asks_feedback=feedback))


def _section(desk: Desk, found: Answer, *, titled: bool) -> Section:
    """An answer; under how to reach a person, what the shop has not said of the call."""
    section = desk.voice.section(found, titled=titled)
    unknown = desk.voice.unknown() if is_adviser(found) else ()
    return section._replace(paragraphs=(*section.paragraphs, *unknown)) if unknown else section


def guesses(desk: Desk, state: ConversationState, intents: tuple[str, ...], *, again: bool = False) -> Turn:
    """Up to three titles the customer may have meant, and a way out. `again`: after an answer that missed."""
    offers = tuple(f"guess:{intent}" for intent in intents[:GUESSES])
    alone = len(offers) == 1
    intro = "autres_pistes" if again else "precisez_une" if alone else "precisez"
    hint = "precisez_une_suite" if alone else "precisez_suite"
    moved = state._replace(place="", misses=state.misses + 1)
    expects = "yesno" if alone else "choice"
    beside = way_out(desk, moved)
    then = Then((*offers, "none"), expects, hint, beside, contact=bool(beside))
    return show(desk, moved, ReplyKind.CLARIFY, text(desk, intro), then=then)


def way_out(desk: Desk, state: ConversationState) -> tuple[str, ...]:
    """How to reach a person: from the second turn in a row that was not understood on, or when no turn follows."""
    return desk.voice.contact() if state.misses >= 2 or desk.alone else ()


def not_understood(desk: Desk, state: ConversationState, *, empty: bool = False) -> Turn:
    """Once: the number, the form, the topics. From the second time in a row on: a person, by number or form."""
    missed = state._replace(misses=state.misses + 1)
    if missed.misses >= 2:
        return hand_over(desk, missed, "toujours_incompris", kind=ReplyKind.FALLBACK)
    section = with_contact(desk, "vide" if empty else "incompris")
    offers = tuple(f"topic:{topic.intent}" for topic in desk.voice.knowledge.topics)
    return show(desk, missed, ReplyKind.FALLBACK, section, then=Then(offers, "choice", "menu_suite", contact=True))


def hand_over(
    desk: Desk, state: ConversationState, *keys: str, kind: ReplyKind = ReplyKind.CONTACT, guessed: Actions = ()
) -> Turn:
    """A person: the number and the form, after a word on why; what else may have been meant (`guessed`) first."""
    offers = (*guessed, *_form(desk), "menu")
    moved = state._replace(place="")
    return show(desk, moved, kind, with_contact(desk, *keys), then=Then(offers, "choice", contact=True))


def told(desk: Desk, state: ConversationState, answer: Answer, follow_ups: tuple[str, ...]) -> Turn:
    """What the shop says next about its last answer; that answer stays the last one."""
    section = desk.voice.section(answer._replace(text="\n\n".join(follow_ups)), titled=False)
    beside = desk.voice.beside_the_number(section.paragraphs)
    contact = desk.voice.reachable.phone in "\n".join(section.paragraphs)
    moved = understood(state)._replace(place="", stuck=0)
    turn = show(
        desk,
        moved,
        ReplyKind.ANSWER,
        section,
        then=Then((), "", _hint(desk, moved, False, contact, ()), beside, contact),
    )
    return turn._replace(reply=replace(turn.reply, intents=(answer.intent,)))


def part_told(desk: Desk, state: ConversationState, part: str) -> Turn:
    """The part of the last answer that a question about it is answered by."""
    moved = understood(state)._replace(place="", stuck=state.stuck + 1)
    then = Then(hint="apres_reponse")
    return show(desk, moved, ReplyKind.ANSWER, text(desk, "extrait"), Section("", (part,)), then=then)


def write_instead(desk: Desk, state: ConversationState) -> Turn:
    """The form alone, for who cannot phone or was not answered."""
    moved = understood(state)._replace(place="")
    if desk.voice.form_here:
        then = Then(("form", "menu"), "choice", "conseiller_suite")
        return show(desk, moved, ReplyKind.CONTACT, text(desk, "sans_reponse"), then=then)
    return show(desk, moved, ReplyKind.CONTACT, text(desk, "sans_reponse", "formulaire_ailleurs"))


def simple(desk: Desk, state: ConversationState, kind: ReplyKind, key: str) -> Turn:
    """One message and no more."""
    return show(desk, understood(state), kind, text(desk, key))


def understood(state: ConversationState) -> ConversationState:
    """The state once something was understood: no miss in a row any more."""
    return state._replace(misses=0)


def is_adviser(found: Answer) -> bool:
    """Is this answer how to reach a person?"""
    return found.role is Role.ADVISER


def _answered(state: ConversationState, intents: tuple[str, ...]) -> ConversationState:
    seen = tuple(dict.fromkeys((*state.seen, *intents)))
    return understood(state)._replace(answered=intents, seen=seen, stuck=0, refused=())


def _after(desk: Desk, found: list[Answer], state: ConversationState) -> Actions:
    """What to offer under an answer: a topic's questions; the form and the topics under a way to reach a person."""
    if len(found) != 1:
        return ()
    if found[0].role is Role.TOPIC:
        questions = desk.voice.knowledge.questions_of(found[0].intent)
        return (*(f"answer:{question.intent}" for question in questions), *_form(desk), "menu")
    return (*_form(desk), "menu") if is_adviser(found[0]) else ()


def _form(desk: Desk) -> Actions:
    return ("form",) if desk.voice.form_here else ()


def _hint(desk: Desk, state: ConversationState, feedback: bool, contact: bool, offers: Actions) -> str:
    if feedback:
        return "aide_utile_suite"
    if offers:
        return "menu_suite" if len(offers) > 2 else "conseiller_suite" if offers[0] == "form" else ""
    if state.place not in ("", "menu"):
        return "apres_menu"
    return "apres_contact" if contact and desk.voice.form_here else "apres_reponse"


def _suggestions(desk: Desk, contact: bool) -> tuple[str, ...]:
    return ("menu", "formulaire") if contact and desk.voice.form_here else ("menu",)
