"""One turn: where the conversation stands and what was said -> where it stands next and what is replied. Pure."""

from __future__ import annotations

from dataclasses import replace

from chatbot.dialogue import answering, followups, form, options, picks, scenes, sent, states
from chatbot.dialogue.desk import Desk, Said, listen
from chatbot.dialogue.folded import words_of
from chatbot.dialogue.reply import ReplyKind
from chatbot.dialogue.state import ConversationState, Turn
from chatbot.knowledge import Role
from chatbot.matching.model import Decision

# Categories of mots.yaml, each with a message of its name; the gravest first.
_DANGERS = ("danger_soi", "danger_produit", "danger_animal", "danger_feu", "fraude")
# An alert is told again at so many messages after it; and the confidence from which one of them is another matter.
_TOLD_AGAIN = 2
_SURELY_ELSE = 0.9
_REASSURED = frozenset({"fini", "entendu", "oui", "non", "colere"})
# In words: more hold another question.
_LONGEST_PRICE = 9
# Of the shop's number: fewer may be a quantity.
_LEAST_DIGITS = 3
# Of these, the shop has something to say of too.
_FOR_A_PERSON_TOO = frozenset({"danger_feu", "fraude"})


def advance(desk: Desk, state: ConversationState, text: str) -> Turn:
    """The turn that answers `text`. Equal arguments give equal turns."""
    said = listen(desk, text, state.question)
    state = state._replace(over=False)
    if said.secret:
        return _warned(desk, _with_secret(desk, state, said))
    return _advance(desk, state, said)


def _advance(desk: Desk, state: ConversationState, said: Said) -> Turn:
    if state.form is not None:
        return _with_danger(desk, form.advance(desk, state, said), said)
    if not said.text:
        return scenes.not_understood(desk, state, empty=True)
    calm = state._replace(alarms=())
    return (
        _danger(desk, calm, said)
        or _command(desk, calm, said)
        or picks.choice(desk, calm, said)
        or _still_in_danger(desk, state, said)
        or states.told_next(desk, calm, said)
        or _reaction(desk, calm, said)
        or _titled(desk, calm, said)
        or answering.question(desk, calm, said)
    )


def _with_secret(desk: Desk, state: ConversationState, said: Said) -> Turn:
    """A message with a secret: what is left of it is answered; in the form it is kept where a message is awaited."""
    short = len(words_of(said.text)) < 3
    if state.form is not None and (short or state.form.step != "message"):
        return form.ask_again(desk, state)
    if short:
        return scenes.show(desk, state, ReplyKind.HELP, scenes.text(desk, "ecoute"))
    return _advance(desk, state, said)


def _warned(desk: Desk, turn: Turn) -> Turn:
    warning = scenes.text(desk, "secret")
    return turn._replace(reply=replace(turn.reply, sections=(warning, *turn.reply.sections), private=True))


def _danger(desk: Desk, state: ConversationState, said: Said) -> Turn | None:
    """Somebody may be hurt or robbed: whom to call, before anything the shop has to say."""
    found = _danger_in(said)
    if found is None:
        return None
    alarmed = scenes.understood(state)._replace(alarms=(found,) * _TOLD_AGAIN)
    if found in _FOR_A_PERSON_TOO:
        return scenes.hand_over(desk, alarmed, found)
    return scenes.simple(desk, alarmed, ReplyKind.HELP, found)


def _still_in_danger(desk: Desk, state: ConversationState, said: Said) -> Turn | None:
    """« il tousse », « je lui ai donné », after an alert: whom to call once more, unless it is surely another matter."""
    if not state.alarms:
        return None
    match = desk.understanding.match(said.text)
    asks_else = match.decision is Decision.ANSWER and match.confidence >= _SURELY_ELSE
    polite = asks_else and desk.voice.knowledge.role(match.intents[0]) is Role.SMALL_TALK
    if (asks_else and not polite) or said.cues & _REASSURED:
        return None
    alarm, *left = state.alarms
    turn = scenes.simple(desk, state, ReplyKind.HELP, alarm)
    return turn._replace(state=turn.state._replace(alarms=tuple(left)))


def _danger_in(said: Said) -> str | None:
    return next((danger for danger in _DANGERS if danger in said.cues), None)


def _with_danger(desk: Desk, turn: Turn, said: Said) -> Turn:
    """A turn of the form, with whom to call above it when what was written tells of a danger."""
    found = _danger_in(said)
    if found is None:
        return turn
    sections = (scenes.text(desk, found), *turn.reply.sections)
    return turn._replace(reply=replace(turn.reply, sections=sections))


def _command(desk: Desk, state: ConversationState, said: Said) -> Turn | None:
    """The words that move the customer around, at any turn."""
    if "quitter" in said.cues:
        return goodbye(desk)
    if "menu" in said.cues:
        return scenes.menu(desk, state)
    if "aide" in said.cues:
        return scenes.simple(desk, state, ReplyKind.HELP, "aide")
    if "formulaire" in said.cues:
        return picks.form_wanted(desk, state, said)
    if "identite" in said.cues:
        return scenes.simple(desk, state, ReplyKind.HELP, "identite")
    if state.reference and _is_about_the_message_sent(state, said):
        return sent.already_sent(desk, state, asks_when="reponse_quand" in said.cues)
    if "annonce" in said.cues:
        return scenes.simple(desk, state, ReplyKind.COURTESY, "ecoute")
    if "repeter" in said.cues:
        return followups.repeat(desk, state)
    moved = state.place or state.expects or state.answered
    # « et le retour ? » is about sending back.
    return picks.back(desk, state) if "retour" in said.cues and moved and "?" not in said.text else None


def _is_about_the_message_sent(state: ConversationState, said: Said) -> bool:
    """« quelle est ma référence ? »; and « répétez » or « annuler », as long as nothing else was answered since."""
    if said.cues & {"reference", "reponse_quand"}:
        return True
    return not state.answered and bool(said.cues & {"repeter", "annuler", "envoyer"})


def goodbye(desk: Desk) -> Turn:
    """The end of a conversation: nothing of it is remembered."""
    turn = scenes.simple(desk, ConversationState(), ReplyKind.END, "au_revoir")
    return turn._replace(state=turn.state._replace(over=True), reply=replace(turn.reply, over=True))


def _reaction(desk: Desk, state: ConversationState, said: Said) -> Turn | None:
    """A word on the last reply: did it help, it does not work, fine, no more questions."""
    if state.expects == "feedback" and said.cues & {"oui", "non", "mitige"} and "fini" not in said.cues:
        return _feedback(desk, state, said)
    if "indecis" in said.cues:
        lost = state.expects == "rephrase"
        return scenes.hand_over(desk, state, "plus_de_piste") if lost else scenes.menu(desk, state)
    if "fini" in said.cues:
        return scenes.simple(desk, state, ReplyKind.COURTESY, "rien_d_autre")
    if "attente" in said.cues:
        return scenes.simple(desk, state, ReplyKind.COURTESY, "attente")
    if _asks_the_price_of_a_call(desk, state, said):
        known = desk.voice.reachable.tariff
        return scenes.hand_over(desk, scenes.understood(state), *(() if known else ("sans_tarif",)))
    turn = followups.follow_up(desk, scenes.understood(state), said)
    if turn is not None:
        return turn
    if "insatisfait" in said.cues:
        return scenes.hand_over(desk, state, "plus_de_piste")
    if "entendu" in said.cues and state.answered:
        return scenes.simple(desk, state, ReplyKind.COURTESY, "entendu")
    if said.cues & {"oui", "entendu"}:
        return scenes.simple(desk, state, ReplyKind.COURTESY, "ecoute")
    return scenes.simple(desk, state, ReplyKind.COURTESY, "rien_d_autre") if said.cues & {"non", "aucune"} else None


def _asks_the_price_of_a_call(desk: Desk, state: ConversationState, said: Said) -> bool:
    """« c'est surtaxé ? », « pourquoi le 08 99 est si cher ? »; « c'est payant ? » after how to reach a person."""
    words = words_of(said.text)
    if len(words) > _LONGEST_PRICE:
        return False
    answers = desk.voice.knowledge.answers
    adviser = any(scenes.is_adviser(answers[intent]) for intent in state.answered if intent in answers)
    typed, phone = (_digits(text) for text in (said.text, desk.voice.reachable.phone))
    named = len(typed) >= _LEAST_DIGITS and phone.startswith(typed)
    priced = named and any("mot_du_prix" in desk.cues.heard(word) for word in words)
    return priced or "tarif_appel" in said.cues or ("payant" in said.cues and adviser)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _feedback(desk: Desk, state: ConversationState, said: Said) -> Turn:
    """It helped, it did not, it did a little: « un peu » is no misunderstanding, but not the end of the trouble."""
    if "oui" in said.cues:
        return scenes.simple(desk, state, ReplyKind.COURTESY, "aide_oui")
    return followups.not_working(desk, state) if "mitige" in said.cues else followups.missed(desk, state)


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
