"""Files written whole or not at all, and what is said when one cannot be read or written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EISDIR
from os import strerror
from pathlib import Path

from chatbot.errors import UsageError, os_reason


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """A path to write to, beside the target, renamed to it at the end: whoever finds the target finds all of it.

    The target may be the file that is read. When anything goes wrong, it stays as it was. A link stays a link: what it
    points to is written. A device or a pipe is no file to put another in place of: it is written to as it comes.
    """
    if target.is_symlink():
        target = target.resolve()
    if target.is_dir():
        raise IsADirectoryError(EISDIR, strerror(EISDIR), str(target))
    if target.exists() and not target.is_file():
        yield target
        return
    beside = target.with_name(target.name + ".partial")
    try:
        yield beside
        beside.replace(target)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


@contextmanager
def translated_errors(*paths: Path) -> Iterator[None]:
    """What the system says of a file becomes one French line; `paths` are the files it may be about."""
    try:
        yield
    except BrokenPipeError:
        raise
    except FileNotFoundError as error:
        missing = _named(error, paths)
        if not missing.parent.exists():
            missing = missing.parent
        raise UsageError(f"« {missing} » n'existe pas.") from None
    except IsADirectoryError as error:
        raise UsageError(f"« {_named(error, paths)} » est un dossier ; donnez un fichier.") from None
    except PermissionError as error:
        raise UsageError(f"« {_named(error, paths)} » : accès refusé ; vérifiez les droits.") from None
    except OSError as error:
        if not error.filename:
            # Perhaps not about a file of ours, but about the output, say.
            raise
        raise UsageError(f"« {_named(error, paths)} » : {os_reason(error)}.") from None


def _named(error: OSError, paths: tuple[Path, ...]) -> Path:
    """The file the user named: libraries leave the name out, and the one beside the target is ours."""
    name = str(error.filename or next((path for path in paths if not path.exists()), paths[0]))
    return Path(name.removesuffix(".partial"))
