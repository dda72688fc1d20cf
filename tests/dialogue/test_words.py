"""The small parts: cues, secrets, typography."""

from __future__ import annotations

import re
import tracemalloc
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.dialogue import sanitise, typeset
from chatbot.dialogue.cues import Cues
from chatbot.dialogue.data_files import DATA, read_alerts, read_phrases
from chatbot.dialogue.folded import words_of, words_of_each
from chatbot.dialogue.secrets import MASK, is_luhn, mask
from chatbot.dialogue.typeset import one_line


@cache
def cues() -> Cues:
    return Cues(read_phrases(), read_alerts())


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("OUI !", "oui"), ("ouiiii", "oui"), ("ouii", "oui"), ("oui c'est ça merci", "oui"), ("D’ACCORD", "oui"),
        ("non merci", "non"), ("t ki", "identite"), ("êtes-vous un robot ?", "identite"),
        ("ni la 1 ni la 2", "aucune"), ("nan", "non"), ("Aucune.", "aucune"), ("ocune", "aucune"), ("rien de tout ca", "aucune"),
        ("non, c'est tout", "fini"), ("une dernière question", "annonce"),
        ("le deuxieme", "ordinal_2"), ("la 2eme svp", "ordinal_2"),
        ("deuxiéme", "ordinal_2"), ("la derniere", "dernier"),
        ("mneu", "menu"), ("le menu svp", "menu"), ("AIDE", "aide"), ("retour", "retour"), ("quiter", "quitter"),
        ("ça marche pas", "panne"), ("et si ca ne marche toujours pas ?", "panne"), ("j'y arrive pas", "panne"),
        ("je trouve pas mes commandes", "introuvable"), ("je ne vois pas le bouton", "introuvable"),
        ("ça ne répond pas à ma question", "insatisfait"), ("c'est pas ma question", "insatisfait"),
        ("répétez", "repeter"),
        ("quelle bande de voleurs", "colere"), ("c'est une honte", "colere"), ("ok super", "entendu"),
        ("bonjour je veux ma facture", "salut"), ("formulaire svp", "formulaire"), ("annulez", "annuler"),
        ("mon fils a avalé de l'encre", "danger_produit"), ("j'ai bu l'encre", "danger_produit"),
        ("une Canon qui mange une cartouche par mois", ""), ("elle boit de l'encre", ""),
        ("vous allez me tuer avec vos délais", ""), ("l'imprimante a avalé la cartouche", ""),
        ("j'ai avalé la pilule mais où est ma facture", ""), ("mon chat a avalé du toner", "danger_animal"),
        ("l'imprimante imprime n'importe quoi", ""), ("c'est n'importe quoi", "colere"),
        ("que choisir comme cartouche", ""), ("mon imprimante ne marche pas", ""), ("facture", ""), ("", ""),
    ],
)  # fmt: skip
def test_words_belong_to_their_category(text: str, category: str) -> None:
    heard = cues().heard(text)
    assert category in heard if category else not heard


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("je suis un idiot j'ai commandé la mauvaise cartouche", "colere"), ("je ne suis pas en colère", "colere"),
        ("j'ai donné un faux mail dans mon compte", "fraude"), ("c'est du suicide commercial", "danger_soi"),
    ],
)  # fmt: skip
def test_an_idiom_is_no_alarm(text: str, category: str) -> None:
    assert category not in cues().heard(text)


def test_what_a_normaliser_reads_is_tried_too() -> None:
    assert "panne" in cues().heard("sa mrche po", ("ca", "marche", "pas"))


@given(st.text(alphabet="aàâbcçdeéèêëfghiîïoôöœæuùûüÿz ’'-…«»\nÉÀÇŒ0123"))
def test_the_short_way_to_words_gives_what_the_long_one_does(text: str) -> None:
    assert words_of(text) == words_of(f"{text}\u0600")


def test_the_words_of_many_are_the_words_of_each() -> None:
    phrases = [phrase for items in read_phrases().values() for phrase in items]
    assert words_of_each(phrases) == [words_of(phrase) for phrase in phrases]
    assert words_of_each(["aaaah", "Ω", "l'œuf"]) == [words_of("aaaah"), words_of("Ω"), words_of("l'œuf")]


