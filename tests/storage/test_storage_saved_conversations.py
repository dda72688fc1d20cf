"""Conversations between turns: any process serves any turn, none overwrites another, idle ones are forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from chatbot.storage import conversations
from chatbot.storage.conversations import IDLE, Saved, forget, forget_idle, load, save

STATE: dict[str, object] = {"étape": "menu", "choix": [1, 2], "formulaire": None}


def test_unknown_conversation_is_none(store):
    assert load(store, "a") is None


def test_state_is_read_by_another_process(store, opened):
    assert save(store, "a", STATE)
    assert load(opened(), "a") == Saved(STATE, 1)


def test_next_turn_replaces_the_state(store):
    save(store, "a", STATE)
    assert save(store, "a", {"étape": "fin"}, 1)
    assert load(store, "a") == Saved({"étape": "fin"}, 2)


@pytest.mark.parametrize("version", [0, 1, 7])
def test_turn_that_comes_second_is_told_so(store, version):
    save(store, "a", STATE)
    save(store, "a", {"tour": 2}, 1)
    assert not save(store, "a", {"tour": "perdu"}, version)
    assert load(store, "a") == Saved({"tour": 2}, 2)


def test_of_many_turns_at_once_one_wins(store):
    save(store, "a", STATE)
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda number: save(store, "a", {"tour": number}, 1), range(16)))
    assert won.count(True) == 1
    assert load(store, "a") == Saved({"tour": won.index(True)}, 2)


def test_conversations_do_not_meet(store):
    save(store, "a", {"qui": "a"})
    save(store, "b", {"qui": "b"})
    assert load(store, "a").state == {"qui": "a"}


def test_idle_conversation_is_over(store, clock):
    save(store, "a", STATE)
    clock.forward(seconds=IDLE)
    assert load(store, "a") is None
    assert save(store, "a", {"nouvelle": True})
    assert load(store, "a") == Saved({"nouvelle": True}, 1)


def test_forgetting_takes_idle_conversations_only(store, clock):
    save(store, "a", STATE)
    clock.forward(seconds=IDLE)
    save(store, "b", STATE)
    assert forget_idle(store) == 1
    assert load(store, "b") == Saved(STATE, 1)


def test_one_conversation_can_be_forgotten(store):
    save(store, "a", STATE)
    forget(store, "a")
    assert load(store, "a") is None


def test_state_is_json(store):
    with pytest.raises(TypeError):
        save(store, "a", {"x": object()})
    assert conversations.load(store, "a") is None
