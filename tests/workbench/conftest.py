from __future__ import annotations

from pathlib import Path

import pytest
from bicycle_shop import shop, write_shop

from chatbot.knowledge import KnowledgeBase
from chatbot.matching import Matcher


@pytest.fixture(scope="session")
def bicycles() -> Matcher:
    return Matcher(KnowledgeBase.from_texts(shop()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_shop(tmp_path / "shop")
