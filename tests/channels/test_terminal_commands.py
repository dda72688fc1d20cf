"""chat and ask as they are run: through real pipes, with their exit codes and start-up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PHONE = "0 892 438 892"


def run(*arguments: str, said: str | bytes = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *arguments],
        input=said.encode() if isinstance(said, str) else said,
        capture_output=True,
        env={**os.environ, **environment},
        cwd="/",
        timeout=60,
        check=False,
    )


def test_the_talk_goes_through_a_real_pipe() -> None:
    done = run(said="jveux ma facture\nmenu\n2\nquitter\n")
    shown = done.stdout.decode()
    assert done.returncode == 0
    assert done.stderr == b""
    assert (
        shown.index("assistant automatique") < shown.index("Consulter votre facture") < shown.index("AVANT MA COMMANDE")
    )
    assert "Au revoir" in shown.rstrip().split("\n")[-1]
    assert "\x1b" not in shown


@pytest.mark.parametrize("said", ["", "\n\n", "menu", b"\xff\xfe\x00\x1b[31m\n"])
def test_any_end_of_input_is_a_clean_exit(said: str | bytes) -> None:
    done = run("chat", said=said)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Au revoir" in done.stdout.decode()


def test_a_secret_that_only_the_libraries_know_is_warned_of_in_the_terminal_too() -> None:
    pytest.importorskip("stdnum")
    done = run("chat", said="mon numéro de sécu : 1 85 05 78 006 084 91\nquitter\n")
    assert "ne communiquez jamais" in done.stdout.decode()
    assert "006 084" not in done.stdout.decode()


def test_the_form_is_stored_before_its_reference_is_shown(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy")
    said = "formulaire\nZoé\nzoe@exemple.fr\npasser\nMa cartouche fuit\nenvoyer\nquitter\n"
    done = run("chat", "--database", f"sqlite:///{tmp_path / 'essai.db'}", said=said)
    assert done.returncode == 0, done.stderr
    reference = done.stdout.decode().split("sous la référence ")[1].split(".")[0]
    assert reference.encode() in (tmp_path / "essai.db").read_bytes()


def test_a_fault_is_in_the_log_and_not_on_the_customers_screen(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy")
    (tmp_path / "in the way").write_text("", "utf-8")
    said = "formulaire\nZoé\nzoe@exemple.fr\npasser\nMa cartouche fuit\nenvoyer\nquitter\n"
    log = tmp_path / "logs" / "chat.log"
    done = run("chat", "--database", str(tmp_path / "in the way" / "a.db"), said=said, CHATBOT_LOG=str(log))
    assert (done.returncode, done.stderr) == (0, b"")
    assert PHONE in done.stdout.decode()
    assert "StorageError" in log.read_text("utf-8")
    assert "Zoé" not in log.read_text("utf-8")


def test_a_log_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("", "utf-8")
    here = str(tmp_path / "in the way" / "x")
    done = run("chat", said="bonjour\n", CHATBOT_LOG=here, CHATBOT_CACHE=here)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("je veux ma facture", "« Votre facture est disponible »"),
        ("comment utiliser mon avoir", "valable 1 an"),
        ("quel temps fait-il", PHONE),
        ("azertyuiop", PHONE),
        ("🙂", PHONE),
        ("", PHONE),
    ],
)
def test_ask_prints_one_answer(question: str, part: str) -> None:
    done = run("ask", question)
    assert (done.returncode, done.stderr) == (0, b"")
    assert part in done.stdout.decode()


def test_ask_json_is_the_whole_reply() -> None:
    reply = json.loads(run("ask", "--json", "je veux ma facture").stdout)
    assert (reply["kind"], reply["decision"], reply["intents"]) == ("answer", "answer", ["facture_copie"])
    assert len(reply["knowledge_version"]) == 12


def test_ask_reads_a_pipe_when_no_question_is_given() -> None:
    assert "valable 1 an" in run("ask", said="comment utiliser mon avoir").stdout.decode()


def test_ask_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    outputs = {run("ask", "--json", "ma facture svp", PYTHONHASHSEED=seed).stdout for seed in ("0", "1", "42")}
    assert len(outputs) == 1


def test_a_missing_shop_is_told_with_exit_code_2(tmp_path: Path) -> None:
    done = run("ask", "bonjour", "--kb", str(tmp_path / "absent"))
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("module", ["yaml", "pydantic", "prompt_toolkit", "sqlalchemy"])
def test_a_warm_ask_does_without_heavy_libraries(module: str) -> None:
    run("ask", "bonjour")
    code = (
        f"import sys; sys.argv = ['cli.py', 'ask', 'bonjour']; from chatbot.__main__ import main; main();"
        f"sys.exit({module!r} in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_the_public_names_are_sorted_importable_and_all_there() -> None:
    import chatbot

    assert chatbot.__all__ == sorted(chatbot.__all__)
    assert all(getattr(chatbot, name).__module__.startswith("chatbot.") for name in chatbot.__all__)
    assert {"Chatbot", "Matcher", "KnowledgeBase", "Reply", "Match"} <= set(chatbot.__all__)
    assert set(chatbot.__all__) <= set(dir(chatbot))
    with pytest.raises(AttributeError):
        chatbot.Nothing  # noqa: B018


def test_importing_the_package_imports_no_room() -> None:
    code = "import chatbot, sys; sys.exit(any(m.startswith('chatbot.') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, timeout=60).returncode == 0
