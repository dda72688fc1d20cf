"""Findings: what a check has to say about a line of the knowledge, and how it is printed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import PurePath
from typing import NamedTuple

from chatbot.errors import Fault


class Severity(StrEnum):
    """FAULT: the knowledge cannot be used. WARNING: it can, and should not. NOTE: worth knowing, blocks nothing."""

    FAULT = "faute"
    WARNING = "defaut"
    NOTE = "remarque"


class Finding(NamedTuple):
    """One thing to say about a line: its place first, so that findings sort by place."""

    path: str
    line: int
    code: str
    message: str
    severity: Severity = Severity.WARNING

    @classmethod
    def of(cls, fault: Fault) -> Finding:
        """What the strict loader refused."""
        return cls(fault.path, fault.line, fault.code, fault.message, Severity.FAULT)


def exit_code(findings: Iterable[Finding]) -> int:
    """2 when the knowledge cannot be used, 1 when something should be mended, 0 when there are at most notes."""
    severities = {finding.severity for finding in findings}
    if Severity.FAULT in severities:
        return 2
    return 1 if Severity.WARNING in severities else 0


def as_text(findings: Sequence[Finding], *, notes: bool) -> str:
    """One line per finding, then a summary; notes only when asked for."""
    blocking = [f for f in findings if f.severity is not Severity.NOTE]
    rest = [f for f in findings if f.severity is Severity.NOTE]
    shown = sorted([*blocking, *(rest if notes else [])])
    lines = [f"{f.path}:{f.line}: {f.message} [{f.code}]" for f in shown]
    total = "aucun défaut" if not blocking else f"{len(blocking)} défaut{'s' * (len(blocking) > 1)}"
    if rest:
        total += f", {len(rest)} remarque{'s' * (len(rest) > 1)}" + ("" if notes else " (--notes pour les lire)")
    return "\n".join([*lines, total])


def as_json(findings: Sequence[Finding], version: str) -> str:
    """All findings, notes included, as one JSON object."""
    rows = [{**f._asdict(), "severity": str(f.severity)} for f in sorted(findings)]
    blocking = sum(f.severity is not Severity.NOTE for f in findings)
    return json.dumps({"knowledge_version": version, "count": blocking, "findings": rows}, ensure_ascii=False, indent=2)


def as_github(findings: Sequence[Finding], folder: str = "") -> str:
    """GitHub's workflow commands: each finding shows on its line of the pull request. `folder`: from the repository."""
    return "\n".join(_command(finding, folder) for finding in sorted(findings))


def _command(finding: Finding, folder: str) -> str:
    level = "notice" if finding.severity is Severity.NOTE else "error"
    path = _escaped((PurePath(folder) / finding.path).as_posix(), property_value=True)
    return f"::{level} file={path},line={finding.line},title={finding.code}::{_escaped(finding.message)}"


def _escaped(text: str, *, property_value: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property_value else text
