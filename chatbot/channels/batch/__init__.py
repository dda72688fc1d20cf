"""Whole logs at once: lines of JSON, CSV, Parquet, and Arrow record batches for the engines that speak Arrow.

`match_arrow` needs the extra `arrow`; importing this package imports none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatbot.channels.batch.arrow import match_arrow, match_schema

__all__ = ["match_arrow", "match_schema"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from chatbot.channels.batch import arrow

        return getattr(arrow, name)
    raise AttributeError(name)
