"""What a good knowledge base becomes, and what its form does not change."""

from __future__ import annotations

import json
import random
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
import yaml
from bakery import FAQ, GOOD, changed, write
from hypothesis import example, given, settings
from hypothesis import strategies as st
from places import ROOT

from chatbot import KnowledgeBase, Matcher
from chatbot.knowledge import FollowUp, Role
from chatbot.knowledge.loader import build
from chatbot.knowledge.schema import json_schemas
from chatbot.knowledge.sources import read_folder, version_of
from chatbot.knowledge.strict_yaml import Document
from chatbot.knowledge.yaml_traps import dropped_marks

SCHEMAS = ROOT / "docs" / "schema"


def phrasings(text: str) -> list[str]:
    """What a list of phrasings written as `text` is read as."""
    knowledge = KnowledgeBase.from_texts(changed({"intents/pain_complet.yaml": text}))
    return [phrasing.text for phrasing in knowledge.intents["pain_complet"].phrasings]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('"on"', "on"), ("'12:30'", "12:30"), ('"du pain # complet"', "du pain # complet"), ("du pain#complet", "du pain#complet"),
        ('"je veux : du pain"', "je veux : du pain"), ("je veux:du pain", "je veux:du pain"), ("l'œuf à 2 €", "l'œuf à 2 €"),
        ("du pain, du vin !", "du pain, du vin !"), ("oui", "oui"), ("Non", "Non"), ("24 h", "24 h"), ("🥖", "🥖"), ("R&D", "R&D"),
        ("5 * 3", "5 * 3"), ("vraiment ! oui", "vraiment ! oui"),
    ],
)  # fmt: skip
def test_a_phrasing_is_the_text_its_author_wrote(written: str, read: str) -> None:
    assert phrasings(f"formulations:\n  - {written}\n") == [read]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffformulations:\n  - du pain\n",
        "formulations:\r\n  - du pain\r\n",
        "formulations: [du pain]\n",
        "# note\n\nformulations: # la liste\n  # une seule\n  - du pain\n",
    ],
    ids=["byte order mark", "Windows line ends", "flow list", "comments"],
)  # fmt: skip
def test_the_layout_of_a_file_is_free(text: str) -> None:
    assert phrasings(text) == ["du pain"]


def test_every_phrasing_knows_its_file_and_line(shipped: Matcher) -> None:
    lines: dict[str, list[str]] = {}
    for phrasing in shipped.knowledge.phrasings[::50]:
        content = lines.setdefault(phrasing.path, (ROOT / phrasing.path).read_text("utf-8").splitlines())
        assert phrasing.text in content[phrasing.line - 1].replace('\\"', '"').replace("''", "'")


def test_answers_keep_the_order_of_the_page() -> None:
    knowledge = KnowledgeBase.from_texts(GOOD)
    assert list(knowledge.answers) == ["sujet_pain", "pain_complet"]
    assert [topic.title for topic in knowledge.topics] == ["Nos pains"]
    assert [question.intent for question in knowledge.questions_of("sujet_pain")] == ["pain_complet"]


def test_the_role_of_an_unknown_intent_is_a_question() -> None:
    assert KnowledgeBase.from_texts(GOOD).role("rien") is Role.QUESTION


def test_an_answer_keeps_its_follow_ups_cached_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    follow = "    suites:\n      - si: [au levain, bio]\n        reponse: Toujours au levain.\n"
    write(tmp_path, changed({"faq.yaml": FAQ + follow}))
    monkeypatch.setenv("CHATBOT_CACHE", str(tmp_path / "cache"))
    for _ in range(2):
        [found] = Matcher.load(tmp_path).knowledge.answers["pain_complet"].follow_ups
        assert found == FollowUp(("au levain", "bio"), "Toujours au levain.", 15)
        assert found.text == "Toujours au levain."


def test_a_knowledge_base_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        KnowledgeBase.from_texts(GOOD).shop = "Autre"  # type: ignore[misc]


def test_the_order_of_the_files_never_matters() -> None:
    sources = read_folder(ROOT)
    expected = build(sources)
    names = list(sources)
    for seed in range(3):
        random.Random(seed).shuffle(names)  # noqa: S311 - repeatable
        shuffled = build({name: sources[name] for name in names})
        assert (shuffled.phrasings, shuffled.lexicon, shuffled.version) == (
            expected.phrasings, expected.lexicon, expected.version,
        )  # fmt: skip


