"""The journal: off unless asked for, redacted before it is written, silent when it fails, forgotten in time."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from stdnum import luhn

from chatbot.dialogue.ports import Redacted
from chatbot.storage import QuestionJournal, Settings, redactor, settings
from chatbot.storage.journal import journal_entries, purge_journal, write_entry

ON = Settings(journal=True)


def question_journal(store, asked=ON, **options) -> QuestionJournal:
    return QuestionJournal(asked, opener=lambda: store, **options)


def texts(store) -> list[str]:
    return [entry.text for entry in journal_entries(store)]


def test_question_is_kept_with_what_became_of_it(store, clock):
    question_journal(store, knowledge_version="abc").record("clarify", "où est ma cmd", ("facture_copie", "autre"))
    [entry] = journal_entries(store)
    day = datetime.fromtimestamp(clock.now, UTC).date().isoformat()
    assert entry[1:] == (day, "clarify", "où est ma cmd", ("facture_copie", "autre"), (), "abc")


def test_question_is_redacted_before_it_is_written(store):
    question_journal(store).record("fallback", "je m'appelle jean dupont, 06 12 34 56 78", ())
    [entry] = journal_entries(store)
    assert (entry.text, entry.kinds) == ("je m'appelle [nom], [telephone]", ("nom", "telephone"))


def test_shop_number_is_kept(store):
    question_journal(store, shop_phone="0 892 438 892").record("fallback", "le 0892 438 892 sonne", ())
    assert texts(store) == ["le 0892 438 892 sonne"]


def test_nothing_is_kept_by_default(store):
    question_journal(store, settings(environment={})).record("fallback", "bonjour", ())
    assert texts(store) == []


def test_database_is_not_even_opened_when_the_journal_is_off():
    def opener():
        raise AssertionError

    QuestionJournal(Settings(), opener=opener).record("fallback", "bonjour", ())


def test_nothing_of_the_text_is_written_when_redaction_fails(store, caplog):
    def broken(text: str) -> Redacted:
        raise ValueError(text)

    question_journal(store, redact=broken).record("fallback", "un texte privé", ())
    assert texts(store) == []
    assert "privé" not in caplog.text
    assert "not kept" in caplog.text


def test_store_that_fails_does_not_end_the_conversation(caplog):
    def opener():
        raise OSError("disque plein")

    QuestionJournal(ON, opener=opener).record("fallback", "bonjour", ())
    assert "not kept (OSError)" in caplog.text


def test_entries_are_read_from_a_day_on(store, clock):
    journal = question_journal(store)
    journal.record("fallback", "premier", ())
    clock.forward(days=2)
    journal.record("fallback", "second", ())
    today = datetime.fromtimestamp(clock.now, UTC).date()
    assert [entry.text for entry in journal_entries(store, today)] == ["second"]
    assert [entry.text for entry in journal_entries(store, today.isoformat())] == ["second"]
    assert texts(store) == ["premier", "second"]


def test_purge_takes_away_what_is_older(store, clock):
    write_entry(store, "fallback", Redacted("ancien", ()), ())
    clock.forward(days=10)
    write_entry(store, "fallback", Redacted("dernier jour", ()), ())
    clock.forward(days=90)
    assert purge_journal(store, 90) == 1
    assert texts(store) == ["dernier jour"]


def test_what_is_past_its_retention_goes_when_the_store_is_opened(database, monkeypatch):
    from chatbot.storage import desk
    from chatbot.storage import store as room

    long_ago = room.open_store(database, lambda: 1_000_000_000)
    write_entry(long_ago, "fallback", Redacted("ancien", ()), ())
    long_ago.close()
    opened = desk.open_store(Settings(database=database))
    left = texts(opened)
    opened.close()
    assert left == []


def secrets_of(chance: random.Random) -> dict[str, str]:
    """One secret of each kind, as a customer might type it."""
    digits = "4" + "".join(str(chance.randrange(10)) for _ in range(14))
    card = digits + luhn.calc_check_digit(digits)
    phone = f"0{chance.choice('67')}" + "".join(str(chance.randrange(10)) for _ in range(8))
    gap = chance.choice(["", " ", "-", "."])
    return {
        "card": gap.join(card[place : place + 4] for place in range(0, 16, 4)),
        "phone": gap.join(phone[place : place + 2] for place in range(0, 10, 2)),
        "email": f"client.{chance.randrange(10**6)}@exemple.fr",
        "order": f"CC-{chance.randrange(10**5, 10**6)}",
        "password": f"Zq{chance.randrange(10**6)}!x",
        "name": f"Zoltan Wisniewski{chr(97 + chance.randrange(26))}",
    }


TEMPLATES = (
    "bonjour ma carte {card} ne passe pas",
    "rappelez moi au {phone} svp",
    "mon adresse c'est {email}",
    "ma commande {order} n'est jamais arrivée",
    "mon mot de passe : {password} est refusé",
    "je m'appelle {name} et j'attends",
    "{card} {phone} {email} commande {order} mdp : {password} M. {name}",
)


def test_no_secret_reaches_the_disk(tmp_path, caplog):
    caplog.set_level("DEBUG")
    chance = random.Random(4)  # noqa: S311 - repeatable
    asked = Settings(database=str(tmp_path / "a.db"), journal=True)
    journal = QuestionJournal(asked)
    typed: list[str] = []
    for _ in range(100):
        secrets = secrets_of(chance)
        journal.record("fallback", chance.choice(TEMPLATES).format(**secrets), ())
        typed += secrets.values()
    written = b"".join(path.read_bytes() for path in Path(tmp_path).iterdir()) + caplog.text.encode()
    journal._store().close()
    assert written.count(b"[") >= 100
    assert [secret for secret in typed if secret.encode() in written] == []


@pytest.mark.parametrize("value", ["1", "oui", "TRUE"])
def test_journal_is_turned_on_by_its_variable(value):
    assert settings(environment={"CHATBOT_JOURNAL": value}).journal is True


def test_flag_beats_the_variable():
    assert settings(journal=True, environment={"CHATBOT_JOURNAL": "0"}).journal is True
    assert settings(journal=False, environment={"CHATBOT_JOURNAL": "1"}).journal is False


def test_redactor_is_a_function_of_its_text():
    assert redactor()("tel 06 12 34 56 78") == redactor()("tel 06 12 34 56 78")
