"""Where things are, for tests of every room."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "tests" / "corpus"
Cli = Callable[..., subprocess.CompletedProcess[str]]
