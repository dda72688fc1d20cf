"""Broken and doubtful knowledge bases, each with the exact findings expected: (path, line, code)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from bicycle_shop import DEHORS, FAQ, LOUER, PNEU, SALUTATION, SUJET, shop
from places import ROOT

from chatbot.matching import Matcher
from chatbot.matching.compiled import exact_key
from chatbot.workbench import findings
from chatbot.workbench.checks.phrasings import competition, out_of_reach
from chatbot.workbench.findings import Finding, Severity
from chatbot.workbench.ground import Ground, Seen
from chatbot.workbench.linting import lint, lint_texts

TODAY = date(2026, 11, 23)
PREMIUM = FAQ.replace('telephone: "01 23 45 67 89"', 'telephone: "0 892 11 22 33"')
PREMIUM_EMPTY = PREMIUM.replace("\n\nsujets", '\n    tarif: ""\n\nsujets')
PREMIUM_STATED = PREMIUM.replace("\n\nsujets", '\n    tarif: "0,40 € la minute"\n\nsujets')
LEXICON = "groupes:\n  crevaison: [crevaison, crevé, à plat]\n"
RENTAL = "pièce d'identité."
FOLLOW = "\n    suites:\n      - si: [{}]\n        reponse: {}"
COUNTS = ("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "vingt")
TEN = "\n".join(f"  - je voudrais louer un vélo {n}" for n in COUNTS)

Expected = list[tuple[str, int, str]]

FORMAL: dict[str, tuple[dict[str, str], Expected]] = {
    "an answer in the wrong encoding": (
        {"faq": FAQ.replace("Oui, à la journée", "Oui, Ã  la journÃ©e")}, [("faq.yaml", 20, "encodage")],
    ),
    "no topic": ({"faq": FAQ.replace("sujets:", "sujet:")}, [("faq.yaml", 1, "manque"), ("faq.yaml", 6, "inconnue")]),
    "a question nobody asks": (
        {"faq": FAQ.replace("intention: louer_velo", "intention: vendre_velo")},
        [("faq.yaml", 17, "sans-formulation"), ("intents/louer_velo.yaml", 1, "sans-reponse")],
    ),
    "phrasings without an answer": (
        {"casque": "role: question\nformulations:\n  - quel casque choisir\n"}, [("intents/casque.yaml", 1, "sans-reponse")],
    ),
    "unknown topic": ({"faq": FAQ.replace("sujet: sujet_atelier", "sujet: atelier", 1)}, [("faq.yaml", 12, "sujet")]),
    "two answers": (
        {"faq": FAQ.replace("intention: louer_velo", "intention: pneu_creve")},
        [("faq.yaml", 17, "double"), ("intents/louer_velo.yaml", 1, "sans-reponse")],
    ),
    "a phrase read as yes or no": ({"salutation": SALUTATION + "  - on\n"}, [("intents/salutation.yaml", 7, "type")]),
    "a phrase read as a number": ({"salutation": SALUTATION + "  - 12:30\n"}, [("intents/salutation.yaml", 7, "type")]),
    "a phrase cut at #": ({"salutation": SALUTATION + "  - salut #tous\n"}, [("intents/salutation.yaml", 7, "diese")]),
    "a phrase cut at a colon": (
        {"salutation": SALUTATION + "  - bonjour vous : ça va\n"}, [("intents/salutation.yaml", 7, "deux-points")],
    ),
    "an unknown key": ({"salutation": SALUTATION + "formulation: x\n"}, [("intents/salutation.yaml", 7, "inconnue")]),
    "a key twice": ({"salutation": SALUTATION + "role: sujet\n"}, [("intents/salutation.yaml", 7, "double")]),
    "no phrasing": ({"salutation": "role: politesse\n"}, [("intents/salutation.yaml", 1, "manque")]),
    "a follow-up to nothing": (
        {"faq": FAQ.replace(RENTAL, RENTAL + FOLLOW.format("", "Voir."))},
        [("faq.yaml", 22, "vide")],
    ),
    "a bracket left open": ({"salutation": "formulations: [a, b\n"}, [("intents/salutation.yaml", 1, "syntaxe")]),
    "two out of scope": ({"dehors": DEHORS}, [("intents/hors_sujet.yaml", 1, "double")]),
    "a courtesy among the questions": (
        {"louer_velo": LOUER.replace("role: question", "role: politesse")}, [("intents/louer_velo.yaml", 1, "role")],
    ),
}  # fmt: skip

SEMANTIC: dict[str, tuple[dict[str, str], Expected]] = {
    "nothing wrong": ({}, []),
    "one phrase twice": (
        {"pneu_creve": PNEU.replace("# fin", "  - Mon pneu est CREVÉ !\n# fin")}, [("intents/pneu_creve.yaml", 14, "doublon")],
    ),
    "one phrase twice, an elision apart": (
        {"pneu_creve": PNEU.replace("# fin", "  - jai une crevaison\n# fin")}, [("intents/pneu_creve.yaml", 14, "doublon")],
    ),
    "one phrase under two intents": (
        {"sujet_atelier": SUJET + "  - Mon pneu est crevé\n"}, [("intents/sujet_atelier.yaml", 14, "doublon-ailleurs")],
    ),
    "a phrase of the shop out of scope": (
        {"hors_sujet": DEHORS + "  - la location, à la journée\n"}, [("intents/louer_velo.yaml", 4, "doublon-ailleurs")],
    ),
    "a phrase without a word": (
        {"salutation": SALUTATION + '  - "???"\n'}, [("intents/salutation.yaml", 7, "sans-mot")],
    ),
    "few phrasings": (
        {"louer_velo": "\n".join(LOUER.splitlines()[:6])}, [("intents/louer_velo.yaml", 3, "peu-de-formulations")],
    ),
    "a rule that names no group": (
        {"louer_velo": LOUER + 'exclut: ["@reparer"]\n'}, [("intents/louer_velo.yaml", 1, "groupe-inconnu")],
    ),
    "a phrasing against its own rule": (
        {"louer_velo": LOUER + "exclut: [tandem]\n"}, [("intents/louer_velo.yaml", 13, "regle-contraire")],
    ),
    "phrasings against their own rule, told once": (
        {"louer_velo": LOUER + "exclut: [louer, tarif]\n"}, [("intents/louer_velo.yaml", 13, "regle-contraire")],
    ),
    "a group nobody uses": (
        {"_lexique": LEXICON + "  selle: [selle, siège]\n"}, [("intents/_lexique.yaml", 3, "groupe-inutile")],
    ),
    "a word in two groups": (
        {"_lexique": LEXICON + "  panne: [crevaison, fuit]\n"}, [("intents/_lexique.yaml", 3, "synonyme-masque")],
    ),
    "an expression that is never found": (
        {"_lexique": LEXICON.replace("crevé,", "crevé, la roue,")}, [("intents/_lexique.yaml", 2, "synonyme-muet")],
    ),
    "an expression that is nearly every question": (
        {"_lexique": LEXICON.replace("crevé,", "crevé, avec,")}, [("intents/_lexique.yaml", 2, "synonyme-vague")],
    ),
    "a phone number with a digit less": (
        {"faq": FAQ.replace("01 23 45 67 89", "01 23 45 67 8")}, [("faq.yaml", 4, "telephone")],
    ),
    "a phone number from abroad": ({"faq": FAQ.replace("01 23 45 67 89", "+32 2 123 45 67")}, []),
    "a short phone number": ({"faq": FAQ.replace("01 23 45 67 89", "36 39")}, []),
    "a premium number without tariff": (
        {"faq": PREMIUM},
        [("faq.yaml", 4, "numero-sans-tarif"), ("faq.yaml", 12, "numero-apres-vente")],
    ),
    "a premium number, tariff not known": (
        {"faq": PREMIUM_EMPTY}, [("faq.yaml", 5, "tarif-a-completer"), ("faq.yaml", 13, "numero-apres-vente")],
    ),
    "a premium number, tariff stated, only way after the sale": (
        {"faq": PREMIUM_STATED}, [("faq.yaml", 13, "numero-apres-vente")],
    ),
    "a premium number beside the form": (
        {"faq": PREMIUM_STATED.replace("ou appelez le {telephone}", "appelez le {telephone} ou remplissez le formulaire")}, [],
    ),
    "a premium number typed in an answer": (
        {"faq": FAQ.replace("Oui, à la journée", "Au 0892 11 22 33")}, [("faq.yaml", 17, "numero-sans-tarif")],
    ),
    "braces nobody fills": (
        {"faq": FAQ.replace("{telephone} ou", "{telefone} ou")}, [("faq.yaml", 7, "accolades")],
    ),
    "a brace left open": (
        {"faq": FAQ.replace("le {telephone}.", "le {telephone.")}, [("faq.yaml", 12, "accolades")],
    ),
    "braces doubled": (
        {"faq": FAQ.replace("le {telephone}.", "le {{telephone}}.")}, [("faq.yaml", 12, "accolades")],
    ),
    "a follow-up with a name nobody fills": (
        {"faq": FAQ.replace(RENTAL, RENTAL + FOLLOW.format("au mois", "Voir {tarifs}."))},
        [("faq.yaml", 22, "accolades")],
    ),
    "a number in an answer with a digit less": (
        {"faq": FAQ.replace("Oui, à la journée", "Au 04 11 22 33 4")}, [("faq.yaml", 17, "telephone")],
    ),
    "the shop's number typed in an answer": (
        {"faq": FAQ.replace("Oui, à la journée", "Au 01 23 45 67 89")}, [("faq.yaml", 17, "telephone-en-dur")],
    ),
    "a price and a year are no phone numbers": ({"faq": FAQ.replace("Oui, à la journée", "Oui, 0,50 € en 2026 ou 045 m")}, []),
    "an address of somebody's": (
        {"salutation": SALUTATION + "  - bonjour ici zoe@exemple.fr\n"}, [("intents/salutation.yaml", 7, "donnee-personnelle")],
    ),
    "a phone number of somebody's": (
        {"salutation": SALUTATION + "  - rappelez le 06 11 22 33 44\n"}, [("intents/salutation.yaml", 7, "donnee-personnelle")],
    ),
    "a card of somebody's": (
        {"salutation": SALUTATION + "  - bonjour ma carte est 4970 1000 0000 0055\n"},
        [("intents/salutation.yaml", 7, "donnee-personnelle")],
    ),
    "an IBAN of somebody's": (
        {"salutation": SALUTATION + "  - bonjour FR76 3000 6000 0112 3456 7890 189\n"},
        [("intents/salutation.yaml", 7, "donnee-personnelle")],
    ),
    "a title that no question has": (
        {"faq": FAQ.replace("Oui, à la journée", "Voyez la question « Et la nuit ? »")}, [("faq.yaml", 17, "renvoi")],
    ),
    "a review long past": (
        {"faq": FAQ.replace("apres_vente: true", "revu_le: 2025-01-02")}, [("faq.yaml", 12, "a-relire")],
    ),
    "a review to come": (
        {"faq": FAQ.replace("apres_vente: true", "revu_le: 2027-01-02")}, [("faq.yaml", 12, "date-future")],
    ),
    "a recent review": ({"faq": FAQ.replace("apres_vente: true", "revu_le: 2026-06-02")}, []),
    "thresholds the wrong way round": (
        {"_seuils": "seuils:\n  answer: 0.3\n  clarify: 0.6\n"}, [("intents/_seuils.yaml", 1, "seuils")],
    ),
}  # fmt: skip


# Depends on the matcher's tuning: has tests of its own.
TUNED = "a-un-mot-pres"


def _places(found: list[Finding]) -> Expected:
    return [(finding.path, finding.line, finding.code) for finding in found if finding.code != TUNED]


@pytest.mark.parametrize("name", FORMAL)
def test_a_knowledge_base_that_cannot_be_used_gives_these_faults(name: str) -> None:
    changes, expected = FORMAL[name]
    found = lint_texts(shop(**changes), today=TODAY)
    assert _places(found) == expected
    assert findings.exit_code(found) == 2


@pytest.mark.parametrize("name", SEMANTIC)
def test_a_doubtful_knowledge_base_gives_these_findings(name: str) -> None:
    changes, expected = SEMANTIC[name]
    found = lint_texts(shop(**changes), today=TODAY)
    assert _places(found) == expected
    blocking = [f for f in found if f.severity is not Severity.NOTE and f.code != TUNED]
    assert findings.exit_code([f for f in found if f.code != TUNED]) == (1 if blocking else 0)


def _ground(bicycles: Matcher, *seen: Seen) -> Ground:
    """A ground on which these phrasings were read, whatever the matcher's tuning makes of them."""
    ground = Ground(bicycles, {}, TODAY)
    vars(ground)["seen"] = seen
    return ground


def _seen(bicycles: Matcher, intent: str, answered: tuple[str, ...], ranked: tuple[str, ...]) -> list[Seen]:
    """The phrasings of an intent, read as asked."""
    phrasings = bicycles.knowledge.intents[intent].phrasings
    keys = [exact_key(bicycles.normalizer(p.text)) for p in phrasings]
    stems = frozenset({"a", "b"})
    return [Seen(p, key, (), stems, frozenset(), answered, ranked) for p, key in zip(phrasings, keys, strict=True)]


def test_intents_that_compete_are_named_with_the_phrasings_at_fault(bicycles: Matcher) -> None:
    at_fault = _seen(bicycles, "pneu_creve", (), ("louer_velo", "pneu_creve"))[:3]
    found = list(competition(_ground(bicycles, *at_fault)))
    assert _places(found) == [("intents/pneu_creve.yaml", 4, "concurrence")]
    assert "« louer_velo » (lignes 4 « mon pneu est crevé », 5 « j'ai une crevaison », 6" in found[0].message


def test_a_stray_phrasing_or_two_are_no_competition(bicycles: Matcher) -> None:
    at_fault = _seen(bicycles, "pneu_creve", (), ("louer_velo", "pneu_creve"))[:2]
    assert list(competition(_ground(bicycles, *at_fault))) == []


