"""Clauses: the stretches of a message that may each say something of their own, as ranges of token positions."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.language import Analysis, LanguageData, Token

_LEAST_WORDS = 2
# In tokens: « dernière petite question : ».
_LONGEST_ANNOUNCEMENT = 4
# In tokens: « ma facture, mon colis » is a list of things, and no more.
_LONGEST_LIST = 7


def clause_spans(analysis: Analysis, language: LanguageData) -> list[range]:
    """Ranges of token positions: sentences, parted where a second wish may begin and both parts have words enough."""
    tokens, text = analysis.tokens, analysis.text
    small = language.small_words
    if not tokens[-1].sentence and "," not in text and "+" not in text:
        forms = language.connectors.intersection([token.form for token in tokens])
        if not forms:
            return [range(len(tokens))]
    spans: list[range] = []
    for sentence in _with_announcements(_sentences(tokens), analysis):
        parts = _merged(
            _parted(analysis, sentence, language), analysis, small, listed=_is_a_list(tokens, sentence, language)
        )
        spans = _merged([*spans, *parts], analysis, small) if len(parts) == 1 else [*spans, *parts]
    return spans


def _with_announcements(spans: Sequence[range], analysis: Analysis) -> list[range]:
    """The spans with « autre question : » joined to what it announces."""
    tokens, text = analysis.tokens, analysis.text
    joined: list[range] = []
    for span in spans:
        before = joined[-1] if joined else range(0)
        if 0 < len(before) <= _LONGEST_ANNOUNCEMENT and ":" in text[tokens[before[-1]].end : tokens[span.start].start]:
            joined[-1] = range(before.start, span.stop)
        else:
            joined.append(span)
    return joined


def _sentences(tokens: Sequence[Token]) -> list[range]:
    starts = [i for i in range(len(tokens)) if i == 0 or tokens[i].sentence != tokens[i - 1].sentence]
    return [range(start, stop) for start, stop in zip(starts, [*starts[1:], len(tokens)], strict=True)]


def _parted(analysis: Analysis, sentence: range, language: LanguageData) -> list[range]:
    tokens, text = analysis.tokens, analysis.text
    starts = [sentence.start]
    for i in sentence[1:]:
        form = tokens[i].form
        # « puis-je » asks, « puis » goes on.
        asks = i + 1 < sentence.stop and (form, tokens[i + 1].form) in language.asking
        if form in language.connectors and not asks:
            starts.append(i)
            continue
        between = text[tokens[i - 1].end : tokens[i].start]
        listed = len(sentence) <= _LONGEST_LIST and form in language.determiners
        if "+" in between or ("," in between and (listed or form in language.openers)):
            starts.append(i)
    return [range(start, stop) for start, stop in zip(starts, [*starts[1:], sentence.stop], strict=True)]


def _is_a_list(tokens: Sequence[Token], sentence: range, language: LanguageData) -> bool:
    """« ma facture et mon colis »: a few things, and no verb."""
    others = language.function_words - language.determiners - language.connectors
    return len(sentence) <= _LONGEST_LIST and others.isdisjoint(tokens[i].form for i in sentence)


def _merged(
    spans: Sequence[range], analysis: Analysis, function_words: frozenset[str], *, listed: bool = False
) -> list[range]:
    """The spans with those of too few content words joined to the one before; after « + » and in a list one is enough."""
    tokens, text = analysis.tokens, analysis.text
    joined: list[range] = []
    for span in spans:
        added = span.start and "+" in text[tokens[span.start - 1].end : tokens[span.start].start]
        least = 1 if added or listed else _LEAST_WORDS
        if joined and min(_content(tokens, part, function_words) for part in (span, joined[-1])) < least:
            joined[-1] = range(joined[-1].start, span.stop)
        else:
            joined.append(span)
    return joined


def _content(tokens: Sequence[Token], span: range, function_words: frozenset[str]) -> int:
    return sum(tokens[i].form not in function_words for i in span)
