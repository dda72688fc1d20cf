"""Where a conversation stands: one frozen value, advanced by pure functions, stored and resumed as JSON."""

from __future__ import annotations

from typing import Any, NamedTuple

from chatbot.dialogue.ports import ContactRequest
from chatbot.dialogue.reply import Reply
from chatbot.errors import UsageError

# Format of the JSON; raised when an older one can no longer be read.
_FORMAT = 1


class Form(NamedTuple):
    """A contact form being filled: the step (a field, or `review`), what is given so far, `editing` one field."""

    step: str = "name"
    name: str = ""
    email: str = ""
    order: str = ""
    message: str = ""
    editing: bool = False


class ConversationState(NamedTuple):
    """Everything a conversation remembers. It may hold what the customer typed in the form: keep it accordingly.

    expects: what the last reply asked for ("" nothing, choice, yesno, feedback, rephrase).
    options: the last numbered list, as actions (`verb` or `verb:intent`); kept after it was used.
    place: the topic the customer is browsing, "menu" above topics, "" outside. answered: intents of the last answer;
    others: what else that question may have meant; refused: guesses the customer said no to.
    question: the last question typed, secrets taken out. misses: turns in a row not understood.
    stuck: follow-ups in a row on one answer. seen: intents answered so far. over: the customer said goodbye.
    reference: of the message sent in this conversation, "" for none.
    alarms: the alert (danger, fraud) to be told once more at each of the next messages that are no other question.
    """

    expects: str = ""
    options: tuple[str, ...] = ()
    place: str = ""
    answered: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    question: str = ""
    misses: int = 0
    stuck: int = 0
    seen: tuple[str, ...] = ()
    over: bool = False
    reference: str = ""
    alarms: tuple[str, ...] = ()
    form: Form | None = None

    def to_json(self) -> str:
        """The state as one line of JSON."""
        import json

        fields: dict[str, Any] = {"format": _FORMAT, **self._asdict()}
        fields["form"] = self.form._asdict() if self.form else None
        return json.dumps(fields, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> ConversationState:
        """The state `to_json` wrote; UsageError for anything else."""
        import json

        try:
            fields = json.loads(text)
            if not isinstance(fields, dict) or fields.pop("format", None) != _FORMAT:
                raise UsageError("cet état de conversation est d'une autre version ; commencez-en une nouvelle.")
            form = fields.pop("form", None)
            state = cls(**{name: _plain(value) for name, value in fields.items()})
            state = state._replace(form=Form(**form) if form else None)
        except (TypeError, ValueError, RecursionError) as error:
            raise UsageError("cet état de conversation est illisible ; commencez-en une nouvelle.") from error
        _check(state)
        return state


class Note(NamedTuple):
    """Something for the journal: see `Journal.record`."""

    outcome: str
    text: str
    intents: tuple[str, ...]


class Turn(NamedTuple):
    """What a turn leads to: the next state, the reply, and what the world outside has to do (journal, store).

    When there is a `request`, `reply` is what to say if it cannot be stored.
    """

    state: ConversationState
    reply: Reply
    notes: tuple[Note, ...] = ()
    request: ContactRequest | None = None


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _check(state: ConversationState) -> None:
    """Every field has the type of its default, lists hold text: a state may come back from anywhere."""
    for kind, value in ((ConversationState, state), (Form, state.form or Form())):
        for name, default in kind._field_defaults.items():
            given = getattr(value, name)
            wrong = default is not None and type(given) is not type(default)
            if wrong or (isinstance(given, tuple) and name != "form" and not all(isinstance(x, str) for x in given)):
                raise UsageError(f"cet état de conversation est illisible ({name}) ; commencez-en une nouvelle.")
