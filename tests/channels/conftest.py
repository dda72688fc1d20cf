"""The scripted conversations of tests/dialogue are played through the channels too."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "dialogue"))
