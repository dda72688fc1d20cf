"""Every scripted conversation, turn by turn, through the pure dialogue."""

from __future__ import annotations

import pytest
from talks import Script, conversation, faults, scripts, shown

from chatbot.dialogue import Conversation, ConversationState

SCRIPTS = scripts()


def play(script: Script) -> list[str]:
    """What is wrong in a conversation, in order."""
    talk, _ = conversation(script)
    talk.open()
    wrong = []
    for number, turn in enumerate(script.turns, 1):
        reply = talk.reply(turn["client"])
        found = faults(reply, turn)
        wrong += [f"tour {number}, « {turn['client']} » : {fault}" for fault in found]
        if found:
            wrong.append(shown(reply))
    return wrong


def test_there_are_forty_scripted_conversations() -> None:
    assert len(SCRIPTS) >= 40


def test_no_two_conversations_have_one_name() -> None:
    names = [script.name for script in SCRIPTS]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_conversation_goes_as_scripted(script: Script) -> None:
    assert not play(script), "\n".join(play(script))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_conversation_stored_after_every_turn_goes_the_same(script: Script) -> None:
    """The serialisation law: state -> JSON -> state, in a new object each turn, replays the very same replies."""
    whole, _ = conversation(script)
    opening = whole.open()
    parts, _ = conversation(script)
    assert parts.open() == opening
    state = parts.state.to_json()
    for turn in script.turns:
        resumed: Conversation
        resumed, _ = conversation(script)
        resumed.state = ConversationState.from_json(state)
        assert resumed.reply(turn["client"]).as_dict() == whole.reply(turn["client"]).as_dict()
        assert resumed.state == whole.state
        state = resumed.state.to_json()
