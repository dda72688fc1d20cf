"""Completion of question titles, topics and commands on Tab, accents and case apart."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator

from prompt_toolkit.completion import CompleteEvent, Completion
from prompt_toolkit.document import Document

from chatbot.language.characters import canonical, fold

COMMANDS = ("menu", "aide", "retour", "répétez", "formulaire", "quitter")
# A list longer than this hides the conversation.
_MOST = 8


class TitleCompleter:
    """What prompt_toolkit calls a completer: the titles in which every word typed begins a word."""

    def __init__(self, titles: tuple[str, ...]) -> None:
        """Completes the commands and these titles."""
        self._entries = tuple((text, _words(text)) for text in (*COMMANDS, *titles))

    def get_completions(self, document: Document, _event: CompleteEvent) -> Iterator[Completion]:
        """The completions of the whole line, at most eight."""
        typed = document.text_before_cursor
        wanted = _words(typed)
        found = [text for text, words in self._entries if all(any(w.startswith(t) for w in words) for t in wanted)]
        for text in found[:_MOST]:
            yield Completion(text, start_position=-len(typed))

    async def get_completions_async(self, document: Document, event: CompleteEvent) -> AsyncGenerator[Completion, None]:
        """The same, as the event loop asks for it."""
        for completion in self.get_completions(document, event):
            yield completion


def _words(text: str) -> tuple[str, ...]:
    return tuple(fold(canonical(text).text).replace("'", " ").split())
