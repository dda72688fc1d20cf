"""What is written into a knowledge file: the added lines, and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from bicycle_shop import PNEU
from hypothesis import given
from hypothesis import strategies as st

from chatbot.errors import UsageError
from chatbot.knowledge import KnowledgeBase
from chatbot.knowledge.strict_yaml import Document
from chatbot.knowledge.yaml_traps import garbled_text
from chatbot.workbench.writing import add_phrasings, added, cleaned, scalar, undo


def _git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "core.autocrlf=false")
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def test_git_sees_the_added_lines_only(folder: Path) -> None:
    _git(folder, "init", "-q")
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "x")
    add_phrasings(folder / "intents" / "pneu_creve.yaml", ["pneu tout plat", "j'ai roulé sur un clou : que faire ?"])
    assert _git(folder, "diff", "--numstat").split() == ["2", "0", "intents/pneu_creve.yaml"]
    assert "1 file changed, 2 insertions(+)" in _git(folder, "diff", "--stat")


def test_the_line_goes_after_the_last_phrasing_and_before_the_comment_below(folder: Path) -> None:
    edit = add_phrasings(folder / "intents" / "pneu_creve.yaml", ["pneu tout plat"])
    lines = edit.path.read_text("utf-8").splitlines()
    assert lines[-2:] == ["  - pneu tout plat", "# fin du fichier"]
    assert edit.lines == (14,)


def test_undo_gives_the_very_bytes_back(folder: Path) -> None:
    path = folder / "intents" / "pneu_creve.yaml"
    before = path.read_bytes()
    undo(add_phrasings(path, ["pneu tout plat"]))
    assert path.read_bytes() == before


def test_undo_refuses_when_someone_else_saved_the_file(folder: Path) -> None:
    edit = add_phrasings(folder / "intents" / "pneu_creve.yaml", ["pneu tout plat"])
    edit.path.write_bytes(edit.path.read_bytes() + b"# mine\n")
    with pytest.raises(UsageError, match="a changé"):
        undo(edit)


@pytest.mark.parametrize(
    "content",
    [
        PNEU.encode(),
        PNEU.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + PNEU.encode(),
        PNEU.rstrip().removesuffix("# fin du fichier").rstrip().encode(),
        b"formulations:\n- a b c\n- 'd\n  e'\nrole: sujet\n",
        "formulations:\n    - a\n    - >-\n      plié\n      encore\n\n# rien\nrole: sujet\n".encode(),
        b'formulations:\n  - "deux\n    lignes"   # note\nrole: sujet\n',
    ],
    ids=["plain", "crlf", "bom", "no newline at end", "no indent", "block scalar", "quoted on two lines"],
)
def test_every_layout_is_kept(content: bytes) -> None:
    after, lines = added(content, ["une phrase neuve"])
    kept = [line for n, line in enumerate(after.splitlines(), 1) if n not in lines]
    assert kept == content.splitlines()
    assert Document("x", after).data["formulations"][-1] == "une phrase neuve"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"formulations: [a, b]\n", "crochets"),
        (b"role: sujet\n", "pas de liste"),
        (b"formulations: [a\n", "illisible"),
        (b"", "pas de liste"),
    ],
)
def test_a_file_that_cannot_take_a_line_says_why(content: bytes, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        added(content, ["x y"])


def test_an_empty_phrasing_is_refused() -> None:
    with pytest.raises(UsageError, match="vide"):
        added(PNEU.encode(), ["  \n "])


# What only a wrong encoding writes is a fault by itself.
@given(st.text(min_size=1).map(cleaned).filter(lambda text: text and not list(garbled_text(text))))
def test_any_text_is_read_back_as_it_was_typed(text: str) -> None:
    document = Document("x", f"- {scalar(text)}\n".encode())
    assert (document.faults, document.data) == ([], [text])


@pytest.mark.parametrize(
    "text", ["on", "12:30", "salut #tous", "bonjour : ça va", "@moi", "- tiret", "null", "« oui »", "[x]"]
)
def test_traps_of_yaml_are_written_safely(folder: Path, text: str) -> None:
    add_phrasings(folder / "intents" / "louer_velo.yaml", [text])
    assert KnowledgeBase.load(folder).intents["louer_velo"].phrasings[-1].text == text
