"""Containerfile and compose.yaml: no container engine runs here, so their words are checked against what they call."""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from chatbot.commands import serve

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
CONTAINERFILE = (ROOT / "Containerfile").read_text("utf-8").replace("\\\n", " ")
INSTRUCTIONS = [line.split(maxsplit=1) for line in CONTAINERFILE.splitlines() if line and not line.startswith("#")]


def parse_serve(arguments: list[str]) -> Any:
    parser = ArgumentParser(exit_on_error=False)
    parser.add_argument("--kb")
    serve.add_arguments(parser)
    return parser.parse_args(arguments)


def test_the_containerfile_has_known_instructions_only() -> None:
    known = {"FROM", "WORKDIR", "COPY", "RUN", "USER", "ENV", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD", "ENTRYPOINT"}
    unfolded = [word for word, *_ in INSTRUCTIONS if word.isupper()]
    assert set(unfolded) <= known
    assert unfolded.count("FROM") == 2


def test_what_the_containerfile_copies_exists() -> None:
    for word, rest in INSTRUCTIONS:
        if word == "COPY" and "--from" not in rest:
            *sources, _target = rest.split()
            assert [s for s in sources if not (ROOT / s).exists()] == []


def test_the_container_s_command_is_one_serve_takes() -> None:
    words = {word: json.loads(rest) for word, rest in INSTRUCTIONS if word in ("ENTRYPOINT", "CMD")}
    assert words["ENTRYPOINT"][:2] == ["chatbot", "serve"]
    args = parse_serve([*words["ENTRYPOINT"][2:], *words["CMD"]])
    assert args.host == "0.0.0.0"  # noqa: S104


@pytest.mark.parametrize("name", ["chatbot-1", "chatbot-2"])
def test_the_replicas_are_alike_and_their_flags_are_ones_serve_takes(name: str) -> None:
    service = COMPOSE["services"][name]
    assert parse_serve(service["command"]).watch
    assert service["environment"]["CHATBOT_DATABASE_URL"].startswith("postgresql://")


def test_nginx_sends_to_the_replicas_of_the_compose_file() -> None:
    nginx = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    assert re.findall(r"server (chatbot-\d):8000", nginx) == ["chatbot-1", "chatbot-2"]
    assert COMPOSE["services"]["proxy"]["volumes"][0].startswith("./deploy/nginx.conf:")


def test_no_secret_is_written_down() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    for value in re.findall(r"(?:PASSWORD|TOKEN): (.*)", text):
        assert value.startswith("${")
