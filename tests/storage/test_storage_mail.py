"""The mail the shop gets: whole, the same each time, and no header a customer could add."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.storage.contacts import StoredRequest, one_line, storable
from chatbot.storage.mail import mail

STORED = StoredRequest(
    reference="7KQ-M4X",
    created_at=1_800_000_000,
    name="Élodie Nuñez",
    email="elodie@exemple.fr",
    order="CC-1",
    message="Où est mon colis ?\nMerci, à bientôt… 🙂",
    message_id="<abc@boutique.exemple>",
    attempts=0,
    next_try_at=0,
    sent_at=None,
    last_error="",
)
HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
}


def received(request: StoredRequest):
    sent = mail(request, "robot@boutique.exemple", "contact@boutique.exemple").as_bytes()
    return message_from_bytes(sent, policy=SMTP)


def test_mail_says_everything_the_customer_wrote():
    body = received(STORED).get_content()
    for field in (STORED.reference, STORED.name, STORED.email, STORED.order, *STORED.message.split("\n")):
        assert field in body


def test_answering_the_mail_answers_the_customer():
    address = received(STORED)["Reply-To"].addresses[0]
    assert (address.display_name, address.addr_spec) == (STORED.name, STORED.email)


def test_mail_is_the_same_bytes_at_every_attempt():
    first, second = (mail(STORED._replace(attempts=n), "a@b.fr", "c@d.fr").as_bytes() for n in (0, 7))
    assert first == second


def test_mail_bears_the_stored_identity():
    assert received(STORED)["Message-ID"] == STORED.message_id


def test_subject_has_the_reference_and_nothing_of_the_customer():
    assert received(STORED)["Subject"] == "Demande de contact 7KQ-M4X"


def test_international_domain_stands_in_ascii():
    assert "xn--" in received(STORED._replace(email="a@boîte.fr"))["Reply-To"].addresses[0].addr_spec


@pytest.mark.parametrize("email", ["", "rien", "a@b\r\nBcc: x@y.fr", "é@exemple.fr"])
def test_address_that_cannot_stand_in_a_header_stays_in_the_body(email):
    message = received(STORED._replace(email=email))
    assert message["Reply-To"] is None
    assert message["Bcc"] is None


@given(name=st.text(max_size=200), message=st.text(max_size=500))
def test_no_text_adds_a_header_or_breaks_the_mail(name, message):
    request = STORED._replace(name=one_line(name), message=storable(message))
    got = received(request)
    assert set(got.keys()) <= HEADERS
    assert not got.defects
    assert "".join(request.message.split()) in "".join(got.get_content().split())
