"""What a conversation owes to the world outside: contacts, journal, redactor, faults."""

from __future__ import annotations

import logging

import pytest
from shop import bot
from talks import REFERENCE, Desk

from chatbot.dialogue import ContactRequest, ConversationState, Redacted, ReplyKind
from chatbot.errors import StorageError, UsageError
from chatbot.matching import Match

FORM = ("formulaire", "Zoé", "zoe@exemple.fr", "passer", "Mon miel est dur")


class Notebook:
    def __init__(self) -> None:
        self.notes: list[tuple[str, str, tuple[str, ...]]] = []

    def record(self, outcome: str, text: str, intents: tuple[str, ...]) -> None:
        self.notes.append((outcome, text, intents))


def test_the_reference_is_shown_only_once_the_request_is_stored() -> None:
    desk = Desk()
    talk = bot().conversation(contacts=desk)
    for text in FORM:
        assert REFERENCE not in talk.reply(text).text
    assert desk.requests == []
    assert talk.reply("envoyer").reference == REFERENCE
    assert desk.requests == [ContactRequest("Zoé", "zoe@exemple.fr", "", "Mon miel est dur")]


def test_a_request_is_not_sent_twice() -> None:
    desk = Desk()
    talk = bot().conversation(contacts=desk)
    for text in (*FORM, "envoyer", "envoyer", "oui", "1"):
        talk.reply(text)
    assert len(desk.requests) == 1


def test_a_store_that_fails_loses_nothing_and_works_later() -> None:
    desk = Desk(broken=True)
    talk = bot().conversation(contacts=desk)
    for text in FORM:
        talk.reply(text)
    reply = talk.reply("envoyer")
    assert (reply.kind, reply.reference) == (ReplyKind.FORM, "")
    assert "0 800 123 456" in reply.text
    desk.broken = False
    assert talk.reply("envoyer").reference == REFERENCE
    assert desk.requests[0].message == "Mon miel est dur"


def test_a_desk_that_gives_no_reference_has_stored_nothing() -> None:
    class Forgetful:
        def submit(self, _request: ContactRequest) -> str:
            return ""

    talk = bot().conversation(contacts=Forgetful())
    for text in FORM:
        talk.reply(text)
    reply = talk.reply("envoyer")
    assert (reply.kind, reply.reference) == (ReplyKind.FORM, "")
    assert talk.state.form is not None


def test_the_handed_email_check_decides() -> None:
    talk = bot().conversation(contacts=Desk(), check_email=lambda address: address.lower() if "OK" in address else None)
    for text in ("formulaire", "Zoé"):
        talk.reply(text)
    assert "adresse e-mail complète" in talk.reply("zoe@exemple.fr").text
    talk.reply("ZOE@OK.fr")
    assert talk.state.form is not None
    assert talk.state.form.email == "zoe@ok.fr"


def test_an_email_check_without_its_library_falls_back_on_the_shape() -> None:
    def absent(_: str) -> str | None:
        raise StorageError("il manque une bibliothèque")

    talk = bot().conversation(contacts=Desk(), check_email=absent)
    for text in ("formulaire", "Zoé", "zoe@exemple.fr"):
        talk.reply(text)
    assert talk.state.form is not None
    assert talk.state.form.email == "zoe@exemple.fr"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["charabia"], [("fallback", "charabia", ())]),
        (["miel ?"], [("clarify", "miel ?", ("miel_dur", "miel_prix"))]),
        (["dur"], []),
        (["dur", "ça ne répond pas à ma question"], [("unhelpful", "dur", ("miel_dur",))]),
        (["dur", "ça ne marche pas", "ça ne marche pas"], [("unhelpful", "dur", ("miel_dur",))]),
        (["carte 4970 1012 3456 7890"], []),
        (["la carte 4970 1012 3456 7890 du miel"], [("fallback", "la carte ••• du miel", ())]),
        (["menu", "1", "1"], []),
    ],
)
def test_the_journal_gets_what_was_missed_and_only_that(texts: list[str], expected: list[object]) -> None:
    notebook = Notebook()
    talk = bot({"miel ?": "? miel_dur miel_prix", "dur": "! miel_dur"}).conversation(journal=notebook)
    for text in texts:
        talk.reply(text)
    assert notebook.notes == expected


