"""Questions: what the matcher understood -> answers, guesses, or a word that nothing was understood."""

from __future__ import annotations

from dataclasses import replace

from chatbot.dialogue import details, followups, options, picks, scenes
from chatbot.dialogue.desk import Desk, Said
from chatbot.dialogue.folded import words_of
from chatbot.dialogue.reply import ReplyKind, Section
from chatbot.dialogue.state import ConversationState, Note, Turn
from chatbot.knowledge import Role
from chatbot.matching.model import Decision, Match

# In characters, of a question told in several messages; and the confidence from which they are one.
_LONGEST_TOLD = 300
_SURE_TOGETHER = 0.85
# Lists of guesses in a row.
_MOST_LISTS = 3
# In words: an insult so short asks nothing.
_LONGEST_INSULT = 4
# In words; a longer angry message asks something, and so does a shorter one from this confidence on.
_LONGEST_OUTBURST = 8
_LEAST_OF_A_QUESTION = 0.6
# Confidence from which words between two courtesies are one.
_LEAST_POLITE = 0.4


def question(desk: Desk, state: ConversationState, said: Said) -> Turn:
    """Anything else is a question, and goes to the matcher."""
    match = desk.understanding.match(said.text)
    answers = desk.voice.knowledge.answers
    likely = _likely(desk, match)
    wanted = tuple(intent for intent in match.intents if intent in answers)
    asked = state._replace(place="", question=_question_kept(desk, state, said, match, wanted))
    hinted = options.by_part(desk, said, state.options, least=0.5) if state.expects in ("choice", "yesno") else None
    more = details.more_about(desk, state, said, match)
    nothing_else = all(scenes.is_adviser(answers[intent]) for intent in wanted)
    if "sans_reponse_ecrite" in said.cues and nothing_else:
        turn = scenes.hand_over(desk, scenes.understood(asked), "sans_reponse_ecrite")
    elif "sans_reponse" in said.cues and nothing_else:
        turn = scenes.write_instead(desk, asked)
    elif more is not None:
        turn = more
    elif match.decision is Decision.ANSWER and wanted:
        turn = _answered(desk, asked, said, wanted, likely)
    elif hinted:
        # « une erreur dessus » : not a question by itself, but half of it names one of the choices.
        turn = picks.act(desk, state, hinted)
    else:
        turn = _bit_by_bit(desk, state, asked, said, match)
    confidence = match.confidence if match.candidates else None
    if "deuil" in said.cues and turn.reply.kind is ReplyKind.ANSWER:
        turn = turn._replace(reply=replace(turn.reply, sections=(scenes.text(desk, "deuil"), *turn.reply.sections)))
    reply = replace(turn.reply, decision=match.decision, intents=match.intents, confidence=confidence)
    return turn._replace(reply=reply)


def _question_kept(desk: Desk, state: ConversationState, said: Said, match: Match, wanted: tuple[str, ...]) -> str:
    """What a message to the shop would be about: not thanks, not the wish for a person, not an insult."""
    empty = match.decision is Decision.ANSWER and all(
        scenes.is_adviser(answer) or answer.role is Role.SMALL_TALK
        for answer in map(desk.voice.knowledge.answers.__getitem__, wanted)
    )
    angry = "colere" in said.cues and match.decision is Decision.FALLBACK
    if empty or angry:
        return state.question
    # « mon toner fuit », then « c'est un HP 305 »: a message would need both.
    told_more = details.tells_of_it(said) or details.is_a_detail(desk, said, match)
    # Nor was a question told bit by bit understood yet.
    not_yet = state.misses and match.decision is not Decision.ANSWER and len(state.question) < _LONGEST_TOLD
    goes_on = state.question and ((state.answered and told_more) or not_yet)
    return f"{state.question}\n{said.text}" if goes_on else said.text


def _bit_by_bit(desk: Desk, state: ConversationState, asked: ConversationState, said: Said, match: Match) -> Turn:
    """A message that is not enough by itself, read with those before it that were not either."""
    so_far = _told_so_far(desk, state, said, match)
    sure = so_far is not match and so_far.decision is Decision.ANSWER and so_far.confidence >= _SURE_TOGETHER
    if sure and _is_worth(desk, so_far.intents[0]):
        return _answered(desk, asked, said, so_far.intents, _likely(desk, so_far))
    shown = so_far if so_far.decision is Decision.CLARIFY else match
    return _unsure(desk, asked, said, shown, _likely(desk, shown))


def _likely(desk: Desk, match: Match) -> tuple[str, ...]:
    """What a message may mean, likeliest first: its candidates that have an answer and are no politeness."""
    answers = desk.voice.knowledge.answers
    return tuple(c.intent for c in match.candidates if c.intent in answers and _is_worth(desk, c.intent))


def _told_so_far(desk: Desk, state: ConversationState, said: Said, match: Match) -> Match:
    """What several messages mean together, when none of them was enough: « ma cartouche », then « elle marche plus ».

    The match of this one alone unless they say more.
    """
    if match.decision is Decision.ANSWER or not (state.misses and state.question) or "colere" in said.cues:
        return match
    together = desk.understanding.match(f"{state.question} {said.text}"[-_LONGEST_TOLD:])
    alone = match.candidates[0].confidence if match.candidates else 0.0
    if len(together.intents) > 1 or not together.candidates or together.confidence <= alone:
        return match
    return together


def _is_worth(desk: Desk, intent: str) -> bool:
    """May this be offered as a guess? Politeness never is."""
    answer = desk.voice.knowledge.answers[intent]
    return answer.role is not Role.SMALL_TALK or scenes.is_adviser(answer)


