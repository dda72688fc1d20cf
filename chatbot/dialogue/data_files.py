"""The dialogue's own data: the words it understands (mots.yaml, alertes.yaml) and what it says by default (messages.yaml).

These files keep to a small part of YAML that the twenty lines below read, so that a warm start imports no YAML
library (20 ms) for some 400 lines; a test holds that a YAML library reads them the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

DATA = Path(__file__).parent / "data"


def read_phrases(path: Path = DATA / "mots.yaml") -> dict[str, tuple[str, ...]]:
    """Category -> its phrases, as written, from a file of `key:` and `- phrase` lines."""
    found: dict[str, list[str]] = {}
    phrases: list[str] = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("  - "):
            phrases.append(line[4:])
        elif line and not line.startswith("#"):
            phrases = found[line.rstrip(":")] = []
    return {category: tuple(items) for category, items in found.items()}


def read_alerts() -> dict[str, tuple[str, ...]]:
    """The families of words and the alerts they make, as `read_phrases` reads them."""
    return read_phrases(DATA / "alertes.yaml")


def read_texts(path: Path = DATA / "messages.yaml") -> dict[str, str]:
    """Key -> text, from a file of `key: |` lines, each followed by its text indented by two spaces."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("  ") or not line:
            lines.append(line[2:])
        elif not line.startswith("#"):
            lines = found[line.removesuffix(": |")] = []
    return {key: "\n".join(text).strip() for key, text in found.items()}


def default_messages() -> Mapping[str, str]:
    """Every message key the dialogue knows, with its neutral text; a shop's faq.yaml may reword any of them."""
    return read_texts()
