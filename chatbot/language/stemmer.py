"""A light French stemmer on folded words: unites number, gender and the regular endings of verbs.

Deliberately weaker than Snowball's: families that need more (livrer/livraison, bloquer/blocage) are written in the
lexicon, where a support agent can see and change them.
"""

from __future__ import annotations

# Longest first within each table; each with the shortest root it may leave.
_NOUNS = (("ations", 4), ("ation", 4), ("ements", 5), ("ement", 5))
_VERBS = (
    ("eraient", 3), ("issaient", 4), ("erions", 3), ("issions", 4), ("eriez", 3), ("issiez", 4), ("issent", 4),
    ("issons", 4), ("issait", 4), ("issais", 4), ("issant", 4),
    ("erais", 3), ("erait", 3), ("erons", 3), ("eront", 3), ("aient", 3), ("issez", 4), ("irais", 4), ("irait", 4),
    ("antes", 4), ("erez", 3), ("eras", 3), ("erai", 3), ("ions", 4), ("ante", 4), ("ants", 4),
    ("era", 3), ("iez", 3), ("ais", 3), ("ait", 3), ("ees", 3), ("ent", 4), ("ant", 3), ("ons", 4), ("ies", 4),
    ("ee", 3), ("ez", 3), ("er", 3), ("es", 3), ("ie", 4), ("ir", 4), ("it", 4), ("is", 4),
    ("e", 3), ("i", 4),
)  # fmt: skip
_SUFFIXES = tuple(sorted(set(_NOUNS + _VERBS), key=lambda rule: (-len(rule[0]), rule[0])))
_BY_LAST = {
    last: tuple(rule for rule in _SUFFIXES if rule[0][-1] == last) for last in sorted({s[-1] for s, _ in _SUFFIXES})
}


def stem(word: str) -> str:
    """The stem of a folded lower-case word; typed tokens, words with digits and words under 4 letters stay as they are.

    >>> [stem(w) for w in ("factures", "annulée".replace("é", "e"), "annulation", "journaux", "payer", "paie")]
    ['factur', 'annul', 'annul', 'journal', 'pai', 'pai']
    """
    if not word.isalpha():
        return word
    while len(word) >= 4:
        if word.endswith("eaux"):
            return word[:-1]
        if word.endswith("aux"):
            return word[:-3] + "al"
        for suffix, least in _BY_LAST.get(word[-1], ()):
            if word.endswith(suffix) and len(word) - len(suffix) >= least:
                return _tidy(word[: -len(suffix)])
        if word[-1] not in "sx" or word[-2] == "s" or len(word) == 4:
            return _tidy(word)
        word = word[:-1]
    return word


def _tidy(root: str) -> str:
    """Evens out what endings leave: « pay » and « pai », « appell » and « appel », « modifi(e) » and « modif »."""
    if root[-1] == "y":
        root = root[:-1] + "i"
    if len(root) > 4 and root[-1] == root[-2] and root[-1] in "lnt":
        root = root[:-1]
    if len(root) > 4 and root[-1] in "ei":
        root = root[:-1]
    return root