def test_a_redactor_that_finds_a_secret_makes_the_bot_warn() -> None:
    def redactor(text: str) -> Redacted:
        return Redacted(text.replace("abracadabra", "[code]"), ("code",) if "abracadabra" in text else ())

    talk = bot().conversation(redactor=redactor)
    assert talk.reply("mon sésame est abracadabra").private
    assert talk.hide("abracadabra") == "[code]"
    assert not talk.reply("mon miel est dur").private


def test_a_redactor_that_finds_an_address_changes_nothing() -> None:
    talk = bot().conversation(redactor=lambda text: Redacted("[email]", ("email",)))
    assert talk.hide("zoe@exemple.fr") == "zoe@exemple.fr"


def test_a_redactor_that_fails_does_not_end_the_conversation() -> None:
    def redactor(_: str) -> Redacted:
        raise ValueError("dictionnaire absent")

    talk = bot({"dur": "! miel_dur"}).conversation(redactor=redactor)
    assert talk.reply("dur").intents == ("miel_dur",)


def test_an_unexpected_fault_gives_an_apology_with_a_way_out_and_a_log(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        knowledge = bot().knowledge
        normalizer = bot().matcher.normalizer

        def match(self, text: str) -> Match:
            raise RuntimeError(f"impossible de lire {text}")

    talk = type(bot())(Broken()).conversation(contacts=Desk())
    before = talk.state
    with caplog.at_level(logging.ERROR):
        reply = talk.reply("mon secret à moi")
    assert reply.kind is ReplyKind.ERROR
    assert "0 800 123 456" in reply.text
    assert "formulaire" in reply.text
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text
    assert talk.state == before
    assert talk.reply("menu").kind is ReplyKind.MENU


def test_the_same_turns_from_the_same_state_give_the_same_replies() -> None:
    texts = ("miel ?", "2", "ça ne marche pas", "oui", "Zoé")
    chatbot = bot({"miel ?": "? miel_dur miel_prix"})
    runs = []
    for _ in range(2):
        talk = chatbot.conversation(contacts=Desk())
        runs.append([talk.reply(text).as_dict() for text in texts])
    assert runs[0] == runs[1]


def test_one_shot_replies_do_not_remember() -> None:
    chatbot = bot({"miel ?": "? miel_dur miel_prix"})
    chatbot.reply("miel ?")
    assert chatbot.reply("2").kind is ReplyKind.FALLBACK


@pytest.mark.parametrize(("script", "kind"), [("? merci miel_dur", "fallback"), ("? miel_dur merci", "clarify")])
def test_a_question_behind_a_politeness_is_no_guess(script: str, kind: str) -> None:
    assert bot({"azerty": script}).reply("azerty").kind == kind


def test_a_one_shot_hesitation_tells_how_to_reach_a_person() -> None:
    """Nothing can be picked afterwards, so the way out must be there at once."""
    reply = bot({"miel ?": "? miel_dur miel_prix"}).reply("miel ?")
    assert reply.kind is ReplyKind.CLARIFY
    assert "0 800 123 456" in reply.text
    assert reply.contact is not None


def test_leaving_forgets_what_was_typed() -> None:
    talk = bot().conversation(contacts=Desk())
    for text in FORM[:3]:
        talk.reply(text)
    assert talk.close().over
    assert "zoe" not in talk.state.to_json()


def test_options_of_a_shop_that_changed_are_left_out() -> None:
    state = ConversationState(expects="choice", options=("guess:parti", "guess:miel_dur", "none"))
    reply = bot().conversation(state=state).reply("1")
    assert reply.titles == ("Mon miel est dur",)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 1, "misses": "2"}', '{"format": 1, "nope": 1}', '{"format": 0}', "[" * 9999,
             '{"format": 1, "options": [1]}', '{"format": 1, "form": {"step": 3}}', '{"format": 1, "form": [1]}'],
)  # fmt: skip
def test_a_damaged_state_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        ConversationState.from_json(text)
