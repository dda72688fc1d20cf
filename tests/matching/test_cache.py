"""What the cache keeps beside compiled knowledge: plain values by kind and version, or nothing at all."""

from __future__ import annotations

import marshal
import os
import zlib
from pathlib import Path

import pytest
from breads import files

from chatbot import KnowledgeBase, Matcher
from chatbot.matching.cache import recall, remember


def _checked(body: bytes) -> bytes:
    """A cache file with this body under a good check."""
    return zlib.crc32(body).to_bytes(4, "big") + body


def write_bakery(folder: Path) -> Path:
    for name, text in files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHATBOT_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    return tmp_path / "cache"


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
    mine, others = "f" * 12, [f"{number:012x}" for number in range(20)]
    remember("-essai", mine, "a")
    for other in others:
        assert recall("-essai", mine) == "a"
        remember("-essai", other, "b")
    assert recall("-essai", mine) == "a"
    assert recall("-essai", others[0]) is None


@pytest.mark.parametrize("name", ["firmware.bin", "0123456789ab-0123456789ab.bin.bak", "notes.txt"])
def test_what_is_not_ours_is_never_deleted(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"mine")
    os.utime(folder / name, (1, 1))
    for number in range(20):
        remember("-essai", f"{number:012x}", "b")
    assert (folder / name).read_bytes() == b"mine"


@pytest.mark.parametrize(
    "content", [b"", b"\0\0\0\0", _checked(b""), _checked(b"zz"), _checked(marshal.dumps({"compiled": 1}))]
)
def test_whatever_lies_in_its_place_is_made_again(folder: Path, content: bytes, tmp_path: Path) -> None:
    first = Matcher.load(write_bakery(tmp_path / "bakery"))
    (file,) = folder.glob("*.bin")
    file.write_bytes(content)
    again = Matcher.load(tmp_path / "bakery")
    assert again.match("du pain complet").as_json() == first.match("du pain complet").as_json()


def test_a_cache_that_cannot_be_written_leaves_no_half_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_self: Path, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    remember("-essai", "v1", "a")
    assert list(folder.iterdir()) == []


def test_knowledge_is_equal_from_the_cache_or_not(tmp_path: Path) -> None:
    shop = write_bakery(tmp_path / "bakery")
    fresh, cached, read = Matcher.load(shop).knowledge, Matcher.load(shop).knowledge, KnowledgeBase.load(shop)
    assert fresh == cached == read
    assert len({fresh, cached, read}) == 1
