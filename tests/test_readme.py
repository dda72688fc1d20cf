"""What the README shows is what happens: its commands are run, its Python is run, its links lead somewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from places import ROOT

README = (ROOT / "README.md").read_text("utf-8")
# Run by .ci/run on a clean clone: they make an environment of their own.
SET_UP = "python3 -m venv"


class Shown(NamedTuple):
    """A command of the README and the output shown under it."""

    command: str
    output: str


def shown() -> list[Shown]:
    found: list[Shown] = []
    for block in re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append(Shown(command, output))
    return found


def same_spaces(text: str) -> list[str]:
    return [line.rstrip() for line in text.replace("\u00a0", " ").replace("\u202f", " ").rstrip().split("\n")]


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PATH": path},
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("example", [e for e in shown() if SET_UP not in e.command], ids=lambda e: e.command)
def test_a_command_prints_what_is_shown(example: Shown) -> None:
    done = run(["bash", "-c", f"set -o pipefail; {example.command}"])
    assert done.returncode == 0, done.stderr
    assert same_spaces(done.stdout) == same_spaces(example.output)
    assert done.stderr == ""


def test_the_set_up_is_one_line_for_the_chat_and_one_for_the_tests() -> None:
    """In the form .ci/run looks for."""
    commands = [example.command for example in shown() if SET_UP in example.command]
    assert [command.rpartition("/")[2] for command in commands] == ["python cli.py", "pytest -q"]


def test_the_python_prints_what_is_shown() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        expected = [
            comment for line in block.splitlines() if "print(" in line for comment in re.findall(r"\)  # (.*)$", line)
        ]
        done = run([sys.executable, "-c", block])
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == expected


def test_links_lead_to_files() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
