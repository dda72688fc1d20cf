"""Small shops for tests that change one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.testclient import TestClient

Make = Callable[..., TestClient]
TOKEN = "a-token-for-tests"  # noqa: S105

FAQ = """\
boutique:
  nom: Le Fournil
  contact: {telephone: "01 23 45 67 89"}
rubrique: LE PAIN
sujets:
  - {intention: sujet_pain, titre: Le pain, reponse: "Appelez le {telephone}."}
questions:
  - {intention: pain_frais, sujet: sujet_pain, titre: Le pain est-il frais ?, frequente: 1, reponse: REPONSE}
"""
INTENTS = {
    "sujet_pain": "une question sur le pain",
    "pain_frais": "votre pain est-il frais",
    "hors_sujet": "quel temps fait-il",
}


def write_shop(folder: Path, answer: str = "Il sort du four.") -> Path:
    """A whole other shop in a folder; `answer` is what it says of fresh bread."""
    (folder / "intents").mkdir(parents=True, exist_ok=True)
    (folder / "faq.yaml").write_text(FAQ.replace("REPONSE", f'"{answer}"'), "utf-8")
    for intent, phrasing in INTENTS.items():
        role = "role: hors_sujet\n" if intent == "hors_sujet" else ""
        (folder / "intents" / f"{intent}.yaml").write_text(f"{role}formulations:\n  - {phrasing}\n", "utf-8")
    return folder
