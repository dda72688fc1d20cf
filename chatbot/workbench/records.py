"""An evaluation for machines: JSON, and JUnit XML with the evidence in the body (some readers ignore attributes)."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as Xml

from chatbot.matching import Matcher
from chatbot.workbench import tables
from chatbot.workbench.evaluation import Evaluation, Judged
from chatbot.workbench.judging import GOOD
from chatbot.workbench.thresholds_choice import Point

# What XML 1.0 cannot hold, even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_dict(evaluation: Evaluation, version: str, matcher: Matcher | None, now: Point, best: Point) -> dict[str, Any]:
    """The whole evaluation as JSON-ready values, in a fixed key order; failures with their evidence if a matcher
    can give it (the knowledge of a cross-validation is gone once it is over)."""
    return {
        "knowledge_version": version,
        **evaluation.rates.as_dict(),
        "unexpected": len(evaluation.unexpected),
        "by_intent": {name: found.as_dict() for name, found in evaluation.by_intent.items()},
        "by_style": {name: found.as_dict() for name, found in evaluation.by_style.items()},
        "confusions": [list(confusion) for confusion in evaluation.confusions],
        "thresholds": {"now": now._asdict(), "best": best._asdict()},
        "failures": [_failure(matcher, judged) for judged in evaluation.imperfect],
    }


def _failure(matcher: Matcher | None, judged: Judged) -> dict[str, Any]:
    question = judged.question
    return {
        "path": question.path, "line": question.line, "text": question.text, "style": question.style,
        "expected": question.expected, "verdict": str(judged.verdict), "known_failure": question.known_failure,
        **{k: v for k, v in judged.match.as_dict().items() if k in ("decision", "intents", "candidates", "reason")},
        "evidence": tables.evidence(matcher, judged) if matcher else [],
    }  # fmt: skip


def junit(evaluation: Evaluation, matcher: Matcher | None) -> str:
    """JUnit XML in pytest's form: one suite, one case per question, its class the label, its file and line beside."""
    cases = evaluation.judged
    suite = Xml.Element("testsuite", name="evaluate", tests=str(len(cases)), errors="0")
    suite.set("failures", str(len(evaluation.unexpected)))
    suite.set("skipped", str(sum(_expected_failure(j) for j in cases)))
    for judged in cases:
        _case(suite, judged, matcher)
    root = Xml.Element("testsuites")
    root.append(suite)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _case(suite: Xml.Element, judged: Judged, matcher: Matcher | None) -> None:
    question = judged.question
    case = Xml.SubElement(
        suite, "testcase", classname=_clean(question.expected), name=_clean(question.text), file=_clean(question.path),
        line=str(question.line),
    )  # fmt: skip
    if judged.unexpected:
        body = Xml.SubElement(case, "failure", message=_clean(f"{judged.verdict} : {judged.given}"))
        body.text = _clean(tables.failure(matcher, judged))
    elif _expected_failure(judged):
        Xml.SubElement(case, "skipped", type="pytest.xfail", message="connu en échec")
    elif judged.verdict not in GOOD:
        Xml.SubElement(case, "system-out").text = _clean(f"{judged.verdict} : {judged.given}")


def _expected_failure(judged: Judged) -> bool:
    return judged.question.known_failure and not judged.unexpected


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
