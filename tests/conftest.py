"""What tests of several rooms share: a clean environment, the shipped matcher, and the command line run as customers do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from places import ROOT, Cli

from chatbot import Matcher


@pytest.fixture(scope="session", autouse=True)
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting of this machine reaches a test; compiled knowledge is kept in a folder of this run."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [n for n in os.environ if n.startswith("CHATBOT_") and not n.startswith("CHATBOT_TEST_")]:
            patch.delenv(name)
        patch.setenv("CHATBOT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def shipped(environment: None) -> Matcher:
    """The matcher of the shipped knowledge base."""
    return Matcher.load()


@pytest.fixture(scope="session")
def cli(environment: None) -> Cli:
    """Runs `python cli.py …` in a process of its own and gives what it printed; never raises on an exit code."""

    def run(
        *arguments: str, text: str | None = "", folder: Path = ROOT, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(ROOT / "cli.py"), *arguments],
            input=text, capture_output=True, encoding="utf-8", cwd=folder, timeout=120, check=False,
            env={**os.environ, **variables},
        )  # fmt: skip

    return run
