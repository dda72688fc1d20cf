"""The form of faq.yaml and intents/*.yaml: one model that validates them and from which their JSON Schema comes.

Keys are French, for the people who edit the files. Field descriptions are what an editor shows on hover.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Optional = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
INTENT_ID = r"^[a-z][a-z0-9_]*$"
IntentId = Annotated[str, StringConstraints(pattern=INTENT_ID)]
# What a rule looks for: a group (@facture), or words; a mark alone (« ? », « € ») stands in no text as a word.
Rule = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, pattern=r"[^\W_]")]
GroupName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$")]


class Strict(BaseModel):
    """Unknown keys are refused everywhere."""

    # Built once, with the file's model that holds it.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class ContactModel(Strict):
    """Comment joindre la boutique. Un champ vide est un renseignement que la page d'aide ne donne pas."""

    telephone: Text = Field(description="Numéro tel qu'il s'affiche, par exemple « 01 23 45 67 89 ».")
    tarif: Optional = Field("", description="Tarif du numéro, affiché à côté de lui ; obligatoire pour un 081/082/089.")
    horaires: Optional = Field("", description="Heures d'ouverture, si elles sont connues.")
    formulaire: Optional = Field("", description="Adresse du formulaire de contact ; vide : celui du robot.")


class ShopModel(Strict):
    """La boutique."""

    nom: Text
    contact: ContactModel


class TopicModel(Strict):
    """Un sujet de la page d'aide, et ce que le robot dit quand on le choisit."""

    intention: IntentId
    titre: Text
    reponse: Text


class FollowUpModel(Strict):
    """Ce que le client peut dire juste après cette réponse, et ce que le robot dit alors."""

    si: list[Rule] = Field(
        min_length=1,
        description="Mots dont la présence, dans un court message qui ne dit rien d’autre, appelle cette suite.",
    )
    reponse: Text


class QuestionModel(Strict):
    """Une question de la page d'aide et sa réponse."""

    intention: IntentId
    sujet: IntentId = Field(description="L'intention du sujet où la question est rangée.")
    titre: Text
    reponse: Text
    frequente: int | None = Field(None, ge=1, le=9, description="Rang parmi les questions les plus fréquentes.")
    apres_vente: bool = Field(False, description="Vrai si la question porte sur une commande déjà passée.")
    revu_le: date | None = Field(None, description="Date de la dernière relecture (AAAA-MM-JJ).")
    suites: list[FollowUpModel] = Field(
        default_factory=list, description="Réponses à ce que le client dit juste après."
    )


class ExchangeModel(Strict):
    """Politesses et mise en relation : ce que le robot répond, hors des questions de la page."""

    intention: IntentId
    titre: Text
    reponse: Text


class FaqFile(Strict):
    """faq.yaml : ce que la boutique répond."""

    boutique: ShopModel
    rubrique: Optional = Field("", description="Titre au-dessus de la liste des sujets.")
    sujets: list[TopicModel] = Field(min_length=1)
    questions: list[QuestionModel] = Field(min_length=1)
    echanges: list[ExchangeModel] = Field(default_factory=list)
    messages: dict[GroupName, Text] = Field(default_factory=dict, description="Ce que le robot dit de lui-même.")


class IntentFile(Strict):
    """intents/<intention>.yaml : comment les clients demandent."""

    role: Literal["question", "sujet", "politesse", "conseiller", "hors_sujet"] = "question"
    description: Optional = Field("", description="Ce que veut le client, en une phrase.")
    formulations: list[Text] = Field(min_length=1, description="Phrases de clients, en français correct, avec accents.")
    contre_exemples: list[Text] = Field(
        default_factory=list, description="Phrases qui ressemblent à celles-ci mais ne concernent pas la boutique."
    )
    exige: list[Rule] = Field(
        default_factory=list, description="Mots ou groupes (@groupe) dont un au moins doit être là pour répondre."
    )
    exclut: list[Rule] = Field(
        default_factory=list, description="Mots ou groupes (@groupe) dont la présence interdit de répondre."
    )


class ThresholdsModel(Strict):
    """Les nombres qui décident, calculés par « cli.py calibrate »."""

    answer: float = Field(ge=0, le=1, description="Confiance au moins égale : réponse.")
    clarify: float = Field(ge=0, le=1, description="Confiance au moins égale : question en retour.")
    wish: float | None = Field(None, ge=0, le=1, description="Probabilité minimale d'un second souhait.")
    # What is left out has the default of chatbot/matching/thresholds.py, which says what each is.
    offset: float | None = None
    odds: float | None = None
    lead: float | None = None
    margin: float | None = None
    likeness: float | None = None
    outside: float | None = None
    unknown: float | None = None
    length: float | None = None
    sentences: float | None = None


class SharedFile(Strict):
    """intents/_*.yaml : le lexique partagé par toutes les intentions."""

    groupes: dict[GroupName, list[Text]] = Field(default_factory=dict, description="Mots et expressions équivalents.")
    ailleurs: dict[GroupName, list[Text]] = Field(
        default_factory=dict,
        description="Mots d'autres mondes (enseignes, objets, métiers) : ils parlent contre une réponse.",
    )
    abreviations: dict[Text, Text] = Field(default_factory=dict, description="Forme tapée -> mots voulus.")
    seuils: ThresholdsModel | None = Field(None, description="Seuils calculés par « cli.py calibrate ».")


@cache
def typed_keys(model: type[BaseModel]) -> frozenset[str]:
    """The keys of a file, at any depth, whose values are numbers, dates, yes or no."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        kinds = {field.annotation, *get_args(field.annotation)}
        inner = {kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)}
        if kinds & {int, float, bool, date}:
            found.add(name)
        found.update(*map(typed_keys, inner))
    return frozenset(found)


def json_schemas() -> dict[str, dict[str, Any]]:
    """File name -> JSON Schema, for editors: faq, intent and lexicon files."""
    models: dict[str, type[BaseModel]] = {"faq": FaqFile, "intention": IntentFile, "lexique": SharedFile}
    return {
        f"{name}.schema.json": {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
        for name, model in models.items()
    }