@pytest.mark.parametrize("name", sorted(GOOD))
def test_the_version_changes_with_any_file(name: str) -> None:
    sources = {path: text.encode() for path, text in GOOD.items()}
    assert version_of({**sources, name: sources[name] + b"\n"}) != version_of(sources)


def test_the_version_is_the_same_with_windows_line_ends() -> None:
    sources = {path: text.encode() for path, text in GOOD.items()}
    assert version_of({path: text.replace(b"\n", b"\r\n") for path, text in sources.items()}) == version_of(sources)


def test_a_folder_and_its_texts_give_the_same(tmp_path: Path) -> None:
    from_folder = KnowledgeBase.load(write(tmp_path, GOOD))
    assert from_folder == KnowledgeBase.from_texts(GOOD)


@pytest.mark.parametrize("name", [".brouillon.yaml", "._pain_complet.yaml"])
def test_hidden_files_are_left_out(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path, GOOD)
    (folder / "intents" / name).write_bytes(b"\0\5\26\7")
    assert KnowledgeBase.load(folder) == KnowledgeBase.from_texts(GOOD)


def test_the_environment_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_KB", str(write(tmp_path, GOOD)))
    assert KnowledgeBase.load().shop == "Au Bon Levain"


def test_a_named_folder_wins_over_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_KB", str(tmp_path / "nulle_part"))
    assert KnowledgeBase.load(write(tmp_path / "fournil", GOOD)).shop == "Au Bon Levain"


@pytest.mark.parametrize("name", sorted(json_schemas()))
def test_the_schemas_for_editors_are_current(name: str) -> None:
    """If this fails: python scripts/write_schemas.py"""
    assert json.loads((SCHEMAS / name).read_text("utf-8")) == json_schemas()[name]


def test_no_schema_is_left_over() -> None:
    assert sorted(path.name for path in SCHEMAS.glob("*.schema.json")) == sorted(json_schemas())


@pytest.mark.parametrize("name", sorted(json_schemas()))
def test_schemas_refuse_unknown_keys(name: str) -> None:
    schema = json_schemas()[name]
    for part in (schema, *schema.get("$defs", {}).values()):
        assert part["additionalProperties"] is False


def test_a_path_that_has_no_line_has_that_of_what_holds_it() -> None:
    document = Document("faq.yaml", FAQ.encode())
    assert document.line(("boutique", "nom")) == 2
    assert document.line(("boutique", "nom", "rien", 3)) == 2
    assert document.line(("rien",)) == 1


def test_the_same_faults_without_the_fast_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML may come without its C part: marks and styles differ there."""
    from chatbot.knowledge import strict_yaml

    text = b"formulations:\n  - on\n  - a # b\n  - &c d\n  - !e f\n  - g: h\nrole: question\nrole: sujet\n"
    fast = Document("x.yaml", text).faults
    monkeypatch.setattr(strict_yaml, "_LOADER", yaml.SafeLoader)
    assert Document("x.yaml", text).faults == fast
    assert len(fast) >= 5


PIECES = [
    "a",
    " ",
    "- ",
    ":",
    ": ",
    "-",
    "?",
    "? ",
    "!",
    "&",
    "*",
    '"',
    "'",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\n",
    "k: ",
    "!b",
    "&c",
    " # d",
]


@settings(max_examples=2000, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
@example('{"a":!b c}')
@example("[?&c]")
@example("- a\n- x,;:! y\n- !b c")
def test_no_mark_is_dropped_without_a_fault(text: str) -> None:
    try:
        events = list(yaml.parse(text, yaml.SafeLoader))
    except yaml.YAMLError:
        return
    marked = any(getattr(event, "anchor", None) or getattr(event, "tag", None) for event in events)
    assert bool(list(dropped_marks(text, yaml.SafeLoader))) == marked


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        ("  # c", False),
        ("  - a", False),
        ("  - a # b", True),
        ("  - a#b", False),
        ("  - a\t# b", True),
        ("  - a#b # c", True),
    ],
)
def test_the_end_of_a_phrase_is_lost_only_to_a_comment_after_it(line: str, lost: bool) -> None:
    text = f"formulations:\n{line}\n  - z"
    codes = [fault.code for fault in Document("x.yaml", text.encode()).faults if fault.line == 2]
    assert codes == (["diese"] if lost else [])
