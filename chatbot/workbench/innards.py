"""What the workbench needs from inside a matcher, in one place."""

from __future__ import annotations

from chatbot.matching import Matcher


def loosened(matcher: Matcher) -> Matcher:
    """The matcher without the short cut for exact phrasings: it shows what the words alone are worth, and so what a
    customer who writes nearly a phrasing would get."""
    return Matcher(matcher.knowledge, compiled=matcher.compiled._replace(exact_keys=b"", exact_phrasings=b""))