@pytest.mark.parametrize(
    ("intent", "answered", "severity"),
    [
        ("pneu_creve", ("louer_velo",), Severity.WARNING),
        ("hors_sujet", ("louer_velo",), Severity.NOTE),
        ("pneu_creve", ("pneu_creve",), None),
        ("pneu_creve", (), None),
        ("hors_sujet", (), None),
    ],
)
def test_a_phrasing_that_only_equality_keeps_from_another_answer_is_named(
    bicycles: Matcher, intent: str, answered: tuple[str, ...], severity: Severity | None
) -> None:
    found = list(out_of_reach(_ground(bicycles, _seen(bicycles, intent, answered, ())[0])))
    assert [(f.code, f.severity) for f in found] == ([(TUNED, severity)] if severity else [])


def test_a_phrasing_that_does_not_reach_its_own_intent_is_named(bicycles: Matcher) -> None:
    lost = _seen(bicycles, "pneu_creve", ("louer_velo",), ())[0]._replace(key="never read like this")
    assert [f.code for f in out_of_reach(_ground(bicycles, lost))] == ["hors-portee"]


def _with(content: str, *phrasings: str) -> str:
    return content + "".join(f"  - {text}\n" for text in phrasings)


def test_known_words_one_slip_apart_that_bring_a_wrong_answer_are_named() -> None:
    words = (
        "ma {} bleue est là",
        "dans la {} bleue",
        "avec une {} bleue",
        "votre {} bleue est où",
        "pour cette {} bleue",
    )
    trunk, ball = ([text.format(word) for text in words] for word in ("malle", "balle"))
    found = lint_texts(shop(sujet_atelier=_with(SUJET, *trunk), louer_velo=_with(LOUER, *ball)), today=TODAY)
    assert [f.path for f in found if f.code == "mots-voisins"] == [
        "intents/louer_velo.yaml",
        "intents/sujet_atelier.yaml",
    ]


