"""After the form: what is said once a message is stored, and when the customer comes back to it."""

from __future__ import annotations

from dataclasses import replace

from chatbot.dialogue import scenes
from chatbot.dialogue.desk import Desk
from chatbot.dialogue.reply import ReplyKind, Section
from chatbot.dialogue.state import ConversationState, Turn


def stored(desk: Desk, state: ConversationState, reference: str) -> Turn:
    """What is said once the request is safely stored under `reference`."""
    section = Section("", desk.voice.paragraphs("formulaire_envoye", reference=reference))
    done = state._replace(form=None, options=(), question="", stuck=0, answered=(), reference=reference)
    turn = scenes.show(desk, done, ReplyKind.SENT, section, then=scenes.Then(hint="apres_reponse"))
    return turn._replace(reply=replace(turn.reply, reference=reference))


def already_sent(desk: Desk, state: ConversationState, *, asks_when: bool = False) -> Turn:
    """The reference of the message that was sent, and that only a person can take it back, or say when it is answered."""
    key = "formulaire_delai" if asks_when else "formulaire_parti"
    section = Section("", desk.voice.paragraphs(key, reference=state.reference))
    turn = scenes.show(desk, state, ReplyKind.CONTACT, section, then=scenes.Then(hint="apres_reponse"))
    reply = replace(turn.reply, reference=state.reference, contact=desk.voice.reachable)
    return turn._replace(reply=reply)
