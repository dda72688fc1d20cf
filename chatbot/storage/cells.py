"""Cells of a table for spreadsheets: text that none of them computes, and back."""

from __future__ import annotations

# What makes a spreadsheet compute a cell instead of showing it; the full-width forms count for some of them.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠|%")


def safe_cell(value: object) -> str:
    """The value as text no spreadsheet computes: « =1+1 » -> « '=1+1 »."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def as_it_was(cell: str) -> str:
    """The text that `safe_cell` made this of: « '=1+1 » -> « =1+1 »; any other text is itself."""
    return cell[1:] if cell[:1] == "'" and safe_cell(cell[1:]) == cell else cell
