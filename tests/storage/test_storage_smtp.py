"""Delivery to a real mail server on loopback: accepted, refused, put off, encrypted, dying, and never a secret told."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import SMTP

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from chatbot.dialogue.ports import ContactRequest
from chatbot.errors import UsageError
from chatbot.storage.contacts import contact_request, submit
from chatbot.storage.outbox import Delivery, send_pending
from chatbot.storage.settings import Settings
from chatbot.storage.smtp import server, transport

REQUEST = ContactRequest("Élodie Petit", "elodie@exemple.fr", "CC-1", "Où est mon colis ?\n.\nMerci")
SHOP = "contact@boutique.exemple"
PASSWORD = "m0t/de@passe"  # noqa: S105 - invented
QUOTED = "m0t%2Fde%40passe"


class Inbox:
    """Accepts mails, unless it has an answer of its own to give first."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.recipient_answer = ""
        self.mails: list = []
        self.encrypted: list[bool] = []
        self.logins: list[bytes] = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if self.recipient_answer:
            return self.recipient_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        self.mails.append(message_from_bytes(envelope.content, policy=SMTP))
        return "250 OK"

    def login(self, _server, _session, _envelope, _mechanism, data):
        self.logins.append(data.password)
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


@pytest.fixture
def database(tmp_path) -> str:
    """SQLite is enough here: these tests are about the wire."""
    return str(tmp_path / "store.sqlite3")


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def serve(inbox) -> Iterator:
    """Starts mail servers on free loopback ports; returns each one's host:port."""
    started: list[Controller] = []

    def start(**options) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
        controller.start()
        started.append(controller)
        return f"localhost:{port}"

    yield start
    for controller in started:
        controller.stop()


@pytest.fixture
def certificate(monkeypatch, tmp_path) -> ssl.SSLContext:
    """A server's certificate that this test run trusts, and nobody else does."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    return context


def deliver(store, url: str) -> Delivery:
    return send_pending(store, transport(Settings(smtp=url, recipient=SHOP, sender=SHOP)), now_due=True)


def test_mail_arrives_whole(store, serve, inbox):
    reference = submit(store, REQUEST)
    assert deliver(store, f"smtp://{serve()}") == Delivery(1, 0, 0)
    [mail] = inbox.mails
    assert mail["Message-ID"] == contact_request(store, reference).message_id
    assert mail["To"] == SHOP
    assert REQUEST.message in mail.get_content().replace("\r\n", "\n")


def test_temporary_refusal_is_tried_again_under_the_same_identity(store, serve, inbox):
    reference = submit(store, REQUEST)
    url = f"smtp://{serve()}"
    inbox.answers = ["451 4.7.1 revenez plus tard"]
    assert deliver(store, url) == Delivery(0, 1, 1)
    assert contact_request(store, reference).last_error == "451 4.7.1 revenez plus tard"
    assert deliver(store, url) == Delivery(1, 0, 0)
    assert [mail["Message-ID"] for mail in inbox.mails] == [contact_request(store, reference).message_id]


def test_permanent_refusal_is_kept_with_its_reason(store, serve, inbox):
    reference = submit(store, REQUEST)
    inbox.answers = ["554 5.7.1 refus"]
    deliver(store, f"smtp://{serve()}")
    assert contact_request(store, reference).last_error == "554 5.7.1 refus"


def test_refused_recipient_is_kept_with_its_reason(store, serve, inbox):
    reference = submit(store, REQUEST)
    inbox.recipient_answer = "550 5.1.1 inconnu"
    assert deliver(store, f"smtp://{serve()}") == Delivery(0, 1, 1)
    assert contact_request(store, reference).last_error == "550 5.1.1 inconnu"


def test_one_refusal_does_not_stop_the_others(store, serve, inbox):
    for _ in range(3):
        submit(store, REQUEST)
    inbox.answers = ["451 non"]
    assert deliver(store, f"smtp://{serve()}") == Delivery(2, 1, 1)


def test_nobody_listening_is_a_failure_kept_with_its_reason(store):
    reference = submit(store, REQUEST)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert deliver(store, f"smtp://127.0.0.1:{unused.getsockname()[1]}") == Delivery(0, 1, 1)
    assert "ConnectionRefused" in contact_request(store, reference).last_error


def dying_server(lines: list[bytes]) -> int:
    """A server that answers with these lines, one per thing it reads, then hangs up; its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener, listener.accept()[0] as connection:
            connection.settimeout(5)
            for line in lines:
                connection.sendall(line)
                connection.recv(65_536)

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


GREETING = [b"220 bonjour\r\n", b"250 bonjour\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 allez-y\r\n"]


