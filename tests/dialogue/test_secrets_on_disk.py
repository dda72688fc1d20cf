"""Random conversations over the real store and journal: no secret typed is ever found on disk or in the logs."""

from __future__ import annotations

import logging
import os
import random
from pathlib import Path

import pytest
from talks import matcher

from chatbot.dialogue import Chatbot
from chatbot.storage import ContactDesk, QuestionJournal, settings

SECRETS = ("4970 1012 3456 7890", "4539148803436467", "FR76 3000 6000 0112 3456 7890 189", "Soleil12!")
AROUND = ("ma carte {} marche pas", "{}", "voici {} merci", "blabla {} charabia", "mon mot de passe est {}")
FORM = (
    "formulaire",
    "Zoé",
    "zoe@exemple.fr",
    "passer",
    "oui",
    "envoyer",
    "menu",
    "aucune",
    "charabia",
    "jveux ma facture",
)


def messages(seed: int) -> list[str]:
    """A conversation with secrets in every place a customer may type one, the form's fields included."""
    chance = random.Random(seed)  # noqa: S311 (a test's own dice)
    said = []
    for step in FORM:
        secret = chance.choice(SECRETS)
        around = AROUND[4] if "!" in secret else chance.choice(AROUND)
        said += [around.format(secret), step] if chance.random() < 0.5 else [step]
    return said


def test_no_secret_is_found_on_disk_or_in_the_logs(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    asked = settings(str(tmp_path / "essai.db"), journal=True, environment={})
    chatbot = Chatbot(matcher())
    desk, journal = ContactDesk(asked), QuestionJournal(asked, shop_phone="0 892 438 892")
    with caplog.at_level(logging.DEBUG):
        for seed in range(int(os.environ.get("CONVERSATIONS", "20"))):
            talk = chatbot.conversation(contacts=desk, journal=journal)
            for text in messages(seed):
                talk.reply(text)
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"zoe@exemple.fr" in written
    assert not [secret for secret in SECRETS if secret.encode() in written or secret in caplog.text]
