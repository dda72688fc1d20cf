"""A small bicycle shop in memory, and ways to spoil it: what the workbench's tests work on."""

from __future__ import annotations

from pathlib import Path

FAQ = """\
boutique:
  nom: Vélo Martin
  contact:
    telephone: "01 23 45 67 89"

sujets:
  - intention: sujet_atelier
    titre: Notre atelier
    reponse: L'atelier répond au {telephone} ou par le formulaire de contact.

questions:
  - intention: pneu_creve
    sujet: sujet_atelier
    titre: Mon pneu est crevé, que faire ?
    apres_vente: true
    reponse: Apportez-nous la roue, ou appelez le {telephone}.
  - intention: louer_velo
    sujet: sujet_atelier
    titre: Puis-je louer un vélo ?
    reponse: Oui, à la journée, avec une pièce d'identité.

echanges:
  - intention: salutation
    titre: Dire bonjour
    reponse: Bonjour ! Quelle est votre question ?
"""

SUJET = """\
# Tout ce qui touche à l'atelier.
role: sujet
formulations:
  - faites-vous des réparations de vélos
  - avez-vous un atelier
  - combien coûte une révision complète
  - régler des freins qui grincent
  - changer la chaîne et les pignons
  - entretien annuel de ma bicyclette
  - vous réparez les dérailleurs
  - remplacer un câble de vitesse
  - mon guidon est tordu
  - centrage d'une jante voilée
"""

PNEU = """\
role: question
formulations:
  # --- les plus courantes
  - mon pneu est crevé
  - j'ai une crevaison
  - ma roue est à plat
  - la chambre à air fuit
  - "comment réparer un pneu percé : vite ?"
  - un clou dans le pneumatique
  - le pneu avant se dégonfle
  - réparer une crevaison demain matin
  - chambre à air éclatée
  - mon pneu perd de l'air sans arrêt
# fin du fichier
"""

LOUER = """\
role: question
formulations:
  - puis-je louer un vélo
  - la location à la journée
  - louer un tandem pour le week-end
  - tarif de location
  - vous prêtez des bicyclettes
  - emprunter deux VTT samedi
  - réserver un vélo électrique
  - location longue durée possible
  - je voudrais louer quatre vélos pour ma famille
  - peut-on louer un casque avec
"""

SALUTATION = """\
role: politesse
formulations:
  - bonjour
  - bonsoir
  - salut
  - coucou
"""

DEHORS = """\
role: hors_sujet
formulations:
  - quel temps fera-t-il demain
  - une recette de crêpes
  - qui a gagné le match
  - le cours de la bourse
  - raconte-moi une blague
  - la météo des neiges
  - billet d'avion pour Lisbonne
  - mon ordinateur est en panne
"""


def shop(**changes: str) -> dict[str, str]:
    """The shop's files; each change replaces (or adds) the intent file of that name, `faq` the answers."""
    texts = {
        "faq.yaml": FAQ,
        "intents/sujet_atelier.yaml": SUJET,
        "intents/pneu_creve.yaml": PNEU,
        "intents/louer_velo.yaml": LOUER,
        "intents/salutation.yaml": SALUTATION,
        "intents/hors_sujet.yaml": DEHORS,
    }
    for name, content in changes.items():
        texts["faq.yaml" if name == "faq" else f"intents/{name}.yaml"] = content
    return texts


def write_shop(folder: Path, **changes: str) -> Path:
    """The shop as a folder."""
    for name, content in shop(**changes).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return folder
