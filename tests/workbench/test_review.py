"""Review of the journal, comparison, import and export, and what would flip a decision."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from bicycle_shop import DEHORS, LOUER, write_shop

from chatbot.errors import KnowledgeError, UsageError
from chatbot.knowledge import KnowledgeBase
from chatbot.knowledge.loader import build
from chatbot.matching import Matcher
from chatbot.matching.explanation import explain
from chatbot.workbench.additions import changed_files, patch, sort_out, write_all
from chatbot.workbench.comparison import Change, as_dict, as_text, compare
from chatbot.workbench.corpus import Question
from chatbot.workbench.deciding import decide
from chatbot.workbench.explaining import as_json
from chatbot.workbench.explaining import as_text as explained
from chatbot.workbench.flips import with_a_word, without_a_word
from chatbot.workbench.interchange import from_csv, from_rasa, read_pairs, to_csv, to_excel, to_rasa
from chatbot.workbench.journal_review import Group, review
from chatbot.workbench.revisions import sources_of

ASKED = [
    ("j'ai perdu ma sacoche", False),
    ("sacoche oubliée chez vous", False),
    ("Sacoche oubliée chez vous !", False),
    ("où est ma sacoche", False),
    ("la chambre éclatée, on répare ?", False),
    ("chambre éclatée hier soir", False),
    ("rappelez-moi au [telephone]", True),
    ("mon pneu est crevé", False),
]


@pytest.fixture(scope="module")
def groups(bicycles: Matcher) -> list[Group]:
    return review(bicycles, ASKED)


def test_questions_that_share_a_telling_word_are_grouped_biggest_first(groups: list[Group]) -> None:
    assert groups[0].times == 4
    assert {q.text for q in groups[0].questions} == {
        "j'ai perdu ma sacoche", "sacoche oubliée chez vous", "où est ma sacoche",
    }  # fmt: skip
    assert groups[0].words == ("sacoche",)


def test_a_group_that_leans_to_an_intent_gets_it_proposed(groups: list[Group]) -> None:
    assert (
        next(g for g in groups if "chambre éclatée hier soir" in [q.text for q in g.questions]).intent == "pneu_creve"
    )


def test_what_is_a_phrasing_by_now_is_left_out(groups: list[Group]) -> None:
    assert "mon pneu est crevé" not in [q.text for g in groups for q in g.questions]


def test_nothing_private_is_proposed(groups: list[Group]) -> None:
    assert not any("[telephone]" in text for group in groups for text in group.phrasings)


def test_the_review_does_not_depend_on_the_order_asked(bicycles: Matcher, groups: list[Group]) -> None:
    again = review(bicycles, sorted(ASKED))
    assert [(g.words, g.times, g.intent) for g in again] == [(g.words, g.times, g.intent) for g in groups]


def _answers(*lines: str) -> Iterator[str]:
    yield from lines


def _decide(groups: list[Group], *lines: str) -> list[tuple[str, str]]:
    typed = _answers(*lines)

    def ask(_prompt: str) -> str:
        try:
            return next(typed)
        except StopIteration as end:
            raise EOFError from end

    return decide(groups, ["pneu_creve", "louer_velo"], ask, lambda _line: None)


GROUP = Group(("x",), (), "pneu_creve", ("un pneu tout mou", "roue molle"))


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [
        (["a", "a"], [("pneu_creve", "un pneu tout mou"), ("pneu_creve", "roue molle")]),
        (["r", "a"], [("pneu_creve", "roue molle")]),
        (["m", "pneu mou", "a", "r"], [("pneu_creve", "pneu mou")]),
        (["i", "louer_velo", "a", "r"], [("louer_velo", "un pneu tout mou")]),
        (["i", "nulle_part", "a", "r"], [("pneu_creve", "un pneu tout mou")]),
        (["a", "q"], [("pneu_creve", "un pneu tout mou")]),
        (["s"], []),
        (["?", "a"], [("pneu_creve", "un pneu tout mou")]),
        ([], []),
    ],
)
def test_proposals_are_accepted_edited_or_rejected_one_by_one(
    typed: list[str], accepted: list[tuple[str, str]]
) -> None:
    assert _decide([GROUP], *typed) == accepted


def test_a_new_question_is_accepted_only_with_an_intent() -> None:
    assert _decide([GROUP._replace(intent="")], "a", "i", "louer_velo", "a", "q") == [
        ("louer_velo", "un pneu tout mou")
    ]


def test_additions_are_sorted_before_they_are_written(bicycles: Matcher) -> None:
    found = sort_out(bicycles, [
        ("pneu_creve", "un pneu tout mou"), ("pneu_creve", "Un pneu tout MOU !"), ("pneu_creve", "Mon pneu est crevé"),
        ("pneu_creve", "Bonjour"), ("selle", "ma selle"),
    ])  # fmt: skip
    assert found.new == {"pneu_creve": ("un pneu tout mou",)}
    assert found.known == (("pneu_creve", "Un pneu tout MOU !"), ("pneu_creve", "Mon pneu est crevé"))
    assert found.elsewhere == (("pneu_creve", "Bonjour", "salutation"),)
    assert found.homeless == (("selle", "ma selle"),)


def test_the_patch_is_one_git_takes_and_gives_what_is_written(folder: Path, bicycles: Matcher) -> None:
    changes = changed_files(folder, bicycles, {"pneu_creve": ["un pneu tout mou"], "louer_velo": ["un cargo"]})
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "apply", "-"], cwd=folder, input=patch(changes).encode(), check=True)
    applied = {path: (folder / path).read_bytes() for path in changes}
    write_all(folder, changes)
    assert applied == {path: (folder / path).read_bytes() for path in changes}
    assert KnowledgeBase.load(folder).intents["louer_velo"].phrasings[-1].text == "un cargo"


def test_a_patch_for_a_file_without_a_last_newline_is_one_git_takes(tmp_path: Path, bicycles: Matcher) -> None:
    folder = write_shop(tmp_path, louer_velo=LOUER.rstrip())
    changes = changed_files(folder, bicycles, {"louer_velo": ["un cargo"]})
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "apply", "-"], cwd=folder, input=patch(changes).encode(), check=True)
    assert (folder / "intents/louer_velo.yaml").read_bytes() == changes["intents/louer_velo.yaml"][1]


@pytest.mark.parametrize("form", ["csv", "excel", "rasa"])
def test_what_is_exported_comes_back_whole(form: str, bicycles: Matcher, tmp_path: Path) -> None:
    out = {"csv": to_csv, "excel": to_excel, "rasa": to_rasa}[form]
    path = tmp_path / f"sortie.{'yml' if form == 'rasa' else 'csv'}"
    path.write_text(out(bicycles.knowledge), "utf-8")
    expected = sorted((p.intent, p.text) for p in bicycles.knowledge.phrasings)
    assert sorted(read_pairs(path)) == expected


@pytest.mark.parametrize("form", ["csv", "rasa"])
def test_what_the_shop_exports_is_nothing_new_to_it(form: str, shipped: Matcher) -> None:
    out, back = {"csv": (to_csv, from_csv), "rasa": (to_rasa, from_rasa)}[form]
    found = sort_out(shipped, back(out(shipped.knowledge)))
    assert not found.new
    assert not found.elsewhere


def test_a_csv_runs_nothing_in_a_spreadsheet() -> None:
    knowledge = KnowledgeBase.from_texts(
        {**_texts(), "intents/louer_velo.yaml": LOUER + '  - "=SOMME(A1)"\n  - "-10 % sur la location"\n'}
    )
    rows = to_csv(knowledge).splitlines()
    assert any(row.startswith("'=SOMME(A1)") for row in rows)
    assert ("louer_velo", "=SOMME(A1)") in list(from_csv(to_csv(knowledge)))


def _texts() -> dict[str, str]:
    from bicycle_shop import shop

    return shop()


def test_rasa_annotations_and_prefixes_are_taken_off() -> None:
    text = (
        'version: "3.1"\nnlu:\n- intent: faq/louer_velo\n  examples: |\n    - louer un [tandem](velo)\n'
        '    - un [VTT]{"entity": "velo"} samedi\n- synonym: velo\n  examples: |\n    - bicyclette\n'
        "- intent: salutation\n  examples:\n    - text: hello\n"
    )
    assert list(from_rasa(text)) == [
        ("louer_velo", "louer un tandem"), ("louer_velo", "un VTT samedi"), ("salutation", "hello"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["nlu: [", "stories: []\n", "- a\n"])
def test_what_is_not_rasa_says_so(text: str) -> None:
    with pytest.raises(UsageError):
        list(from_rasa(text))


QUESTIONS = [
    Question("un cargo pour les enfants", "louer_velo", "", "q.txt", 1),
    Question("mon pneu est crevé", "pneu_creve", "", "q.txt", 2),
]


def _repository(folder: Path) -> None:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    for arguments in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "x"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)


def test_a_change_is_compared_with_a_git_revision(folder: Path) -> None:
    _repository(folder)
    path = folder / "intents" / "louer_velo.yaml"
    path.write_text(path.read_text("utf-8") + "  - un cargo pour les enfants\n", "utf-8")
    old, new = Matcher(build(sources_of("HEAD", folder))), Matcher.load(folder)
    pairs = compare(old, new, QUESTIONS)
    assert [p.change for p in pairs] == [Change.GAINED, Change.SAME]
    assert "[gagnée] q.txt:1: « un cargo pour les enfants »" in as_text(old, new, pairs, 10)
    assert as_dict(new, old, compare(new, old, QUESTIONS))["counts"]["perdue"] == 1


def test_a_revision_of_a_folder_inside_the_repository_is_that_folder(tmp_path: Path) -> None:
    folder = write_shop(tmp_path / "shops" / "bicycles")
    _repository(tmp_path)
    assert sources_of("HEAD", folder) == sources_of(str(folder))


@pytest.mark.parametrize("name", ["nowhere", "--output=/tmp/x", "HEAD:faq.yaml"])
def test_what_is_neither_folder_nor_revision_says_so(name: str, folder: Path) -> None:
    _repository(folder)
    with pytest.raises(UsageError, match="ni un dossier"):
        sources_of(name, folder)


def test_without_labels_a_change_is_only_a_change(bicycles: Matcher) -> None:
    other = Matcher(KnowledgeBase.from_texts({**_texts(), "intents/louer_velo.yaml": LOUER + "  - un cargo\n"}))
    pairs = compare(bicycles, other, [Question("un cargo", "", "", "q.txt", 1)])
    assert [p.change for p in pairs] == [Change.CHANGED]


def test_comparing_nothing_is_no_success(bicycles: Matcher) -> None:
    with pytest.raises(UsageError, match="vide"):
        compare(bicycles, bicycles, [])


def test_taking_away_the_word_named_flips_the_decision(bicycles: Matcher) -> None:
    matches = [bicycles.match(text) for text in ("louer ça", "crevaison zut", "une recette de pneu", "salut le tandem")]
    found = [(match, flip) for match in matches for flip in without_a_word(bicycles, match)]
    assert found
    for match, flip in found:
        other = bicycles.match(flip.text)
        assert (other.decision, other.intents) == (flip.decision, flip.intents) != (match.decision, match.intents)


def test_adding_the_word_named_flips_the_decision(bicycles: Matcher) -> None:
    explanation = explain(bicycles, "mon vélo")
    flips = with_a_word(bicycles, explanation)
    assert flips
    for flip in flips:
        other = bicycles.match(f"mon vélo {flip.word}")
        assert (other.decision, other.intents) == (flip.decision, flip.intents)


@pytest.mark.parametrize("text", ["", "😀", "mon pneu est crevé", "louer", "zblorgh", "\x1b[31m pneu"])
def test_any_sentence_is_explained(bicycles: Matcher, text: str) -> None:
    explanation = explain(bicycles, text)
    told = explained(bicycles, explanation)
    assert "\x1b" not in told
    assert told.startswith("Question :")
    assert as_json(bicycles, explanation)["decision"] == explanation.match.decision


def test_the_second_place_is_explained_by_what_it_lacks(bicycles: Matcher) -> None:
    answer = as_json(bicycles, explain(bicycles, "louer un vélo"))
    second = answer["second"]
    assert second["behind"] == "louer_velo"
    assert second["gap"] == pytest.approx(answer["scores"]["louer_velo"] - answer["scores"][second["intent"]], abs=1e-5)


def test_an_addition_that_would_break_the_knowledge_is_refused(folder: Path, bicycles: Matcher) -> None:
    (folder / "intents" / "salutation.yaml").write_text("formulations: [a\n", "utf-8")
    with pytest.raises(KnowledgeError):
        changed_files(folder, bicycles, {"pneu_creve": ["un pneu tout mou"]})


@pytest.mark.parametrize(("label", "moved"), [("louer_velo", False), ("", False), ("louer_velo", True)])
def test_a_question_that_was_at_a_threshold_is_not_lost_by_a_hair(bicycles: Matcher, label: str, moved: bool) -> None:
    question = Question("louer un cargo", label, "", "q.txt", 1)
    confidence = bicycles.match(question.text).candidates[0].confidence
    assert 0.02 < confidence < 1
    below = Matcher(bicycles.knowledge, thresholds=bicycles.thresholds._replace(answer=confidence - 0.001, clarify=0.0))
    texts = {**_texts(), "intents/hors_sujet.yaml": DEHORS + "  - louer un bateau\n"} if moved else _texts()
    after = KnowledgeBase.from_texts(texts)
    above = Matcher(after, thresholds=bicycles.thresholds._replace(answer=0.999, clarify=0.0))
    pairs = compare(below, above, [question])
    assert [p.change for p in pairs] == [Change.LOST if moved else Change.EDGE]
    assert ("1 à la limite" in as_text(below, above, pairs, 10)) is not moved