@pytest.mark.parametrize(
    ("text", "name"),
    [("je m'appelle Zoé Durand", "Zoé Durand"), ("Moi c'est Léa", "Léa"), ("Durand", "Durand"), ("nom : Ba", ": Ba")],
)
def test_the_name_is_what_follows_its_announcement(text: str, name: str) -> None:
    assert cues().after("nom_avant", text) == name


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4970 1012 3456 7890", MASK), ("carte 4539148803436467 refusée", f"carte {MASK} refusée"),
        ("4539-1488-0343-6467", MASK), ("4539.1488.0343.6467", MASK), ("３７８２８２２４６３１０００５", MASK),
        ("FR76 3000 6000 0112 3456 7890 189 merci", f"{MASK} merci"), ("fr7630006000011234567890189", MASK),
        ("BE68 5390 0754 7034", MASK), ("IBAN GB82WEST12345698765432", f"IBAN {MASK}"),
        ("mon mot de passe est Soleil12", f"mon mot de passe est {MASK}"), ("mdp: soleil", f"mdp: {MASK}"),
        ("mot de passe « tournesol »", "mot de passe « tournesol »"), ("mdp soleil12", f"mdp {MASK}"),
        ("carte 4539148803436467 12/27 123 bloquée", f"carte {MASK} {MASK} {MASK} bloquée"),
        ("4539 1488 0343 6467 49,90 €", f"{MASK} 49,90 €"), ("5 4539148803436467", f"5 {MASK}"),
        ("3782 822463 10005 3 fois", f"{MASK} 3 fois"), ("06 12 34 56 78, commande 10458", "06 12 34 56 78, commande 10458"),
        ("mon mdp cé Soleil12 svp", f"mon mdp cé {MASK} svp"), ("mo de passe c soleil12", f"mo de passe c {MASK}"),
        ("mon mdp c quoi", "mon mdp c quoi"),
        ("mon cryptogramme 123", f"mon cryptogramme {MASK}"), ("code secret : 0000", f"code secret : {MASK}"),
        ("Soleil2024 c'est mon mot de passe", f"{MASK} c'est mon mot de passe"),
        ("lune-88 est mon mdp", f"{MASK} est mon mdp"),
        ("le mot de passe que j'utilise est Soleil2024", f"le mot de passe que j'utilise est {MASK}"),
        ("le mdp que j'ai mis: soleil", f"le mdp que j'ai mis: {MASK}"), ("mon pass Soleil24", f"mon pass {MASK}"),
        ("zoe@exemple.fr / Soleil24", f"zoe@exemple.fr / {MASK}"),
        ("le code secret de ma carte bleue est le 4521", f"le code secret de ma carte bleue est le {MASK}"),
        ("pin: 4521", f"pin: {MASK}"), ("mon code pin c'est 4521", f"mon code pin c'est {MASK}"),
        ("code 4829 refusé", f"code {MASK} refusé"), ("le code 482913 ne marche pas", f"le code {MASK} ne marche pas"),
        ("le code de ma banque c'est 482913", f"le code de ma banque c'est {MASK}"),
        ("j'ai reçu 482913 par sms", f"j'ai reçu {MASK} par sms"), ("le sms dit 482913", f"le sms dit {MASK}"),
        ("les trois chiffres derrière c'est 737", f"les trois chiffres derrière c'est {MASK}"),
        ("code: 483920", f"code: {MASK}"), ("voici le code : 123456", f"voici le code : {MASK}"),
        ("le code que j'ai reçu est 483920", f"le code que j'ai reçu est {MASK}"),
        ("mon code est 123456", f"mon code est {MASK}"), ("le code sms, j'ai tapé 483920", f"le code sms, j'ai tapé {MASK}"),
        ("ma carte 4970101234567891 est refusée", f"ma carte {MASK} est refusée"),
        ("la carte 3782 822463 10006", f"la carte {MASK}"), ("pass: azerty12", f"pass: {MASK}"),
        ("mot de passse toto1234", f"mot de passse {MASK}"),
        ("crypto 737", f"crypto {MASK}"), ("au dos 737", f"au dos {MASK}"),
        ("carte 4539148803436467 exp 05/28 crypto 737", f"carte {MASK} exp {MASK} crypto {MASK}"),
        ("4539 1488 0343 6467\n05/2028\n737", f"{MASK}\n{MASK}\n{MASK}"),
    ],
)  # fmt: skip
def test_secrets_are_masked(text: str, masked: str) -> None:
    assert mask(text, cues().harmless).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "", "commande 2024118", "0 892 438 892", "06 12 34 56 78", "le 12/11/2026 à 14:30", "mot de passe oublié",
        "mon mot de passe est refusé", "mot de passe toujours incorrect", "j'ai changé mon mot de passe",
        "code promo NOEL", "commande n° 100000000000000", "HP LaserJet Pro M404dn TN2420",
        "je n'ai pas reçu le code de ma banque",
        "mot de passe est le même", "mon mdp c'est quoi", "quel est mon mot de passe", "où est mon mot de passe",
        "le problème c'est mon mot de passe", "zoe@exemple.fr / merci", "code promo 2024", "code postal 75011",
        "erreur 5100 sur ma canon", "code erreur 5100", "j'ai reçu 3 cartouches", "mon pass", "le sms du 12/11",
        "un code à 6 chiffres par sms", "j'ai reçu 2 sms", "l'encre au dos", "la date 05/28", "2 au dos",
        "mon SIRET est 55208131766522", "facture FA202401012345678", "référence CC2024123456789",
        "numéro de série CN1234567890123", "le numéro de suivi est 3250081234567", "zoe@exemple.fr, CC12345",
        "j'ai reçu la facture 12345 par mail", "la référence au dos est 364XL", "inscrite au dos de la cartouche 301",
        "mon imprimante affiche le code 5200 invalide", "code 75011 refusé", "sms commande 456789",
        "cryptogramme refusé commande 12345", "je n'ai pas le code reçu pour ma commande 12345",
        "j'ai tapé 483920 comme numéro de commande", "mon mot de passe est-il conservé ?",
        "j'ai tapé mon mot de passe 3 fois", "mon mot de passe est différent", "mon mot de passe est piraté",
        "mon mot de passe est désactivé", "mon mdp est HS", "mdp: aucun", "mon mot de passe est long",
        "mot de passe déjà utilisé", "mon mot de passe est compromis",
        "au dos c'est écrit SN-1702-01", "mon mot de passe est refait", "le lien de mon mot de passe est mort",
    ],
)  # fmt: skip
def test_what_is_no_secret_stays(text: str) -> None:
    assert mask(text, cues().harmless) == (text, ())


