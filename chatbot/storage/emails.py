"""E-mail addresses: checked for their form by email-validator, never against the network."""

from __future__ import annotations


def check_email(address: str) -> str | None:
    """The address in normal form, or None when it cannot be one; ImportError without the library.

    Letters beyond ASCII are allowed in the domain alone: few mailboxes can be answered otherwise.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(address.strip(), check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        return None


def ascii_address(address: str) -> str | None:
    """The address as a mail header wants it (« é » in the domain as xn--…), or None."""
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(address, check_deliverability=False, allow_smtputf8=False).ascii_email
    except EmailNotValidError:
        return None
