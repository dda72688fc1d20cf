"""Mail by SMTP with the standard library. The password never leaves this module: no log, no error, no repr."""

from __future__ import annotations

import ipaddress
import smtplib
import ssl
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from chatbot.errors import UsageError
from chatbot.storage.contacts import StoredRequest
from chatbot.storage.emails import ascii_address
from chatbot.storage.mail import mail
from chatbot.storage.outbox import DeliveryError
from chatbot.storage.settings import RECIPIENT, SENDER, SMTP, Settings

# Seconds one exchange with the server may take.
TIMEOUT = 20
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class Server(NamedTuple):
    """A mail server as its URL names it. `scheme`: smtp, smtp+starttls or smtps."""

    scheme: str
    host: str
    port: int
    user: str
    password: str

    def __repr__(self) -> str:
        """The server without its password, for logs and tracebacks."""
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def local(self) -> bool:
        """Whether it runs on this machine, where no wire can be listened to."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def server(url: str) -> Server:
    """The server of smtp://[user:password@]host[:port], smtp+starttls://… or smtps://…; UsageError otherwise."""
    expected = f"{SMTP} est illisible ; attendu : smtp://, smtp+starttls:// ou smtps://[nom:mot-de-passe@]hôte[:port]"
    try:
        parts: SplitResult = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UsageError(expected) from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise UsageError(expected)
    return Server(
        parts.scheme,
        parts.hostname,
        port or _PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


@dataclass(frozen=True)
class SmtpTransport:
    """Carries requests to `recipient`, one connection per mail.

    smtps:// and smtp+starttls:// are encrypted or fail. smtp:// is encrypted where the server offers it, and always
    before a password is sent, unless the server is on this machine. Certificates are verified.
    """

    server: Server
    sender: str
    recipient: str
    timeout: float = TIMEOUT

    def send(self, request: StoredRequest) -> None:
        """Returns once the server has accepted the mail; DeliveryError with its reason otherwise."""
        message = mail(request, self.sender, self.recipient)
        try:
            connection = self._connect()
        except OSError as error:
            raise DeliveryError(self._reason(error), reachable=False) from None
        try:
            connection.send_message(message, self.sender, [self.recipient])
        except OSError as error:
            raise DeliveryError(self._reason(error), reachable=_is_answer(error)) from None
        finally:
            # No QUIT is waited for: the mail is accepted or it is not, whatever the farewell would say.
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        at = self.server
        if at.scheme == "smtps":
            context = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(at.host, at.port, timeout=self.timeout, context=context)
        else:
            connection = smtplib.SMTP(at.host, at.port, timeout=self.timeout)
        try:
            self._secure(connection)
            if at.user:
                connection.login(at.user, at.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _secure(self, connection: smtplib.SMTP) -> None:
        at = self.server
        if at.scheme == "smtps" or (at.scheme == "smtp" and at.local):
            return
        connection.ehlo_or_helo_if_needed()
        if at.scheme == "smtp+starttls" or at.user or connection.has_extn("starttls"):
            connection.starttls(context=ssl.create_default_context())

    def _reason(self, error: Exception) -> str:
        """What went wrong in one line, without the password even if the server repeats it."""
        match error:
            case smtplib.SMTPRecipientsRefused():
                code, said = next(iter(error.recipients.values()))
                reason = f"{code} {_words(said)}"
            case smtplib.SMTPResponseException():
                reason = f"{error.smtp_code} {_words(error.smtp_error)}"
            case _:
                reason = f"{type(error).__name__}: {error}"
        secret = self.server.password
        return " ".join((reason.replace(secret, "***") if secret else reason).split())


def _is_answer(error: OSError) -> bool:
    """Whether the server spoke: a refusal is an answer, a line that breaks or goes silent is none.

    An SMTPException is an OSError, too.
    """
    return isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected)


def _words(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def transport(asked: Settings) -> SmtpTransport:
    """The transport the settings describe; UsageError says which of them is missing or wrong."""
    missing = [name for name, value in ((SMTP, asked.smtp), (RECIPIENT, asked.recipient)) if not value]
    if missing:
        raise UsageError(f"l'envoi n'est pas configuré : il manque {' et '.join(missing)}.")
    for name, address in ((RECIPIENT, asked.recipient), (SENDER, asked.sender)):
        if ascii_address(address) is None:
            raise UsageError(f"{name} n'est pas une adresse e-mail ; attendu : contact@exemple.fr")
    return SmtpTransport(server(asked.smtp), asked.sender, asked.recipient)
