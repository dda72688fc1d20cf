"""YAML read without surprises: every scalar is the text its author wrote, and what YAML would change is a fault.

Walks the composed nodes instead of constructing values, so every value keeps its line.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import yaml

from chatbot.errors import Fault
from chatbot.knowledge.yaml_traps import dropped_marks, explained, garbled_text, hidden_characters, place_of

Path = tuple[str | int, ...]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = "tag:yaml.org,2002:null"
_TEXT = "tag:yaml.org,2002:str"
_KINDS = {
    "tag:yaml.org,2002:bool": "un oui/non",
    "tag:yaml.org,2002:int": "un nombre",
    "tag:yaml.org,2002:float": "un nombre",
    "tag:yaml.org,2002:timestamp": "une date",
    "tag:yaml.org,2002:merge": "une fusion",
    "tag:yaml.org,2002:value": "une valeur par défaut",
}
_LOST_COMMENT = re.compile(r"[ \t]+#")


def _has_comments_after_text(text: str) -> bool:
    """True when a line holds « # » after a space after something else; a comment that has its line for itself is none."""
    place = text.find("#")
    while place >= 0:
        if text[place - 1 : place] in (" ", "\t"):
            if text[text.rfind("\n", 0, place) + 1 : place].strip():
                return True
            # The rest of the line is the comment.
            place = text.find("\n", place)
        place = text.find("#", place + 1) if place >= 0 else place
    return False


class Document:
    """One file read: `data` (str, list, dict, None), the line of every path in it, and the faults found on the way.

    `typed`: keys whose values are wanted as something else than text, so that YAML's reading stands there.
    """

    def __init__(self, path: str, source: bytes, typed: Collection[str] = ()) -> None:
        self.path = path
        self._typed = typed
        self.data: Any = None
        self.lines: dict[Path, int] = {(): 1}
        self.faults: list[Fault] = []
        try:
            text = source.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = source.count(b"\n", 0, error.start) + 1
            self._fault(line, "le fichier n'est pas en UTF-8 ; enregistrez-le dans ce codage.", "encodage")
            return
        self._text_lines = text.splitlines()
        # Where no line of a file has one, no phrase of it can lose its end.
        self._has_comments_after_text = _has_comments_after_text(text)
        self._read(text)

    def _read(self, text: str) -> None:
        self.faults += [Fault(self.path, *trap) for trap in (*hidden_characters(text), *garbled_text(text))]
        if self.faults:
            return
        try:
            node = yaml.compose(text, _LOADER)
            self.faults += [Fault(self.path, *trap) for trap in dropped_marks(text, _LOADER)]
        except yaml.YAMLError as error:
            self._fault(place_of(error, text), explained(error, text), "syntaxe")
            return
        except RecursionError:
            self._fault(1, "trop de niveaux imbriqués ; mettez les listes à plat.", "syntaxe")
            return
        if node is not None:
            self.data = self._convert(node, (), depth=0)

    def line(self, path: Path) -> int:
        """The line of a path, or of the nearest thing that contains it."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]

    def _fault(self, line: int, message: str, code: str) -> None:
        self.faults.append(Fault(self.path, line, message, code))

    def _convert(self, node: Any, path: Path, depth: int) -> Any:
        line = node.start_mark.line + 1
        self.lines[path] = line
        if depth > 20:
            self._fault(line, "trop de niveaux imbriqués ; mettez les listes à plat.", "syntaxe")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self._item(item, (*path, index), depth) for index, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _is_plain(self, node: Any) -> bool:
        """True for a text on one line in which nothing can be lost: so nearly every phrasing is."""
        return node.tag == _TEXT and node.start_mark.line == node.end_mark.line and not self._has_comments_after_text

    def _item(self, node: Any, path: Path, depth: int) -> Any:
        """A list item; a one-key mapping whose text holds « : » was meant as a sentence."""
        if self._is_plain(node):
            self.lines[path] = node.start_mark.line + 1
            return str(node.value)
        if isinstance(node, yaml.MappingNode) and self._sentence_with_colon(node):
            line = node.start_mark.line + 1
            self.lines[path] = line
            self._fault(
                line,
                "le deux-points suivi d'une espace coupe la phrase en deux ; mettez-la entre guillemets.",
                "deux-points",
            )
            return "phrase"
        return self._convert(node, path, depth + 1)

    def _sentence_with_colon(self, node: Any) -> bool:
        """In a list of phrases: one key of several words, or one key that the list's siblings show to be a phrase."""
        if len(node.value) != 1 or node.flow_style:
            return False
        key, value = node.value[0]
        if (key.start_mark.line, key.start_mark.column) != (node.start_mark.line, node.start_mark.column):
            return False  # « ? … »: YAML's long way to write a key
        return (
            isinstance(key, yaml.ScalarNode)
            and isinstance(value, yaml.ScalarNode)
            and (" " in key.value.strip() or not re.fullmatch(r"[a-z_]+", key.value))
        )

    def _mapping(self, node: Any, path: Path, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        first: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._fault(line, "une clé doit être un texte simple.", "cle")
                continue
            key = self._scalar(key_node, (*path, "?"), key=True) or key_node.value
            if key in values:
                self._fault(
                    line,
                    f"la clé « {key} » est déjà là, ligne {first[key]} ; réunissez les deux ou renommez-en une.",
                    "double",
                )
                continue
            first[key] = line
            values[key] = self._convert(value_node, (*path, key), depth + 1)
            self.lines[(*path, key)] = line
        return values

    def _scalar(self, node: Any, path: Path, *, key: bool = False) -> Any:
        line = node.start_mark.line + 1
        typed = bool(path) and path[-1] in self._typed
        if not node.style:  # None from the Python loader, "" from the C one
            if node.tag == _NULL and not key:
                if node.value.strip():
                    self._ambiguous(node, line, "une valeur absente")
                    return node.value
                return None
            if node.tag in _KINDS and not typed:
                self._ambiguous(node, line, _KINDS[node.tag], "cle" if key else "type")
            elif self._swallows_an_item(node):
                self._fault(
                    node.end_mark.line + 1,
                    "cette ligne « - … » est décalée et continue la phrase d'avant ; alignez-la sur les autres.",
                    "decalage",
                )
            elif self._has_comments_after_text and self._loses_its_end(node):
                self._fault(
                    node.end_mark.line + 1,
                    "la fin de la phrase, après « # », serait perdue ; mettez la phrase entre guillemets.",
                    "diese",
                )
        if typed and node.tag == "tag:yaml.org,2002:bool":
            return node.value.lower() in ("true", "yes", "on")
        return str(node.value)

    def _ambiguous(self, node: Any, line: int, kind: str, code: str = "type") -> None:
        self._fault(line, f'« {node.value} » sans guillemets serait lu comme {kind} ; écrivez "{node.value}".', code)

    def _swallows_an_item(self, node: Any) -> bool:
        """True when a plain scalar goes on over a line that was meant as the next item of the list."""
        first, last = node.start_mark.line, node.end_mark.line
        return first < last and any(line.lstrip().startswith("- ") for line in self._text_lines[first + 1 : last + 1])

    def _loses_its_end(self, node: Any) -> bool:
        """True when a comment stands on the line where a plain scalar ends: half of a phrase, most of the time."""
        end = node.end_mark
        if end.line >= len(self._text_lines):
            return False
        return bool(_LOST_COMMENT.match(self._text_lines[end.line], end.column))
