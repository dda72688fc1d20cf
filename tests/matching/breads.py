"""Another shop, a bakery, so that nothing a matching test says depends on what ours knows."""

from __future__ import annotations

from collections.abc import Mapping

from chatbot import KnowledgeBase, Matcher

FAQ = """\
boutique:
  nom: Au Bon Levain
  contact: {telephone: "01 23 45 67 89"}
sujets:
  - {intention: sujet_pain, titre: Nos pains, reponse: Demandez au comptoir.}
questions:
  - {intention: pain_complet, sujet: sujet_pain, titre: Du pain complet ?, reponse: "Oui, chaque matin."}
  - {intention: pain_sans_gluten, sujet: sujet_pain, titre: Du pain sans gluten ?, reponse: "Non."}
  - {intention: gateau_commander, sujet: sujet_pain, titre: Commander un gâteau, reponse: "Deux jours avant."}
  - {intention: heures, sujet: sujet_pain, titre: Vos heures, reponse: "De sept heures à midi."}
echanges:
  - {intention: salut, titre: Bonjour, reponse: "Bonjour !"}
"""
PHRASINGS = {
    "sujet_pain": """
        vos pains; quels pains avez-vous; une question sur le pain; le choix de pains; liste des pains; parlez-moi
        de vos pains; quelles farines utilisez-vous; pain de seigle ou pain de campagne; combien coûte une baguette;
        prix du pain""",
    "pain_complet": """
        avez-vous du pain complet; une boule complète; je voudrais du complet; reste-t-il du pain complet; pain
        complet aujourd'hui; complet tranché; un pain complet bien cuit; farine complète dans le pain; du complet
        pour demain; votre pain complet est-il bio""",
    "pain_sans_gluten": """
        pain sans gluten; je suis allergique au gluten; avez-vous quelque chose sans gluten; intolérance au gluten;
        ma fille est cœliaque; du pain pour cœliaque; gluten interdit par mon médecin; sans blé ni gluten; farine de
        riz sans gluten; y a-t-il du gluten""",
    "gateau_commander": """
        commander un gâteau; je veux un gâteau d'anniversaire; un fraisier pour samedi; réserver une tarte aux
        pommes; gâteau pour dix personnes; combien de temps avant pour un gâteau; une pièce montée pour un mariage;
        commande de gâteau; gâteau au chocolat à commander; tarte pour dimanche""",
    "heures": """
        quelles sont vos heures d'ouverture; à quelle heure ouvrez-vous; êtes-vous ouverts le dimanche; fermez-vous
        à midi; horaires; ouvert le lundi; jusqu'à quelle heure; heure de fermeture; vos horaires de la semaine;
        ouvert les jours fériés""",
    "salut": "bonjour; bonsoir; salut; coucou; bonjour madame; hello",
}
OUTSIDE = """
    quel temps fait-il; mon vélo est crevé; je cherche un plombier; résilier mon abonnement; le train est en
    retard; où est la mairie; prix de l'essence; réparer une montre; mon chat est malade; comment faire un nœud
    de cravate; la recette des crêpes; un grille-pain en panne"""
ROLES = {"sujet_pain": "sujet", "salut": "politesse", "hors_sujet": "hors_sujet"}


def files(rules: Mapping[str, str] | None = None, shared: Mapping[str, str] | None = None) -> dict[str, str]:
    """The bakery's files. `rules`: intent -> YAML lines added to its file; `shared`: name -> text of a shared file."""
    found = {"faq.yaml": FAQ, **{f"intents/_{name}.yaml": text for name, text in (shared or {}).items()}}
    for intent, phrasings in {**PHRASINGS, "hors_sujet": OUTSIDE}.items():
        lines = [f"role: {ROLES.get(intent, 'question')}", "formulations:"]
        lines += [f'  - "{" ".join(phrasing.split())}"' for phrasing in phrasings.split(";")]
        found[f"intents/{intent}.yaml"] = "\n".join([*lines, (rules or {}).get(intent, ""), ""])
    return found


def shop(rules: Mapping[str, str] | None = None, shared: Mapping[str, str] | None = None) -> KnowledgeBase:
    """The bakery."""
    return KnowledgeBase.from_texts(files(rules, shared))


def bakery(rules: Mapping[str, str] | None = None, shared: Mapping[str, str] | None = None) -> Matcher:
    """Its matcher."""
    return Matcher(shop(rules, shared))
