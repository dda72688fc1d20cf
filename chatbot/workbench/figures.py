"""Figures as French writes them: a comma for decimals, a narrow no-break space before % and between thousands."""

from __future__ import annotations

_NARROW = "\u202f"


def percent(share: float, digits: int = 1) -> str:
    """A share (0 to 1) as a percentage.

    >>> percent(0.9123).replace("\u202f", " ")
    '91,2 %'
    """
    return f"{share * 100:.{digits}f}".replace(".", ",") + f"{_NARROW}%"


def decimal(value: float, digits: int = 2) -> str:
    """A number with a comma.

    >>> decimal(0.67)
    '0,67'
    """
    return f"{value:.{digits}f}".replace(".", ",")


def whole(value: int) -> str:
    """A count, thousands apart.

    >>> whole(104892).replace("\u202f", " ")
    '104 892'
    """
    return f"{value:,}".replace(",", _NARROW)
