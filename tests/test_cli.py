"""The command line as a process: exit codes, help, streams, and what comes in and goes out of `match --jsonl`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

import pytest
from places import ROOT, Cli

from chatbot import Matcher
from chatbot.__main__ import COMMANDS, main

CLI = [sys.executable, str(ROOT / "cli.py")]
# Most a run of 10,000 lines may add to its memory over one of 1,000; in KiB.
MOST_GROWTH = 12 * 1024


@pytest.fixture(autouse=True)
def _environment(environment: None) -> None:
    """The clean environment, for tests that start processes themselves."""


def test_the_help_lists_every_command(cli: Cli) -> None:
    done = cli("--help")
    assert done.returncode == 0
    assert all(f"  {verb} " in done.stdout for verb in COMMANDS)


@pytest.mark.parametrize("verb", COMMANDS)
def test_every_command_has_its_help_in_french(
    verb: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["cli.py"])
    with pytest.raises(SystemExit) as left:
        main([verb, "--help"])
    printed = capsys.readouterr().out
    assert left.value.code == 0
    assert printed.startswith(f"usage: cli.py {verb}")
    assert "--kb DOSSIER" in printed
    assert re.search(r"[éèàêç]", printed)


@pytest.mark.parametrize(
    ("started", "named"),
    [("cli.py", "cli.py"), ("/usr/bin/chatbot", "chatbot"), ("/x/chatbot/__main__.py", "python -m chatbot")],
)
def test_help_and_faults_name_the_program_as_it_was_started(
    started: str, named: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [started])
    assert main(["--help"]) == 0
    assert capsys.readouterr().out.startswith(f"usage: {named} [")
    assert main(["nothing"]) == 2
    assert capsys.readouterr().err.startswith(f"{named} : ")


def test_every_command_has_its_module_and_every_module_its_command() -> None:
    modules = {path.stem for path in (ROOT / "chatbot" / "commands").glob("*.py")} - {"__init__"}
    assert modules == set(COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    [
        ["parler"],
        ["ask", "--inconnu"],
        ["explain"],
        ["match", "--jsonl", "nulle_part.jsonl"],
        ["--inconnu"],
        ["lint", "--format", "pdf"],
    ],
    ids=" ".join,
)
def test_bad_usage_is_exit_code_2_without_a_traceback(cli: Cli, arguments: list[str]) -> None:
    done = cli(*arguments)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_an_unknown_command_is_told_the_known_ones(cli: Cli) -> None:
    assert all(verb in cli("parler").stderr for verb in COMMANDS)


def test_ask_reads_its_question_from_the_input_when_it_is_given_none(cli: Cli) -> None:
    assert cli("ask", text="je veux ma facture\n").stdout == cli("ask", "je veux ma facture").stdout


def test_ask_joins_the_words_of_a_question_without_quotes(cli: Cli) -> None:
    assert cli("ask", "je", "veux", "ma", "facture").stdout == cli("ask", "je veux ma facture").stdout


@pytest.mark.parametrize("question", ["", "🙂", "azertyuiop", "\x1b[31mazertyuiop"], ids=ascii)
def test_a_question_that_is_not_understood_is_no_error(cli: Cli, question: str) -> None:
    done = cli("ask", question)
    assert done.returncode == 0
    assert "0 892 438 892" in done.stdout.replace("\u00a0", " ")
    assert "\x1b" not in done.stdout


def test_ask_as_json_is_one_object_on_one_line(cli: Cli) -> None:
    done = cli("ask", "--json", "je veux ma facture")
    assert done.stdout.count("\n") == 1
    assert json.loads(done.stdout)["intents"] == ["facture_copie"]


def test_ask_speaks_utf8_in_any_locale(cli: Cli) -> None:
    done = cli("ask", "annuler ma commande", LC_ALL="C", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "annulée" in done.stdout


def test_bytes_that_are_no_text_are_answered_all_the_same() -> None:
    done = subprocess.run([*CLI, "ask"], input=b"ma facture \xff\xfe\x00\n", capture_output=True, check=False)
    assert done.returncode == 0
    assert done.stdout


def test_another_folder_is_used_from_anywhere(cli: Cli, tmp_path: Path) -> None:
    assert cli("ask", "je veux ma facture", folder=tmp_path).stdout == cli("ask", "je veux ma facture").stdout


def test_the_environment_names_the_shop_and_the_flag_wins(cli: Cli, tmp_path: Path) -> None:
    assert cli("ask", "bonjour", CHATBOT_KB=str(tmp_path)).returncode == 2
    assert cli("ask", "bonjour", "--kb", str(ROOT), CHATBOT_KB=str(tmp_path)).returncode == 0


def test_match_prints_one_line_per_line_in_order(cli: Cli) -> None:
    texts = [
        "je veux ma facture",
        "quel temps fait-il",
        "",
        "🙂",
        'guillemets "\\ et\ttabulation',
        "deux\nlignes",
        "\u2028",
        "é\u0301",
        "a" * 5000,
    ]
    done = cli("match", "--jsonl", text="".join(json.dumps({"text": text}) + "\n" for text in texts))
    assert done.returncode == 0
    lines = done.stdout.split("\n")
    assert lines.pop() == ""
    assert [json.loads(line)["text"] for line in lines] == texts


def test_match_takes_a_bare_string_and_an_object_with_more(cli: Cli) -> None:
    done = cli("match", "--jsonl", text='"ma facture"\n{"id": 7, "text": "ma facture", "intent": "x"}\n')
    first, second = done.stdout.splitlines()
    assert first == second


def test_match_keeps_the_keys_of_the_contract_in_their_order(cli: Cli) -> None:
    (line,) = cli("match", "--jsonl", text='{"text": "3D secure bloqué"}\n').stdout.splitlines()
    assert list(json.loads(line))[:5] == ["text", "decision", "intents", "candidates", "knowledge_version"]
    assert "bloqué" in line, "accents stay letters"


def test_match_reads_a_file(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text('{"text": "où est ma facture"}\n', "utf-8")
    assert (
        cli("match", "--jsonl", str(tmp_path / "q.jsonl")).stdout
        == cli("match", "--jsonl", text='"où est ma facture"\n').stdout
    )


@pytest.mark.parametrize(
    "line", ["{", "12", "null", "[]", '{"texte": "x"}', '{"text": 3}', "[" * 100_000], ids=lambda line: line[:12]
)
def test_a_line_that_is_no_question_is_an_error_that_stops_nothing(cli: Cli, line: str) -> None:
    done = cli("match", "--jsonl", text=f'"avant"\n{line}\n"après"\n')
    before, bad, after = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 1
    assert (before["text"], after["text"]) == ("avant", "après")
    assert "ligne 2" in bad["error"]
    assert bad["intents"] == []


def test_match_says_what_the_library_says(cli: Cli, shipped: Matcher) -> None:
    texts = ["je veux ma facture", "annuler ma commande", "bof"]
    done = cli("match", "--jsonl", text="".join(json.dumps(text) + "\n" for text in texts))
    assert [json.loads(line) for line in done.stdout.splitlines()] == [shipped.match(text).as_dict() for text in texts]


def test_match_answers_each_line_before_the_next_comes() -> None:
    """As a pipe between programs needs: nothing waits in a buffer."""
    with subprocess.Popen(
        [*CLI, "match", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdin
        assert process.stdout
        for text in ("bonjour", "ma facture"):
            process.stdin.write(json.dumps({"text": text}) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            assert json.loads(answer)["text"] == text
        process.stdin.close()
        assert process.wait(30) == 0


def test_a_reader_that_leaves_is_no_error() -> None:
    """`… | head -n 1`: the pipe is closed while thousands of lines are still to be printed."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([*CLI, "match", "--jsonl"], bufsize=0, **pipes) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        feeder = threading.Thread(target=_feed, args=(process.stdin, 20_000))
        feeder.start()
        process.stdout.readline()
        process.stdout.close()
        complaint = process.stderr.read()
        code = process.wait(60)
        feeder.join()
    assert (code, complaint) == (0, b"")


