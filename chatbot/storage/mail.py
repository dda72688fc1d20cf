"""A stored request as the mail the shop receives: the same bytes at every attempt, and no header a customer can add."""

from __future__ import annotations

from datetime import UTC, datetime
from email.errors import HeaderParseError, MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from chatbot.storage.contacts import StoredRequest, one_line
from chatbot.storage.emails import ascii_address


def mail(request: StoredRequest, sender: str, recipient: str) -> EmailMessage:
    """The mail to the shop; Reply-To is the customer, where the address can stand in a header."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = f"Demande de contact {request.reference}"
    message["Date"] = format_datetime(datetime.fromtimestamp(request.created_at, UTC))
    message["Message-ID"] = request.message_id
    message["Auto-Submitted"] = "auto-generated"
    reply_to = _reply_to(request)
    if reply_to is not None:
        message["Reply-To"] = reply_to
    message.set_content(_body(request), charset="utf-8", cte="base64")
    return message


def _reply_to(request: StoredRequest) -> Address | None:
    address = ascii_address(request.email)
    if address is None:
        return None
    try:
        return Address(display_name=one_line(request.name), addr_spec=address)
    except (ValueError, HeaderParseError, MessageError):
        return None


def _body(request: StoredRequest) -> str:
    lines = [
        f"Référence : {request.reference}",
        f"Nom : {request.name}",
        f"E-mail : {request.email}",
        f"Commande : {request.order or 'non précisée'}",
        "",
        *request.message.splitlines(),
    ]
    return "\n".join(lines) + "\n"
