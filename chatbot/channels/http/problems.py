"""Errors as every caller gets them: one JSON shape, stable codes, never a word of the customer's.

`{"error": {"code": "...", "message": "...", "request_id": "...", "details": [...]}}`
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

from starlette.responses import Response

# Code -> (status, message). The codes are part of the interface: they may be added to, never renamed.
CODES: Mapping[str, tuple[int, str]] = {
    "invalid_json": (400, "The body is not valid JSON in UTF-8."),
    "unauthorized": (401, "A valid bearer token is needed."),
    "forbidden": (403, "Reloading needs a token, and this service was started without one."),
    "not_found": (404, "There is nothing at this address."),
    "unknown_intent": (404, "No answer is known for this intent."),
    "method_not_allowed": (405, "This method is not allowed here."),
    "timeout_body": (408, "The body took too long to arrive."),
    "conflict": (409, "Another message of this conversation is being answered; send this one again."),
    "body_too_large": (413, "The body is too large."),
    "unsupported_media_type": (415, "The body must be JSON: Content-Type: application/json."),
    "invalid_request": (422, "The request does not have the documented form."),
    "key_reused": (422, "This Idempotency-Key was used before, for another request; nothing was stored."),
    "invalid_email": (422, "This e-mail address cannot be one."),
    "knowledge_invalid": (422, "The knowledge base has faults; the previous one stays in use."),
    "rate_limited": (429, "Too many requests from this client; slow down."),
    "internal": (500, "Something went wrong here."),
    "overloaded": (503, "The service is busy; try again shortly."),
    "store_unavailable": (503, "The store cannot be reached; nothing was lost or kept."),
    "timeout": (503, "The request took too long."),
}
_BY_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large", 415: "unsupported_media_type"}


class Problem(Exception):
    """An answer that is not a success, by its code; `details` say where and what, without quoting the customer."""

    def __init__(
        self, code: str, details: Sequence[Mapping[str, Any]] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        """The problem of one of CODES."""
        self.code = code
        self.status = CODES[code][0]
        self.details = tuple(details)
        self.headers = dict(headers or {})
        super().__init__(code)


class Rendered(NamedTuple):
    """A problem ready to send."""

    status: int
    body: bytes
    headers: Mapping[str, str]


def render(problem: Problem, request_id: str) -> Rendered:
    """The problem as a JSON body."""
    error = {
        "code": problem.code,
        "message": CODES[problem.code][1],
        "request_id": request_id,
        "details": [dict(detail) for detail in problem.details],
    }
    headers = {"content-type": "application/json", "cache-control": "no-store", **problem.headers}
    return Rendered(problem.status, json.dumps({"error": error}, ensure_ascii=False).encode(), headers)


def response(problem: Problem, request_id: str) -> Response:
    """The problem as a Starlette response."""
    rendered = render(problem, request_id)
    return Response(rendered.body, rendered.status, dict(rendered.headers))


def of_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """The problem that stands for a bare HTTP status of the framework's."""
    kept = {name: value for name, value in (headers or {}).items() if name.lower() == "allow"}
    code = _BY_STATUS.get(status) or ("invalid_request" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "internal")
    return Problem(code, headers=kept)


def of_validation(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """The problem for pydantic's errors: the place and the kind of each, never the value that was sent."""
    if any(error["type"] in ("json_invalid", "json_type") for error in errors):
        return Problem("invalid_json")
    return Problem("invalid_request", [_detail(error) for error in errors[:20]])


def _detail(error: Mapping[str, Any]) -> dict[str, str]:
    place = [str(part) for part in error["loc"] if part not in ("body", "path", "query")]
    # A key the caller made up is the caller's text.
    known = place[:-1] if error["type"] == "extra_forbidden" else place
    messages = {"value_error": str(error.get("ctx", {}).get("error", "")), "extra_forbidden": "unknown key"}
    return {
        "where": ".".join(known),
        "type": str(error["type"]),
        "message": messages.get(error["type"]) or str(error["msg"]),
    }
