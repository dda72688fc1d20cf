"""The knowledge of a folder, or of a git revision of one, read into memory: nothing is checked out."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from chatbot.errors import UsageError, os_reason
from chatbot.knowledge.sources import FAQ, INTENTS, default_folder, read_folder


def sources_of(name: str, folder: str | Path | None = None) -> Mapping[str, bytes]:
    """The files of a folder if `name` is one, else those of `folder` (default: the shop's) at the git revision `name`."""
    if Path(name).is_dir():
        return read_folder(name)
    return _at_revision(name, Path(folder) if folder else default_folder())


def _at_revision(revision: str, folder: Path) -> dict[str, bytes]:
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise UsageError(f"« {revision} » n'est ni un dossier, ni une révision git de {folder}.")
    archive = _git(folder, "archive", "--format=tar", commit.decode().strip())
    if archive is None:
        raise UsageError(f"la révision « {revision} » ne peut pas être lue dans {folder}.")
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        members = [member for member in tar.getmembers() if member.isfile() and _belongs(member.name)]
        return {member.name: _content(tar, member) for member in members}


def _belongs(name: str) -> bool:
    path = PurePosixPath(name)
    return name == FAQ or (path.parent == PurePosixPath(INTENTS) and path.suffix in (".yaml", ".yml"))


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    extracted = tar.extractfile(member)
    return extracted.read() if extracted else b""


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What git prints, None when it fails or is not there."""
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)  # noqa: S603, S607
    except OSError as error:
        raise UsageError(f"git est introuvable ({os_reason(error)}) ; donnez deux dossiers.") from error
    return done.stdout if done.returncode == 0 else None
