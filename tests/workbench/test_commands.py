"""The commands of the workbench, run as support staff and machines do: what they print, and their exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from bicycle_shop import LOUER, PNEU, write_shop

from chatbot.matching import Matcher
from chatbot.workbench.findings import Severity
from chatbot.workbench.linting import lint

Cli = Callable[..., CompletedProcess[str]]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.csv"
    path.write_text("texte,intention\nmon pneu est crevé,pneu_creve\nraconte-moi une blague,hors_sujet\n", "utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, 0),
        ({"pneu_creve": PNEU + "  - mon pneu est crevé\n"}, 1),
        ({"pneu_creve": "formulations: [a\n"}, 2),
    ],
)
def test_lint_says_by_its_code_what_it_found(cli: Cli, tmp_path: Path, change: dict[str, str], code: int) -> None:
    folder = write_shop(tmp_path / "shop", **change)
    assert cli("lint", "--kb", str(folder)).returncode == code
    answer = cli("lint", "--kb", str(folder), "--format", "json")
    assert (json.loads(answer.stdout)["count"] > 0) == bool(code)


def test_lint_of_a_folder_that_is_not_there_is_bad_usage(cli: Cli, tmp_path: Path) -> None:
    assert cli("lint", "--kb", str(tmp_path / "nowhere")).returncode == 2


def test_evaluate_passes_when_every_question_is_served(cli: Cli, folder: Path, questions: Path) -> None:
    done = cli("evaluate", "--kb", str(folder), str(questions))
    assert done.returncode == 0, done.stderr
    assert "2 questions : 1 pour la boutique, 1 hors sujet" in done.stdout


def test_evaluate_fails_on_a_wrong_answer_and_on_a_limit(cli: Cli, folder: Path, questions: Path) -> None:
    questions.write_text("texte,intention\nmon pneu est crevé,louer_velo\n", "utf-8")
    assert cli("evaluate", "--kb", str(folder), str(questions)).returncode == 1
    assert cli("evaluate", "--kb", str(folder), str(questions), "--max-wrong", "1").returncode == 0
    done = cli("evaluate", "--kb", str(folder), str(questions), "--min-right", "0.5")
    assert done.returncode == 1
    assert done.stderr.replace("\u202f", " ") == "Limite dépassée : justes 0,00 %, --min-right 50,00 %.\n"


@pytest.mark.parametrize("part", ["90", "-0.1", "beaucoup", "nan"])
def test_a_limit_is_a_part_of_a_whole(cli: Cli, folder: Path, questions: Path, part: str) -> None:
    done = cli("evaluate", "--kb", str(folder), str(questions), "--min-right", part)
    assert done.returncode == 2
    assert "n'est pas une part de 0 à 1" in done.stderr


@pytest.mark.parametrize(
    "content", ["texte,intention\n", "texte,intention\nbonjour,\n", "texte,intention\nbonjour,rien\n"]
)
def test_evaluate_of_nothing_or_without_labels_is_bad_usage(
    cli: Cli, folder: Path, questions: Path, content: str
) -> None:
    questions.write_text(content, "utf-8")
    done = cli("evaluate", "--kb", str(folder), str(questions))
    assert done.returncode == 2
    assert done.stderr


@pytest.mark.parametrize(
    "arguments", [[], ["--cross-validate", "x.csv"], ["absent.csv"], ["--cross-validate", "--folds", "1"]]
)
def test_evaluate_refuses_what_makes_no_sense(cli: Cli, folder: Path, arguments: list[str]) -> None:
    assert cli("evaluate", "--kb", str(folder), *arguments).returncode == 2


def test_evaluate_writes_its_reports(cli: Cli, folder: Path, questions: Path, tmp_path: Path) -> None:
    xml = tmp_path / "r.xml"
    done = cli("evaluate", "--kb", str(folder), str(questions), "--json", "--junit", str(xml))
    assert json.loads(done.stdout)["right"] == 1.0
    assert 'tests="2"' in xml.read_text("utf-8")


def test_prove_prints_no_progress_bar_into_a_pipe(cli: Cli, folder: Path) -> None:
    done = cli(
        "prove",
        "--kb",
        str(folder),
        "--intent",
        "pneu_creve",
        "--min-kept",
        "0",
        "--min-reached",
        "0",
        "--max-wrong",
        "1",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("10 formulations sur 42")


def test_prove_fails_under_its_limits(cli: Cli, folder: Path) -> None:
    assert cli("prove", "--kb", str(folder), "--min-kept", "1").returncode == 1


def test_prove_of_an_unknown_intent_is_bad_usage(cli: Cli, folder: Path) -> None:
    assert cli("prove", "--kb", str(folder), "--intent", "pneu").returncode == 2


def test_compare_fails_when_something_right_is_lost(cli: Cli, folder: Path, tmp_path: Path, questions: Path) -> None:
    less = LOUER.replace("  - puis-je louer un vélo\n", "  - quel temps pour rouler\n")
    other = write_shop(tmp_path / "other", pneu_creve=PNEU.replace("  - mon pneu est crevé\n", ""), louer_velo=less)
    questions.write_text("texte,intention\nmon pneu est crevé,pneu_creve\n", "utf-8")
    same = cli("compare", str(folder), str(folder), str(questions))
    assert (same.returncode, "aucune ne change" in same.stdout) == (0, True)
    before = Matcher.load(other).match("mon pneu est crevé").intents == ("pneu_creve",)
    assert cli("compare", str(folder), str(other), str(questions)).returncode == int(not before)


def test_try_without_a_terminal_points_to_explain(cli: Cli, folder: Path) -> None:
    done = cli("try", "--kb", str(folder))
    assert done.returncode == 2
    assert "explain" in done.stderr


@pytest.mark.parametrize(("day", "code"), [("23/11/2026", 0), ("2026-11-23", 0), ("hier", 2), ("2026-13-01", 2)])
def test_review_takes_a_day_as_it_is_written_in_french(
    cli: Cli, folder: Path, tmp_path: Path, day: str, code: int
) -> None:
    pytest.importorskip("sqlalchemy")
    database = {"CHATBOT_DATABASE_URL": f"sqlite:///{tmp_path / 'vide.db'}"}
    done = cli("review", "--kb", str(folder), "--since", day, **database)
    assert done.returncode == code
    assert ("CHATBOT_JOURNAL=1" in done.stderr) == (code == 0)


def test_review_proposes_a_patch_from_a_file(cli: Cli, folder: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked.txt"
    asked.write_text("chambre éclatée hier soir\nla chambre éclatée, on répare ?\n", "utf-8")
    done = cli("review", "--kb", str(folder), "--questions", str(asked), "--patch")
    assert done.returncode == 0, done.stderr
    assert "+++ b/intents/pneu_creve.yaml" in done.stdout
    assert cli("review", "--kb", str(folder), "--questions", str(asked)).returncode == 2


def test_import_writes_only_when_told_to(cli: Cli, folder: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.csv"
    new.write_text("texte,intention\nun cargo,louer_velo\nma selle,selle\n", "utf-8")
    before = (folder / "intents/louer_velo.yaml").read_text("utf-8")
    shown = cli("import", "--kb", str(folder), str(new))
    assert (shown.returncode, "+  - un cargo" in shown.stdout) == (1, True)
    assert (folder / "intents/louer_velo.yaml").read_text("utf-8") == before
    cli("import", "--kb", str(folder), str(new), "--write")
    assert (folder / "intents/louer_velo.yaml").read_text("utf-8") == before + "  - un cargo\n"


@pytest.mark.parametrize("form", ["csv", "rasa"])
def test_export_then_import_adds_nothing(cli: Cli, folder: Path, tmp_path: Path, form: str) -> None:
    path = tmp_path / ("all.csv" if form == "csv" else "nlu.yml")
    path.write_text(cli("export", "--kb", str(folder), form).stdout, "utf-8")
    done = cli("import", "--kb", str(folder), str(path))
    assert (done.returncode, done.stdout) == (0, "")


def test_the_shipped_knowledge_has_no_finding(shipped: Matcher) -> None:
    from datetime import date

    found, version = lint(today=date(2026, 11, 23))
    assert version == shipped.compiled.version
    assert [f for f in found if f.severity is not Severity.NOTE] == []
