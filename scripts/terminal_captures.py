"""Screen captures of a real session for the documentation: runs the chat in tmux, types, writes text and SVG files.

Usage: python scripts/terminal_captures.py [FOLDER] (default: docs/captures). Needs tmux.
"""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SESSION = f"captures-{os.getpid()}"
# Long enough for a slow machine; a session that has not settled by then has a fault of its own.
PATIENCE = 20.0

QUESTION = ("jveux ma factur svp", "et si ça marche pas ?")
FORM = ("formulaire", "Zoé Durand", "zoe.durand@exemple.fr", "passer", "Ma cartouche fuit depuis hier.")
# Name of the file -> columns, rows, what is typed, keys pressed last.
CAPTURES = {
    "terminal-80": (80, 50, QUESTION, ("menu",)),
    "terminal-40": (40, 79, QUESTION, ("comm", "Tab")),
    "formulaire-80": (80, 60, FORM, ()),
}
COLOURS = {"30": "#5c6370", "33": "#e5c07b", "36": "#56b6c2", "90": "#8b93a3"}
INK, PAPER, CELL, LINE = "#dcdfe4", "#1f2430", 8.4, 19


class Piece(NamedTuple):
    """Text in one style: the SGR codes in force."""

    text: str
    codes: frozenset[str]


def tmux(*arguments: str) -> str:
    """What a tmux command prints."""
    return subprocess.run(["tmux", *arguments], check=True, capture_output=True, text=True).stdout


def settled() -> str:
    """The screen with its colours, once it has stood still."""
    last, until = "", time.monotonic() + PATIENCE
    while time.monotonic() < until:
        time.sleep(0.4)
        screen = tmux("capture-pane", "-t", SESSION, "-p", "-e")
        if screen == last and "›" in screen:
            return screen
        last = screen
    raise SystemExit("the session did not settle")


def session(columns: int, rows: int, said: tuple[str, ...], last: tuple[str, ...]) -> str:
    """The last screen of a session in which these lines were said and these keys pressed."""
    with tempfile.TemporaryDirectory() as folder:
        chat = f"{sys.executable} {ROOT / 'cli.py'} chat --database sqlite:///{folder}/captures.db"
        tmux(
            "new-session", "-d", "-s", SESSION, "-x", str(columns), "-y", str(rows), "-e", "TERM=screen-256color", chat
        )
        try:
            settled()
            for line in said:
                tmux("send-keys", "-t", SESSION, "-l", line)
                tmux("send-keys", "-t", SESSION, "Enter")
                settled()
            if last:
                tmux("send-keys", "-t", SESSION, *last)
            return settled()
        finally:
            tmux("kill-session", "-t", SESSION)


def pieces(line: str) -> Iterator[Piece]:
    """A line of tmux's -e output as styled pieces."""
    codes: set[str] = set()
    for text, sequence in re.findall(r"([^\x1b]+)|\x1b\[([0-9;]*)m", line):
        if text:
            yield Piece(text, frozenset(codes))
            continue
        for code in (sequence or "0").split(";"):
            colours = {c for c in codes if len(c) == 2}
            codes = set() if code == "0" else (codes - colours if len(code) == 2 else codes) | {code} - {"39", "49"}


def plain(screen: str) -> str:
    """The screen as text."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", screen).replace("\u00a0", " ")
    return "\n".join(line.rstrip() for line in text.rstrip("\n").split("\n")) + "\n"


def svg(screen: str, columns: int) -> str:
    """The screen as a picture any browser shows, its text selectable."""
    lines = screen.rstrip("\n").split("\n")
    width, height = int(columns * CELL + 32), len(lines) * LINE + 32
    rows = []
    for number, line in enumerate(lines):
        place = 16.0
        for piece in pieces(line):
            style = f' fill="{next((COLOURS[c] for c in piece.codes if c in COLOURS), INK)}"'
            style += ' font-weight="bold"' if "1" in piece.codes else ""
            style += ' font-style="italic"' if "3" in piece.codes else ""
            length = len(piece.text) * CELL
            if piece.text.strip():
                text = html.escape(piece.text.replace(" ", "\u00a0"))
                rows.append(
                    f'<text x="{place:.1f}" y="{number * LINE + 30}" textLength="{length:.1f}"{style}>{text}</text>'
                )
            place += length
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-size="14" '
        f'font-family="DejaVu Sans Mono, Menlo, Consolas, monospace">\n'
        f'<rect width="100%" height="100%" rx="8" fill="{PAPER}"/>\n' + "\n".join(rows) + "\n</svg>\n"
    )


def main() -> int:
    """Writes every capture."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "captures"
    folder.mkdir(parents=True, exist_ok=True)
    for name, (columns, rows, said, last) in CAPTURES.items():
        screen = session(columns, rows, said, last)
        (folder / f"{name}.txt").write_text(plain(screen), "utf-8")
        (folder / f"{name}.svg").write_text(svg(screen, columns), "utf-8")
        print(folder / f"{name}.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
