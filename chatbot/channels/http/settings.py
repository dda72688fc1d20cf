"""What the service is told: one frozen value, handed to worker processes through the environment."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from chatbot.errors import UsageError

PREFIX = "CHATBOT_HTTP_"
# Most texts of one call of /v1/match.
MOST_TEXTS = 256


class HttpSettings(NamedTuple):
    """How the service behaves. Every field may be set as CHATBOT_HTTP_<FIELD>, and by a flag of `cli.py serve`.

    knowledge, database: folder and store, "" for the defaults. token: bearer token, "" for none.
    origins: other sites whose scripts may call the service (CORS). frames: sites that may show the widget, "*" for any.
    rate, burst: requests per second and at once per client, 0 for no limit; callers with the token have none.
    body: largest request body in bytes. concurrency: most requests at once. timeout: seconds for one request, and for
    its body to arrive. page: whether the help page and its chat are served. watch: reload when files change.
    access_log: one line per request, without any of the customer's words. stamp: file whose change tells the workers
    of one `serve` to reload.
    """

    knowledge: str = ""
    database: str = ""
    token: str = ""
    origins: tuple[str, ...] = ()
    frames: tuple[str, ...] = ("*",)
    rate: float = 100.0
    burst: int = 200
    body: int = 65_536
    concurrency: int = 200
    timeout: float = 15.0
    page: bool = True
    watch: bool = False
    access_log: bool = True
    stamp: str = ""

    def __repr__(self) -> str:
        """Without secrets."""
        shown = self._replace(token="***" if self.token else "", database="***" if self.database else "")
        return f"HttpSettings{tuple(shown)}"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **given: Any) -> HttpSettings:
        """The settings `given`, else those in the environment; UsageError names the variable that makes no sense.

        A number, or a yes or no, left blank there is not set.
        """
        found = os.environ if environment is None else environment
        values = dict(given)
        for name, default in cls._field_defaults.items():
            text = found.get(PREFIX + name.upper())
            blank = text is not None and not text.strip() and type(default) in (int, float, bool)
            if text is not None and not blank and name not in given:
                values[name] = _parsed(name, text.strip(), default)
        return checked(cls(**values))

    @staticmethod
    def is_blank(name: str, environment: Mapping[str, str] | None = None) -> bool:
        """Is the variable of a setting there, with nothing in it?"""
        text = (os.environ if environment is None else environment).get(PREFIX + name.upper())
        return text is not None and not text.strip()

    def to_environment(self) -> dict[str, str]:
        """The variables `from_environment` reads these settings from."""
        return {PREFIX + name.upper(): _printed(value) for name, value in self._asdict().items()}


def checked(settings: HttpSettings) -> HttpSettings:
    """The same settings; UsageError when one of them cannot work."""
    for name in ("rate", "timeout"):
        if not math.isfinite(getattr(settings, name)):
            raise UsageError(f"{PREFIX}{name.upper()} est un nombre fini.")
    for name in ("burst", "body", "concurrency", "timeout"):
        if getattr(settings, name) <= 0:
            raise UsageError(f"{PREFIX}{name.upper()} doit être plus grand que zéro.")
    if settings.rate < 0:
        raise UsageError(f"{PREFIX}RATE ne peut pas être négatif ; 0 veut dire sans limite.")
    for name in ("origins", "frames"):
        for site in getattr(settings, name):
            if (site != "*" and not site.startswith(("http://", "https://"))) or any(c in site for c in " ;,\"'"):
                raise UsageError(
                    f"{PREFIX}{name.upper()} : « {site} » n'est pas un site ; attendu : https://www.exemple.fr"
                )
    if settings.token and not (settings.token.isascii() and settings.token.isprintable() and " " not in settings.token):
        raise UsageError(f"{PREFIX}TOKEN ne contient que des caractères ASCII, sans espace.")
    return settings


def _parsed(name: str, text: str, default: Any) -> Any:
    readers: dict[type, Callable[[str], Any]] = {
        bool: _switch,
        int: int,
        float: float,
        tuple: lambda listed: tuple(part.rstrip("/") for part in listed.replace(",", " ").split()),
    }
    try:
        return readers.get(type(default), str)(text)
    except ValueError:
        raise UsageError(f"{PREFIX}{name.upper()} vaut « {text} », ce qui n'a pas de sens ici.") from None


def _switch(text: str) -> bool:
    if text.lower() in ("1", "true", "yes", "oui", "on"):
        return True
    if text.lower() in ("0", "false", "no", "non", "off"):
        return False
    raise ValueError(text)


def _printed(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return " ".join(value) if isinstance(value, tuple) else str(value)
