"""The same question and the same knowledge give the same bytes: whatever the hash seed, the cache or the file order."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from breads import shop
from places import CORPUS, ROOT, Cli

from chatbot import KnowledgeBase, Matcher
from chatbot.knowledge.loader import build
from chatbot.knowledge.sources import read_folder
from chatbot.matching.cache import load_compiled
from chatbot.matching.compiler import compile_knowledge
from chatbot.workbench.corpus import read_corpus

TEXTS = [question.text for question in read_corpus([CORPUS])][::25]
LINES = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in TEXTS)


def test_the_same_bytes_under_five_hash_seeds_with_and_without_a_cache(cli: Cli) -> None:
    printed = set()
    for seed in ("0", "1", "42", "1234", "4294967295"):
        cache = {"CHATBOT_CACHE": ""} if seed == "42" else {}
        done = cli("match", "--jsonl", text=LINES, PYTHONHASHSEED=seed, **cache)
        assert done.returncode == 0, done.stderr
        printed.add(done.stdout)
    assert len(printed) == 1
    assert [json.loads(line)["text"] for line in printed.pop().splitlines()] == TEXTS


def test_a_compiled_knowledge_base_is_the_same_twice() -> None:
    assert compile_knowledge(shop()) == compile_knowledge(shop())


def test_the_order_of_the_files_never_changes_a_match(shipped: Matcher) -> None:
    sources = read_folder(ROOT)
    names = list(sources)
    random.Random(5).shuffle(names)  # noqa: S311 - repeatable
    shuffled = Matcher(build({name: sources[name] for name in names}))
    assert [m.as_dict() for m in shuffled.match_many(TEXTS)] == [m.as_dict() for m in shipped.match_many(TEXTS)]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of this test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("CHATBOT_CACHE", str(folder))
    return folder


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    """A folder with a very small knowledge base."""
    (tmp_path / "kb" / "intents").mkdir(parents=True)
    write(tmp_path / "kb", "du pain complet")
    return tmp_path / "kb"


def write(folder: Path, phrasing: str) -> None:
    (folder / "faq.yaml").write_text(
        'boutique: {nom: X, contact: {telephone: "1 2"}}\nsujets:\n  - {intention: a, titre: A, reponse: A}\n'
        "questions:\n  - {intention: b, sujet: a, titre: B, reponse: B}\n",
        "utf-8",
    )
    (folder / "intents" / "a.yaml").write_text("role: sujet\nformulations: [les pains]\n", "utf-8")
    (folder / "intents" / "b.yaml").write_text(f"formulations:\n  - {phrasing}\n", "utf-8")


def answered(kb: Path, text: str) -> tuple[str, ...]:
    return Matcher.load(kb).match(text).intents


def test_the_cache_holds_one_file_per_content(cache: Path, kb: Path) -> None:
    for _ in range(2):
        assert answered(kb, "du pain complet") == ("b",)
    assert len(list(cache.iterdir())) == 1
    write(kb, "du gâteau")
    assert answered(kb, "du gâteau") == ("b",)
    assert len(list(cache.iterdir())) == 2


def test_what_comes_out_of_the_cache_is_what_went_in(cache: Path, kb: Path) -> None:
    made, compiled = load_compiled(kb)
    kept, again = load_compiled(kb)
    assert (kept.answers, dict(kept.intents), tuple(kept.lexicon)) == (
        made.answers,
        dict(made.intents),
        tuple(made.lexicon),
    )
    assert (kept.shop, kept.contact, kept.heading, kept.messages) == (
        made.shop,
        made.contact,
        made.heading,
        made.messages,
    )
    assert (kept.abbreviations, kept.thresholds, kept.version) == (made.abbreviations, made.thresholds, made.version)
    assert again == compiled


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "noise"])
def test_a_damaged_file_is_made_again(cache: Path, kb: Path, damage: str) -> None:
    answered(kb, "x")
    (file,) = cache.iterdir()
    content = file.read_bytes()
    middle = len(content) // 2
    damaged = {
        "cut": content[:middle],
        "changed": content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :],
        "empty": b"",
        "noise": b"\0" * 100,
    }
    file.write_bytes(damaged[damage])
    assert answered(kb, "du pain complet") == ("b",)
    assert file.read_bytes() == content


def test_a_cache_deleted_at_any_time_is_made_again(cache: Path, kb: Path) -> None:
    for _ in range(2):
        assert answered(kb, "du pain complet") == ("b",)
        (file,) = cache.iterdir()
        file.unlink()
    cache.rmdir()
    assert answered(kb, "du pain complet") == ("b",)


def test_a_matcher_lives_on_when_its_cache_file_goes(cache: Path, kb: Path) -> None:
    Matcher.load(kb)
    matcher = Matcher.load(kb)
    for file in cache.iterdir():
        file.unlink()
    assert matcher.match("du pain complet").intents == ("b",)
    assert matcher.knowledge.phrasings


def test_a_cache_that_cannot_be_written_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kb: Path) -> None:
    """A file where the folder should be: not even the superuser can write there."""
    (tmp_path / "taken").write_text("")
    monkeypatch.setenv("CHATBOT_CACHE", str(tmp_path / "taken"))
    assert answered(kb, "du pain complet") == ("b",)
    assert (tmp_path / "taken").read_text() == ""


def test_an_empty_name_turns_the_cache_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kb: Path) -> None:
    monkeypatch.setenv("CHATBOT_CACHE", "")
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.rglob("*"))
    assert answered(kb, "du pain complet") == ("b",)
    assert set(tmp_path.rglob("*")) == before


def test_only_the_latest_contents_are_kept(cache: Path, kb: Path) -> None:
    for number in range(12):
        write(kb, f"du pain numéro {'abcdefghijkl'[number] * 4}")
        Matcher.load(kb)
    assert len(list(cache.iterdir())) == 8


def test_no_temporary_file_stays(cache: Path, kb: Path) -> None:
    Matcher.load(kb)
    assert [file.suffix for file in cache.iterdir()] == [".bin"]


def test_equal_knowledge_in_another_folder_is_equal(kb: Path, tmp_path: Path) -> None:
    (tmp_path / "copy" / "intents").mkdir(parents=True)
    write(tmp_path / "copy", "du pain complet")
    assert KnowledgeBase.load(kb) == KnowledgeBase.load(tmp_path / "copy")
