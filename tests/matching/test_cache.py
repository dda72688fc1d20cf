"""What the cache keeps beside compiled knowledge: plain values by kind and version, or nothing at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.matching.cache import recall, remember


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHATBOT_CACHE", str(tmp_path))
    return tmp_path


def test_what_was_remembered_is_recalled() -> None:
    remember("-essai", "v1", [("a", 1.5), ()])
    assert recall("-essai", "v1") == [("a", 1.5), ()]


def test_another_kind_or_version_is_not_there() -> None:
    remember("-essai", "v1", "a")
    assert recall("-autre", "v1") is None
    assert recall("-essai", "v2") is None


def test_a_damaged_file_is_as_good_as_none(folder: Path) -> None:
    remember("-essai", "v1", "a" * 100)
    for file in folder.glob("*.bin"):
        file.write_bytes(file.read_bytes()[:-3] + b"xyz")
    assert recall("-essai", "v1") is None


def test_a_cache_that_is_off_keeps_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_CACHE", "")
    remember("-essai", "v1", "a")
    assert recall("-essai", "v1") is None
    assert list(folder.iterdir()) == []


def test_what_is_used_is_kept_before_what_was_made_later(folder: Path) -> None:
    remember("-essai", "mine", "a")
    for number in range(20):
        assert recall("-essai", "mine") == "a"
        remember("-essai", f"another{number}", "b")
    assert recall("-essai", "mine") == "a"
    assert recall("-essai", "another0") is None