@pytest.mark.parametrize("spoken", range(len(GREETING) + 1))
def test_server_that_dies_before_accepting_leaves_the_mail_queued(store, spoken):
    reference = submit(store, REQUEST)
    assert deliver(store, f"smtp://127.0.0.1:{dying_server(GREETING[:spoken])}") == Delivery(0, 1, 1)
    assert contact_request(store, reference).sent_at is None


def test_server_that_dies_after_accepting_has_accepted(store):
    port = dying_server([*GREETING, b"250 accepted\r\n"])
    submit(store, REQUEST)
    assert deliver(store, f"smtp://127.0.0.1:{port}") == Delivery(1, 0, 0)


def test_starttls_encrypts_the_mail(store, serve, inbox, certificate):
    submit(store, REQUEST)
    assert deliver(store, f"smtp+starttls://{serve(tls_context=certificate)}") == Delivery(1, 0, 0)
    assert inbox.encrypted == [True]


def test_smtps_encrypts_the_mail(store, serve, inbox, certificate):
    submit(store, REQUEST)
    assert deliver(store, f"smtps://{serve(ssl_context=certificate)}") == Delivery(1, 0, 0)
    assert inbox.encrypted == [True]


def test_unknown_certificate_is_refused(store, serve, inbox, certificate, monkeypatch):
    address = serve(tls_context=certificate)
    monkeypatch.delenv("SSL_CERT_FILE")
    reference = submit(store, REQUEST)
    assert deliver(store, f"smtp+starttls://{address}") == Delivery(0, 1, 1)
    assert "certificate" in contact_request(store, reference).last_error
    assert inbox.mails == []


def test_server_without_encryption_is_refused_where_it_was_asked_for(store, serve, inbox):
    submit(store, REQUEST)
    assert deliver(store, f"smtp+starttls://{serve()}") == Delivery(0, 1, 1)
    assert inbox.mails == []


def test_password_opens_the_server(store, serve, inbox, certificate):
    submit(store, REQUEST)
    address = serve(tls_context=certificate, authenticator=inbox.login, auth_required=True)
    assert deliver(store, f"smtp+starttls://robot:{QUOTED}@{address}") == Delivery(1, 0, 0)
    assert inbox.logins == [PASSWORD.encode()]


def test_wrong_password_is_told_without_the_password(store, serve, inbox, certificate, caplog):
    caplog.set_level(logging.DEBUG, logger="chatbot")
    reference = submit(store, REQUEST)
    address = serve(tls_context=certificate, authenticator=inbox.login)
    assert deliver(store, f"smtp+starttls://robot:s3cret@{address}") == Delivery(0, 1, 1)
    assert contact_request(store, reference).last_error.startswith("535")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("chatbot")]
    assert "s3cret" not in contact_request(store, reference).last_error + "".join(ours)


def test_password_repeated_by_the_server_is_masked(store, serve, inbox):
    reference = submit(store, REQUEST)
    inbox.answers = ["554 bad credentials s3cret"]
    carrier = transport(Settings(smtp=f"smtp://:s3cret@{serve()}", recipient=SHOP, sender=SHOP))
    send_pending(store, carrier)
    assert contact_request(store, reference).last_error == "554 bad credentials ***"


def test_password_is_in_no_repr():
    carrier = transport(Settings(smtp="smtp://robot:s3cret@mail.exemple.fr", recipient=SHOP, sender=SHOP))
    assert "s3cret" not in repr(carrier) + str(carrier)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.exemple.fr", ("smtp", "mail.exemple.fr", 25, "", "")),
        ("smtp+starttls://mail.exemple.fr", ("smtp+starttls", "mail.exemple.fr", 587, "", "")),
        ("smtps://u%40x:p%3Aq@mail.exemple.fr", ("smtps", "mail.exemple.fr", 465, "u@x", "p:q")),
        ("smtp://[::1]:2525", ("smtp", "::1", 2525, "", "")),
    ],
)
def test_server_is_read_from_its_url(url, expected):
    assert tuple(server(url)) == expected


@pytest.mark.parametrize("url", ["http://a", "smtp://", "mail.exemple.fr", "smtp://u:s3cret@h:port", "smtp://[::1"])
def test_server_url_that_makes_no_sense_is_refused_without_its_password(url):
    with pytest.raises(UsageError) as caught:
        server(url)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "missing"),
    [
        (Settings(), "CHATBOT_SMTP_URL et CHATBOT_CONTACT_TO"),
        (Settings(smtp="smtp://a"), "CHATBOT_CONTACT_TO"),
        (Settings(smtp="smtp://a", recipient="pas une adresse", sender=SHOP), "CHATBOT_CONTACT_TO"),
        (Settings(smtp="smtp://a", recipient=SHOP, sender="x\r\nBcc: y@z.fr"), "CHATBOT_CONTACT_FROM"),
    ],
)
def test_incomplete_delivery_settings_are_named(asked, missing):
    with pytest.raises(UsageError, match=missing):
        transport(asked)
