"""Random conversations over every kind of input: never a fault, never a dead end, never a secret kept or shown.

A hundred of each kind in every run; CONVERSATIONS=2000 in the environment runs as many as that.
"""

from __future__ import annotations

import logging
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from talks import Desk, Scripted, matcher

from chatbot.channels.terminal.layout import plain, reply_lines
from chatbot.dialogue import Chatbot, Conversation, ConversationState, Redacted, Reply, ReplyKind
from chatbot.dialogue.data_files import read_phrases

randomly = settings(
    max_examples=int(os.environ.get("CONVERSATIONS", "100")),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
PHONE = "0 892 438 892"
SECRETS = ("4970 1012 3456 7890", "4539148803436467", "FR76 3000 6000 0112 3456 7890 189", "Soleil12!")
QUESTIONS = (
    "jveux ma facture", "3d secure bloquer", "commen utiliser mon avoir", "le livreur est pas passé",
    "toner ou tambour",
    "annuler comande", "quel temps fait il", "jai perdu mon chat", "facture fausse et jveux annuler", "bjr", "merci",
    "remboursement", "c quoi vos horaires", "une histoire de facture", "sa imprime tout gris", "carte", "code",
)  # fmt: skip
FORM = ("Zoé", "zoe@exemple.fr", "a@b", "CC-118", "passer", "Ma cartouche fuit\net coule", "oui", "envoyer", "corriger")
ODD = (
    "",
    " ",
    "🙂",
    "\x1b[31mrouge",
    "�",
    "a" * 5000,
    "1\n2\n3",
    "{telephone}",
    "٣",
    "²",
    "-1",
    "0",
    "99",
    "1.",
    "n°2",
)

cue_words = st.sampled_from(sorted(p.replace("…", "").strip() for ps in read_phrases().values() for p in ps))
secrets = st.sampled_from(SECRETS).map(lambda secret: f"mon mot de passe est {secret}" if "!" in secret else secret)
with_secret = st.builds(lambda q, s: f"{q} {s}", st.sampled_from(QUESTIONS), secrets)
messages = st.one_of(
    cue_words, st.sampled_from(QUESTIONS), st.sampled_from(FORM), st.sampled_from(ODD), secrets, with_secret,
    st.text(max_size=60), st.integers(0, 10).map(str), st.just("formulaire"), st.just("menu"), st.just("aucune"),
)  # fmt: skip


class Notebook:
    """A journal that keeps everything it is given, so that a test may search it."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def record(self, outcome: str, text: str, intents: tuple[str, ...]) -> None:
        self.kept.append(f"{outcome} {text} {intents}")


chatbot = Chatbot(Scripted(matcher(), {"une histoire de facture": "? facture_copie facture_probleme"}))


def ways_on(talk: Conversation, reply: Reply) -> list[object]:
    """What the customer can do next: a person, a choice, a question asked of him, a word to type."""
    return [*reply.choices, *reply.suggestions, reply.hint, reply.contact, talk.fills_form, reply.over]


@randomly
@given(st.lists(messages, min_size=1, max_size=14), st.booleans())
def test_random_conversations_never_fail_and_always_go_on(texts: list[str], with_form: bool) -> None:
    desk, notebook = Desk(), Notebook()
    talk = chatbot.conversation(contacts=desk if with_form else None, journal=notebook)
    talk.open()
    for text in texts:
        reply = talk.reply(text)
        shown = f"{reply.text}\n{reply.hint}"
        assert reply.kind is not ReplyKind.ERROR
        assert reply.text.strip()
        assert any(ways_on(talk, reply))
        assert not [secret for secret in SECRETS if secret in shown]
        missed = reply.kind in (ReplyKind.FALLBACK, ReplyKind.CLARIFY) and talk.state.misses >= 2
        assert not missed or (PHONE in shown and "formulaire" in shown)
        assert "\x1b" not in plain(reply_lines(reply, 40))
    kept = "\n".join((talk.state.to_json(), *notebook.kept, *map(str, desk.requests)))
    assert not [secret for secret in SECRETS if secret in kept]


@randomly
@given(messages, st.lists(messages, max_size=4))
def test_repeating_oneself_never_loops_without_an_exit(text: str, before: list[str]) -> None:
    talk = chatbot.conversation(contacts=Desk())
    for other in before:
        talk.reply(other)
    replies = [talk.reply(text) for _ in range(4)]
    stuck = [r for r in replies if r.kind in (ReplyKind.FALLBACK, ReplyKind.CLARIFY)]
    assert len(stuck) < 3 or any(PHONE in r.text for r in stuck[:3])
    assert any((r.contact, r.choices, r.hint, r.suggestions) != (None, (), "", ()) for r in replies)


@randomly
@given(st.lists(messages, max_size=10))
def test_a_stored_conversation_goes_on_as_if_never_stored(texts: list[str]) -> None:
    whole = chatbot.conversation(contacts=Desk())
    state = ConversationState()
    for text in texts:
        parts = chatbot.conversation(contacts=Desk(), state=ConversationState.from_json(state.to_json()))
        assert parts.reply(text) == whole.reply(text)
        state = parts.state
        assert state == whole.state


@randomly
@given(st.text(max_size=80))
def test_a_redactor_cannot_break_a_turn(text: str) -> None:
    def redactor(given: str) -> Redacted:
        if len(given) % 3 == 0:
            raise ValueError(given)
        return Redacted("", ("carte",) if len(given) % 2 else ())

    assert chatbot.conversation(redactor=redactor).reply(text).kind is not ReplyKind.ERROR


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_reaches_the_logs(secret: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        chatbot.conversation(contacts=Desk()).reply(f"mon mot de passe est {secret}")
    assert secret not in caplog.text