def test_a_likely_typing_error_of_the_knowledge_is_a_note() -> None:
    wheels = [
        f"ma bicyclette {what}"
        for what in ("grince", "couine", "siffle", "claque", "vibre", "penche", "rouille", "coince", "freine", "tangue")
    ]
    found = lint_texts(shop(sujet_atelier=_with(SUJET, *wheels, "la biciclette du facteur")), today=TODAY)
    named = [(f.line, f.severity) for f in found if f.code == "faute-probable"]
    assert named == [(24, Severity.NOTE)]


def test_phrasings_that_repeat_one_another_lack_variety() -> None:
    found = lint_texts(shop(louer_velo=f"role: question\nformulations:\n{TEN}\n  - louer deux vélos\n"), today=TODAY)
    assert ("intents/louer_velo.yaml", 3, "peu-varie") in _places(found)


def test_a_note_blocks_nothing_and_is_shown_on_demand() -> None:
    note = Finding("faq.yaml", 3, "tarif-a-completer", "à compléter", Severity.NOTE)
    assert findings.exit_code([note]) == 0
    assert "faq.yaml:3" not in findings.as_text([note], notes=False)
    assert "faq.yaml:3: à compléter [tarif-a-completer]" in findings.as_text([note], notes=True)


def test_github_format_escapes_what_would_break_the_command() -> None:
    finding = Finding("intents/a,b.yaml", 2, "doublon", "50 %\nde « : »")
    command = findings.as_github([finding], "shop")
    assert command == "::error file=shop/intents/a%2Cb.yaml,line=2,title=doublon::50 %25%0Ade « : »"


def test_json_format_counts_only_what_blocks() -> None:
    found = [Finding("faq.yaml", 1, "x", "m"), Finding("faq.yaml", 2, "y", "n", Severity.NOTE)]
    answer = json.loads(findings.as_json(found, "abc"))
    assert (answer["count"], len(answer["findings"]), answer["knowledge_version"]) == (1, 2, "abc")


def test_what_lint_remembers_of_a_knowledge_base_changes_none_of_its_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATBOT_CACHE", str(tmp_path))
    first, _ = lint(ROOT, today=TODAY)
    kept = [file.name for file in tmp_path.glob("*-lint*.bin")]
    assert len(kept) == 1
    assert lint(ROOT, today=TODAY)[0] == first


def test_a_glance_at_a_phrasing_says_what_the_whole_match_says(shipped: Matcher) -> None:
    ground = Ground(shipped, {}, TODAY)
    told = 0
    for phrasing in shipped.knowledge.phrasings[::25]:
        analysis = shipped.normalizer(phrasing.text)
        plain = ground._plain(phrasing, analysis, shipped.reader.concepts.find(analysis.tokens))
        answered, ranked = ground._matched(phrasing)
        if plain is not None:
            told += 1
            assert set(plain[0]) <= set(answered), phrasing.text
            assert ranked[: len(plain[1])] == plain[1], phrasing.text
            assert bool(plain[0]) == bool(answered), phrasing.text
    assert told > 300
