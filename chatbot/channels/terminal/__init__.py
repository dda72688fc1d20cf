"""The terminal channel: a full screen for people at a terminal, plain lines for everything else."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from chatbot.channels import Channel


def open_terminal(*, plain: bool = False, stdin: TextIO | None = None, stdout: TextIO | None = None) -> Channel:
    """The channel for these streams (default: the program's): plain lines when asked for or when one is no terminal."""
    source = stdin or sys.stdin
    target = stdout or sys.stdout
    if plain or not (source.isatty() and target.isatty()) or os.environ.get("TERM") == "dumb":
        from chatbot.channels.terminal.lines import LineTerminal

        return LineTerminal(source, target)
    from chatbot.channels.terminal.screen import ScreenTerminal

    return ScreenTerminal(colour=not os.environ.get("NO_COLOR"))
