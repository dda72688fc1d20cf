"""A small good knowledge base of another trade, to be broken one way at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

FAQ = """\
boutique:
  nom: Au Bon Levain
  contact:
    telephone: "01 23 45 67 89"
sujets:
  - intention: sujet_pain
    titre: Nos pains
    reponse: Demandez au comptoir.
questions:
  - intention: pain_complet
    sujet: sujet_pain
    titre: Avez-vous du pain complet ?
    reponse: Oui, chaque matin.
"""
TOPIC = """\
role: sujet
formulations:
  - vos pains
  - une question sur le pain
"""
QUESTION = """\
formulations:
  - avez-vous du pain complet
  - une boule complète
  - du complet, il en reste ?
"""
GOOD = {"faq.yaml": FAQ, "intents/sujet_pain.yaml": TOPIC, "intents/pain_complet.yaml": QUESTION}


def changed(files: Mapping[str, str | None]) -> dict[str, str]:
    """The good base with some files replaced, added, or (None) taken away."""
    return {name: text for name, text in {**GOOD, **files}.items() if text is not None}


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """The files in a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder
