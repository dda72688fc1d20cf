"""Takes what is private out of French texts, before anything of them is written.

Each detector points at spans; overlapping spans become one, under the kind that matters most; each is replaced by a
placeholder such as [carte]. This is repeated until nothing is found, so that redacting twice equals once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial

from chatbot.dialogue.ports import Redacted
from chatbot.errors import StorageError
from chatbot.storage import numbers, wording
from chatbot.storage.spans import Piece, Span, piece

# What is found, the most telling first: where two overlap, the first one names the whole.
KINDS = (
    "mot_de_passe",
    "iban",
    "carte",
    "code",
    "securite_sociale",
    "email",
    "telephone",
    "adresse",
    "nom",
    "numero",
)
_PLACEHOLDERS = {kind: f"[{kind.replace('_', ' ')}]" for kind in KINDS}
_PLACEHOLDER = re.compile("(" + "|".join(map(re.escape, _PLACEHOLDERS.values())) + ")")
# In characters; longer texts are no question, and are not kept at all.
LONGEST = 20_000
_ROUNDS = 20


@dataclass(frozen=True)
class FrenchRedactor:
    """A `Redactor`. `detectors` are tried on every piece of text between two placeholders."""

    detectors: tuple[Callable[[Piece], Iterable[Span]], ...]

    @classmethod
    def load(cls, shop_phone: str = "") -> FrenchRedactor:
        """The redactor with every detector; the shop's own number (as in faq.yaml) is left in place.

        Made for what is kept: in doubt, it takes out. Where a customer is waiting for an answer, see `certain`.
        """
        words = wording.words()
        own = numbers.own_numbers(shop_phone)
        return cls(
            (
                lambda text: wording.passwords(text, words),
                numbers.cards,
                lambda text: wording.codes(text, words),
                numbers.ibans,
                numbers.social_security_numbers,
                numbers.emails,
                lambda text: numbers.phones(text, own),
                lambda text: wording.addresses(text, words),
                lambda text: wording.names(text, words),
                lambda text: wording.order_numbers(text, words, own),
                lambda text: numbers.long_runs(text, own),
            )
        )

    @classmethod
    def certain(cls) -> FrenchRedactor:
        """The redactor of what proves itself beside the cards that the dialogue looks for: IBANs, social security numbers,
        and of codes named as such."""
        words = wording.words()
        codes = partial(wording.codes, known=words)
        social_security = partial(numbers.social_security_numbers, keyed=True)
        return cls((codes, numbers.valid_ibans, social_security))

    def __call__(self, text: str) -> Redacted:
        """The text without anything private, and the kinds found; StorageError when that cannot be made sure of.

        >>> FrenchRedactor.load()("mon tel : 06 12 34 56 78").text
        'mon tel : [telephone]'
        """
        return self.only(KINDS, text)

    def only(self, kinds: Collection[str], text: str) -> Redacted:
        """The same for some kinds alone: what else is in the text stays."""
        if len(text) > LONGEST:
            raise StorageError("texte trop long pour être vérifié")
        found: list[str] = []
        for _ in range(_ROUNDS):
            parts = [self._replaced(part, kinds, found) for part in _PLACEHOLDER.split(text)]
            redacted = "".join(parts)
            if redacted == text:
                return Redacted(text, tuple(dict.fromkeys(found)))
            text = redacted
        raise StorageError("la suppression des données personnelles n'aboutit pas")

    def _replaced(self, part: str, kinds: Collection[str], found: list[str]) -> str:
        """One part with its spans replaced; adds their kinds to `found`. A placeholder is left alone."""
        if not part or _PLACEHOLDER.fullmatch(part):
            return part
        prepared = piece(part)
        spans = [span for detect in self.detectors for span in detect(prepared) if span.kind in kinds]
        rest = 0
        pieces: list[str] = []
        for start, end, kind in _united(spans):
            found.append(kind)
            pieces += [part[rest : prepared.place(start)], _PLACEHOLDERS[kind]]
            rest = prepared.place(end)
        return "".join(pieces) + part[rest:]


def _united(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that overlap as one: the whole of both, under the more telling kind."""
    united: list[Span] = []
    for span in sorted(spans):
        if united and span.start < united[-1].end:
            last = united.pop()
            kind = min(last.kind, span.kind, key=KINDS.index)
            span = Span(last.start, max(last.end, span.end), kind)  # noqa: PLW2901
        united.append(span)
    return united
