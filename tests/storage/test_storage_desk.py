"""What the dialogue is handed: opened late, safe by default, plain words when something is missing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from chatbot.dialogue.ports import ContactRequest
from chatbot.errors import StorageError, UsageError
from chatbot.storage import ContactDesk, Settings, desk, missing_libraries, settings
from chatbot.storage.contacts import contact_request

ROOT = Path(__file__).parents[2]
REQUEST = ContactRequest("Jeanne Petit", "jeanne@exemple.fr", "CC-1", "Bonjour")


def test_submitted_request_is_in_the_store_when_the_reference_is_known(store):
    reference = ContactDesk(Settings(), opener=lambda: store).submit(REQUEST)
    found = contact_request(store, reference)
    assert (found.name, found.email, found.order, found.message) == REQUEST


def test_repeated_submission_gives_the_same_reference(store):
    contacts = ContactDesk(Settings(), opener=lambda: store)
    assert contacts.submit(REQUEST, "k") == contacts.submit(REQUEST, "k")


def test_card_numbers_and_passwords_are_not_stored(store):
    message = "Carte 4970 1000 0000 0006, mot de passe : Soleil24, tel 06 12 34 56 78"
    reference = ContactDesk(Settings(), opener=lambda: store).submit(REQUEST._replace(message=message))
    assert contact_request(store, reference).message == "Carte •••, mot de passe : ••• tel 06 12 34 56 78"


@pytest.mark.parametrize(
    ("told", "secret"),
    [
        ("Soleil2024 c'est mon mot de passe", "Soleil2024"),
        ("mon mdp cé Soleil12 svp", "Soleil12"),
        ("code 4829 refusé", "4829"),
        ("zoe@exemple.fr / Soleil24", "Soleil24"),
        ("les trois chiffres derrière c'est 737", "737"),
        ("le sms dit 482913", "482913"),
        ("carte 4970•1012•3456•7890", "3456"),
    ],
)
def test_what_the_conversation_hides_is_stored_by_no_channel(store, told, secret):
    reference = ContactDesk(Settings(), opener=lambda: store).submit(REQUEST._replace(message=told))
    assert secret not in contact_request(store, reference).message


def test_what_is_no_secret_is_stored_as_it_is(store):
    message = "mot de passe oublié, code refusé, commande 458712 et facture FA-2031"
    reference = ContactDesk(Settings(), opener=lambda: store).submit(REQUEST._replace(message=message))
    assert contact_request(store, reference).message == message


def test_message_id_bears_the_shops_domain_when_delivery_is_configured(store, monkeypatch):
    monkeypatch.setattr(ContactDesk, "_deliver", lambda _self: None)
    asked = Settings(smtp="smtp://127.0.0.1", recipient="contact@boutique.exemple", sender="contact@boutique.exemple")
    reference = ContactDesk(asked, opener=lambda: store).submit(REQUEST)
    assert contact_request(store, reference).message_id.endswith("@boutique.exemple>")


class Accepting:
    async def handle_DATA(self, _server, _session, _envelope):  # noqa: N802
        return "250 OK"


def test_request_is_mailed_at_once_when_delivery_is_configured(store, unused_port):
    mail_server = Controller(Accepting(), hostname="127.0.0.1", port=unused_port)
    mail_server.start()
    shop = "contact@boutique.exemple"
    asked = Settings(smtp=f"smtp://127.0.0.1:{unused_port}", recipient=shop, sender=shop)
    reference = ContactDesk(asked, opener=lambda: store).submit(REQUEST)
    for thread in threading.enumerate():
        if thread.name == f"contact-{reference}":
            thread.join(20)
    mail_server.stop()
    assert contact_request(store, reference).sent_at is not None


def test_delivery_that_fails_keeps_the_request(store, caplog):
    asked = Settings(smtp="smtp://[", recipient="contact@boutique.exemple", sender="contact@boutique.exemple")
    contacts = ContactDesk(asked, opener=lambda: store)
    contacts._deliver()
    assert "put off (UsageError)" in caplog.text


def test_store_that_cannot_be_opened_is_a_storage_error(tmp_path):
    with pytest.raises(StorageError):
        ContactDesk(Settings(database=str(tmp_path))).submit(REQUEST)


def test_nothing_is_opened_before_the_first_request(tmp_path):
    ContactDesk(Settings(database=str(tmp_path / "a.db")))
    assert list(tmp_path.iterdir()) == []


def test_all_libraries_are_installed_here():
    assert missing_libraries() == ()


@pytest.mark.parametrize(
    ("module", "call", "extra"),
    [
        ("phonenumbers", "redactor()", "contact"),
        ("email_validator", "check_email('a@b.fr')", "contact"),
        ("sqlalchemy", "open_store(Settings(database='unused.db'))", "contact"),
        ("psycopg", "open_store(Settings(database='postgresql://h/d'))", "postgres"),
    ],
)
def test_missing_library_is_told_with_its_cure(module, call, extra, tmp_path):
    code = f"import sys; sys.modules['{module}'] = None; from chatbot.storage import *; {call}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, env=environment, check=False
    )
    assert f"StorageError: il manque {module.split('_')[0]}" in done.stderr.lower().replace(
        "storageerror", "StorageError"
    )
    assert f'pip install "chrono-chatbot[{extra}]"' in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_missing_libraries_are_named_by_what_is_installed(monkeypatch):
    monkeypatch.setattr(desk, "LIBRARIES", {"no_such_module": "no-such-module"})
    assert missing_libraries() == ("no-such-module",)


def test_importing_the_room_imports_no_library():
    heavy = "{'sqlalchemy', 'phonenumbers', 'stdnum', 'email_validator', 'yaml'}"
    code = f"import sys, chatbot.storage; print(sorted({heavy} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


@pytest.mark.parametrize(
    "environment",
    [{"CHATBOT_JOURNAL": "peut-être"}, *({"CHATBOT_RETENTION_DAYS": days} for days in ("0", "x", "-1", "9999"))],
)
def test_settings_that_make_no_sense_are_named(environment):
    with pytest.raises(UsageError, match=next(iter(environment))):
        settings(environment=environment)


def test_settings_come_from_flag_then_environment_then_default():
    found = {"CHATBOT_DATABASE_URL": "sqlite:///env.db", "CHATBOT_CONTACT_TO": "a@b.fr", "CHATBOT_RETENTION_DAYS": "7"}
    assert settings("flag.db", environment=found).database == "flag.db"
    assert settings(environment=found) == Settings("sqlite:///env.db", "", "a@b.fr", "a@b.fr", False, 7)
    assert settings(environment={}) == Settings()
