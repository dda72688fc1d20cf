"""The screen of `cli.py try`: a line to type in, the live view under it, keys to teach and to take back.

Input and output are handed in, so that tests type through a pipe. Slow work (reloading, weighing consequences) is done
in threads; the screen only reads what they leave.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from functools import partial

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import BufferControl, FormattedTextControl, HSplit, Layout, VSplit, Window
from prompt_toolkit.output import Output
from prompt_toolkit.styles import Style

from chatbot.errors import ChatbotError
from chatbot.language.characters import fold
from chatbot.workbench.comparison import Change
from chatbot.workbench.live import view
from chatbot.workbench.trial import Consequences, Trial, why

_STYLE = Style.from_dict({
    "answer": "reverse bold ansigreen", "clarify": "reverse bold ansiyellow", "fallback": "reverse bold ansired",
    "matched": "bold", "corrected": "underline ansiyellow", "synonym": "italic ansicyan", "unknown": "reverse",
    "dim": "ansibrightblack", "bar": "ansigreen", "title": "bold", "quote": "italic", "fault": "ansired bold",
    "chosen": "reverse",
})  # fmt: skip
_HELP = "Ctrl-A ajouter à une intention   Ctrl-Z annuler l'ajout   Ctrl-U effacer   Ctrl-D quitter"
_EVERY = 0.5
_EXAMPLES = 6


class Mode(Enum):
    """What the keys mean at the moment."""

    TYPING = 1
    CHOOSING = 2
    WEIGHING = 3
    CONFIRMING = 4


class Screen:
    """One run of the screen. `every`: seconds between looks at the files."""

    def __init__(
        self, trial: Trial, *, source: Input | None = None, sink: Output | None = None, every: float = _EVERY
    ) -> None:
        """Builds the application; `run` starts it."""
        self.trial = trial
        self.mode = Mode.TYPING
        self.status = ""
        self.chosen = 0
        self.consequences: Consequences | None = None
        self._every = every
        self._closing = threading.Event()
        self.wanted = ""
        self._typing = Condition(lambda: self.mode is Mode.TYPING)
        self.buffer = Buffer(multiline=False, read_only=~self._typing)
        body = Window(FormattedTextControl(self._body), wrap_lines=True)
        line = VSplit([
            Window(FormattedTextControl([("bold", "Question : ")]), width=11, height=1),
            Window(BufferControl(self.buffer), height=1),
        ])  # fmt: skip
        foot = Window(FormattedTextControl(self._foot), height=1)
        self.application: Application[None] = Application(
            Layout(HSplit([line, Window(height=1, char="─"), body, foot])),
            key_bindings=self._keys(), style=_STYLE, full_screen=True, input=source, output=sink,
        )  # fmt: skip

    def run(self) -> None:
        """Shows the screen until it is left."""
        watcher = threading.Thread(target=self._watch, daemon=True)
        watcher.start()
        try:
            self.application.run()
        finally:
            self._closing.set()
            watcher.join(timeout=10)

    @property
    def choices(self) -> list[str]:
        """The intents a sentence may be added to, of those wanted: the likeliest first, then the others by name."""
        likely = [c.intent for c in self.trial.matcher.match(self.buffer.text).candidates]
        names = [*likely, *(name for name in sorted(self.trial.knowledge.intents) if name not in likely)]
        return [name for name in names if self.wanted in name]

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        bound: dict[str, Callable[[], None]] = {
            "c-a": self._choose, "c-z": self._undo, "up": lambda: self._move(-1), "down": lambda: self._move(1),
            "enter": self._enter, "escape": self._cancel,
        }  # fmt: skip
        for key, action in bound.items():
            keys.add(key, eager=key == "escape")(_calling(action))
        for key in ("c-d", "c-c"):
            keys.add(key)(lambda event: event.app.exit())
        choosing = Condition(lambda: self.mode is Mode.CHOOSING)
        keys.add("c-u", filter=self._typing)(_calling(lambda: self.buffer.set_document(Document(""))))
        keys.add("<any>", filter=choosing)(lambda event: self._want(self.wanted + event.data))
        keys.add("backspace", filter=choosing)(lambda _: self._want(self.wanted[:-1]))
        return keys

    def _want(self, wanted: str) -> None:
        """Only the intents whose name holds this are offered; what no name holds is not taken."""
        before, self.wanted = self.wanted, fold(wanted.lower()).replace(" ", "_")
        if not self.choices:
            self.wanted = before
        self.chosen = 0

    def _choose(self) -> None:
        if self.mode is Mode.TYPING and self.buffer.text.strip():
            self.mode, self.chosen, self.wanted, self.status = Mode.CHOOSING, 0, "", ""

    def _move(self, step: int) -> None:
        if self.mode is Mode.CHOOSING:
            self.chosen = (self.chosen + step) % len(self.choices)

    def _enter(self) -> None:
        if self.mode is Mode.CHOOSING:
            text, intent = self.buffer.text, self.choices[self.chosen]
            self.mode = Mode.WEIGHING
            threading.Thread(target=self._weigh, args=(text, intent), daemon=True).start()
        elif self.mode is Mode.CONFIRMING and self.consequences:
            self._told(partial(self._add, self.consequences))
            self.mode = Mode.TYPING

    def _cancel(self) -> None:
        self.mode, self.consequences = Mode.TYPING, None

    def _undo(self) -> None:
        def take_back() -> str:
            edit = self.trial.undo()
            return f"Ajout retiré de {edit.path.name}." if edit else "Aucun ajout à annuler."

        self._told(take_back)

    def _add(self, consequences: Consequences) -> str:
        edit = self.trial.add(consequences)
        return f"Ajouté : {edit.path.name}:{edit.lines[0]} (Ctrl-Z annule)"

    def _weigh(self, text: str, intent: str) -> None:
        try:
            consequences = self.trial.weigh(text, intent)
        except ChatbotError as error:
            self.mode, self.status = Mode.TYPING, why(error)
        else:
            if self.mode is Mode.WEIGHING:
                self.consequences, self.mode = consequences, Mode.CONFIRMING
        self._redraw()

    def _told(self, action: Callable[[], str]) -> None:
        """Does something and says in the status line what came of it."""
        try:
            self.status = action()
        except ChatbotError as error:
            self.status = why(error)

    def _watch(self) -> None:
        while not self._closing.wait(self._every):
            if self.trial.refresh():
                self.status = "" if self.trial.fault else f"Base relue ({self.trial.matcher.compiled.version})."
                self._redraw()

    def _redraw(self) -> None:
        """Asks for the screen to be drawn again, from any thread; nothing when it was left in the meantime."""
        with suppress(RuntimeError):
            self.application.invalidate()

    def _body(self) -> StyleAndTextTuples:
        shown: StyleAndTextTuples = []
        if self.trial.fault:
            shown.append(("class:fault", f"{self.trial.fault}\n"))
            shown.append(("class:dim", "La dernière bonne base reste en service.\n\n"))
        if self.mode is Mode.CHOOSING:
            return [*shown, *self._choice_list()]
        if self.mode is Mode.WEIGHING:
            return [*shown, ("", "  Je regarde ce que cet ajout changerait ailleurs…\n")]
        if self.mode is Mode.CONFIRMING and self.consequences:
            return [*shown, *_told_consequences(self.consequences)]
        return [*shown, *view(self.trial.matcher, self.buffer.text)]

    def _choice_list(self) -> StyleAndTextTuples:
        shown: StyleAndTextTuples = [("bold", f"  Ajouter cette phrase à : {self.wanted}\n")]
        for number, name in enumerate(self.choices):
            here = number == self.chosen
            shown.append(("class:chosen" if here else "", f"  {'>' if here else ' '} {name}\n"))
        return shown

    def _foot(self) -> StyleAndTextTuples:
        helps = {
            Mode.CHOOSING: "↑ ↓ choisir   lettres : chercher   Entrée continuer   Échap renoncer",
            Mode.WEIGHING: "Échap renoncer",
            Mode.CONFIRMING: "Entrée ajouter   Échap renoncer",
        }
        return [("class:dim", self.status or helps.get(self.mode, _HELP))]


def _calling(action: Callable[[], None]) -> Callable[[KeyPressEvent], None]:
    def handler(_event: KeyPressEvent) -> None:
        action()

    return handler


def _told_consequences(found: Consequences) -> StyleAndTextTuples:
    """What an addition would change, in words: the sentence first, then what is lost, then the rest."""
    before, after = found.sentence.before.given, found.sentence.after.given
    lost = [p for p in found.others if p.change in (Change.LOST, Change.WORSE)]
    gained = [p for p in found.others if p.change in (Change.GAINED, Change.BETTER)]
    shown: StyleAndTextTuples = [
        ("bold", f"  « {found.text} » -> {found.intent}\n\n"),
        ("", f"  Cette phrase : {before} -> {after}\n"),
        ("", f"  Sur {found.looked_at} phrases proches : {len(lost)} moins bonnes, {len(gained)} meilleures\n"),
    ]
    if found.new_words:
        words = ", ".join(found.new_words)
        shown.append(
            ("", f"  Mots nouveaux : {words} (une faute apprise n'est plus corrigée : écrivez en français correct)\n")
        )
    for pair in [*lost, *gained][:_EXAMPLES]:
        question = pair.before.question
        style = "class:fault" if pair in lost else ""
        place = f"{question.path}:{question.line}"
        shown.append((style, f"    {place} « {question.text} » : {pair.before.given} -> {pair.after.given}\n"))
    return shown
