"""Whole files: written beside their place and moved there when they are complete, so that none is ever half there."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO

from lastgood.errors import CannotRunError, UsageError

# Whoever asks has to name another place; what else the system refuses is no mistake of theirs.
_MISTAKES = (FileNotFoundError, IsADirectoryError, NotADirectoryError)


@contextmanager
def whole_file(place: Path) -> Iterator[IO[bytes]]:
    """A file to write into. It is at its place, on disk, when the block ends well; else what was there stays.

    Raises:
        UsageError: no file can be there.
        CannotRunError: it cannot be written, such as on a full disk.
    """
    refuse_no_place(place)
    try:
        # A device or a pipe is written to, never replaced; so is a file in a folder that is not ours to write in.
        if _is_special(place) or not os.access(_target(place).parent, os.W_OK):
            with TemporaryFile() as file:
                yield file
                file.seek(0)
                with place.open("wb") as there:
                    shutil.copyfileobj(file, there)
        else:
            yield from _beside(_target(place))
    except OSError as problem:
        raise _refused(place, problem) from problem


def refuse_no_place(place: Path) -> None:
    """Refuse early, before any work, a place where no file can be.

    Raises:
        UsageError: it is a folder, or its folder is not there.
    """
    if place.is_dir():
        raise UsageError(f"{place} cannot be written: it is a folder.", hint="Name a file in it.")
    folder = _target(place).parent
    if not folder.is_dir():
        raise UsageError(
            f"{place} cannot be written: there is no folder {folder}.", hint="Create the folder first."
        )


def _beside(place: Path) -> Iterator[IO[bytes]]:
    mode = stat.S_IMODE(place.stat().st_mode) if place.exists() else 0o666 & ~_umask()
    with NamedTemporaryFile(dir=place.parent, prefix=".lastgood-", suffix=".part", delete=False) as file:
        try:
            yield file.file
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
            Path(file.name).replace(place)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _target(place: Path) -> Path:
    """The file itself, where the place is a link to it."""
    return place.resolve()


def _is_special(place: Path) -> bool:
    return place.exists() and not place.is_file()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _refused(place: Path, problem: OSError) -> UsageError | CannotRunError:
    kind = UsageError if isinstance(problem, _MISTAKES) else CannotRunError
    return kind(f"{place} cannot be written: {problem.strerror or problem}.")
