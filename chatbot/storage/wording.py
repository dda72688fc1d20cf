"""Detectors of what only the words around it give away: passwords, codes, names, addresses, order numbers.

The words are in `data/redaction.yaml`; doubt is decided for the customer: better one word too many taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from chatbot.storage.numbers import DATE
from chatbot.storage.spans import Piece, Span, plain

_DATA = Path(__file__).parent / "data" / "redaction.yaml"
_WORD = re.compile(r"[^\W\d_]+(?:['\-.](?=[^\W\d_])[^\W\d_]+)*\.?")
_GAP = re.compile(r"[ \t]+|-")
_LONGEST_NAME = 4
_CLOSING = re.compile(r"[ \t]*[,.!]?[ \t]*\n?[ \t]*")
_CAPITAL_M = re.compile(r"(?<![\w.])M (?=[A-ZÀ-Ý])")
_SELF = re.compile(r"(?:[Jj]e suis|[Cc]['’]est|[Ii]ci) (?=[A-ZÀ-Ý][a-zà-ÿ])")
_POSTCODE = re.compile(r"[ ,\n]*\d{5}\b[ ]?")
# « rue du 8 mai 1945 », « place du 11 novembre »
_DATED = re.compile(r"du \d{1,2}(?:er)? [^\W\d_]{3,9}(?: \d{4}(?!\d))?")
_PAYS = re.compile(r"\s*(?:€|euros?\b|eur\b|%)")
_YEAR = re.compile("(?:19|20)[0-3][0-9]")
_LEAST_DIGITS = 3
# A password shorter than this is not looked for elsewhere in the text: it would be found inside other words.
_DISTINCT = 4


class Words(NamedTuple):
    """The announcing words, compiled, and the sets that say where something ends; sets hold folded words."""

    names: re.Pattern[str]
    titles: re.Pattern[str]
    closings: re.Pattern[str]
    passwords: re.Pattern[str]
    codes: re.Pattern[str]
    orders: re.Pattern[str]
    streets: re.Pattern[str]
    particles: frozenset[str]
    stops: frozenset[str]
    states: frozenset[str]
    weak: frozenset[str]


def words() -> Words:
    """Reads the word lists."""
    import yaml

    # The base loader reads every entry as text: « no » and « n » are words here.
    data: dict[str, list[str]] = yaml.load(_DATA.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506
    links, code_links, order_links = (_any(data[key]) for key in ("liens", "liens_codes", "liens_numeros"))
    return Words(
        names=re.compile(rf"(?<!\w)(?P<announcer>{_any(data['noms_annonces'])})(?!\w)(?P<sep>\s*[:=]\s*|[ ,]+)"),
        titles=re.compile(rf"(?<![\w.]){_any(data['civilites'])}(?!\w)[ .]*"),
        closings=re.compile(rf"(?<!\w){_any(data['formules_de_fin'])}(?!\w)"),
        passwords=re.compile(
            rf"(?<!\w){_any(data['mots_de_passe'])}(?!\w)(?P<link>(?:[ ,]*(?:{links}(?!\w)|[:=]|->|-)){{0,4}})[ ]*"
            r"(?:[«\"'“]\s*(?P<quoted>[^»\"”\n]{1,80}?)\s*[»\"'”]|(?P<bare>\S+))"
        ),
        codes=re.compile(
            rf"(?<!\w){_any(data['codes'])}(?!\w)(?:[ ,:=(]*{code_links}(?!\w)){{0,4}}[ ,:=(]*"
            r"(?P<value>\d[\d /\-]{1,9}\d)"
        ),
        orders=re.compile(
            rf"(?<!\w){_any(data['numeros'])}(?:[\s:#=.,(\-]*{order_links}(?![^\W\d_])){{0,4}}[\s:#=.,(\-]*"
            r"(?P<value>(?:[a-z]{0,6}[\-/]?)\d[a-z0-9]*(?:[\-/. ]?\d[a-z0-9]*)*)"
        ),
        streets=re.compile(rf"(?<!\d)\d{{1,4}} ?(?:bis|ter|quater|[abc](?!\w))?,? ?{_any(data['voies'])}\.?(?!\w)[ ]*"),
        particles=_folded(data["particules"]),
        stops=_folded(data["arrets"]),
        states=_folded(data["etats"]),
        weak=_folded(data["noms_avec_deux_points"]),
    )


def _any(entries: Iterable[str]) -> str:
    """A pattern for any of the entries, the longest first."""
    return "(?:" + "|".join(map(re.escape, sorted(_folded(entries), key=lambda entry: (-len(entry), entry)))) + ")"


def _folded(entries: Iterable[str]) -> frozenset[str]:
    return frozenset(map(plain, entries))


def names(piece: Piece, known: Words) -> Iterator[Span]:
    """Names after « je m'appelle », « M. », « Mme », « Cordialement, », and « je suis Prénom Nom » in capitals."""
    for match in known.names.finditer(piece.text):
        # « nom » and « prénom » alone announce one only with a colon: « le nom sur la carte ».
        if match["announcer"] not in known.weak or match["sep"].strip() in (":", "="):
            yield from _name(piece, match.end(), known)
    for match in known.titles.finditer(piece.text):
        # « 50 m. de câble » is a length.
        if not re.search(r"\d ?$", piece.text[max(0, match.start() - 2) : match.start()]):
            yield from _name(piece, match.end(), known)
    for match in known.closings.finditer(piece.text):
        closing = _CLOSING.match(piece.text, match.end())
        yield from _name(piece, closing.end() if closing else match.end(), known)
    for pattern in (_CAPITAL_M, _SELF):
        for match in pattern.finditer(piece.typed):
            yield from _name(piece, match.end(), known)


