"""Every fact of the shop's help page, one by one, in what the bot says to the question it belongs to.

The facts are told in this test's words; the needles are what no rewording may lose: names of buttons, numbers,
conditions. Compared without case, and with ordinary spaces for no-break ones.
"""

from __future__ import annotations

import re
from functools import cache

import pytest
from places import Cli

PHONE = "0 892 438 892"
INVOICE = "je veux ma facture"
WRONG_INVOICE = "il y a une erreur sur ma facture"
DETAIL = "où voir le détail de ma commande"
SECURE = "3D secure bloqué"
CHANGE = "changer de mode de règlement"
CANCEL = "annuler ma commande"
CREDIT = "comment utiliser mon avoir"
DRUM = "différence toner tambour"
RETURN = "retourner une cartouche neuve"
WARRANTY = "cartouche générique défectueuse"

# question, the fact, what must stand in the answer (patterns; case does not matter)
FACTS: list[tuple[str, str, tuple[str, ...]]] = [
    (INVOICE, "the invoice comes by e-mail", (r"e-mail|courriel",)),
    (INVOICE, "it is sent when the parcel leaves", (r"expédi\w+", "colis")),
    (INVOICE, "that e-mail has a title", ("« Votre facture est disponible »",)),
    (INVOICE, "it is in the customer's space too", ("espace client",)),
    (INVOICE, "step 1: « Mon compte », and say who you are", (r"1\. .*« Mon compte ».*identifi",)),
    (INVOICE, "step 2: « Mes commandes »", (r"2\. .*« Mes commandes »",)),
    (INVOICE, "step 3: the order concerned", (r"3\. .*commande",)),
    (INVOICE, "step 4: « Consulter votre facture »", (r"4\. .*« Consulter votre facture »",)),
    (WRONG_INVOICE, "a problem of invoicing is for customer service", ("service client", "factur")),
    (WRONG_INVOICE, "by phone", (PHONE,)),
    (WRONG_INVOICE, "or by the form", ("formulaire",)),
    (DETAIL, "the order's detail is in the account, under the orders", (r"« ?Mon compte ?/ ?Mes commandes ?»",)),
    (DETAIL, "more information by phone", (PHONE, "service client")),
    (DETAIL, "or by the form", ("formulaire",)),
    (SECURE, "paying by card, the card's holder is authenticated", ("carte bancaire", r"titulaire|détenteur")),
    (SECURE, "that is called 3D Secure", ("3D Secure",)),
    (SECURE, "the bank asks for a code received by SMS", ("banque", r"code .*SMS")),
    (SECURE, "or for the holder's date of birth", ("date de naissance",)),
    (SECURE, "usually, not always", (r"en général|généralement",)),
    (SECURE, "a card that is not activated: see the bank's adviser", (r"activée?", "conseiller bancaire")),
    (SECURE, "who can unblock it", (r"déblo(?:quer|que)",)),
    (SECURE, "another means meanwhile", ("En attendant",)),
    (SECURE, "PayPal", ("PayPal",)),
    (SECURE, "cheque", ("chèque",)),
    (SECURE, "transfer", ("virement",)),
    (SECURE, "the list of means is open", ("virement…",)),
    (SECURE, "an adviser helps by phone", ("conseiller", PHONE)),
    (CHANGE, "the means of payment cannot be changed", (r"ne peut (?:plus|pas) être changé",)),
    (CHANGE, "once the order is recorded", (r"une fois .*enregistrée",)),
    (CHANGE, "only cancelling and ordering anew may be considered", ("annuler", r"en enregistrer une nouvelle|nouvelle commande")),
    (CANCEL, "the order's state is under « Mon compte », then « Mes commandes »", (r"« Mon compte ».*« Mes commandes »",)),
    (CANCEL, "the state that allows it, as the site writes it", ("« Etat de traitement: En attente »",)),
    (CANCEL, "then call at once", (r"immédiatement", "service client", PHONE)),
    (CANCEL, "else neither cancelling nor changing is possible", (r"autres? cas|cas contraire", r"ni annulée ni modifiée|aucune")),
    (CREDIT, "a credit is a credit note", ("crédit", "avoir")),
    (CREDIT, "if one was granted", (r"Si .*accordé",)),
    (CREDIT, "valid for one year", ("valable 1 an",)),
    (CREDIT, "it pays for a part or the whole", (r"une partie ou la totalité",)),
    (CREDIT, "of the next purchases", (r"prochains achats",)),
    (CREDIT, "it is offered in the basket", ("panier",)),
    (CREDIT, "at step 4, the payment", (r"étape 4 \(Paiement\)",)),
    (CREDIT, "ordering by phone, an adviser helps to use it", ("téléphone", PHONE, "conseiller")),
    (DRUM, "what a toner is", (r"toner.*(?:poudre|encre)",)),
    (DRUM, "what a drum is", (r"tambour.*(?:cylindre|image)",)),
    (RETURN, "the page gives no procedure: the phone and the form", (PHONE, "formulaire")),
    (WARRANTY, "the page gives no procedure: the phone and the form", (PHONE, "formulaire")),
    ("quel temps fait-il", "a question unknown: the phone and the form", (PHONE, "formulaire")),
]  # fmt: skip
TITLES = {
    INVOICE: "Comment obtenir une copie de ma facture?",
    DRUM: "Quelle est la différence entre un toner et un tambour ?",
    RETURN: "Comment retourner un article NEUF ?",
    WARRANTY: "Procédure de prise en garantie : consommable générique défectueux",
}
TOPICS = [
    "Bien choisir mes articles",
    "Le paiement de ma commande",
    "Les garanties ChronoCartouche",
    "Enregistrer une commande",
    "La livraison de ma commande",
    "Mon compte client",
]
# Any number on the page; the answers may hold no other, or something was invented.
NUMBERS = {"0", "892", "438", "1", "2", "3", "4", "5", "6"}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture(scope="module")
def ask(cli: Cli) -> object:
    """What `cli.py ask` prints for a question, each asked once."""

    @cache
    def asked(question: str) -> str:
        done = cli("ask", question)
        assert done.returncode == 0, done.stderr
        return plain(done.stdout)

    return asked


