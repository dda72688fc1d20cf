"""A folder of YAML -> KnowledgeBase, or every fault in it as `path:line: what is wrong, and the cure`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from chatbot.errors import Fault, KnowledgeError
from chatbot.knowledge.cross_checks import cross_checks, nearest_name
from chatbot.knowledge.model import Answer, Contact, Expression, FollowUp, Intent, KnowledgeBase, Phrasing, Role
from chatbot.knowledge.schema import INTENT_ID, FaqFile, IntentFile, SharedFile, typed_keys
from chatbot.knowledge.sources import FAQ, INTENTS, read_folder, version_of
from chatbot.knowledge.strict_yaml import Document
from chatbot.knowledge.wording import code_of, in_french


def load(path: str | Path | None = None) -> KnowledgeBase:
    """The knowledge base of a folder; KnowledgeError with all its faults when it cannot be used."""
    return build(read_folder(path))


def build(sources: Mapping[str, bytes]) -> KnowledgeBase:
    """The knowledge base of files in memory (relative path -> content); raises KnowledgeError like `load`."""
    faults = [*_absent(sources), *_name_faults(name for name in sources if _kind(name) is IntentFile)]
    documents: dict[str, Document] = {}
    models: dict[str, Any] = {}
    for name in sorted(sources):
        document = documents[name] = Document(name, sources[name], typed_keys(_kind(name)))
        faults += document.faults
        model = _validated(document, _kind(name), faults)
        if model is not None:
            models[name] = model
    intents = {
        Path(name).stem: _intent(name, model, documents[name])
        for name, model in models.items()
        if isinstance(model, IntentFile)
    }
    intents = _with_counter_examples(intents)
    faq = models.get(FAQ)
    answers = _answers(faq, documents[FAQ], intents) if faq else []
    faults += cross_checks(answers, intents, complete=len(models) == len(documents), documents=documents)
    if faults or faq is None:
        raise KnowledgeError(_without_echoes(faults))
    shared = [(name, model) for name, model in models.items() if isinstance(model, SharedFile)]
    contact = faq.boutique.contact
    return KnowledgeBase(
        shop=faq.boutique.nom,
        contact=Contact(contact.telephone, contact.tarif, contact.horaires, contact.formulaire),
        heading=faq.rubrique,
        answers={answer.intent: answer for answer in answers},
        messages=dict(faq.messages),
        intents=dict(sorted(intents.items())),
        lexicon=tuple(_expressions(shared, documents)),
        abbreviations={short: meant for _, model in shared for short, meant in model.abreviations.items()},
        thresholds={
            k: v for _, model in shared if model.seuils for k, v in model.seuils.model_dump(exclude_none=True).items()
        },
        version=version_of(sources),
    )


def _without_echoes(faults: list[Fault]) -> list[Fault]:
    """The faults without what follows from another: how the value of an unknown key would be read."""
    unknown = {(fault.path, fault.line) for fault in faults if fault.code == "inconnue"}
    return [fault for fault in faults if fault.code != "type" or (fault.path, fault.line) not in unknown]


def _kind(name: str) -> type[BaseModel]:
    if name == FAQ:
        return FaqFile
    return SharedFile if Path(name).name.startswith("_") else IntentFile


def _absent(sources: Mapping[str, bytes]) -> Iterator[Fault]:
    if FAQ not in sources:
        yield Fault(FAQ, 1, "fichier absent ; le dossier d'une boutique contient faq.yaml et intents/.", "absent")
    if not any(_kind(name) is IntentFile for name in sources):
        yield Fault(INTENTS, 1, "aucune intention ; ajoutez au moins un fichier intents/<intention>.yaml.", "absent")


def _name_faults(names: Iterable[str]) -> list[Fault]:
    """File names that cannot name an intent, or that name one twice."""
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for name in sorted(names):
        stem = Path(name).stem
        if not re.fullmatch(INTENT_ID, stem):
            message = f"« {stem} » ne peut pas nommer une intention ; renommez le fichier : minuscules sans accent, chiffres et _."
            faults.append(Fault(name, 1, message, "nom"))
        if stem in seen:
            faults.append(
                Fault(name, 1, f"{seen[stem]} décrit déjà « {stem} » ; réunissez les deux fichiers.", "double")
            )
        seen.setdefault(stem, name)
    return faults


def _validated(document: Document, kind: type[BaseModel], faults: list[Fault]) -> BaseModel | None:
    if document.faults and document.data is None:
        return None
    data = {} if document.data is None else document.data
    if not isinstance(data, dict):
        faults.append(Fault(document.path, 1, "le fichier doit être une suite de « clé: valeur ».", "forme"))
        return None
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        faults.extend(_fault(document, kind, detail) for detail in error.errors(include_url=False))
        return None


def _fault(document: Document, kind: type[BaseModel], error: Any) -> Fault:
    """One validation error as its author needs it: where, what, and what to do."""
    path = tuple(error["loc"])
    code = str(error["type"])
    if code == "missing":
        return Fault(
            document.path, document.line(path[:-1]), f"il manque la clé « {path[-1]} » ; ajoutez-la.", "manque"
        )
    if code == "extra_forbidden":
        return Fault(document.path, document.line(path), _unknown_key(kind, path), "inconnue")
    return Fault(document.path, document.line(path), in_french(error), code_of(code))


def _unknown_key(kind: type[BaseModel], path: tuple[str | int, ...]) -> str:
    known = _known_keys(kind, path[:-1])
    meant = nearest_name(str(path[-1]), known) or f"clés permises : {', '.join(known)}."
    return f"clé inconnue « {path[-1]} » ; {meant}"


def _known_keys(kind: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """The keys allowed at a path, found by walking the model's field types."""
    model: Any = kind
    for part in path:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation
        candidates = [annotation, *getattr(annotation, "__args__", ())]
        model = next(c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel))
    return sorted(model.model_fields)


