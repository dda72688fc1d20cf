"""Characters: the original text -> lower-case text in canonical characters, each with its place in the original.

Accents stay (« é » alone is an SMS form, « e » is not); `fold` takes them away, word by word, later.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

# Apostrophes people's keyboards and phones produce, the prime and the accents typed alone included.
_APOSTROPHES = "‘’‚‛ʼʹ`´＇′ꞌ"
_DASHES = "‐‑‒–—―−﹘﹣－_"
_SPACES = "\u00a0\u202f\u2007\u2009\u200a\u3000\t\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u205f"
_ONE_TO_ONE = {
    **{ord(c): "'" for c in _APOSTROPHES},
    **{ord(c): "-" for c in _DASHES},
    **{ord(c): " " for c in _SPACES},
    **{ord(c): '"' for c in "«»“”„"},
    **dict.fromkeys([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, *range(0x80, 0xA0)], " "),
    0x0D: "\n",
    0x2028: "\n",
    0x2029: "\n",
}
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)
# What French and its neighbours write, as unidecode has it, at a fraction of the time; other letters are left to it.
UNACCENTED = str.maketrans(
    {
        **dict(zip("àáâãäåçèéêëìíîïñòóôõöøùúûüýÿ", "aaaaaaceeeeiiiinoooooouuuuyy", strict=True)),
        "œ": "oe",
        "æ": "ae",
    }
)
# One visible character with the accents that were typed after it as separate code points.
_CLUSTER = re.compile("[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+", re.DOTALL)
# Letters of other alphabets that look like Latin ones; used only inside a word that also has Latin letters.
_LOOK_ALIKES = str.maketrans(
    "авекмнорстухіјѕԁԛԝьαβεικνορτυχγη",
    "abekmhopctyxijsdqwbabeikvoptuxyn",
)
_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_LATIN = re.compile("[a-zà-ÿ]")
# What most texts consist of: characters that are canonical already.
_CANONICAL = re.compile("[\n -\\^a-~à-öø-ÿœ€]*+")
_new = tuple.__new__


class Canonical(NamedTuple):
    """Canonical text and, where its length differs from the original's, the original place of each character."""

    text: str
    places: Sequence[int] | None

    def place(self, index: int) -> int:
        """Where in the original the character at `index` (0..len(text)) came from."""
        return index if self.places is None else self.places[index]


def canonical(text: str) -> Canonical:
    """The text in lower case with one apostrophe, one dash, one space and no invisible characters; accents kept."""
    lower = text.lower()
    if _CANONICAL.fullmatch(lower) and len(lower) == len(text):
        return _new(Canonical, (lower, None))
    if len(lower) == len(text) and not _INVISIBLE.search(lower) and unicodedata.is_normalized("NFKC", lower):
        return Canonical(lower.translate(_ONE_TO_ONE), None)
    pieces: list[str] = []
    places: list[int] = []
    for match in _CLUSTER.finditer(text):
        piece = _cluster(match.group())
        pieces.append(piece)
        places += [match.start()] * len(piece)
    places.append(len(text))
    return Canonical("".join(pieces), places)


def _cluster(cluster: str) -> str:
    """One character as typed -> its canonical characters: « ﬁ » -> fi, « ｅ » -> e, a zero-width space -> nothing."""
    if _INVISIBLE.match(cluster):
        return ""
    mapped = cluster.translate(_ONE_TO_ONE)
    # NFKC turns « … » into three dots and « ´ » into a space with an accent: the table above goes first.
    return unicodedata.normalize("NFKC", mapped).lower().translate(_ONE_TO_ONE)


def look_alikes(word: str) -> str:
    """The word with Cyrillic and Greek look-alikes made Latin, if it has Latin letters too: « fаcture » -> facture."""
    if word.isascii() or not _FOREIGN.search(word) or not _LATIN.search(word):
        return word
    return word.translate(_LOOK_ALIKES)


def fold(word: str) -> str:
    """The word without accents or ligatures, in lower-case ASCII: « cœur » -> coeur, « reçu » -> recu."""
    if word.isascii():
        return word
    plain = word.translate(UNACCENTED)
    if plain.isascii():
        return plain
    from unidecode import unidecode

    return unidecode(word).lower()
