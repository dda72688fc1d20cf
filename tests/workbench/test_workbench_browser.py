"""The HTML report in real Chromium: no console error, no more width than the window, at a desk and on a phone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chatbot.matching import Matcher
from chatbot.workbench.corpus import Question
from chatbot.workbench.evaluation import evaluate
from chatbot.workbench.html_report import page

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium: apt-get install -y chromium"),
]
pytest.importorskip("playwright.sync_api", reason="the extra e2e is not installed")
pytest.importorskip("matplotlib", reason="the extra workbench is not installed")


def test_the_report_is_clean_and_fits_both_widths(bicycles: Matcher, tmp_path: Path) -> None:
    wanted = [(p.text, p.intent) for p in bicycles.knowledge.phrasings] + [("un-mot-très-" + "long" * 60, "louer_velo")]
    run = evaluate(bicycles, [Question(text, intent, "", "q", n) for n, (text, intent) in enumerate(wanted, 1)])
    report = tmp_path / "report.html"
    report.write_text(page(run, bicycles, bicycles), "utf-8")
    script = [sys.executable, str(ROOT / "docs" / "screenshots.py"), str(report), str(tmp_path)]
    done = subprocess.run(script, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert {file.name for file in tmp_path.glob("*.png")} >= {"rapport-1280.png", "rapport-390.png"}
