"""Numbered choices: what each is called, and which of them a customer's words mean.

An option is an action, `verb` or `verb:intent`: text, so that a state stays plain. Verbs: answer (a question picked),
guess (one of the bot's guesses), topic (open a topic), none (of the guesses), other (than these questions), form, menu.
"""

from __future__ import annotations

import re

from chatbot.dialogue.desk import Desk, Said
from chatbot.dialogue.folded import Words, words_of
from chatbot.dialogue.reply import Choice
from chatbot.language import LanguageData, Vocabulary, stem

_LABELS = {
    "none": "aucune",
    "other": "autre_question",
    "form": "laisser_message",
    "menu": "revenir_menu",
    "reuse": "formulaire_reprendre",
    "rewrite": "formulaire_autre_message",
    "send": "formulaire_envoyer",
    "cancel": "formulaire_annuler",
}
# What typing means each of these at any turn, for channels that show buttons.
_SENDS = {
    "none": "aucune", "other": "aucune", "form": "formulaire", "menu": "menu",
    "send": "envoyer", "cancel": "annuler", "reuse": "oui", "rewrite": "non",
}  # fmt: skip
FIELDS = {"name": "nom", "email": "email", "order": "commande", "message": "message"}
# Three digits name a cartridge (« et la 302 ? »), not a line of a list.
_NUMBER = re.compile(r"n[o°]?\s*(\d{1,2})|(\d{1,2})")
_FIRST_OR_LAST = re.compile(r"\b(deux|trois) (premi|derni)")
_FROM_TO = re.compile(r"(?:les )?(?:de )?(\d) a (\d)")
# « pas la 6, la 5 », « plutôt la 6 que la 5 »: one is meant, the other is not.
_RATHER = re.compile(
    r"(?:non )?pas (?:la |le )?\d+ (?:mais )?(?:la |le )?(?P<meant>\d)|plutot (?:la |le )?(?P<rather>\d) que .*"
)
_SHORTEST_TITLE = 3
_NOT_THESE = frozenset({"pas", "ni", "sauf", "plutot"})
_REASON = re.compile(r"\b(?:mais|car|parce que|puisque|sauf que)\b", re.IGNORECASE)
_ARTICLES = (("un",), ("une",))
_BELOW_ZERO = re.compile(r"[-−]\d{1,3}")
# A message of more words than this is a question, even with a number in it.
_LONGEST_CHOICE = 6
_ORDINALS = {f"ordinal_{n}": n for n in range(1, 10)}


def label(desk: Desk, action: str) -> str:
    """What an option is called."""
    verb, _, what = action.partition(":")
    if verb in ("answer", "guess", "topic"):
        return desk.voice.title(what)
    if verb == "fix":
        return desk.voice.say("formulaire_corriger", champ=desk.voice.say(f"formulaire_champ_{FIELDS[what]}").lower())
    return desk.voice.say(_LABELS[verb])


def choices(desk: Desk, actions: tuple[str, ...]) -> tuple[Choice, ...]:
    """The options as numbered choices."""
    return tuple(
        Choice(number, label(desk, action), _sends(desk, action)) for number, action in enumerate(actions, start=1)
    )


def _sends(desk: Desk, action: str) -> str:
    verb, _, what = action.partition(":")
    return f"corriger {FIELDS[what]}" if verb == "fix" else _SENDS.get(verb) or label(desk, action)


def alive(desk: Desk, actions: tuple[str, ...]) -> tuple[str, ...]:
    """The options that still mean something: a stored conversation may outlive a question of the shop."""
    return tuple(action for action in actions if _is_known(desk, action))


def _is_known(desk: Desk, action: str) -> bool:
    verb, _, what = action.partition(":")
    if verb in ("answer", "guess", "topic"):
        return what in desk.voice.knowledge.answers
    return what in FIELDS if verb == "fix" else verb in _LABELS and not what


def number_in(desk: Desk, said: Said, last: int) -> int | None:
    """The number a message consists of (« 2 », « c'est la n°2 », « oui la deuxième », « la dernière »: `last`), or None."""
    if _BELOW_ZERO.fullmatch(said.text):
        return 0
    rather = _RATHER.fullmatch(" ".join(words_of(said.text)))
    if rather:
        return int(rather["meant"] or rather["rather"])
    text = _before_a_reason(said.text)
    words, whole = desk.cues.core(text), words_of(text)
    if words in _ARTICLES and whole != words and "numero" not in whole[:-1]:
        # « une question », « je veux un numéro »: what is left of them is no number.
        return None
    cues = said.cues if text == said.text else desk.cues.heard(text)
    number = _number(words, cues, last)
    if number is None and len(words) <= _LONGEST_CHOICE:
        telling = desk.cues.about_a_choice(whole)
        number = _number(telling, desk.cues.heard(" ".join(telling)), last) if telling not in ((), *_ARTICLES) else None
    return number