def _name(piece: Piece, start: int, known: Words, longest: int = _LONGEST_NAME) -> Iterator[Span]:
    """The name that begins at `start`: up to four words, particles not counted, until a word that is none."""
    end = _words_end(piece.text, start, known, longest)
    if end > start:
        yield Span(start, end, "nom")


def _words_end(text: str, start: int, known: Words, longest: int, *, article: bool = False) -> int:
    """Where the words of a name that begins at `start` end. `article`: the first may have its own: « l'église »."""
    position = end = start
    count = 0
    while count < longest and (match := _WORD.match(text, position)):
        written = match.group().rstrip(".")
        word = written.removeprefix("l'") if article and not count else written
        if _is_particle(word, known):
            pass
        elif _stops(word, known):
            break
        else:
            count += 1
            end = match.start() + len(written)
        gap = _GAP.match(text, match.end())
        if gap is None:
            break
        position = gap.end()
    return end


def _is_particle(word: str, known: Words) -> bool:
    return word in known.particles


def _stops(word: str, known: Words) -> bool:
    """Whether a word cannot be part of a name: a tool word, or one that begins with an elision (« j'ai »)."""
    head, _, tail = word.replace("-", "'").partition("'")
    return head in known.stops or (head in known.particles and tail in known.stops)


def passwords(piece: Piece, known: Words) -> Iterator[Span]:
    """What follows « mot de passe : », « mon mdp c'est », wherever else it stands in the text too."""
    for match in known.passwords.finditer(piece.text):
        group = "quoted" if match["quoted"] else "bare"
        value = match[group].strip(",;") if group == "bare" else match[group]
        announced = bool(match["link"].strip(" ,"))
        if not _is_password(value, known, announced=announced or group == "quoted"):
            continue
        start = match.start(group) + match[group].index(value)
        yield Span(start, start + len(value), "mot_de_passe")
        if len(value) >= _DISTINCT:
            for again in re.finditer(re.escape(value), piece.text):
                yield Span(*again.span(), "mot_de_passe")


def _is_password(value: str, known: Words, *, announced: bool) -> bool:
    """Announced, any word is one unless customers say it of passwords (« oublié »); else only what looks like one."""
    bare = value.strip("?!.()«»\"'…")
    if not any(map(str.isalnum, bare)) or bare in known.states or bare.partition("'")[0] in known.stops:
        return False
    if announced:
        return True
    signs = {"digit": any(map(str.isdigit, bare)), "letter": any(map(str.isalpha, bare))}
    return len(bare) >= _DISTINCT and signs["digit"] and (signs["letter"] or len(bare) > _DISTINCT)


def codes(piece: Piece, known: Words) -> Iterator[Span]:
    """A card's code or date, and codes sent by SMS: digits after the words that name them."""
    for match in known.codes.finditer(piece.text):
        yield Span(*match.span("value"), "code")


def order_numbers(piece: Piece, known: Words, own: frozenset[str]) -> Iterator[Span]:
    """The number after « commande », « n° », « client »: three digits or more, no date, no price."""
    for match in known.orders.finditer(piece.text):
        value = match["value"]
        digits = "".join(filter(str.isdigit, value))
        if len(digits) < _LEAST_DIGITS or digits in own or DATE.fullmatch(value) or _YEAR.fullmatch(value):
            continue
        if not _PAYS.match(piece.text, match.end()):
            yield Span(*match.span("value"), "numero")


def addresses(piece: Piece, known: Words) -> Iterator[Span]:
    """« 12 bis rue des Lilas, 75011 Paris », with or without postcode and town."""
    for match in known.streets.finditer(piece.text):
        dated = _DATED.match(piece.text, match.end())
        end = dated.end() if dated else _words_end(piece.text, match.end(), known, _LONGEST_NAME, article=True)
        postcode = _POSTCODE.match(piece.text, end)
        if postcode:
            end = _words_end(piece.text, postcode.end(), known, 3)
        yield Span(match.start(), end, "adresse")
