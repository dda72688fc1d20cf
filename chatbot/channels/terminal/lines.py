"""The plain line mode: one message per line in, paragraphs out. For pipes, screen readers and dumb terminals."""

from __future__ import annotations

import shutil
from typing import NamedTuple, TextIO

from chatbot.channels.terminal.layout import plain, reply_lines
from chatbot.dialogue import Conversation, Reply

_PROMPT = "> "


class LineTerminal(NamedTuple):
    """A channel over two text streams. What is read is never written back."""

    input: TextIO
    output: TextIO

    def run(self, conversation: Conversation) -> int:
        """Holds the conversation until the customer leaves or the input ends."""
        self._say(conversation.open())
        while True:
            try:
                text = self._read()
                if text is None:
                    self._say(conversation.close())
                    return 0
                if text.strip() or conversation.fills_form:
                    reply = conversation.reply(text)
                    self._say(reply)
                    if reply.over:
                        return 0
            except KeyboardInterrupt:
                # Ctrl-C gives up the line, not the conversation.
                self.output.write("\n")

    def _read(self) -> str | None:
        """The next message without its line end; None when there is no more."""
        if self.input.isatty():
            self.output.write(_PROMPT)
            self.output.flush()
        line = self.input.readline()
        return line.rstrip("\r\n") if line else None

    def _say(self, reply: Reply) -> None:
        columns = shutil.get_terminal_size().columns if self.output.isatty() else None
        self.output.write(plain(reply_lines(reply, columns)) + "\n\n")
        self.output.flush()
