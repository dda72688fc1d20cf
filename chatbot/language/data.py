"""Language data: the YAML and word list of `language/data/`, read once into one immutable object.

Plain tuples, dicts and frozensets only, so that a compiled knowledge base can carry it (no YAML at a warm start).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from chatbot.language.characters import fold

DATA = Path(__file__).parent / "data"
_SHORTEST_CUT = 3


def french_words() -> frozenset[str]:
    """Common French words, folded; read on first need (a word no table knows), a few milliseconds."""
    return frozenset((DATA / "words.txt").read_text("utf-8").split())


def _abbreviations(folder: Path, elisions: Mapping[str, str]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Short forms as typed -> the words meant, plurals of words cut short among them."""
    entries = _yaml(folder / "abreviations.yaml")["abreviations"]
    given = {entry_words(short, {}): entry_words(meant, elisions) for short, meant in entries.items()}
    return {**_plurals(given), **given}


def _plurals(
    abbreviations: Mapping[tuple[str, ...], tuple[str, ...]],
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Words cut short, in the plural (« assos », « réfs »), as the word they were cut from; none that is a word by itself."""
    real = french_words()
    shortened = [
        (short, meant)
        for (short, *more), meant in abbreviations.items()
        if not more and len(meant) == 1 and len(short) >= _SHORTEST_CUT and fold(meant[0]).startswith(fold(short))
    ]
    return {(short + "s",): meant for short, meant in shortened if short[-1] != "s" and fold(short) + "s" not in real}


@dataclass(frozen=True, eq=False, repr=False)
class LanguageData:
    """What the French language contributes; every key and word is in canonical characters.

    abbreviations: words as typed, accents kept, up to `longest` of them -> the words meant.
    elided_before: short forms that a space parts from these words alone, by the short form; the others, from any vowel.
    misspellings: folded word -> the words meant. function_words: folded, `protected` among them.
    """

    abbreviations: Mapping[tuple[str, ...], tuple[str, ...]]
    misspellings: Mapping[str, tuple[str, ...]]
    function_words: frozenset[str]
    protected: frozenset[str]
    determiners: frozenset[str]
    elisions: Mapping[str, str]
    elided_before: Mapping[str, frozenset[str]]
    words_with_digits: frozenset[str]
    negated_wishes: frozenset[str]
    denied_things: frozenset[str]
    contrasts: frozenset[str]
    emphasis: frozenset[str]
    avoir_before: frozenset[str]
    avoir_hesitant: frozenset[str]
    avoir_verb_after: frozenset[str]
    avoir_wished: frozenset[str]
    avoir_inverted: frozenset[str]
    avoir_felt: frozenset[str]
    avoir_told: frozenset[str]
    avoir_with: frozenset[str]
    polite: frozenset[tuple[str, ...]]
    polite_not_before: Mapping[str, frozenset[str]]
    connectors: frozenset[str]
    openers: frozenset[str]
    requests: frozenset[str]
    announcements: frozenset[str]
    joiners: frozenset[str]
    asking: frozenset[tuple[str, ...]]
    synonyms: tuple[tuple[str, str], ...] = ()
    longest: int = field(default=1)

    @cached_property
    def dictionary(self) -> frozenset[str]:
        """Common French words, folded (see `french_words`)."""
        return french_words()

    @cached_property
    def single_words(self) -> Mapping[str, tuple[str, ...]]:
        """The abbreviations of one word."""
        return {key[0]: meant for key, meant in self.abbreviations.items() if len(key) == 1}

    @cached_property
    def first_pairs(self) -> Mapping[str, frozenset[str]]:
        """First word of the abbreviations of several words -> their second words: most texts have none."""
        pairs: dict[str, set[str]] = {}
        for key in self.abbreviations:
            if len(key) > 1:
                pairs.setdefault(key[0], set()).add(key[1])
        return {first: frozenset(seconds) for first, seconds in pairs.items()}

    @cached_property
    def abbreviation_starts(self) -> frozenset[str]:
        """The words an abbreviation may begin with, or a short form that lost its apostrophe: most words are none."""
        return frozenset({*self.single_words, *self.first_pairs, *self.elisions})

    @cached_property
    def polite_starts(self) -> frozenset[tuple[str, ...]]:
        """The first words of the formulas of politeness, two at most: most texts begin with none of them."""
        return frozenset(formula[:2] for formula in self.polite)

    @cached_property
    def polite_ends(self) -> frozenset[tuple[str, ...]]:
        """The last words of the formulas of politeness, two at most."""
        return frozenset(formula[-2:] for formula in self.polite)

    @cached_property
    def small_words(self) -> frozenset[str]:
        """The function words that ask nothing: « où est ma facture » has as much to say as « ma facture perdue »."""
        return self.function_words - self.requests

    def with_abbreviations(self, added: Mapping[tuple[str, ...], tuple[str, ...]]) -> LanguageData:
        """The same with more abbreviations; those added win over the general ones."""
        merged = {**self.abbreviations, **added}
        return replace(self, abbreviations=merged, longest=max(map(len, merged)))

    def packed(self) -> dict[str, Any]:
        """The fields as plain containers, for `unpacked`."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def unpacked(cls, fields: Mapping[str, Any]) -> LanguageData:
        """The object `packed` was called on."""
        return cls(**fields)

    @classmethod
    def load(cls, folder: Path = DATA) -> LanguageData:
        """Reads the folder's YAML. Shipped with the package and checked by its tests, so faults are plain errors."""
        tools = _yaml(folder / "mots_outils.yaml")
        elisions = {str(short): str(full) for short, full in tools["elisions"].items()}
        abbreviations = _abbreviations(folder, elisions)
        misspellings = {
            fold(_text(wrong)): entry_words(meant, elisions)
            for wrong, meant in _yaml(folder / "orthographe.yaml")["orthographe"].items()
        }
        wishes = tools["deux_souhaits"]
        protected = _folded(tools["proteges"])
        return cls(
            abbreviations=abbreviations,
            misspellings=misspellings,
            function_words=_folded(word for line in tools["outils"] for word in line) | protected,
            protected=protected,
            determiners=_folded(tools["determinants"]),
            elisions=elisions,
            elided_before={short: _folded(after) for short, after in tools["elisions_devant"].items()},
            words_with_digits=_folded(tools["mots_a_chiffres"]),
            negated_wishes=_folded(tools["negation"]["souhaits"]),
            denied_things=_folded(tools["negation"]["choses"]),
            contrasts=_folded(tools["negation"]["contrastes"]),
            emphasis=_folded(tools["negation"]["insistances"]),
            **_avoir(tools["nom_avoir"]),
            polite=_formulas(tools["politesse"]["formules"], elisions),
            polite_not_before={
                fold(_text(word)): _folded(after) for word, after in tools["politesse"]["pas_devant"].items()
            },
            connectors=_folded(wishes["liaisons"]),
            openers=_folded(wishes["ouvertures"]),
            requests=_folded(wishes["demandes"]),
            announcements=_folded(wishes["annonces"]),
            joiners=_folded(wishes["jonctions"]),
            asking=_formulas(wishes["inversions"], elisions),
            synonyms=_pairs(_yaml(folder / "synonymes.yaml")["groupes"]),
            longest=max(map(len, abbreviations), default=1),
        )


def _pairs(groups: Mapping[str, Iterable[object]]) -> tuple[tuple[str, str], ...]:
    """(concept, expression) for every expression of every group."""
    return tuple((str(concept), _text(expression)) for concept, found in groups.items() for expression in found)


def _yaml(file: Path) -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content: dict[str, Any] = yaml.load(file.read_text("utf-8"), loader)  # noqa: S506
    return content


def _text(value: object) -> str:
    """A key or a value as text: YAML may read an unquoted `no` or `1` as something else."""
    return str(value).lower()


def entry_words(value: object, elisions: Mapping[str, str]) -> tuple[str, ...]:
    """The words of an entry, parted and written out as they are in a question: « n'ai » -> ne, ai."""
    text = _text(value).replace("’", "'").replace("'", "' ").replace("-", " ")
    return tuple(elisions.get(word[:-1], word[:-1]) if word.endswith("'") else word for word in text.split())


def _avoir(told: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """The fields that tell the noun « avoir » from the verb."""
    return {
        "avoir_before": _folded(told["avant"]),
        "avoir_hesitant": _folded(told["hesitants"]),
        "avoir_verb_after": _folded(told["verbe_apres"]),
        "avoir_wished": _folded(told["verbe_avant"]),
        "avoir_inverted": _folded(told["inverses"]),
        "avoir_felt": _folded(told["sentiments"]),
        "avoir_told": _folded(told["nom_apres"]),
        "avoir_with": _folded(told["avec"]),
    }


def _folded(words: Iterable[object]) -> frozenset[str]:
    return frozenset(fold(_text(word)) for word in words)


def _formulas(formulas: Iterable[object], elisions: Mapping[str, str]) -> frozenset[tuple[str, ...]]:
    """Formulas of several words as the folded words they are read as."""
    return frozenset(tuple(map(fold, entry_words(formula, elisions))) for formula in formulas)
