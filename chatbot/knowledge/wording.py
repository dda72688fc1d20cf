"""What the validation model finds wrong, as its author needs it: in French, with the cure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NUMBER = "{name} doit être un nombre ; écrivez par exemple 0.5."
_MAPPING = "{name} doit être une suite de « clé: valeur »."
_BOOLEAN = "{name} vaut true ou false ; écrivez l'un des deux."
_INTEGER = "{name} doit être un nombre entier ; écrivez par exemple 1."
_CUT = "un deux-points suivi d'une espace, ou « ? » ou « { » au début, coupe la phrase ; mettez-la entre guillemets."
_RULES = ("exige", "exclut")
_MESSAGES = {
    "string_type": "{name} doit être un texte ; écrivez une phrase, entre guillemets au besoin.",
    "string_too_short": "{name} est vide ; écrivez un texte ou retirez la ligne.",
    "string_pattern_mismatch": "« {input} » : minuscules sans accent, chiffres et _ seulement ; renommez-le ainsi.",
    "list_type": "{name} doit être une liste ; écrivez une ligne « - … » par élément.",
    "too_short": "{name} est vide ; donnez-lui au moins un élément.",
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "literal_error": "« {input} » n'est pas permis ici ; choisissez {expected}.",
    "bool_parsing": _BOOLEAN,
    "bool_type": _BOOLEAN,
    "int_parsing": _INTEGER,
    "int_type": _INTEGER,
    "int_from_float": _INTEGER,
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "greater_than_equal": "{name} doit être au moins {ge} ; écrivez un nombre plus grand.",
    "less_than_equal": "{name} doit être au plus {le} ; écrivez un nombre plus petit.",
}


# Kind of error (pydantic's) -> the code a finding bears, for those who sort or search them.
_CODES = {
    "string_type": "texte",
    "string_too_short": "vide",
    "string_pattern_mismatch": "nom",
    "list_type": "liste",
    "too_short": "vide",
    "dict_type": "cles",
    "model_type": "cles",
    "literal_error": "choix",
    "greater_than_equal": "bornes",
    "less_than_equal": "bornes",
}
_CODES_BY_FAMILY = {"bool": "oui-non", "int": "nombre", "float": "nombre", "date": "date"}


def code_of(kind: str) -> str:
    """The code of one of pydantic's kinds of error: a French word, as all codes are."""
    return _CODES.get(kind) or _CODES_BY_FAMILY.get(kind.partition("_")[0], "forme")


def in_french(error: Mapping[str, Any]) -> str:
    """The message for one error of pydantic's `errors()`; missing and unknown keys are the loader's to word."""
    code, value = str(error["type"]), error.get("input")
    context = {key: _tidy(bound) for key, bound in error.get("ctx", {}).items()}
    name = _name(error["loc"])
    if code == "string_type" and value is None:
        code = "string_too_short"
    if code == "string_type" and isinstance(value, dict) and isinstance(error["loc"][-1], int):
        return _CUT
    if code == "string_pattern_mismatch" and error["loc"][0] in _RULES:
        return f"« {value} » n'a ni lettre ni chiffre : aucun texte ne le contient comme mot ; retirez la ligne."
    if code.startswith("date"):
        return f"{name} doit être une date ; écrivez-la comme 2026-11-23."
    template = _MESSAGES.get(code, "{name} n'a pas la forme attendue ; voyez le schéma dans docs/schema.")
    return template.format(name=name, input=value, **{"expected": "", "ge": "", "le": "", **context})


def _name(place: tuple[str | int, ...]) -> str:
    """« titre », or « un élément de « formulations » » for a place in a list."""
    last = next((part for part in reversed(place) if isinstance(part, str)), "")
    return f"un élément de « {last} »" if place and isinstance(place[-1], int) else f"« {last} »"


def _tidy(value: object) -> str:
    """A bound without its « .0 »; a list of choices with French words and marks."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace(" or ", " ou ").replace("'", "")
