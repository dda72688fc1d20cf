"""Limits that a measure must keep to, and what is said of those it does not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from chatbot.workbench.figures import percent


class Limit(NamedTuple):
    """A limit asked for by an option (None: not asked for), and the share (0 to 1) found; `at_least`, or at most."""

    name: str
    option: str
    asked: float | None
    found: float
    at_least: bool

    @property
    def is_broken(self) -> bool:
        """Is the share found on the wrong side of the one asked for?"""
        if self.asked is None:
            return False
        return self.found < self.asked if self.at_least else self.found > self.asked


def broken(limits: Iterable[Limit]) -> list[str]:
    """A line for each limit that is not kept.

    >>> [line.replace("\\u202f", " ") for line in broken([Limit("justes", "--min-right", 0.9, 0.834, at_least=True)])]
    ['Limite dépassée : justes 83,40 %, --min-right 90,00 %.']
    """
    return [
        f"Limite dépassée : {limit.name} {percent(limit.found, 2)}, {limit.option} {percent(limit.asked or 0, 2)}."
        for limit in limits
        if limit.is_broken
    ]
