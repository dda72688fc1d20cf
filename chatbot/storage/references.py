"""Short references people can read over the telephone: « 7KQ-M4X »."""

from __future__ import annotations

import secrets

# No vowel (no word appears by accident), and nothing that looks like another sign: no 0 O 1 I L 2 Z 5 S 8 B G U V Y.
ALPHABET = "34679CDFHJKMNPQRTWX"
LENGTH = 6


def new_reference() -> str:
    """A random reference, e.g. « 7KQ-M4X »: about 47 million of them; the database sees to it that each serves once."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{signs[:3]}-{signs[3:]}"


def normal_reference(typed: str) -> str:
    """The reference meant by what was typed: « 7kq m4x », « #7KQM4X » and « 7KQ-M4X » are the same one."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    return f"{signs[:3]}-{signs[3:]}"
