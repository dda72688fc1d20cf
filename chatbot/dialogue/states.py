"""The state that the last answer told to look up (« en attente »), and what the shop says to it."""

from __future__ import annotations

from chatbot.dialogue import scenes
from chatbot.dialogue.desk import Desk, Said
from chatbot.dialogue.folded import Words, words_of
from chatbot.dialogue.state import ConversationState, Turn
from chatbot.knowledge import Answer

# In words: what the last answer called for is said shortly.
_LONGEST_TOLD = 12
_CORRECTED = frozenset({"etait", "etaient", "pardon", "finalement", "trompe", "trompee", "maintenant", "aujourd"})
# « une en attente et une expédiée »: of several things.
_SEVERAL = frozenset({"et", "une", "un", "deux", "autre", "puis"})
# « elle sera expédiée »: not yet.
_TO_COME = frozenset({"sera", "seront", "serait", "va", "vont", "devrait", "doit"})
_DOUBTED = frozenset({"sur", "sure", "certain", "certaine"})
# Of the words that ask or deny, those that a state may be told with.
_SAID_WITH_A_STATE = frozenset({"ne", "n", "non", "avec", "ou", "rien", "sans"})


def told_next(desk: Desk, state: ConversationState, said: Said) -> Turn | None:
    """What the shop says to words its last answer called for: « en attente » after « regardez l'état de la commande ».

    None without such words in a short message, when they are asked about or denied, or said of something else (« mon
    paiement est en attente »).
    """
    told = [desk.voice.knowledge.answers[i] for i in state.answered if i in desk.voice.knowledge.answers]
    wordings = [(words_of(w), f.text, answer) for answer in told for f in answer.follow_ups for w in f.said]
    typed = words_of(said.text)
    if not wordings or len(typed) > _LONGEST_TOLD:
        return None
    read = tuple(token.form for token in desk.understanding.normalizer(said.text).tokens)
    for words in (typed, read):
        found = _said_in(words, wordings)
        covered = {place for place, wording, _, _ in found for place in range(place, place + len(wording))}
        rest = {word for place, word in enumerate(words) if place not in covered}
        texts = tuple(dict.fromkeys(text for _, _, text, _ in found))
        if not found or (len(texts) > 1 and "ou" in rest) or not _only_a_state(desk, found[0][3], rest):
            continue
        if not _CORRECTED.isdisjoint(rest):
            # « elle était en attente, aujourd'hui elle est partie », « non pardon, en attente »: the last word counts.
            texts = texts[-1:]
        elif _SEVERAL.isdisjoint(rest):
            # « validée, en attente de préparation »: one thing, said twice; what the shop wrote first matters most.
            texts = (next(f.text for f in found[0][3].follow_ups if f.text in texts),)
        return scenes.told(desk, state, found[-1][3], texts)
    return None


def _said_in(words: Words, wordings: list[tuple[Words, str, Answer]]) -> list[tuple[int, Words, str, Answer]]:
    """The wordings in the words, by place; of two at the same words the longer (« plus en attente », « en attente »)."""
    found: list[tuple[int, Words, str, Answer]] = []
    taken: set[int] = set()
    for wording, text, answer in sorted(wordings, key=lambda one: -len(one[0])):
        for place in range(len(words) - len(wording) + 1):
            places = {*range(place, place + len(wording))}
            if words[place : place + len(wording)] == wording and taken.isdisjoint(places):
                taken |= places
                found.append((place, wording, text, answer))
    return sorted(found, key=lambda one: one[0])


def _only_a_state(desk: Desk, answer: Answer, rest: set[str]) -> bool:
    """Do the words beside a follow-up's only say where it was read or that it is so: no question, no other subject?"""
    language = desk.understanding.normalizer.language
    if not _DOUBTED.isdisjoint(rest):
        # « en attente, mais je ne suis pas sûr »: to go by it does no harm.
        rest = rest - {"pas", "plus"}
    asked_or_denied = (language.protected | _TO_COME) - _SAID_WITH_A_STATE
    known = language.function_words | {*words_of(f"{answer.title} {answer.text}")}
    around = (word for word in rest if word not in known and not word[:1].isdigit())
    return rest.isdisjoint(asked_or_denied) and all("autour_d_un_etat" in desk.cues.heard(word) for word in around)
