"""What French says beside the question: politeness around it, a wish that is denied; and the noun « avoir »."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from chatbot.language.data import LanguageData
from chatbot.language.tokens import MONEY, WORD, Token

NOUN_AVOIR = "avoir#nom"
_AVOIR = frozenset({"avoir", "avoirs"})
_PARTICIPLE_ENDINGS = ("ee", "ees", "u", "us", "ue", "is", "it", "i", "ert", "ait", "int")
_LONGEST_DENIAL = 12
_LONGEST_FORMULA = 6
_INFINITIVES = ("er", "ir", "re")
_DENIALS = frozenset({"pas", "plus"})
_HAVING = frozenset({"ai", "avons", "a"})
_SPEAKERS = frozenset({"je", "nous", "on"})
_form = attrgetter("form")


def name_the_noun_avoir(tokens: list[Token], language: LanguageData) -> list[Token]:
    """The tokens with the credit note's « avoir » told from the verb: « mon avoir », « l'avoir expire », « avoirs ».

    After « l' » or « d' » what follows decides: a participle, a determiner or a pronoun makes it the verb
    (« l'avoir reçu », « d'avoir ma facture »); so does what stands before « l' » (« je dois l'avoir demain »).
    """
    if _AVOIR.isdisjoint(map(_form, tokens)):
        return tokens
    tokens = list(tokens)
    for position in [i for i, token in enumerate(tokens) if token.form in _AVOIR]:
        token = tokens[position]
        if token.kind != WORD:
            continue
        if token.form == "avoirs" or _is_noun(tokens, position, language):
            tokens[position] = token._replace(form=NOUN_AVOIR, stem=NOUN_AVOIR)
    return tokens


def _is_noun(tokens: list[Token], position: int, language: LanguageData) -> bool:
    before = tokens[position - 1].form if position else ""
    earlier = tokens[position - 2].form if position > 1 else ""
    after = tokens[position + 1].form if position + 1 < len(tokens) else ""
    if before in language.avoir_before or (before == "le" and earlier in language.avoir_with):
        return True
    if after in language.avoir_told and before in ("", "le"):
        return True
    if not before:
        return after in ("", "de", "non", "<montant>", "<num>")
    if after in language.avoir_verb_after or _like_a_participle(after, before, language) or after == "ce":
        # « l'avoir de 20 euros »: what has a price is a thing.
        return before == "le" and after == "de" and _a_sum_at(tokens, position + 2)
    return before in language.avoir_hesitant and not _is_to_be_had(tokens, position, language)


def _is_to_be_had(tokens: list[Token], position: int, language: LanguageData) -> bool:
    """« je dois l'avoir », « quand puis-je l'avoir », « déçu de l'avoir acheté » or « d'avoir accepté »: no credit note.

    « je voudrais l'avoir que vous m'avez promis » does.
    """
    head = [token.form for token in tokens[max(0, position - 4) : position]]
    if head[-1:] == ["le"]:
        head.pop()
        while head and (head[-1] in language.avoir_inverted or head[-1] in language.emphasis):
            head.pop()
        if "".join(head[-1:]) in language.avoir_wished:
            return True
    return head[-1:] == ["de"] and "".join(head[-2:-1]) in language.avoir_felt


def _a_sum_at(tokens: list[Token], position: int) -> bool:
    return position < len(tokens) and tokens[position].kind == MONEY


def _like_a_participle(form: str, before: str, language: LanguageData) -> bool:
    ends = form.endswith(_PARTICIPLE_ENDINGS) and form not in language.function_words
    return ends and len(form) >= 3 and before not in ("mon", "un", "cet", "votre")


def mark_negated_wishes(tokens: list[Token], language: LanguageData) -> list[Token]:
    """The tokens of a denied wish marked: in « je ne veux pas annuler, juste changer l'adresse », « annuler » is not it.

    The mark starts after « pas » (and « plus » of « je veux plus annuler, je veux … ») and ends at a contrast (mais,
    juste, plutôt …), at the end of the sentence, or after a dozen words; without a contrast or a further sentence there
    is no other wish, and nothing is marked.
    """
    if _DENIALS.isdisjoint(map(_form, tokens)):
        return tokens
    tokens = list(tokens)
    for position in [i for i, token in enumerate(tokens) if token.form in _DENIALS]:
        if not _denies_a_wish(tokens, position, language):
            continue
        end = position + 1
        while (
            end < len(tokens)
            and end - position <= _LONGEST_DENIAL
            and not _ends_denial(tokens, position, end, language)
        ):
            end += 1
        if end >= len(tokens) or end == position + 1:
            continue
        if tokens[position].form == "plus" and tokens[end].form != "je":
            # « je ne veux plus payer par chèque mais par carte »: what is no longer wanted says what is.
            continue
        for index in range(position + 1, end):
            tokens[index] = tokens[index]._replace(negated=True)
    return tokens


def only_denied(tokens: Sequence[Token], language: LanguageData) -> bool:
    """True when the text says what its author does not want to do, and nothing else: « je ne veux pas annuler ma
    commande », « ce n'est pas pour annuler ».

    An order is no such thing: « n'expédiez pas » asks for something.
    """
    forms = [token.form for token in tokens if token.form not in language.emphasis]
    if "pas" not in forms[1:]:
        return False
    position = forms.index("pas", 1)
    head, before, rest = forms[: position - 1], forms[position - 1], forms[position + 1 :]
    after = rest[0] if rest else ""
    # « pa annulé » is how « pas annuler » sounds.
    verb = after.endswith(_INFINITIVES) or (after.endswith("e") and after not in language.function_words)
    wished = before in language.negated_wishes and not _SPEAKERS.isdisjoint(head) and verb
    explained = before == "est" and "ce" in head and after == "pour" and "".join(rest[1:2]).endswith(_INFINITIVES)
    # What goes on, with « mais », « moi je » or at length, says what is wanted.
    short = len(rest) <= _LONGEST_FORMULA
    alone = short and _SPEAKERS.isdisjoint(rest) and language.contrasts.isdisjoint({*rest} - {"par"})
    return (wished or explained) and alone and language.function_words.issuperset(head) and not tokens[-1].sentence


def _denies_a_wish(tokens: list[Token], position: int, language: LanguageData) -> bool:
    before = tokens[position - 1].form if position else ""
    after = [token.form for token in tokens[position + 1 : position + 3]]
    if tokens[position].form == "plus":
        return before in language.negated_wishes and "".join(after[:1]).endswith(_INFINITIVES)
    if not position or before in language.negated_wishes:
        return True
    if before in _HAVING and not language.denied_things.isdisjoint(after):
        return True
    # « ce n'est pas pour un retour », « c'est pas une panne »
    return before == "est" and any(t.form in ("ce", "ca", "cela") for t in tokens[max(0, position - 4) : position - 1])


def _ends_denial(tokens: list[Token], position: int, end: int, language: LanguageData) -> bool:
    token = tokens[end]
    if token.sentence != tokens[position].sentence or token.form in language.contrasts:
        return True
    # « je ne veux pas annuler, je veux l'adresse »: a new wish begins.
    following = tokens[end + 1].form if end + 1 < len(tokens) else ""
    return (token.form == "je" and following in {*language.negated_wishes, "ai"}) or (
        token.form == "ce" and following == "est"
    )


def set_politeness_aside(tokens: list[Token], language: LanguageData) -> list[Token]:
    """The tokens of greetings, thanks and closings at either end marked, if something else is said between them."""
    if not _may_be_polite(tokens, language):
        return tokens
    start = _polite_until(tokens, language)
    end = _polite_from(tokens, start, language)
    rest = tokens[start:end]
    if len(rest) == len(tokens) or all(token.form in language.function_words for token in rest):
        return tokens
    around = {*range(start), *range(end, len(tokens))}
    return [token._replace(polite=True) if index in around else token for index, token in enumerate(tokens)]


def _may_be_polite(tokens: list[Token], language: LanguageData) -> bool:
    """False when no formula can stand at either end: so it is with most texts, and this is quick to see."""
    if len(tokens) < 2:
        return False
    first, second, last = tokens[0].form, tokens[1].form, tokens[-1].form
    starts, ends = language.polite_starts, language.polite_ends
    return (first,) in starts or (first, second) in starts or (last,) in ends or (tokens[-2].form, last) in ends


def _polite_until(tokens: list[Token], language: LanguageData) -> int:
    """Where the question begins, after the greetings."""
    start = 0
    while size := _formula(tokens, language, start, len(tokens), from_start=True):
        following = tokens[start + size].form if start + size < len(tokens) else ""
        if following in language.polite_not_before.get(tokens[start].form, ()):
            break
        start += size
    return start


def _polite_from(tokens: list[Token], start: int, language: LanguageData) -> int:
    """Where the question ends, before thanks and closings."""
    end = len(tokens)
    while size := _formula(tokens, language, start, end, from_start=False):
        end -= size
    return end


def _formula(tokens: list[Token], language: LanguageData, start: int, end: int, *, from_start: bool) -> int:
    """How many tokens the longest formula at that end has, 0 for none."""
    for size in range(min(_LONGEST_FORMULA, end - start), 0, -1):
        part = tokens[start : start + size] if from_start else tokens[end - size : end]
        if tuple(token.form for token in part) in language.polite:
            return size
    return 0
