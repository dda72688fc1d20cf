"""The wheel: built, installed where nothing else of ours is, and used from another folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from places import ROOT

pytest.importorskip("build", reason="the extra dev is not installed")
pytest.importorskip("hatchling", reason="the extra dev is not installed")


def run(*command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=180,
        env={**os.environ, **variables},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, environment: None) -> Path:
    """The wheel of this checkout, built with what is installed."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), folder=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder the wheel is installed in, without its dependencies: those are this environment's."""
    target = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--disable-pip-version-check"]
    run(*pip, "--target", str(target), str(wheel), folder=target)
    return target


def test_the_wheel_holds_the_shop_and_all_data(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    shop = {"faq.yaml", *(f"intents/{file.name}" for file in (ROOT / "intents").glob("*.yaml"))}
    assert {f"chatbot/shipped/{name}" for name in shop} <= names
    data = [
        path
        for path in (ROOT / "chatbot").rglob("*")
        if path.is_file() and not {"shipped", "__pycache__"} & set(path.parts)
    ]
    assert {path.relative_to(ROOT).as_posix() for path in data} <= names


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    """Above all no top-level module `cli`, which every install would share."""
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"chatbot"}


def test_the_wheel_says_its_licence_and_its_command(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    texts = {
        Path(name).name: archive.read(name).decode()
        for name in archive.namelist()
        if ".dist-info/" in name and not name.endswith(".png")
    }
    assert "License-Expression: GPL-2.0-or-later" in texts["METADATA"]
    assert "chatbot = chatbot.__main__:main" in texts["entry_points.txt"]
    assert "LICENSE" in texts


def test_the_installed_command_answers_from_another_folder(installed: Path, tmp_path: Path) -> None:
    command = installed / "bin" / "chatbot"
    path = {"PYTHONPATH": str(installed)}
    asked = run(sys.executable, str(command), "ask", "je veux ma facture", folder=tmp_path, **path)
    assert "Consulter votre facture" in asked.stdout
    where = run(sys.executable, "-c", "import chatbot; print(chatbot.__file__)", folder=tmp_path, **path)
    assert Path(where.stdout.strip()).is_relative_to(installed)


def test_the_installed_matcher_decides_as_the_checkout_does(installed: Path, tmp_path: Path) -> None:
    code = "from chatbot import Matcher; m = Matcher.load(); print(m.match('g pa recu le code de ma bank').as_dict())"
    there = run(sys.executable, "-c", code, folder=tmp_path, PYTHONPATH=str(installed))
    here = run(sys.executable, "-c", code, folder=ROOT, PYTHONPATH=str(ROOT))
    assert there.stdout == here.stdout


def test_a_name_that_is_not_public_is_an_error_to_a_type_checker(tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="the extra dev is not installed: mypy")
    (tmp_path / "user.py").write_text(
        "from chatbot import Matcher, Matchr\nMatcher.load().match('x').intents\n", "utf-8"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", str(tmp_path / "user.py")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert 'no attribute "Matchr"' in done.stdout
    assert "Found 1 error" in done.stdout
