"""Contact requests for other programs: JSON lines, and CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime

from chatbot.storage.cells import safe_cell
from chatbot.storage.contacts import StoredRequest


def as_values(request: StoredRequest) -> dict[str, object]:
    """The request as JSON-ready values in a fixed order, times as 2026-11-23T07:38:19Z."""
    values = request._asdict()
    return {name: moment(value) if name.endswith("_at") else value for name, value in values.items()}


def moment(seconds: int | None) -> str | None:
    """Seconds since 1970 as 2026-11-23T07:38:19Z; None stays None."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def jsonl(requests: Iterable[StoredRequest]) -> str:
    """One JSON object per line."""
    return "".join(json.dumps(as_values(request), ensure_ascii=False) + "\n" for request in requests)


def csv_table(requests: Iterable[StoredRequest]) -> str:
    """A table with a heading, parted by semicolons as French spreadsheets expect, every cell quoted.

    A cell that would be a formula gets an apostrophe in front: spreadsheets then show it as text.
    """
    table = io.StringIO()
    writer = csv.writer(table, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(StoredRequest._fields)
    for request in requests:
        writer.writerow([safe_cell(value) for value in as_values(request).values()])
    return table.getvalue()
