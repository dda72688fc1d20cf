"""The HTTP channel: a JSON service, Rasa's two shapes, the help page with its chat, and a widget for other pages.

`create_app()` gives the ASGI application; it needs the extra `http`. Importing this package imports none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatbot.channels.http.app import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    if name == "create_app":
        from chatbot.channels.http.app import create_app

        return create_app
    raise AttributeError(name)