def _before_a_reason(text: str) -> str:
    """« la première, mais pas défectueuse »: what chooses, without what is said of it."""
    return _REASON.split(text, maxsplit=1)[0].strip(" ,;") or text


def _number(words: Words, cues: frozenset[str], last: int) -> int | None:
    typed = _NUMBER.fullmatch(" ".join(words))
    if typed:
        return int(typed[1] or typed[2])
    if "dernier" in cues:
        return last
    return next((n for cue, n in _ORDINALS.items() if cue in cues), None)


def together(said: Said) -> bool:
    """Are all of them meant: « les deux », « je prends les deux »?"""
    return "ensemble" in said.cues or any(
        f"les {count}" in " ".join(words_of(said.text)) for count in ("deux", "trois")
    )


def several_in(desk: Desk, said: Said, actions: tuple[str, ...]) -> tuple[str, ...]:
    """The intents of « 1 et 2 », « les deux » or « les deux premières » among answers and guesses; empty for anything else."""
    picked = {n: a.partition(":")[2] for n, a in enumerate(actions, 1) if a.startswith(("answer:", "guess:"))}
    words, everything = words_of(said.text), tuple(picked.values())
    folded = " ".join(words)
    if not _NOT_THESE.isdisjoint(words) or len(desk.cues.about_a_choice(words)) > _LONGEST_CHOICE:
        # « j'ai reçu les deux premières cartouches, mais … » tells a story.
        return ()
    some, span = _FIRST_OR_LAST.search(folded), _FROM_TO.fullmatch(folded)
    if some:
        count = 2 if some[1] == "deux" else 3
        return everything[:count] if some[2] == "premi" else everything[-count:]
    if span:
        return tuple(picked[n] for n in range(int(span[1]), int(span[2]) + 1) if n in picked)
    if together(said):
        told = next((n for n, word in ((2, "deux"), (3, "trois")) if word in words), len(picked))
        return everything if len(picked) == told <= 3 else ()
    numbers = _numbers(desk, words, max(picked, default=0))
    return tuple(picked[number] for number in dict.fromkeys(numbers)) if set(numbers) <= set(picked) else ()


def _numbers(desk: Desk, words: Words, last: int) -> list[int]:
    """The two numbers or more that a message consists of: « 1 et 3 », « la trois et la cinq »; [] for anything else."""
    everyday = desk.understanding.normalizer.language.function_words
    telling = [word for word in desk.cues.about_a_choice(words) if word not in everyday]
    numbers = [_number((word,), desk.cues.heard(word, strange=frozenset()), last) for word in telling]
    return [n for n in numbers if n is not None] if len(numbers) > 1 and None not in numbers else []


def by_title(desk: Desk, said: Said) -> str | None:
    """The intent whose title is exactly what was typed, accents, punctuation and the first article apart."""
    words = _without_article(words_of(said.text))
    answers = desk.voice.knowledge.answers.values()
    return next((a.intent for a in answers if words and _without_article(words_of(a.title)) == words), None)


def _without_article(words: Words) -> Words:
    """« Paiement de ma commande » for « Le paiement de ma commande »; of shorter titles one word would be left."""
    return words[1:] if len(words) > _SHORTEST_TITLE and words[0] in ("le", "la", "les") else words


def by_part(desk: Desk, said: Said, actions: tuple[str, ...], *, least: float) -> str | None:
    """The option whose label holds the most telling words typed, misspelt or not; None when none or several do.

    `least`: the share of the typed words, 0 to 1, that must stand in the label.
    """
    labels = {action: _telling(words_of(label(desk, action))) for action in alive(desk, actions)}
    language = desk.understanding.normalizer.language
    vocabulary = Vocabulary({word: 1 for words in labels.values() for word in words})
    telling = _telling(desk.cues.core(said.text))
    typed = {stem(_respelt(word, vocabulary, language)) for word in telling if word not in language.function_words}
    held = {action: len(typed.intersection(map(stem, words))) for action, words in labels.items()}
    most = max(held.values(), default=0)
    best = [action for action, count in held.items() if count == most]
    return best[0] if len(best) == 1 and most and most >= least * len(typed) else None


def _telling(words: Words) -> Words:
    return tuple(word for word in words if len(word) > 2 or word.isdigit())


def _respelt(word: str, vocabulary: Vocabulary, language: LanguageData) -> str:
    if vocabulary.has_stem(word) or word in language.dictionary:
        # A French word is what it is: « noir » is not « voir ».
        return word
    correction = vocabulary.correct(word)
    return correction.word if correction else word
