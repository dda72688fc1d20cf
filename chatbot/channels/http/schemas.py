"""The bodies of the native and of Rasa's endpoints: what is accepted, checked strictly, and what is answered."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from chatbot.channels.http.settings import MOST_TEXTS
from chatbot.dialogue.fields import LONGEST_MESSAGE, LONGEST_NAME, may_be_name
from chatbot.dialogue.order_numbers import LONGEST_ORDER, may_be_order

Text = Annotated[str, Field(max_length=LONGEST_MESSAGE)]
# Chosen by the caller; whoever knows it can continue the conversation, so it should not be guessable.
ConversationId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
MessageId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]

_STRICT = ConfigDict(extra="forbid", strict=True)


class MatchRequest(BaseModel):
    """One text, or several."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "oneOf": [
                {"required": ["text"], "not": {"required": ["texts"]}},
                {"required": ["texts"], "not": {"required": ["text"]}},
            ]
        },
    )

    text: Text = Field(default="", examples=["Comment obtenir une copie de ma facture ?"])
    texts: list[Text] = Field(default=[], max_length=MOST_TEXTS)

    @model_validator(mode="after")
    def _one_of_them(self) -> MatchRequest:
        if len(self.model_fields_set) != 1:
            raise ValueError("give either text or texts")
        return self


class CandidateOut(BaseModel):
    """An intent the text may mean. Confidence 1.0 only for an exact phrasing."""

    intent: str
    confidence: float = Field(ge=0, le=1)


class MatchOut(BaseModel):
    """What a text was understood as, exactly as `match --jsonl` prints it. `reason`: the rule that decided, in French."""

    text: str
    decision: str = Field(pattern="^(answer|clarify|fallback)$")
    intents: list[str]
    candidates: list[CandidateOut]
    knowledge_version: str
    reason: str


class MatchesOut(BaseModel):
    """The matches of several texts, in their order."""

    matches: list[MatchOut]


class MessageIn(BaseModel):
    """One message of a customer. With the `message_id` of the message before, the reply given then is given again."""

    model_config = _STRICT

    text: Text = Field(examples=["Où est ma facture ?"])
    message_id: MessageId | None = None


class ReplyOut(BaseModel):
    """A reply: `text` for plain channels, `sections` and numbered `choices` for those that can show more."""

    kind: str
    decision: str
    intents: list[str]
    confidence: float | None
    text: str
    sections: list[dict[str, Any]]
    choices: list[dict[str, Any]]
    closing: list[str]
    hint: str
    suggestions: list[str]
    contact: dict[str, Any] | None
    private: bool
    asks_feedback: bool
    reference: str
    over: bool
    knowledge_version: str


class MessageOut(BaseModel):
    """The reply to one message, and the conversation it belongs to."""

    conversation: str
    reply: ReplyOut


class QuestionOut(BaseModel):
    """A question of the help page. `frequent`: its rank among the most frequent ones, 0 for the others."""

    intent: str
    title: str
    frequent: int


class TopicOut(BaseModel):
    """A topic of the help page with its questions, in the page's order."""

    intent: str
    title: str
    questions: list[QuestionOut]


class TopicsOut(BaseModel):
    """The whole help page but the answers."""

    shop: str
    heading: str
    topics: list[TopicOut]
    frequent: list[QuestionOut]
    knowledge_version: str


class AnswerOut(BaseModel):
    """One answer, ready to show."""

    intent: str
    title: str
    topic: str
    text: str
    paragraphs: list[str]
    knowledge_version: str


def _name(name: str) -> str:
    if not may_be_name(name):
        raise ValueError("two letters at least")
    return name


def _order(order: str) -> str:
    if order and not may_be_order(order):
        raise ValueError("empty, or with a digit at least")
    return order


class ContactIn(BaseModel):
    """A message to the customer service."""

    model_config = _STRICT

    name: Annotated[str, Field(min_length=2, max_length=LONGEST_NAME), AfterValidator(_name)]
    email: str = Field(min_length=3, max_length=254, json_schema_extra={"format": "email"})
    order: Annotated[str, Field(max_length=LONGEST_ORDER), AfterValidator(_order)] = ""
    message: str = Field(min_length=1, max_length=LONGEST_MESSAGE, pattern=r"\S")


class ContactOut(BaseModel):
    """The reference of a stored request, to be told to the customer."""

    reference: str


class RasaMessage(BaseModel):
    """What Rasa's REST channel takes; other keys (metadata, customData…) are accepted and not used.

    Without a `sender` the message begins a conversation of its own: Rasa would put all such callers into one.
    """

    sender: str | None = Field(default=None, min_length=1, max_length=256)
    message: Text = Field(examples=["Bonjour"])


class RasaReply(BaseModel):
    """One message of Rasa's REST channel."""

    recipient_id: str
    text: str
    buttons: list[dict[str, str]] | None = None


class ParseIn(BaseModel):
    """What Rasa's /model/parse takes; other keys are accepted and not used."""

    text: Text = Field(examples=["Où est ma facture ?"])
    message_id: str | None = Field(default=None, max_length=256)


class ParseOut(BaseModel):
    """What Rasa's /model/parse gives. `intent.name` is nlu_fallback when nothing was understood."""

    text: str
    message_id: str | None = None
    intent: dict[str, Any]
    entities: list[dict[str, Any]]
    intent_ranking: list[dict[str, Any]]


class ErrorBody(BaseModel):
    """What went wrong: a stable code for programs, a sentence for people, the request to look for in the logs."""

    code: str
    message: str
    request_id: str
    details: list[dict[str, Any]]


class ErrorOut(BaseModel):
    """The one shape of every error."""

    error: ErrorBody


class FormTurn(BaseModel):
    """The hidden fields of the chat's form."""

    conversation: ConversationId | None = None
    message_id: MessageId | None = None

    @classmethod
    def read(cls, fields: dict[str, str]) -> FormTurn:
        """The fields; Problem when they are not what the page put there."""
        from chatbot.channels.http.problems import of_validation

        try:
            return cls(conversation=fields.get("conversation") or None, message_id=fields.get("message_id") or None)
        except ValidationError as error:
            raise of_validation(error.errors(include_url=False, include_input=False)) from None
