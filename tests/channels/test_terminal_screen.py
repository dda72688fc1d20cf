"""The full terminal, driven through prompt_toolkit's pipe input; the screen is a text file."""

from __future__ import annotations

import io
import re
import threading

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.data_structures import Size
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output
from talks import Desk, Script, conversation

from chatbot.channels.terminal.completion import TitleCompleter
from chatbot.channels.terminal.layout import cells
from chatbot.channels.terminal.screen import ScreenTerminal, _status

ENTER, CTRL_C, CTRL_D, TAB, UP = "\r", "\x03", "\x04", "\t", "\x1b[A"
SCRIPT = Script("terminal", [], {}, "ouvert")


def play(*keys: str, columns: int = 80, colour: bool = True) -> tuple[str, Desk, int]:
    """The bytes a session writes for these keys, the desk of its form, its exit code.

    Several strings of keys come one after the other, as from a hand that waits for the screen.
    """
    screen = io.StringIO()
    output = Vt100_Output(screen, lambda: Size(rows=40, columns=columns), term="xterm-256color", enable_cpr=False)
    talk, desk = conversation(SCRIPT)
    with create_pipe_input() as source:
        source.send_text(keys[0])
        for number, later in enumerate(keys[1:], 1):
            threading.Timer(number * 0.3, source.send_text, [later]).start()
        code = ScreenTerminal(colour=colour, input=source, output=output).run(talk)
    return screen.getvalue(), desk, code


def text_of(screen: str) -> str:
    """What was written, without the commands to the terminal."""
    return re.sub(r"\x1b(\[[0-9;?]*[a-zA-Z]|\][^\x07]*\x07|[=>()][A-Z0-9]?)", "", screen).replace("\u00a0", " ")


def test_a_question_is_answered_and_quitter_leaves() -> None:
    screen, _, code = play(f"jveux ma facture{ENTER}quitter{ENTER}")
    assert "Consulter votre facture" in text_of(screen)
    assert "Au revoir" in text_of(screen)
    assert code == 0


def test_accents_typed_are_read() -> None:
    assert "AVANT MA COMMANDE" in text_of(play(f"ménu{ENTER}{CTRL_D}")[0])


def test_ctrl_d_says_goodbye() -> None:
    screen, _, code = play(CTRL_D)
    assert "Au revoir" in text_of(screen)
    assert code == 0


def test_ctrl_c_gives_up_what_was_typed() -> None:
    screen, _, _ = play(f"connard{CTRL_C}menu{ENTER}{CTRL_D}")
    assert "mécontentement" not in text_of(screen)
    assert "AVANT MA COMMANDE" in text_of(screen)


def test_ctrl_c_on_an_empty_line_tells_how_to_leave() -> None:
    assert "Ctrl-D" in text_of(play(f"{CTRL_C}{CTRL_D}")[0])


def test_a_paste_of_several_lines_is_one_message() -> None:
    paste = "\x1b[200~Ma cartouche fuit.\nDepuis hier.\x1b[201~"
    _, desk, _ = play(f"formulaire{ENTER}Zoé{ENTER}zoe@exemple.fr{ENTER}{ENTER}{paste}{ENTER}envoyer{ENTER}{CTRL_D}")
    assert [request.message for request in desk.requests] == ["Ma cartouche fuit.\nDepuis hier."]


def test_tab_completes_a_title() -> None:
    screen, _, _ = play(f"tambour{TAB}{ENTER}{CTRL_D}")
    assert "photoconducteur" in text_of(screen)


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_the_status_bar_shows_the_number_and_fits(columns: int) -> None:
    shown = "".join(text for _, text, *_ in _status(conversation(SCRIPT)[0], columns))
    assert shown.startswith("  0 892 438 892")
    assert cells(shown) <= columns


def test_a_secret_is_wiped_and_never_comes_back() -> None:
    screen, _, _ = play(f"menu{ENTER}carte 4970 1012 3456 7890{ENTER}", f"{UP}{ENTER}", CTRL_D)
    after = screen.split("ne communiquez")[1]
    assert "7890" not in after
    assert "carte •••" in text_of(screen)
    assert text_of(after).count("AVANT MA COMMANDE") == 1


def test_the_up_arrow_brings_back_the_last_question() -> None:
    screen, _, _ = play(f"menu{ENTER}", f"{UP}{ENTER}", CTRL_D)
    assert text_of(screen).count("AVANT MA COMMANDE") == 2


def test_without_colour_no_colour_is_sent() -> None:
    screen, _, _ = play(f"menu{ENTER}{CTRL_D}", colour=False)
    codes = {code for found in re.findall(r"\x1b\[([0-9;]+)m", screen) for code in found.split(";")}
    assert not [code for code in codes if code.isdigit() and (30 <= int(code) <= 37 or 90 <= int(code) <= 107)]


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_nothing_printed_is_wider_than_the_screen(columns: int) -> None:
    screen, _, _ = play(f"3d secure bloqué{ENTER}menu{ENTER}{CTRL_D}", columns=columns)
    assert max(cells(row.strip("\r")) for row in text_of(screen).split("\n")) <= 2 * columns


def test_what_a_customer_types_cannot_drive_the_terminal() -> None:
    screen, _, _ = play(f"\x1b[200~\x1b]0;pirate\x07 \x9b31mrouge\x1b[201~{ENTER}{CTRL_D}")
    assert "\x1b]0;pirate" not in screen
    assert "\x9b" not in screen


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("tamb", ["Quelle est la différence entre un toner et un tambour ?"]),
        ("REPE", ["répétez"]),
        ("ma fact", ["Comment obtenir une copie de ma facture?", "Ma facture comporte une erreur, que faire ?"]),
        ("zzz", []),
    ],
)
def test_completion_folds_accents_and_case(typed: str, found: list[str]) -> None:
    completer = TitleCompleter(conversation(SCRIPT)[0].titles)
    completions = completer.get_completions(Document(typed), CompleteEvent())
    assert [completion.text for completion in completions] == found