@pytest.mark.parametrize(
    ("before", "text", "masked"),
    [
        ("mon mot de passe est :", "Soleil24", MASK), ("mdp :", "tournesol", MASK),
        ("le code 3d secure ne passe pas", "j'ai tapé 483920", f"j'ai tapé {MASK}"),
        ("mon mot de passe est :", "oublié", "oublié"), ("mon mot de passe est :", "où est ma facture", "où est ma facture"),
        ("ma commande", "j'ai tapé 483920", "j'ai tapé 483920"),
    ],
)  # fmt: skip
def test_a_secret_announced_by_the_message_before_is_masked(before: str, text: str, masked: str) -> None:
    assert mask(text, cues().harmless, before).text == masked


@given(st.text())
def test_masking_never_fails_and_twice_is_once(text: str) -> None:
    once = mask(text, cues().harmless).text
    assert mask(once, cues().harmless).text == once


@pytest.mark.parametrize(("digits", "valid"), [("4539148803436467", True), ("4539148803436468", False), ("0", True)])
def test_luhn(digits: str, valid: bool) -> None:
    assert is_luhn(digits) is valid


@pytest.mark.parametrize(
    ("text", "set_text"),
    [
        ("Une question ?", "Une question\u00a0?"), ("Oui ! Non ; si : là", "Oui\u00a0! Non\u00a0; si\u00a0: là"),
        ("« Mon compte »", "«\u00a0Mon compte\u00a0»"), ("« A » ?", "«\u00a0A\u00a0»\u00a0?"),
        ("au 0 892 438 892.", "au 0\u00a0892\u00a0438\u00a0892."), ("ma facture?", "ma facture?"),
        ("« Etat de traitement: En attente »", "«\u00a0Etat de traitement: En attente\u00a0»"),
        ("étape 4 (Paiement)", "étape 4 (Paiement)"), ("https://a.fr", "https://a.fr"),
    ],
)  # fmt: skip
def test_no_break_spaces_stand_where_french_wants_them(text: str, set_text: str) -> None:
    assert typeset(text) == set_text


@given(st.text())
def test_typesetting_twice_is_once_and_only_touches_spaces(text: str) -> None:
    once = typeset(text)
    assert typeset(once) == once
    assert once.replace("\u00a0", " ").replace("\u202f", " ") == text.replace("\u00a0", " ").replace("\u202f", " ")


@given(st.text())
def test_sanitised_text_holds_nothing_a_terminal_obeys(text: str) -> None:
    clean = sanitise(text)
    assert not [c for c in clean if (ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u2066\ufeff"]
    assert sanitise(clean) == clean


def test_one_line_has_no_line_ends() -> None:
    assert one_line(" Zoé\r\nBcc: x\t\x1b[31m ") == "Zoé Bcc: x [31m"


def test_every_category_is_heard_by_the_dialogue_and_every_cue_has_a_category() -> None:
    """Both ways, so that a misspelt name is no silent nothing."""
    code = "\n".join(file.read_text("utf-8") for file in DATA.parent.glob("*.py"))
    categories = {*read_phrases(), *(name for name in read_alerts() if not name.startswith("famille_"))}
    made = {f"ordinal_{n}" for n in range(1, 10)} | {
        f"champ_{field}" for field in ("name", "email", "order", "message")
    }
    unheard = {name for name in categories - made if f'"{name}"' not in code}
    asked = set(re.findall(r'"([a-z_]+)" (?:not )?in (?:self\.)?(?:said\.)?cues', code))
    assert (unheard, asked - categories - made) == (set(), set())


@pytest.mark.parametrize("filler", ["l'", "le ", "n°", "merci ", "non plus ", "bonjour ", "les deux ", "pas la 6, "])
def test_nothing_but_fillers_takes_little(filler: str) -> None:
    """4,000 characters of them took seconds and gigabytes when every way to take them off was tried."""
    known = cues()
    tracemalloc.start()
    known.heard((filler * 4000)[:4000])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000