def _answered(
    desk: Desk, state: ConversationState, said: Said, wanted: tuple[str, ...], likely: tuple[str, ...]
) -> Turn:
    """Every wish under its title, main one first; politeness around a question is not a wish."""
    telling = tuple(intent for intent in wanted if _is_worth(desk, intent))
    if not telling and "colere" in said.cues:
        # « merci pour rien »
        return scenes.hand_over(desk, scenes.understood(state), "calme")
    if telling == state.answered and state.stuck:
        asks = "?" in said.text
        return scenes.hand_over(desk, state, "rien_a_ajouter") if asks else followups.not_working(desk, state)
    if not telling:
        section = desk.voice.section(desk.voice.knowledge.answers[wanted[0]], titled=False)
        return scenes.show(desk, scenes.understood(state), ReplyKind.COURTESY, section)
    others = tuple(intent for intent in likely if intent not in telling)[: scenes.GUESSES]
    # A number typed under an answer means a step of it, not a line of an older list.
    state = state._replace(options=())
    turn = scenes.answer(desk, state._replace(others=others), telling, unsure=state.expects == "rephrase")
    if telling == state.answered:
        # Asked once more: a third time, the same words would not help either.
        turn = turn._replace(state=turn.state._replace(stuck=1))
    if "colere" in said.cues:
        return _calmly(desk, turn)
    if "salut" in said.cues:
        greeting = scenes.text(desk, "salut")
        return turn._replace(reply=replace(turn.reply, sections=(greeting, *turn.reply.sections)))
    return turn


def _polite(desk: Desk, match: Match) -> Section | None:
    """The courtesy for « d'accord, je vous remercie, bonne journée », which hesitates between two; None for a question."""
    answers = desk.voice.knowledge.answers
    best = [c.intent for c in match.candidates[:2] if c.confidence >= _LEAST_POLITE]
    if match.decision is not Decision.CLARIFY or not best or any(_is_worth(desk, i) for i in best if i in answers):
        return None
    found = desk.voice.knowledge.answers.get(best[0])
    return desk.voice.section(found, titled=False) if found else None


def _to_the_angry(desk: Desk, state: ConversationState, said: Said, match: Match, guesses: tuple[str, ...]) -> Turn:
    """Calm guesses for a question, a person for an outburst."""
    if match.decision is Decision.CLARIFY and guesses and not _is_insult(said, match):
        turn = _calmly(desk, scenes.guesses(desk, state, guesses))
        return turn._replace(notes=(Note("clarify", said.text, guesses),))
    turn = scenes.hand_over(desk, state._replace(misses=0), "calme")
    return turn._replace(notes=(Note("fallback", said.text, _likely(desk, match)),))


def _is_insult(said: Said, match: Match) -> bool:
    """Does an angry message ask nothing: very short, or short and understood as nothing in particular?"""
    length, confidence = len(words_of(said.text)), match.candidates[0].confidence
    return length <= _LONGEST_INSULT or (length <= _LONGEST_OUTBURST and confidence < _LEAST_OF_A_QUESTION)


def _calmly(desk: Desk, turn: Turn) -> Turn:
    """The same answer after a calm word, with the way to a person beside it."""
    shown = "\n".join((*(p for s in turn.reply.sections for p in s.paragraphs), *turn.reply.closing))
    contact = () if desk.voice.reachable.phone in shown else desk.voice.contact()
    sections = (scenes.text(desk, "calme"), *turn.reply.sections)
    closing = (*turn.reply.closing, *contact)
    return turn._replace(reply=replace(turn.reply, sections=sections, closing=closing, contact=desk.voice.reachable))


def _unsure(desk: Desk, state: ConversationState, said: Said, match: Match, likely: tuple[str, ...]) -> Turn:
    """Guesses when there are any that were not refused before; else a person for the angry, or « not understood »."""
    guesses = tuple(i for i in likely if i not in state.refused)[: scenes.GUESSES]
    if likely and match.candidates[0].intent not in likely:
        # What it sounds most like is mere politeness: the questions after it are no guesses.
        guesses = ()
    polite = _polite(desk, match)
    if polite is not None and "colere" not in said.cues:
        return scenes.show(desk, scenes.understood(state), ReplyKind.COURTESY, polite)
    if "autre_langue" in said.cues:
        turn = scenes.hand_over(desk, state, "autre_langue", kind=ReplyKind.FALLBACK)
        return turn._replace(notes=(Note("fallback", said.text, likely),))
    if "deuil" in said.cues:
        turn = scenes.hand_over(desk, scenes.understood(state), "deuil")
        return turn._replace(notes=(Note("fallback", said.text, likely),))
    if "colere" in said.cues:
        return _to_the_angry(desk, state, said, match, guesses)
    if guesses and state.misses and state.options[: len(guesses)] == tuple(f"guess:{intent}" for intent in guesses):
        # The very guesses that were on the screen: no third look at them.
        turn = scenes.hand_over(desk, state, "toujours_incompris", kind=ReplyKind.FALLBACK)
        return turn._replace(notes=(Note("fallback", said.text, likely),))
    if match.decision is Decision.CLARIFY and guesses and state.misses >= _MOST_LISTS:
        # A fourth list would help no more than three did.
        guessed = tuple(f"guess:{intent}" for intent in guesses)
        turn = scenes.hand_over(desk, state, "toujours_incompris", kind=ReplyKind.FALLBACK, guessed=guessed)
        return turn._replace(notes=(Note("clarify", said.text, guesses),))
    if match.decision is Decision.CLARIFY and guesses:
        turn = scenes.guesses(desk, state, guesses)
        return turn._replace(notes=(Note("clarify", said.text, guesses),))
    if state.expects == "rephrase":
        # The one rephrasing that was asked for was not understood either: no third try.
        state = state._replace(misses=max(1, state.misses))
    turn = scenes.not_understood(desk, state)
    return turn._replace(notes=(Note("fallback", said.text, likely),))
