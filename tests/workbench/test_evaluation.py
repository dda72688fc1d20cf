"""Judging, corpora, rates, thresholds and their reports."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from chatbot.errors import KnowledgeError, UsageError
from chatbot.matching import Decision, Matcher, Thresholds
from chatbot.workbench import records, tables, thresholds_choice
from chatbot.workbench.corpus import Question, read_corpus
from chatbot.workbench.cross_validation import cross_validate, part_of
from chatbot.workbench.evaluation import Evaluation, evaluate
from chatbot.workbench.html_report import page
from chatbot.workbench.judging import Verdict, judge

ANSWER, CLARIFY, FALLBACK = Decision.ANSWER, Decision.CLARIFY, Decision.FALLBACK


@pytest.mark.parametrize(
    ("label", "decision", "answered", "offered", "verdict"),
    [
        ("a", ANSWER, ["a"], [], "right"),
        ("a", ANSWER, ["b"], [], "wrong"),
        ("a", ANSWER, ["a", "b"], [], "half"),
        ("a", ANSWER, ["b", "a"], [], "half"),
        ("a", CLARIFY, [], ["b", "c", "a"], "offered"),
        ("a", CLARIFY, [], ["b", "c"], "misled"),
        ("a", FALLBACK, [], ["a"], "missed"),
        ("a|b", ANSWER, ["b"], [], "right"),
        ("a|b", ANSWER, ["a", "b"], [], "half"),
        ("a|b", CLARIFY, [], ["b"], "offered"),
        ("a+b", ANSWER, ["b", "a"], [], "right"),
        ("a+b", ANSWER, ["a"], [], "half"),
        ("a+b", ANSWER, ["c"], [], "wrong"),
        ("a+b", CLARIFY, [], ["b"], "offered"),
        ("a+b", FALLBACK, [], [], "missed"),
        ("hors_sujet", FALLBACK, [], ["a"], "rejected"),
        ("hors_sujet", CLARIFY, [], ["a"], "clarified"),
        ("hors_sujet", ANSWER, ["a"], [], "false_answer"),
        ("hors_sujet", ANSWER, ["hors_sujet"], [], "rejected"),
    ],
)
def test_a_decision_is_judged(
    label: str, decision: Decision, answered: list[str], offered: list[str], verdict: str
) -> None:
    assert judge(label, decision, answered, offered) == verdict


FORMS = {
    "q.jsonl": '{"text": "pneu crevé", "intent": "pneu_creve", "style": "terse"}\n\n{"texte": "bonjour", "intent": "salutation"}\n',
    "q.csv": "texte;intention;style\npneu crevé;pneu_creve;terse\nbonjour;salutation;\n",
    "q.tsv.csv": "text\tintent\tstyle\npneu crevé\tpneu_creve\tterse\nbonjour\tsalutation\t\n",
    "pneu_creve.yaml": "phrases:\n  - texte: pneu crevé\n    style: terse\n  - texte: bonjour\n    attendu: salutation\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_corpus_gives_the_same_questions(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(FORMS[name], "utf-8")
    found = [(q.text, q.expected, q.style) for q in read_corpus([tmp_path / name])]
    assert found == [("pneu crevé", "pneu_creve", "terse"), ("bonjour", "salutation", "")]


@pytest.mark.parametrize(
    ("name", "content", "line", "code"),
    [
        ("q.jsonl", '{"text": "a", "intent": "pneu_creve"}\nnot json\n', 2, "forme"),
        ("q.jsonl", '{"intent": "pneu_creve"}\n', 1, "manque"),
        ("q.jsonl", '{"text": "a", "intent": "pneu"}\n', 1, "etiquette"),
        ("q.jsonl", '{"text": "a", "intent": "pneu_creve+pneu"}\n', 1, "etiquette"),
        ("q.csv", "question;intention\n", None, ""),
        ("pneu_creve.yaml", "phrase:\n  - texte: a\n", 1, "manque"),
        ("pneu_creve.yaml", "phrases:\n  - text: a\n", 2, "manque"),
        ("pneu_creve.yaml", "phrases:\n  - texte: a\n    stile: b\n", 2, "inconnue"),
    ],
)
def test_a_faulty_corpus_names_its_line(name: str, content: str, line: int | None, code: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    if line is None:
        assert read_corpus([tmp_path / name], ["pneu_creve"]) == []
        return
    with pytest.raises(KnowledgeError) as raised:
        read_corpus([tmp_path / name], ["pneu_creve"])
    assert [(f.line, f.code) for f in raised.value.faults] == [(line, code)]


def _questions(*rows: tuple[str, str], known_failure: bool = False) -> list[Question]:
    return [Question(text, label, "", "q", n, known_failure) for n, (text, label) in enumerate(rows, 1)]


@pytest.fixture(scope="module")
def run(bicycles: Matcher) -> Evaluation:
    rows = (
        ("mon pneu est crevé", "pneu_creve"),
        ("louer un vélo pour demain", "louer_velo"),
        ("puis-je louer un vélo", "pneu_creve"),
        ("une recette de crêpes", "hors_sujet"),
        ("bonsoir", "hors_sujet"),
    )
    return evaluate(bicycles, _questions(*rows))


def test_rates_are_shares_of_each_side_of_the_scope(run: Evaluation) -> None:
    found = run.rates
    assert (found.inside, found.outside) == (3, 2)
    assert found.share(Verdict.RIGHT) == pytest.approx(2 / 3)
    assert found.share(Verdict.FALSE_ANSWER) == 0.5


def test_confusions_name_what_was_wanted_and_what_came(run: Evaluation) -> None:
    assert run.confusions == [("hors_sujet", "salutation", 1), ("pneu_creve", "louer_velo", 1)]


def test_an_empty_run_is_no_success(bicycles: Matcher) -> None:
    with pytest.raises(UsageError, match="vide"):
        evaluate(bicycles, [])


def test_a_known_failure_that_works_again_is_unexpected(bicycles: Matcher) -> None:
    found = evaluate(bicycles, _questions(("mon pneu est crevé", "pneu_creve"), known_failure=True))
    assert len(found.unexpected) == 1
    assert "retirez « connu_en_echec »" in tables.failures(bicycles, found.unexpected)


def test_a_known_failure_that_fails_is_expected(bicycles: Matcher) -> None:
    found = evaluate(bicycles, _questions(("puis-je louer un vélo", "pneu_creve"), known_failure=True))
    assert found.unexpected == ()


def test_a_failure_comes_with_its_evidence(run: Evaluation, bicycles: Matcher) -> None:
    told = tables.failures(bicycles, run.unexpected)
    assert "q:3: « puis-je louer un vélo »" in told
    assert "pour louer_velo plutôt que pneu_creve" in told
    assert "intents/louer_velo.yaml:3" in told


def test_two_processes_judge_as_one_does(bicycles: Matcher) -> None:
    questions = _questions(*[(f"louer {n} vélos", "louer_velo") for n in range(450)])
    assert evaluate(bicycles, questions, jobs=2).judged == evaluate(bicycles, questions, jobs=1).judged


def test_the_threshold_point_of_today_agrees_with_the_run(run: Evaluation, bicycles: Matcher) -> None:
    point = thresholds_choice.now(run, bicycles.thresholds)
    assert point.right == pytest.approx(run.rates.share(Verdict.RIGHT))
    assert point.wrong == pytest.approx(run.rates.share(Verdict.WRONG))


def test_the_chosen_thresholds_never_cost_more_than_others(run: Evaluation) -> None:
    best = thresholds_choice.best(run)
    tried = [thresholds_choice.point(run, a, c) for a in (0.3, 0.5, 0.7, 0.9) for c in (0.1, 0.2, 0.3)]
    assert best.cost <= min(point.cost for point in tried)


def test_junit_holds_one_case_per_question_and_the_evidence_in_the_body(run: Evaluation, bicycles: Matcher) -> None:
    suite = Xml.fromstring(records.junit(run, bicycles))[0]  # noqa: S314
    assert (suite.get("tests"), suite.get("failures")) == ("5", "2")
    failure = suite.findall("testcase")[2].find("failure")
    assert failure is not None
    assert "intents/louer_velo.yaml" in str(failure.text)


def test_junit_is_well_formed_whatever_the_question(bicycles: Matcher) -> None:
    found = evaluate(bicycles, _questions(("\x00\ud800 <&> \x1b", "pneu_creve")))
    assert Xml.fromstring(records.junit(found, bicycles)) is not None  # noqa: S314


def test_json_holds_failures_with_their_place(run: Evaluation, bicycles: Matcher) -> None:
    now, best = thresholds_choice.now(run, Thresholds()), thresholds_choice.best(run)
    answer = json.loads(json.dumps(records.as_dict(run, "v", bicycles, now, best)))
    assert [(f["line"], f["verdict"]) for f in answer["failures"]] == [(3, "wrong"), (5, "false_answer")]


def test_the_page_needs_nothing_else_and_escapes_what_customers_wrote(bicycles: Matcher) -> None:
    pytest.importorskip("matplotlib")
    found = evaluate(bicycles, _questions(("<script>alert(1)</script>", "pneu_creve"), ("bonjour", "salutation")))
    shown = page(found, bicycles, bicycles)
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert not any(f'{attribute}="http' in shown for attribute in ("src", "href"))
    assert shown == page(found, bicycles, bicycles)


def test_cross_validation_judges_each_phrasing_once_without_itself(bicycles: Matcher) -> None:
    knowledge = bicycles.knowledge
    found = cross_validate(knowledge, folds=3)
    assert sorted(j.question.text for j in found.judged) == sorted(p.text for p in knowledge.phrasings)
    assert all(j.match.reason != "formulation exacte" for j in found.judged)


def test_the_part_of_a_phrasing_depends_on_its_text_alone(bicycles: Matcher) -> None:
    first = bicycles.knowledge.phrasings[0]
    assert part_of(first, 5) == part_of(first._replace(intent="x", path="y", line=9), 5)