@pytest.mark.parametrize(("question", "fact", "needles"), FACTS, ids=[f"{q}: {fact}" for q, fact, _ in FACTS])
def test_a_fact_of_the_page_is_told(ask, question: str, fact: str, needles: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    told = ask(question)
    assert [needle for needle in needles if not re.search(needle, told, re.IGNORECASE | re.DOTALL)] == [], fact


@pytest.mark.parametrize("question", [INVOICE, WRONG_INVOICE, DETAIL, SECURE, CHANGE, CANCEL, CREDIT])
def test_no_number_is_invented(ask, question: str) -> None:  # type: ignore[no-untyped-def]
    assert set(re.findall(r"(?<!\w)\d+(?!\w)", ask(question))) <= NUMBERS


def test_the_steps_of_the_invoice_stand_in_their_order(ask) -> None:  # type: ignore[no-untyped-def]
    told = ask(INVOICE)
    places = [
        told.index(step) for step in ("« Mon compte »", "« Mes commandes »", "3. ", "« Consulter votre facture »")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("question", TITLES)
def test_a_frequent_question_keeps_its_title(ask, question: str) -> None:  # type: ignore[no-untyped-def]
    assert TITLES[question] in ask(question)


@pytest.fixture(scope="module")
def chat(cli: Cli) -> str:
    """A conversation that opens the menu, then every topic."""
    typed = "menu\n" + "".join(f"{number}\nmenu\n" for number in range(1, 7)) + "quitter\n"
    return plain(cli("chat", text=typed).stdout)


def test_the_four_frequent_questions_open_the_conversation(chat: str) -> None:
    greeting = chat[: chat.index("AVANT MA COMMANDE")]
    places = [greeting.index(f"{rank}. {title}") for rank, title in enumerate(TITLES.values(), 1)]
    assert places == sorted(places)


def test_the_topics_stand_under_their_heading_in_the_order_of_the_page(chat: str) -> None:
    menu = chat[chat.index("AVANT MA COMMANDE") :]
    places = [menu.index(f"{rank}. {title}") for rank, title in enumerate(TOPICS, 1)]
    assert places == sorted(places)


def test_the_payment_topic_has_its_seven_questions(chat: str) -> None:
    topic = chat[chat.index("\nLe paiement de ma commande\n") :]
    listed = re.findall(r"^(\d+)\. (.+)$", topic[: topic.index("AVANT MA COMMANDE")], re.MULTILINE)
    questions = [title for _, title in listed if "question" not in title.lower() and "sujet" not in title.lower()]
    assert len(questions) == 7
    assert questions[0] == TITLES[INVOICE]


def test_the_bot_says_what_it_is_and_whose(chat: str) -> None:
    greeting = chat[: chat.index("1. ")]
    assert "assistant automatique" in greeting
    assert "Chrono Cartouche" in greeting
