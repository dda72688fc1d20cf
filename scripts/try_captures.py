"""Screen captures of `cli.py try` for the support guide: a sentence typed, an intent chosen, the consequences weighed.

Usage: python scripts/try_captures.py [FOLDER] (default: docs/captures). Needs tmux. Works on a copy of the knowledge.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from terminal_captures import ROOT, plain, svg, tmux

SESSION = f"try-{os.getpid()}"
COLUMNS, ROWS = 100, 26
SENTENCE = "Où retrouver la paperasse de mon achat ?"
PATIENCE = 60.0
# Name of the file -> what is typed or pressed, and what the screen shows when it is done.
STEPS = (
    ("atelier-1", ("-l", SENTENCE), "S'appuie sur"),
    ("atelier-2", ("C-a",), "Ajouter cette phrase"),
    ("atelier-3", ("Enter",), "Cette phrase"),
)


def main() -> int:
    """Writes every capture."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "captures"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as copy:
        shutil.copy(ROOT / "faq.yaml", copy)
        shutil.copytree(ROOT / "intents", Path(copy) / "intents")
        command = f"{sys.executable} {ROOT / 'cli.py'} try --kb {copy}"
        size = ("-x", str(COLUMNS), "-y", str(ROWS))
        tmux("new-session", "-d", "-s", SESSION, *size, "-e", "TERM=screen-256color", command)
        try:
            _shows("Tapez une question")
            for name, keys, awaited in STEPS:
                tmux("send-keys", "-t", SESSION, *keys)
                screen = _shows(awaited)
                (folder / f"{name}.txt").write_text(plain(screen), "utf-8")
                (folder / f"{name}.svg").write_text(svg(screen, COLUMNS), "utf-8")
        finally:
            tmux("kill-session", "-t", SESSION)
    return 0


def _shows(awaited: str) -> str:
    """The screen once it shows something and stands still."""
    last, until = "", time.monotonic() + PATIENCE
    while time.monotonic() < until:
        time.sleep(0.5)
        screen = tmux("capture-pane", "-t", SESSION, "-p", "-e")
        if awaited in screen and screen == last:
            return screen
        last = screen
    raise SystemExit(f"the screen never showed « {awaited} »")


if __name__ == "__main__":
    sys.exit(main())
