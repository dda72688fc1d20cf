"""The cache of compiled knowledge bases: keyed by content and by this code, safe to delete at any time.

A file that is missing, damaged or of another version is simply made again; a folder that cannot be written is no fault.
CHATBOT_CACHE names another folder; set to nothing, it turns the cache off.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import re
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, overload

from chatbot.knowledge.model import Answer, Contact, Expression, FollowUp, Intent, KnowledgeBase, Phrasing, Role
from chatbot.knowledge.sources import read_folder, version_of
from chatbot.matching.compiled import Compiled, without_garbage_collection

ENVIRONMENT = "CHATBOT_CACHE"
_KEPT = 8
# Bytes of the checksum before the content: it finds damage, which is all that can happen to our own file.
_CHECK = 4

# The names of our files: what else lies in the folder is somebody's.
_OURS = re.compile(r"[0-9a-f]{12}-[0-9a-f]{12}[a-z-]*\.bin")
# What a file of ours that another hand or a later version wrote may lead to.
_NO_CACHE_OF_OURS = (EOFError, ValueError, TypeError, KeyError, IndexError, AttributeError)


def load_compiled(path: str | Path | None = None) -> tuple[KnowledgeBase, Compiled]:
    """The knowledge base of a folder and its compiled form, from the cache if it holds this very content."""
    sources = read_folder(path)
    version = version_of(sources)
    packed = recall("", version)
    if packed is not None:
        with suppress(*_NO_CACHE_OF_OURS):
            cached = Compiled(*packed["compiled"])
            return _knowledge(packed["knowledge"], cached), cached
    with without_garbage_collection():
        from chatbot.knowledge.loader import build
        from chatbot.matching.compiler import compile_knowledge

        knowledge = build(sources)
        compiled = compile_knowledge(knowledge)
    if cache_folder():
        remember("", version, {"knowledge": _packed(knowledge), "compiled": tuple(compiled)})
    return knowledge, compiled


def recall(kind: str, version: str) -> Any | None:
    """What `remember` kept under this kind for this version of a knowledge base; None when that is not there."""
    file = _file(kind, version)
    if file is None:
        return None
    try:
        content = file.read_bytes()
    except OSError:
        return None
    check, body = content[:_CHECK], memoryview(content)[_CHECK:]
    if not body or zlib.crc32(body).to_bytes(_CHECK, "big") != check:
        _say("damaged cache file %s: made again", file.name)
        return None
    with suppress(OSError):
        # The latest used are kept, not the latest made.
        os.utime(file)
    with without_garbage_collection(), suppress(*_NO_CACHE_OF_OURS):
        return marshal.loads(body)  # noqa: S302 (our own file, checked above)
    _say("damaged cache file %s: made again", file.name)
    return None


def remember(kind: str, version: str, value: Any) -> None:
    """Keeps plain values (what `marshal` takes) for `recall`; a cache that is off or cannot be written is no fault."""
    file = _file(kind, version)
    if file is None:
        return
    body = marshal.dumps(value)
    # Of this process and this thread: another may write the same file.
    beside = file.with_suffix(f".{os.getpid()}.{os.urandom(4).hex()}.tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Written beside and renamed, so that a reader sees all or nothing; then the oldest are forgotten.
        beside.write_bytes(zlib.crc32(body).to_bytes(_CHECK, "big") + body)
        beside.replace(file)
        ours = [one for one in file.parent.iterdir() if _OURS.fullmatch(one.name)]
        for old in sorted(ours, key=_last_used)[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        _say("the cache cannot be written (%s); the next start compiles again", error.strerror or "")


def _last_used(file: Path) -> float:
    with suppress(OSError):
        return file.stat().st_mtime
    return 0.0


def _file(kind: str, version: str) -> Path | None:
    folder = cache_folder()
    return folder / f"{version}-{_code_version()}{kind}.bin" if folder else None


def cache_folder() -> Path | None:
    """Where compiled knowledge is kept, None when the cache is off."""
    named = os.environ.get(ENVIRONMENT)
    if named is not None:
        return Path(named).expanduser() if named else None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return Path(base) / "chatbot" / "cache" if base else None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "chatbot"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "chatbot"


@lru_cache(1)
def _code_version() -> str:
    """A digest of the code and language data that make a compiled knowledge base, and of the Python that packs it."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(f"{sys.version_info[:2]}{marshal.version}{sys.byteorder}".encode())
    for room in ("knowledge", "language", "matching"):
        for file in sorted((root / room).rglob("*")):
            if file.suffix in (".py", ".yaml", ".txt"):
                digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]


class _Intents(Mapping[str, Intent]):
    """The intents of a cached knowledge base, unpacked on first look: answering a question never needs them."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed

    @cached_property
    def _all(self) -> dict[str, Intent]:
        return {
            name: Intent(
                name, Role(role), tuple(map(Phrasing._make, phrasings)), tuple(map(Phrasing._make, counter)),
                required, excluded, path,
            )
            for name, role, phrasings, counter, required, excluded, path in marshal.loads(self._packed)  # noqa: S302
        }  # fmt: skip

    def __getitem__(self, name: str) -> Intent:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


class _Lexicon(Sequence[Expression]):
    """The lexicon of a cached knowledge base, unpacked on first look."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed

    @cached_property
    def _all(self) -> tuple[Expression, ...]:
        return tuple(map(Expression._make, marshal.loads(self._packed)))  # noqa: S302

    @overload
    def __getitem__(self, index: int) -> Expression: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Expression]: ...
    def __getitem__(self, index: int | slice) -> Expression | Sequence[Expression]:
        return self._all[index]

    def __len__(self) -> int:
        return len(self._all)

    def __eq__(self, other: object) -> bool:
        """Equal to any sequence of the same expressions, from the cache or not."""
        return self._all == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._all)


def _packed(knowledge: KnowledgeBase) -> dict[str, Any]:
    intents = [
        (
            i.id,
            str(i.role),
            [tuple(p) for p in i.phrasings],
            [tuple(p) for p in i.counter_examples],
            i.required,
            i.excluded,
            i.path,
        )
        for i in knowledge.intents.values()
    ]
    return {
        "shop": knowledge.shop,
        "contact": tuple(knowledge.contact),
        "heading": knowledge.heading,
        "answers": [
            (*a[:1], str(a.role), *a[2:-1], tuple(map(tuple, a.follow_ups))) for a in knowledge.answers.values()
        ],
        "messages": dict(knowledge.messages),
        "intents": marshal.dumps(intents),
        "lexicon": marshal.dumps([tuple(e) for e in knowledge.lexicon]),
        "abbreviations": dict(knowledge.abbreviations),
        "thresholds": dict(knowledge.thresholds),
    }


def _knowledge(packed: Mapping[str, Any], compiled: Compiled) -> KnowledgeBase:
    answers = (Answer(*fields) for fields in packed["answers"])
    return KnowledgeBase(
        shop=packed["shop"],
        contact=Contact(*packed["contact"]),
        heading=packed["heading"],
        answers={
            a.intent: a._replace(role=Role(a.role), follow_ups=tuple(map(FollowUp._make, a.follow_ups)))
            for a in answers
        },
        messages=packed["messages"],
        intents=_Intents(packed["intents"]),
        lexicon=_Lexicon(packed["lexicon"]),
        abbreviations=packed["abbreviations"],
        thresholds=packed["thresholds"],
        version=compiled.version,
    )


def _say(message: str, detail: str) -> None:
    """Logs what went wrong with the cache; imported here, since it almost never does and logging costs 4 ms."""
    import logging

    logging.getLogger(__name__).warning(message, detail)