def _intent(name: str, model: IntentFile, document: Document) -> Intent:
    stem = Path(name).stem

    def phrasings(key: str, texts: list[str], intent: str) -> tuple[Phrasing, ...]:
        return tuple(Phrasing(text, intent, name, document.line((key, i))) for i, text in enumerate(texts))

    return Intent(
        id=stem,
        role=Role(model.role),
        phrasings=phrasings("formulations", model.formulations, stem),
        # Those of the out-of-scope intent, whose name no single file knows: see `_with_counter_examples`.
        counter_examples=phrasings("contre_exemples", model.contre_exemples, ""),
        required=tuple(model.exige),
        excluded=tuple(model.exclut),
        path=name,
    )


def _with_counter_examples(intents: Mapping[str, Intent]) -> dict[str, Intent]:
    """The intents, each counter-example of one under the out-of-scope intent; without one they are a fault anyway."""
    outside = next((intent.id for intent in intents.values() if intent.role is Role.OUT_OF_SCOPE), "")
    return {
        name: intent._replace(counter_examples=tuple(p._replace(intent=outside) for p in intent.counter_examples))
        if intent.counter_examples
        else intent
        for name, intent in intents.items()
    }


def _answers(faq: FaqFile, document: Document, intents: Mapping[str, Intent]) -> list[Answer]:
    def line(section: str, index: int) -> int:
        return document.line((section, index))

    topics = [
        Answer(t.intention, Role.TOPIC, t.titre, t.reponse, "", 0, False, "", FAQ, line("sujets", i))
        for i, t in enumerate(faq.sujets)
    ]
    questions = [
        Answer(
            q.intention, Role.QUESTION, q.titre, q.reponse, q.sujet, q.frequente or 0, q.apres_vente,
            q.revu_le.isoformat() if q.revu_le else "", FAQ, line("questions", i),
            tuple(
                FollowUp(tuple(f.si), f.reponse, document.line(("questions", i, "suites", n)))
                for n, f in enumerate(q.suites)
            ),
        )
        for i, q in enumerate(faq.questions)
    ]  # fmt: skip
    exchanges = [
        Answer(
            e.intention, intents[e.intention].role if e.intention in intents else Role.SMALL_TALK, e.titre, e.reponse,
            "", 0, False, "", FAQ, line("echanges", i),
        )
        for i, e in enumerate(faq.echanges)
    ]  # fmt: skip
    return topics + questions + exchanges


def _expressions(shared: list[tuple[str, SharedFile]], documents: Mapping[str, Document]) -> list[Expression]:
    return [
        Expression(text, concept, name, documents[name].line((section, concept, index)), section == "ailleurs")
        for name, model in shared
        for section, groups in (("groupes", model.groupes), ("ailleurs", model.ailleurs))
        for concept, texts in groups.items()
        for index, text in enumerate(texts)
    ]
