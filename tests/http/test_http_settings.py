"""Settings: flag over environment over default, the same in every worker, no secret shown."""

from __future__ import annotations

import socket
from argparse import ArgumentParser

import pytest
from places import Cli

from chatbot.channels.http.settings import HttpSettings, checked
from chatbot.commands import serve
from chatbot.errors import UsageError


def parsed(*arguments: str) -> HttpSettings:
    parser = ArgumentParser()
    parser.add_argument("--kb")
    serve.add_arguments(parser)
    return serve.settings_of(parser.parse_args(arguments))


def test_workers_are_told_everything_through_the_environment() -> None:
    settings = HttpSettings(
        knowledge="/srv/shop", database="postgresql://h/d", token="t",  # noqa: S106
        origins=("https://a.fr", "https://b.fr"),
        frames=(), rate=0.5, burst=3, body=10, concurrency=4, timeout=1.5, page=False, watch=True, access_log=False,
        stamp="stamp-file",
    )  # fmt: skip
    assert HttpSettings.from_environment(settings.to_environment()) == settings
    assert HttpSettings.from_environment(HttpSettings().to_environment()) == HttpSettings()


def test_a_flag_wins_over_the_environment_and_that_over_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parsed().rate == HttpSettings().rate
    monkeypatch.setenv("CHATBOT_HTTP_RATE", "5")
    monkeypatch.setenv("CHATBOT_HTTP_PAGE", "non")
    assert (parsed().rate, parsed().page) == (5.0, False)
    assert parsed("--rate", "7", "--kb", "shop", "--origin", "https://a.fr/") == HttpSettings(
        rate=7.0, page=False, knowledge="shop", origins=("https://a.fr",)
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("RATE", "x"), ("RATE", "-1"), ("BODY", "0"), ("BODY", "1.5"), ("PAGE", "perhaps"), ("TIMEOUT", "-2"),
     ("TIMEOUT", "nan"), ("RATE", "inf"), ("RATE", "nan"),
     ("ORIGINS", "exemple.fr"), ("FRAMES", "'none'"), ("FRAMES", "https://a.fr;"), ("TOKEN", "two words")],
)  # fmt: skip
def test_what_makes_no_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=name):
        HttpSettings.from_environment({f"CHATBOT_HTTP_{name}": value})


def test_a_number_left_blank_is_not_set() -> None:
    assert HttpSettings.from_environment({"CHATBOT_HTTP_RATE": " ", "CHATBOT_HTTP_BURST": ""}) == HttpSettings()


def test_what_a_flag_replaces_need_not_make_sense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_HTTP_TOKEN", "two words")
    assert parsed("--token", "one").token == "one"  # noqa: S105


@pytest.mark.parametrize(
    "arguments",
    [("--port", "99999"), ("--port", "-1"), ("--workers", "0"), ("--database", "mysql://a/b"), ("--timeout", "nan"),
     ("--token", " "), ("--host", "192.0.2.1")],
)  # fmt: skip
def test_a_service_that_cannot_start_says_so_and_does_not(cli: Cli, arguments: tuple[str, str]) -> None:
    done = cli("serve", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("cli.py serve : ")


def test_a_port_that_is_taken_is_told_before_anything_starts(cli: Cli) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = cli("serve", "--port", str(port))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"port {port}" in done.stderr


@pytest.mark.parametrize(("value", "blank"), [(" ", True), ("", True), ("x", False), (None, False)])
def test_a_setting_left_blank_is_noticed(value: str | None, blank: bool) -> None:
    environment = {} if value is None else {"CHATBOT_HTTP_TOKEN": value}
    assert HttpSettings.is_blank("token", environment) is blank


def test_no_secret_is_shown() -> None:
    settings = checked(HttpSettings(token="hush", database="postgresql://u:hush@h/d"))  # noqa: S106
    assert "hush" not in repr(settings)
