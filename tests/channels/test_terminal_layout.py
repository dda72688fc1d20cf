"""Replies on a screen: wrapped, well set, safe, at any width."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.channels.terminal.layout import cells, plain, reply_lines, said_lines, wrap
from chatbot.dialogue import Choice, Reply, ReplyKind, Section

STEPS = (
    "Dans votre espace :\n1. Cliquez sur « Mon compte » et identifiez-vous avec votre adresse.\n2. Ouvrez.\n- Ou non."
)
REPLY = Reply(
    ReplyKind.ANSWER,
    (Section("Comment obtenir une copie ?", ("Vous pouvez appeler le 0 892 438 892 quand vous voulez.", STEPS)),),
    tuple(Choice(n, f"Un titre assez long pour devoir passer à la ligne, numéro {n}", "x") for n in range(1, 11)),
    ("Cette réponse vous a-t-elle aidé ?",),
    hint="Tapez « oui » ou « non ».",
)


@pytest.mark.parametrize("columns", range(40, 201))
def test_no_line_is_wider_than_the_screen(columns: int) -> None:
    rows = plain(reply_lines(REPLY, columns)).split("\n")
    assert max(map(cells, rows)) < columns
    assert max(map(cells, rows)) <= 84


@pytest.mark.parametrize("columns", [40, 57, 80, 200])
def test_wrapping_loses_no_word(columns: int) -> None:
    set_text = plain(reply_lines(REPLY, columns)).replace("•", "-").split()
    assert set_text == plain(reply_lines(REPLY, None)).split()


@pytest.mark.parametrize("columns", [40, 80])
def test_french_marks_and_numbers_never_begin_or_end_a_line_alone(columns: int) -> None:
    rows = [row.strip() for row in plain(reply_lines(REPLY, columns)).split("\n")]
    assert not [row for row in rows if row[:1] in tuple("?!:;»") or row.endswith("«")]
    assert any("0\u00a0892\u00a0438\u00a0892" in row for row in rows)


def test_steps_hang_beside_their_number() -> None:
    rows = plain(reply_lines(REPLY, 40)).split("\n")
    first = next(n for n, row in enumerate(rows) if row.startswith("  1. Cliquez"))
    assert rows[first + 1].startswith("     ")


def test_ten_choices_line_up() -> None:
    rows = plain(reply_lines(REPLY, 80)).split("\n")
    assert len({row.index("Un titre") for row in rows if "Un titre" in row}) == 1


def test_a_pipe_gets_one_line_per_paragraph_in_ordinary_spaces() -> None:
    text = plain(reply_lines(REPLY, None))
    assert "Vous pouvez appeler le 0 892 438 892 quand vous voulez." in text.split("\n")
    assert "\u00a0" not in text


HOSTILE = "rouge \x1b[31m titre \x1b]0;x\x07 \x9b2J \u202eenvers\u2066 \r\x08fin\u2028suite"


@pytest.mark.parametrize("columns", [None, 40])
def test_no_text_of_anyone_reaches_the_terminal_as_a_command(columns: int | None) -> None:
    reply = Reply(ReplyKind.ANSWER, (Section(HOSTILE, (HOSTILE,)),), (Choice(1, HOSTILE, ""),), (HOSTILE,), HOSTILE)
    shown = plain(reply_lines(reply, columns)) + plain(said_lines(HOSTILE, 40))
    assert not [c for c in shown if (ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u2066"]


@given(st.text(), st.integers(1, 60))
def test_wrapped_rows_fit_and_hold_the_text(text: str, width: int) -> None:
    rows = wrap(text, width)
    assert all(cells(row) <= width or len(row.rstrip()) <= 1 or _one_wide(row, width) for row in rows)
    assert "".join(rows).replace(" ", "") == text.replace(" ", "")


def _one_wide(row: str, width: int) -> bool:
    """A character of two columns where there is room for one cannot be cut."""
    return width == 1 and sum(cells(c) > 0 for c in row) <= 1


@pytest.mark.parametrize(
    ("text", "width"), [("été", 3), ("日本", 4), ("e\u0301", 1), ("👍", 2), ("", 0), ("a\u200db", 2)]
)
def test_cells_count_columns(text: str, width: int) -> None:
    assert cells(text) == width


def test_what_was_said_keeps_its_lines() -> None:
    assert plain(said_lines("un\ndeux", 80)) == "› un\n  deux"
