"""The token: one normalised word and where it stands in what the customer wrote."""

from __future__ import annotations

from typing import NamedTuple

# Kinds of token. A typed token's form is its kind in angle brackets: any two order numbers are the same word.
WORD = "word"
NUMBER = "number"
REFERENCE = "reference"
MONEY = "money"
EMAIL = "email"
URL = "url"

TYPED = {
    NUMBER: "<num>",
    REFERENCE: "<ref>",
    MONEY: "<montant>",
    EMAIL: "<email>",
    URL: "<url>",
}


class Change(NamedTuple):
    """One rewriting: the step that did it, and the word before and after. `cost` is 0 (certain) to 1 (a guess)."""

    step: str
    before: str
    after: str
    cost: float = 0.0


class Token(NamedTuple):
    """A normalised word. `text[start:end]` of the original utterance is what the customer typed for it.

    Several tokens may share one span (« jai » -> je, ai) and one token may cover several words (« mot de passe » glued).
    `known` is False for a word that nothing in the knowledge base or in the language data explains;
    `real` tells, among those, a word of the French dictionary from noise. `negated`: part of a wish that is denied;
    `polite`: part of a greeting or a thank-you around something else.
    """

    start: int
    end: int
    form: str
    stem: str
    kind: str = WORD
    sentence: int = 0
    known: bool = True
    real: bool = True
    negated: bool = False
    changes: tuple[Change, ...] = ()
    polite: bool = False
