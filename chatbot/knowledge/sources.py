"""Where a knowledge base's files are, and the version of their content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from chatbot.errors import Fault, KnowledgeError, os_reason

FAQ = "faq.yaml"
INTENTS = "intents"
ENVIRONMENT = "CHATBOT_KB"
# A file larger than this is not a knowledge file someone wrote; in bytes.
_LARGEST = 32 * 1024 * 1024


def default_folder() -> Path:
    """The folder used when none is named: CHATBOT_KB, else the copy in the installed package, else the checkout."""
    named = os.environ.get(ENVIRONMENT)
    if named:
        return Path(named)
    # An editable install may leave a stale packaged copy elsewhere: only this file's own neighbours count.
    packaged = Path(__file__).resolve().parents[1] / "shipped"
    return packaged if (packaged / FAQ).is_file() else Path(__file__).resolve().parents[2]


def read_folder(path: str | Path | None = None) -> dict[str, bytes]:
    """faq.yaml and intents/*.yaml of a folder, relative path -> content; KnowledgeError when it is no such folder."""
    folder = Path(path) if path is not None else default_folder()
    if not folder.is_dir():
        message = "ce dossier n'existe pas ; donnez celui qui contient faq.yaml et intents/."
        raise KnowledgeError([Fault(str(folder), 1, message, "absent")])
    files = [file for file in (folder / FAQ, *_listed(folder / INTENTS)) if file.exists()]
    if not files:
        message = "ni faq.yaml ni intents/*.yaml dans ce dossier ; donnez celui d'une boutique."
        raise KnowledgeError([Fault(str(folder), 1, message, "absent")])
    return {file.relative_to(folder).as_posix(): _content(file) for file in files}


def _listed(folder: Path) -> list[Path]:
    """The YAML files of a folder, sorted, hidden ones left out; none where there is no folder."""
    try:
        files = folder.iterdir() if folder.is_dir() else ()
        return sorted(f for f in files if f.suffix in (".yaml", ".yml") and not f.name.startswith("."))
    except OSError as error:
        message = f"dossier illisible ({os_reason(error)}) ; vérifiez ses droits."
        raise KnowledgeError([Fault(str(folder), 1, message, "lecture")]) from error


def _content(file: Path) -> bytes:
    if not file.is_file():
        raise KnowledgeError([Fault(str(file), 1, "ce n'est pas un fichier ; retirez-le ou renommez-le.", "lecture")])
    try:
        if file.stat().st_size > _LARGEST:
            raise KnowledgeError([Fault(str(file), 1, "fichier de plus de 32 Mo ; répartissez-le.", "taille")])
        return file.read_bytes()
    except OSError as error:
        message = f"fichier illisible ({os_reason(error)}) ; vérifiez ses droits."
        raise KnowledgeError([Fault(str(file), 1, message, "lecture")]) from error


def version_of(sources: Mapping[str, bytes]) -> str:
    """The first 12 hex digits of the SHA-256 of names and contents; line ends do not count, nor does file order."""
    digest = hashlib.sha256()
    for name in sorted(sources):
        digest.update(name.encode() + b"\0" + sources[name].replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:12]
