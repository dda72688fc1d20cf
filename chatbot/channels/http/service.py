"""What the handlers share: the shop in use, the conversations, the counters; and how a body is read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from chatbot.channels.http.current import Current, Reloaded
from chatbot.channels.http.measures import Measures
from chatbot.channels.http.problems import Problem, of_validation
from chatbot.channels.http.schemas import ErrorOut
from chatbot.channels.http.settings import HttpSettings
from chatbot.channels.http.turns import Turns
from chatbot.errors import KeyReusedError, StorageError

M = TypeVar("M", bound=BaseModel)
P = ParamSpec("P")
T = TypeVar("T")
_JSON_TYPES = ("application/json", "text/json")


class Service(NamedTuple):
    """Everything a handler works with."""

    settings: HttpSettings
    current: Current
    turns: Turns
    measures: Measures

    async def reload(self) -> Reloaded:
        """Reloads the knowledge here, and tells the other workers to: all hold the same, down to the faults of the last try."""
        done = await run_in_threadpool(self.current.reload)
        self.measures.reloaded("refused" if done.faults else "changed" if done.changed else "unchanged")
        if self.settings.stamp:
            await run_in_threadpool(Path(self.settings.stamp).touch)
        return done


def service_of(request: Request) -> Service:
    """The service a request came to."""
    found: Service = request.app.state.service
    return found


async def read(request: Request, model: type[M]) -> M:
    """The JSON body as `model`; Problem with the places of what is wrong."""
    return parsed(request.headers.get("content-type", ""), request.state.body, model)


def parsed(content_type: str, body: bytes, model: type[M]) -> M:
    """A body of this content type as `model`; Problem with the places of what is wrong."""
    kind, _, parameters = content_type.lower().partition(";")
    charset = parameters.partition("charset=")[2].strip(' "')
    if kind.strip() not in _JSON_TYPES or charset not in ("", "utf-8", "utf8"):
        raise Problem("unsupported_media_type")
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise of_validation(error.errors(include_url=False, include_input=False)) from None


async def stored(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs what waits for the store in a thread, and lets it end even when the caller is gone: a turn is whole."""
    try:
        return await asyncio.shield(run_in_threadpool(work, *args, **kwargs))
    except StorageError as error:
        raise Problem("store_unavailable", headers={"retry-after": "5"}) from error
    except KeyReusedError as error:
        raise Problem("key_reused") from error


def json_response(content: bytes, status: int = 200) -> Response:
    """A JSON response from its bytes."""
    return Response(content, status, media_type="application/json")


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The documentation of these statuses, beside those that any request may meet."""
    always = (429, 500, 503)
    return {status: {"model": ErrorOut, "description": _MEANING[status]} for status in sorted({*statuses, *always})}


def takes(model: type[BaseModel]) -> dict[str, Any]:
    """The documentation of a JSON body."""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


# What any endpoint with a JSON body may answer.
BODY = (400, 401, 408, 413, 415, 422)

_MEANING = {
    400: "The body is not valid JSON in UTF-8.",
    401: "A bearer token is needed.",
    403: "Not possible without a token.",
    404: "Not known.",
    408: "The body took too long to arrive.",
    409: "Another message of this conversation is being answered.",
    413: "The body is too large.",
    415: "The body must be JSON.",
    422: "Not of the documented form.",
    429: "Too many requests from this client.",
    500: "A fault of ours.",
    503: "Busy, or the store cannot be reached.",
}
