"""Every knowledge base of broken.yaml is refused with all its faults, each at its line, with the cure, in one run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from bakery import FAQ, GOOD, changed, write
from places import Cli

from chatbot import KnowledgeBase, KnowledgeError
from chatbot.errors import Fault
from chatbot.knowledge.loader import build

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "broken.yaml").read_text("utf-8"))
# Bytes that no YAML text can hold, so that they cannot stand in the table.
BYTES = {
    "Latin-1": (b"formulations:\n  - du pain\n  - du bl\xe9\n", "intents/pain_complet.yaml:3", "UTF-8"),
    "UTF-16": ("formulations:\n  - du blé\n".encode("utf-16"), "intents/pain_complet.yaml:1", "UTF-8"),
    "a null byte": (b"formulations:\n  - du\0pain\n", "intents/pain_complet.yaml:2", "contrôle"),
}


def files_of(case: Mapping[str, Any]) -> dict[str, str]:
    files = dict(case.get("files", {}))
    if "line" in case:
        files["intents/pain_complet.yaml"] = f"formulations:\n  - {case['line']}\n"
    if "faq" in case:
        old, new = case["faq"]
        assert old in FAQ
        files["faq.yaml"] = FAQ.replace(old, new, 1)
    return changed(files)


def faults_of(files: Mapping[str, str]) -> tuple[Fault, ...]:
    with pytest.raises(KnowledgeError) as caught:
        KnowledgeBase.from_texts(files)
    return caught.value.faults


def named(cases: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in cases]


def test_the_bakery_itself_is_good() -> None:
    assert KnowledgeBase.from_texts(GOOD).shop == "Au Bon Levain"


def test_the_table_is_long_enough_and_names_each_case_once() -> None:
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names) >= 30


@pytest.mark.parametrize("case", named(CASES))
def test_all_faults_are_found_at_their_lines(case: dict[str, Any]) -> None:
    faults = faults_of(files_of(case))
    assert [f"{fault.path}:{fault.line}" for fault in faults] == [place for place, *_ in case["faults"]]
    for fault, (_, *words) in zip(faults, case["faults"], strict=True):
        assert [word for word in words if word not in fault.message] == []


@pytest.mark.parametrize("case", named(CASES))
def test_each_message_is_a_french_sentence_with_its_cure(case: dict[str, Any]) -> None:
    for fault in faults_of(files_of(case)):
        assert fault.message.rstrip("?. »").strip()
        assert fault.message[-1] in ".?"
        assert not {"expected", "found", "input", "should", "valid", "line", "not"} & set(fault.message.lower().split())


@pytest.mark.parametrize("name", BYTES)
def test_bytes_that_are_no_text_are_a_fault(name: str) -> None:
    content, place, word = BYTES[name]
    with pytest.raises(KnowledgeError) as caught:
        build({**{path: text.encode() for path, text in GOOD.items()}, "intents/pain_complet.yaml": content})
    (fault,) = caught.value.faults
    assert f"{fault.path}:{fault.line}" == place
    assert word in fault.message


@pytest.mark.parametrize(
    "command", [["ask", "du pain"], ["match", "--jsonl"], ["lint"], ["explain", "du pain"]], ids=lambda c: c[0]
)
def test_a_command_stops_with_2_and_all_faults_on_its_error_stream(
    cli: Cli, tmp_path: Path, command: list[str]
) -> None:
    case = CASES[-1]
    folder = write(tmp_path, files_of(case))
    done = cli(*command, "--kb", str(folder))
    printed = done.stderr if command[0] != "lint" else done.stderr + done.stdout
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert [line.split(": ")[0] for line in printed.splitlines() if ".yaml:" in line] == [
        place for place, *_ in case["faults"]
    ]


@pytest.mark.parametrize("case", named(CASES[::9]))
def test_ask_stops_with_2_on_any_of_them(cli: Cli, tmp_path: Path, case: dict[str, Any]) -> None:
    done = cli("ask", "du pain", "--kb", str(write(tmp_path, files_of(case))))
    assert done.returncode == 2
    assert done.stdout == ""
    assert [line.split(": ")[0] for line in done.stderr.splitlines()] == [place for place, *_ in case["faults"]]


def test_a_folder_that_is_not_there(cli: Cli, tmp_path: Path) -> None:
    done = cli("ask", "du pain", "--kb", str(tmp_path / "nulle_part"))
    assert done.returncode == 2
    assert "nulle_part" in done.stderr
    assert "n'existe pas" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_without_files(cli: Cli, tmp_path: Path) -> None:
    done = cli("match", "--jsonl", "--kb", str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.startswith(f"{tmp_path}:1: ni faq.yaml ni intents/*.yaml")


def test_a_folder_where_a_file_should_be(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "intents" / "pain_noir.yaml").mkdir()
    done = cli("ask", "du pain", "--kb", str(tmp_path))
    assert done.returncode == 2
    assert "pain_noir.yaml:1: ce n'est pas un fichier" in done.stderr
    assert "Traceback" not in done.stderr
