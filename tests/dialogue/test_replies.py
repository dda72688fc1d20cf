"""What replies say: the number and its price, the form beside it, the shop's own wording, JSON."""

from __future__ import annotations

import json

import pytest
from shop import bot
from talks import Desk

from chatbot.dialogue import Reply, ReplyKind
from chatbot.dialogue.data_files import DATA, default_messages, read_alerts, read_phrases, read_texts
from chatbot.dialogue.options import FIELDS, choices
from chatbot.dialogue.voice import MESSAGE_PLACEHOLDERS, PLACEHOLDERS

UNDERSTOOD = {"dur": "! miel_dur", "prix": "! miel_prix", "les deux": "! miel_prix miel_dur", "humain": "! humain",
              "miel": "! sujet_miel", "ruche": "! sujet_ruche", "merci bien": "! merci"}  # fmt: skip


@pytest.mark.parametrize("text", ["prix", "humain", "miel", "ruche", "charabia", "formulaire", "connard"])
def test_the_number_never_goes_without_its_price(text: str) -> None:
    reply = bot(UNDERSTOOD, tarif="Service 0,80 €/min").reply(text)
    assert reply.text.count("0 800 123 456") == reply.text.count("0 800 123 456 (Service 0,80 €/min)") > 0
    assert reply.contact is not None
    assert reply.contact.tariff == "Service 0,80 €/min"


@pytest.mark.parametrize("text", ["prix", "humain", "miel", "ruche", "charabia", "connard", "les deux"])
@pytest.mark.parametrize("here", [True, False])
def test_the_number_always_has_the_form_beside_it(text: str, here: bool) -> None:
    talk = bot(UNDERSTOOD).conversation(contacts=Desk() if here else None)
    reply = talk.reply(text)
    assert "0 800 123 456" in reply.text
    assert "formulaire" in reply.text
    offered = "tapez « formulaire »" in f"{reply.text} {reply.hint}".lower() or "formulaire" in [
        choice.send for choice in reply.choices
    ]
    assert offered is here


def test_what_the_shop_has_said_of_the_call_is_not_called_unknown() -> None:
    said = bot(UNDERSTOOD, horaires="9 h à 18 h", tarif="0,80 €/min").reply("humain").text
    assert "Je ne connais pas" not in said


def test_hours_and_the_form_s_address_are_told_when_known() -> None:
    reply = bot(UNDERSTOOD, horaires="9 h à 18 h", formulaire="https://abeilles.exemple/contact").reply("charabia")
    assert "Horaires : 9 h à 18 h" in reply.text
    assert "https://abeilles.exemple/contact" in reply.text


def test_no_empty_tariff_hours_or_address_is_ever_said() -> None:
    text = bot(UNDERSTOOD).reply("charabia").text
    assert "()" not in text
    assert "Horaires" not in text
    assert "Formulaire de contact :" not in text


def test_a_shop_may_reword_any_message_and_leave_the_others_out() -> None:
    talk = bot(messages='{incompris: "Bzz ? Appelez {telephone}."}')
    assert talk.reply("charabia").text.startswith("Bzz ? Appelez 0 800 123 456.")
    assert "assistant automatique de Les Abeilles" in talk.conversation().open().text


def test_an_unknown_placeholder_stays_as_written() -> None:
    assert "{miel}" in bot(messages='{incompris: "Pas {miel} compris"}').reply("charabia").text


@pytest.mark.parametrize("key", sorted(default_messages()))
def test_default_messages_use_known_placeholders_only(key: str) -> None:
    allowed = PLACEHOLDERS | {MESSAGE_PLACEHOLDERS.get(key, "")}
    text = default_messages()[key]
    assert not [part for part in text.split("{")[1:] if part.split("}")[0] not in allowed]
    assert text


def test_every_message_has_a_key_and_every_key_is_said() -> None:
    """Keys are written in full in the code, but for the form's, which are made from its fields."""
    code = "\n".join(file.read_text("utf-8") for file in DATA.parent.glob("*.py"))
    made = {
        f"formulaire_{what}"
        for name in FIELDS.values()
        for what in (f"champ_{name}", f"{name}_refuse", f"{name}_pourquoi")
    }
    unsaid = {key for key in default_messages() if f'"{key}"' not in code}
    assert unsaid == made


def test_the_small_yaml_readers_agree_with_a_yaml_library() -> None:
    yaml = pytest.importorskip("yaml")
    words = yaml.load((DATA / "mots.yaml").read_text("utf-8"), yaml.BaseLoader)
    texts = yaml.load((DATA / "messages.yaml").read_text("utf-8"), yaml.BaseLoader)
    assert {key: list(phrases) for key, phrases in read_phrases().items()} == words
    alerts = yaml.load((DATA / "alertes.yaml").read_text("utf-8"), yaml.BaseLoader)
    assert {key: list(phrases) for key, phrases in read_alerts().items()} == alerts
    assert read_texts() == {key: text.strip() for key, text in texts.items()}


def test_opening_says_what_it_is_what_not_to_type_and_how_to_begin() -> None:
    reply = bot().conversation().open()
    assert "assistant automatique" in reply.text
    assert "donnée personnelle" in reply.text
    assert [choice.label for choice in reply.choices] == ["Mon miel est dur"]
    assert "« menu »" in reply.hint


def test_two_wishes_come_under_their_titles_main_one_first() -> None:
    reply = bot(UNDERSTOOD).reply("les deux")
    assert reply.titles == ("Quel est le prix du miel ?", "Mon miel est dur")


def test_every_choice_sends_something_that_means_it() -> None:
    talk = bot(UNDERSTOOD).conversation(contacts=Desk())
    for choice in talk.reply("menu").choices:
        assert talk.reply(choice.send).titles == (choice.label,)


def test_json_has_a_fixed_key_order_and_no_private_types() -> None:
    fields = json.loads(json.dumps(bot(UNDERSTOOD).reply("prix").as_dict()))
    assert list(fields)[:5] == ["kind", "decision", "intents", "confidence", "text"]
    assert fields["intents"] == ["miel_prix"]
    assert fields["contact"]["phone"] == "0 800 123 456"


def test_an_answer_standing_alone_asks_nothing() -> None:
    reply = Reply(ReplyKind.ANSWER, closing=("Utile ?",), hint="Tapez oui", asks_feedback=True)
    assert reply.standing_alone().closing == ()
    assert reply.standing_alone().hint == ""


@pytest.mark.parametrize("text", ["", "   ", "\n", "\x00", "🙂", "…"])
def test_no_words_fall_back_with_the_number(text: str) -> None:
    reply = bot().reply(text)
    assert reply.kind is ReplyKind.FALLBACK
    assert "0 800 123 456" in reply.text


def test_choices_are_numbered_from_one() -> None:
    talk = bot().conversation()
    assert [c.number for c in choices(talk._desk, ("menu", "none"))] == [1, 2]
