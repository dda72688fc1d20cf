"""The full terminal: prompt_toolkit with a status bar, completion, in-session history and pasted lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from prompt_toolkit import PromptSession, print_formatted_text
from prompt_toolkit.completion import Completer
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import Output
from prompt_toolkit.output.color_depth import ColorDepth
from prompt_toolkit.styles import Style

from chatbot.channels.terminal.completion import TitleCompleter
from chatbot.channels.terminal.layout import Line, cells, reply_lines, said_lines
from chatbot.dialogue import Conversation, Reply, sanitise, typeset

if TYPE_CHECKING:
    from collections.abc import Iterable

# Weight and position carry the meaning; colour only repeats it.
_STYLE = Style.from_dict(
    {
        "title": "bold fg:ansicyan",
        "number": "bold",
        "hint": "italic fg:ansibrightblack",
        "warning": "bold fg:ansiyellow",
        "said": "bold",
        "prompt": "bold fg:ansicyan",
        "bottom-toolbar": "noreverse fg:ansibrightblack",
        "bottom-toolbar.phone": "noreverse bold fg:ansicyan",
    }
)
_KEYS = ("menu", "aide", "Tab : compléter", "Ctrl-D : quitter")
_CTRL_C = "Ligne effacée. Pour finir : « quitter » ou Ctrl-D."


class ScreenTerminal:
    """A channel over a real terminal; `input` and `output` are prompt_toolkit's, given by tests."""

    def __init__(self, *, colour: bool = True, input: Input | None = None, output: Output | None = None) -> None:  # noqa: A002
        """A terminal in colour or not; nothing is written before `run`."""
        self._depth = None if colour else ColorDepth.DEPTH_1_BIT
        self._input = input
        self._output = output

    def run(self, conversation: Conversation) -> int:
        """Holds the conversation until the customer leaves."""
        session = self._session(conversation)
        kept: list[str] = []
        self._say(session, conversation.open())
        while True:
            try:
                text = session.prompt()
            except KeyboardInterrupt:
                self._print(session, [(("hint", f"  {typeset(_CTRL_C)}"),)])
                continue
            except EOFError:
                self._say(session, conversation.close())
                return 0
            if not text.strip() and not conversation.fills_form:
                continue
            safe = conversation.hide(text)
            reply = conversation.reply(text)
            self._lines(session, said_lines(safe, session.output.get_size().columns))
            self._say(session, reply)
            # Secrets must not come back with the up arrow: the history is what may be shown.
            kept += [safe] if safe == text and safe.strip() else []
            session.default_buffer.history = InMemoryHistory(kept)
            if reply.over:
                return 0

    def _session(self, conversation: Conversation) -> PromptSession[str]:
        completer = TitleCompleter(conversation.titles)
        session: PromptSession[str] = PromptSession(
            [("class:prompt", "› ")],
            # A framework's base class is met by its two methods, not inherited.
            completer=cast("Completer", completer),
            complete_while_typing=False,
            reserve_space_for_menu=4,
            bottom_toolbar=lambda: _status(conversation, session.output.get_size().columns),
            multiline=True,
            key_bindings=_bindings(),
            prompt_continuation="  ",
            style=_STYLE,
            color_depth=self._depth,
            include_default_pygments_style=False,
            # The line is printed again by us, masked and wrapped as the rest.
            erase_when_done=True,
            input=self._input,
            output=self._output,
        )
        return session

    def _say(self, session: PromptSession[str], reply: Reply) -> None:
        self._lines(session, [(), *reply_lines(reply, session.output.get_size().columns), ()])

    def _lines(self, session: PromptSession[str], lines: Iterable[Line]) -> None:
        self._print(session, [tuple((span.style, span.text) for span in line) for line in lines])

    def _print(self, session: PromptSession[str], lines: Iterable[tuple[tuple[str, str], ...]]) -> None:
        fragments = [
            fragment
            for line in lines
            for fragment in (*((f"class:{style}" if style else "", text) for style, text in line), ("", "\n"))
        ]
        print_formatted_text(
            FormattedText(fragments), end="", style=_STYLE, output=session.output, color_depth=self._depth,
            include_default_pygments_style=False,
        )  # fmt: skip


def _bindings() -> KeyBindings:
    """Enter sends, even a paste of several lines; Alt-Enter starts a line; Ctrl-C gives up what was typed."""
    bindings = KeyBindings()

    @bindings.add("enter")
    def _send(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @bindings.add("escape", "enter")
    def _line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @bindings.add("c-c")
    def _give_up(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt, style="class:aborting")

    @bindings.add("c-d")
    def _leave(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.delete()
        else:
            event.app.exit(exception=EOFError, style="class:exiting")

    return bindings


def _status(conversation: Conversation, columns: int) -> FormattedText:
    """The shop's number with its price, then as many reminders as fit."""
    contact = conversation.contact
    phone = sanitise(f"{contact.phone} ({contact.tariff})" if contact.tariff else contact.phone)
    room = columns - cells(phone) - 4
    shown = ""
    for key in _KEYS:
        longer = f"{shown} · {key}"
        if cells(longer) > room:
            break
        shown = longer
    return FormattedText([("class:bottom-toolbar.phone", f"  {phone}"), ("", shown)])
