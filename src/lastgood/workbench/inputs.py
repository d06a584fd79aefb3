"""Inputs: what is found under the paths that a person names: files, links, archives, streams."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from lastgood.decoding.input import Input
from lastgood.errors import NoDataError
from lastgood.workbench.archives import unpacked
from lastgood.workbench.sessions import sections
from lastgood.workbench.walk import Walk, unread

STANDARD_INPUT = "-"

_TERMINALS = frozenset({4, 5, *range(136, 144)})  # major numbers (kernel.org, admin-guide/devices)


def discover(paths: Iterable[Path], spool: Path, *, follow: bool = False) -> Iterator[Input]:
    """The inputs: files in name order, members of archives, and folders that a source reads whole.

    A stream can be read only once, so it is first put down in the folder `spool`, as are members of archives.
    What cannot be read is an input with its problem: one locked folder must not cost the others.

    Raises:
        NoDataError: a path does not exist.
    """
    named = tuple(paths)
    walk = Walk(tuple(os.path.realpath(path) for path in named if str(path) != STANDARD_INPUT), follow)
    for number, path in enumerate(named):
        if str(path) == STANDARD_INPUT:
            walk.keep(_put_down(sys.stdin.buffer, "<stdin>", spool / str(number)))
        elif not path.exists():
            raise NoDataError(
                f"There is no {path}.", hint="Name files or folders that exist, or - for standard input."
            )
        elif path.is_char_device() and not _is_stream(path):
            walk.keep(unread(path, "it is a device: not read"))
        elif path.is_fifo() or path.is_char_device():
            with path.open("rb") as stream:
                walk.keep(_put_down(stream, str(path), spool / str(number)))
        else:
            walk.under(path, folder_named(path, named))
    walk.linked_folders()
    for number, given in enumerate(walk.once()):
        for place, member in enumerate(unpacked(given, spool / f"unpacked-{number}")):
            yield from sections(member, spool / f"session-{number}-{place}")


def folder_named(path: Path, among: Iterable[Path]) -> Path:
    """The folder that a person named: the path itself; with files, the one that they all are in.

    Files of several folders are distinguished by these, so none counts as named: the empty path is returned.
    """
    if path.is_dir():
        return path
    folders = {one.parent for one in among if not one.is_dir()}
    return path.parent if len(folders) == 1 else Path()


def _put_down(stream: IO[bytes], name: str, place: Path) -> Input:
    with place.open("wb") as file:
        shutil.copyfileobj(stream, file, 1 << 20)
    return Input(None, name, spool=place)


def _is_stream(path: Path) -> bool:
    """Whether a device comes to an end: a terminal does, and what is empty; others, as /dev/zero, go on for ever."""
    number = path.stat().st_rdev
    return number == Path(os.devnull).stat().st_rdev or os.major(number) in _TERMINALS
