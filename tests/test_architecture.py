"""How the house is built: imports go one way, heavy things are imported late, and the code keeps to its size."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from places import ROOT

import chatbot

PACKAGE = ROOT / "chatbot"
# Room -> the rooms it may import from (itself always). Storage and the workbench stand beside the way from language to
# channels: the dialogue is handed a store, and knows none.
MAY_IMPORT = {
    "errors": set(),
    "arguments": set(),
    "language": {"errors"},
    "knowledge": {"errors", "language"},
    "matching": {"errors", "language", "knowledge"},
    "dialogue": {"errors", "language", "knowledge", "matching"},
    "storage": {"errors", "language", "knowledge", "matching", "dialogue"},
    "workbench": {"errors", "language", "knowledge", "matching", "dialogue", "storage"},
    "channels": {"errors", "language", "knowledge", "matching", "dialogue", "storage"},
    "commands": {
        "errors", "arguments", "language", "knowledge", "matching", "dialogue", "storage", "workbench", "channels",
        "__main__",
    },
    "__main__": {"errors", "arguments", "commands"},
    "__init__": {"errors", "language", "knowledge", "matching", "dialogue", "storage"},
}  # fmt: skip
# Library -> who may import it at all; the loader names the nearest known key to a misspelt one.
ONLY_IN = {
    "rapidfuzz": ("language", "matching", "knowledge/cross_checks.py", "dialogue/addresses.py", "workbench"),
    "unidecode": ("language", "matching"),
    "prompt_toolkit": ("channels/terminal", "workbench/screen.py"),
    "fastapi": ("channels/http",),
    "starlette": ("channels/http",),
    "sqlalchemy": ("storage",),
    "pyarrow": ("channels/batch",),
}
# A class may have one of these forms, and no other class for its base.
MAY_BE_INHERITED = {
    "NamedTuple", "Protocol", "StrEnum", "Enum", "Exception", "BaseModel", "Strict", "Mapping", "Sequence",
}  # fmt: skip
# What a plain answer does without: none of these may be imported before it is needed.
LATE = (
    "prompt_toolkit",
    "fastapi",
    "starlette",
    "uvicorn",
    "sqlalchemy",
    "pydantic",
    "yaml",
    "pyarrow",
    "rapidfuzz",
    "unidecode",
)
MAY_PRINT = ("channels", "commands", "__main__.py")
LONGEST_MODULE, LONGEST_FUNCTION, MEDIAN_FUNCTION = 250, 40, 10


class Import(NamedTuple):
    """An import statement: of what, on which line, and whether it runs when the module is imported."""

    module: str
    line: int
    at_once: bool


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "shipped" not in path.parts)
TREES = {path: ast.parse(path.read_text("utf-8"), str(path)) for path in MODULES}


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> Iterator[Import]:
    def walk(node: ast.AST, at_once: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from (Import(alias.name, child.lineno, at_once) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                yield Import(child.module or "", child.lineno, at_once)
                if child.module == "chatbot":
                    yield from (Import(f"chatbot.{alias.name}", child.lineno, at_once) for alias in child.names)
            late = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) or (
                isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            )
            yield from walk(child, at_once and not late)

    yield from walk(TREES[path], at_once=True)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(TREES[path]) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its decorators and docstring."""
    body = node.body
    documented = (
        isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
        and isinstance(body[0].value.value, str)
    )
    told = (body[0].end_lineno or 0) - body[0].lineno + 1 if documented else 0
    return (node.end_lineno or 0) - node.lineno + 1 - told


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_go_one_way(path: Path) -> None:
    own = room(path)
    rooms = {(i.module.split(".")[1], i.line) for i in imports(path) if i.module.startswith("chatbot.")}
    public = set(chatbot.__all__)
    assert [
        f"{other}, line {line}" for other, line in sorted(rooms) if other not in {own, *public} | MAY_IMPORT[own]
    ] == []


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_stays_in_its_room(library: str) -> None:
    users = {name(path) for path in MODULES for i in imports(path) if i.module.split(".")[0] == library}
    assert users
    assert [user for user in sorted(users) if not user.startswith(ONLY_IN[library])] == []


def test_no_channel_imports_another() -> None:
    crossings = [
        f"{name(path)}:{i.line}"
        for path in MODULES
        if room(path) == "channels" and len(path.relative_to(PACKAGE).parts) > 2
        for i in imports(path)
        if i.module.startswith("chatbot.channels.") and i.module.split(".")[2] != path.relative_to(PACKAGE).parts[1]
    ]
    assert crossings == []


@pytest.mark.parametrize("path", [path for path in MODULES if not name(path).startswith(MAY_PRINT)], ids=name)
def test_nothing_is_printed_inside_the_house(path: Path) -> None:
    calls = [
        f"line {node.lineno}"
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("print", "breakpoint", "input")
    ]
    assert calls == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_is_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_functions_are_short(path: Path) -> None:
    assert [f"{node.name}: {length(node)} lines" for node in functions(path) if length(node) > LONGEST_FUNCTION] == []


def test_most_functions_are_very_short() -> None:
    assert statistics.median(length(node) for path in MODULES for node in functions(path)) <= MEDIAN_FUNCTION


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_errors_are_neither_asserted_nor_swallowed(path: Path) -> None:
    found = [f"assert, line {node.lineno}" for node in ast.walk(TREES[path]) if isinstance(node, ast.Assert)]
    found += [
        f"bare except, line {n.lineno}"
        for n in ast.walk(TREES[path])
        if isinstance(n, ast.ExceptHandler) and n.type is None
    ]
    assert found == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_classes_only_inherit_what_gives_them_a_form(path: Path) -> None:
    """Exceptions; protocols, named tuples and enumerations; the models of YAML; the contracts of the collections."""
    inherited = {
        ast.unparse(base).split("[")[0]
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.ClassDef)
        for base in node.bases
    }
    assert {base for base in inherited - MAY_BE_INHERITED if not base.endswith("Error")} == set()


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_logger_has_the_name_of_its_module(path: Path) -> None:
    calls = [
        node
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "logging.getLogger"
    ]
    assert [ast.unparse(call) for call in calls if not call.args] == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_what_it_is(path: Path) -> None:
    assert (ast.get_docstring(TREES[path]) or "").strip()


def imported_by(code: str) -> set[str]:
    """The top-level modules loaded in a fresh interpreter after `code`."""
    listing = f"{code}\nimport sys\nprint(*sorted({{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, cwd=ROOT, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_importing_the_package_imports_nothing_heavy() -> None:
    assert imported_by("import chatbot").isdisjoint(LATE)


def test_a_warm_answer_needs_no_yaml_no_validation_no_screen() -> None:
    """With the compiled knowledge in the cache, and every word known."""
    code = "from chatbot import Chatbot\nChatbot.load().reply('je veux ma facture')"
    imported_by(code)
    assert imported_by(code).isdisjoint(LATE)


def test_every_public_name_is_there_and_nothing_else() -> None:
    assert sorted(chatbot.__all__) == chatbot.__all__
    assert all(getattr(chatbot, public) is not None for public in chatbot.__all__)
    assert set(chatbot.__all__) <= set(dir(chatbot))


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Nothing"):
        chatbot.Nothing  # noqa: B018


@pytest.mark.parametrize("public", chatbot.__all__)
def test_every_public_name_is_documented(public: str) -> None:
    assert (getattr(chatbot, public).__doc__ or "").strip()


def test_the_package_is_typed() -> None:
    assert (PACKAGE / "py.typed").is_file()
