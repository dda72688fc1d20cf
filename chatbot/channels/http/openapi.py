"""The OpenAPI document: the request bodies' schemas, the bearer token, and where neither applies."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from chatbot.channels.http import schemas

_BODIES = (schemas.MatchRequest, schemas.MessageIn, schemas.ContactIn, schemas.RasaMessage, schemas.ParseIn)
# Families that need the token when there is one.
_SECURED = ("/v1/", "/webhooks/", "/model/", "/metrics")
_ABOUT = (
    "A rule-based French customer-service chatbot: understands a question, answers it, converses. "
    "Every error has the same shape; its `code` is stable."
)


def describe(app: FastAPI, *, secured: bool) -> None:
    """Makes `app.openapi()` tell what the handlers really take."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, secured)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _document(app: FastAPI, secured: bool) -> dict[str, Any]:
    document = get_openapi(title=app.title, version="1", description=_ABOUT, routes=app.routes)
    _, definitions = models_json_schema(
        [(model, "validation") for model in _BODIES], ref_template="#/components/schemas/{model}"
    )
    components = document.setdefault("components", {})
    components.setdefault("schemas", {}).update(definitions["$defs"])
    # FastAPI's own error shape is documented for parameters, but never sent.
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    if secured:
        components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        for path, operations in document["paths"].items():
            if path.startswith(_SECURED):
                for operation in operations.values():
                    operation["security"] = [{"bearer": []}]
    return document
