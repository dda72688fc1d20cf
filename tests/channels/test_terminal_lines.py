"""The plain line mode: the same talk, through streams."""

from __future__ import annotations

import io

import pytest
from talks import Script, conversation, scripts

from chatbot.channels import Channel
from chatbot.channels.terminal import open_terminal
from chatbot.channels.terminal.layout import plain, reply_lines
from chatbot.channels.terminal.lines import LineTerminal

ONE_LINE_SCRIPTS = [s for s in scripts() if all("\n" not in turn["client"] for turn in s.turns)]


def talk_through(script: Script) -> str:
    talk, _ = conversation(script)
    said = "".join(f"{turn['client']}\n" for turn in script.turns)
    output = io.StringIO()
    assert LineTerminal(io.StringIO(said), output).run(talk) == 0
    return output.getvalue()


def expected_of(script: Script) -> str:
    talk, _ = conversation(script)
    replies = [talk.open(), *(talk.reply(turn["client"]) for turn in script.turns)]
    if not replies[-1].over:
        replies.append(talk.close())
    return "".join(plain(reply_lines(reply, None)) + "\n\n" for reply in replies)


@pytest.mark.parametrize("script", ONE_LINE_SCRIPTS, ids=lambda script: script.name)
def test_a_scripted_conversation_is_the_same_through_the_terminal(script: Script) -> None:
    assert talk_through(script) == expected_of(script)


def test_the_end_of_input_is_a_goodbye() -> None:
    assert "Au revoir" in talk_through(Script("fin", [{"client": "menu"}], {}, "ouvert"))


def test_empty_lines_are_no_messages_but_in_the_form_they_mean_none() -> None:
    turns = [{"client": text} for text in ("", "  ", "formulaire", "Zoé", "zoe@exemple.fr", "")]
    shown = talk_through(Script("vides", turns, {}, "ouvert"))
    assert "pas reçu de question" not in shown
    assert "Quel est votre message" in shown


def test_ctrl_c_gives_up_the_line_only() -> None:
    class Interrupted(io.StringIO):
        first = True

        def readline(self, size: int | None = -1, /) -> str:
            if self.first:
                self.first = False
                raise KeyboardInterrupt
            return super().readline(-1 if size is None else size)

    talk, _ = conversation(Script("c", [], {}, "ouvert"))
    output = io.StringIO()
    assert LineTerminal(Interrupted("menu\nquitter\n"), output).run(talk) == 0
    assert "AVANT MA COMMANDE" in output.getvalue()


def test_streams_that_are_no_terminal_get_plain_lines() -> None:
    channel: Channel = open_terminal(stdin=io.StringIO(), stdout=io.StringIO())
    assert isinstance(channel, LineTerminal)


def test_a_recording_channel_needs_only_run() -> None:
    class Recorder:
        said: tuple[str, ...] = ()

        def run(self, talk: object) -> int:
            self.said = (*self.said, type(talk).__name__)
            return 0

    channel: Channel = Recorder()
    talk, _ = conversation(Script("r", [], {}, "ouvert"))
    assert channel.run(talk) == 0