def _feed(pipe: IO[bytes], lines: int) -> None:
    with suppress(BrokenPipeError):
        for number in range(lines):
            pipe.write(f'{{"text": "où en est ma commande {number}"}}\n'.encode())
    pipe.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("arguments", [["ask", "bonjour"], ["match", "--jsonl"]])
def test_a_full_disk_is_told_in_one_line(arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*CLI, *arguments], input=b'{"text": "bonjour"}', stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith(f"cli.py {arguments[0]} : lecture ou écriture impossible".encode())
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    ("arguments", "code"), [("ask bonjour >&-", 2), ("match --jsonl <&-", 0), ("chat <&-", 0), ("ask bonjour 2>&-", 0)]
)
def test_closed_streams_are_no_crash(arguments: str, code: int) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$0" "$1" {arguments}', *CLI], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert bool(done.stderr) == bool(code)


def test_ten_thousand_lines_stream_without_growing_memory() -> None:
    """Peak memory with ten times the lines: what grows with the input would show."""
    assert _peak(10_000) - _peak(1_000) < MOST_GROWTH


def _peak(lines: int) -> int:
    """The peak memory (KiB) of `match --jsonl` over so many lines, each different and with a word nobody knows."""
    with subprocess.Popen([*CLI, "match", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        feeder = threading.Thread(target=_write, args=(process.stdin, lines))
        feeder.start()
        printed = sum(1 for _ in process.stdout)
        feeder.join()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert (process.returncode, printed) == (0, lines)
    return usage.ru_maxrss


def _write(pipe: IO[bytes], lines: int) -> None:
    for text in _questions(lines):
        pipe.write(json.dumps({"text": text}).encode() + b"\n")
    pipe.close()


def _questions(lines: int) -> Iterator[str]:
    for number in range(lines):
        unknown = "".join("bdfgklmn"[int(digit, 8)] + "aeiou"[int(digit, 8) % 5] for digit in f"{number % 997:o}")
        yield f"ma facture {unknown} de la commande {number}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["match", "--jsnl"], "cli.py match : option ou mot inconnu : --jsnl."),
        (["calibrate", "--writ"], "cli.py calibrate : option ou mot inconnu : --writ."),
        (["explain"], "cli.py explain : il manque : question."),
        (["lint", "--format", "pdf"], "cli.py lint : --format : « pdf » n'existe pas ; choisissez parmi : text, json, github."),
        (["lint", "--max-age", "an"], "cli.py lint : --max-age : « an » n'est pas un nombre entier."),
        (["serve", "--rate", "x"], "cli.py serve : --rate : « x » n'est pas un nombre."),
        (["match", "--jobs"], "cli.py match : --jobs : il manque sa valeur."),
        (["match", "--jsonl=oui"], "cli.py match : --jsonl ne prend pas de valeur."),
        (["contact", "purge", "--data"], "cli.py contact purge : il manque l'un de : --days --reference."),
        (["lint", "--today", "hier"], "cli.py lint : --today : « hier » ne convient pas."),
        (["parler"], "cli.py : commande inconnue « parler »"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_bad_usage_is_told_in_french(arguments: list[str], said: str, cli: Cli) -> None:
    done = cli(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(said)


def test_an_option_cut_short_is_not_obeyed(cli: Cli, tmp_path: Path) -> None:
    assert cli("calibrate", "--kb", str(tmp_path), "--writ").returncode == 2
