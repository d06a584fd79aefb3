"""Inputs: what is found under the paths that somebody names, standard input and pipes included."""

import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from lastgood.errors import NoDataError
from lastgood.intake._registry import Claim, Input, Source, best_claim
from lastgood.workbench.faults import fault_of

STANDARD_INPUT = "-"


def discover(paths: Iterable[Path], spool: Path) -> Iterator[Input]:
    """The inputs: files in name order, and folders that a source reads whole.

    A stream can be read only once, so it is first put down in the folder `spool`. What cannot be
    read is an input with its problem: one locked folder must not cost the others.

    Raises:
        NoDataError: a path does not exist.
    """
    for number, path in enumerate(paths):
        if str(path) == STANDARD_INPUT:
            yield _put_down(sys.stdin.buffer, "<stdin>", spool / str(number))
        elif not path.exists():
            raise NoDataError(
                f"There is no {path}.", hint="Name files or folders that exist, or - for standard input."
            )
        elif path.is_fifo() or path.is_char_device():
            with path.open("rb") as stream:
                yield _put_down(stream, str(path), spool / str(number))
        else:
            yield from _under(path)


def _put_down(stream: IO[bytes], name: str, place: Path) -> Input:
    with place.open("wb") as file:
        shutil.copyfileobj(stream, file, 1 << 20)
    return Input(None, name, spool=place)


def _under(path: Path, *, named: bool = True, covered: frozenset[Path] = frozenset()) -> Iterator[Input]:
    try:
        if path.is_dir():
            children = sorted(child for child in path.iterdir() if not child.name.startswith("."))
        elif path.is_file():
            if path not in covered:
                yield Input(path, str(path))
            return
        else:
            yield Input(path, str(path), problem="it is neither a file nor a folder, or leads nowhere")
            return
    except OSError as problem:
        yield Input(path, str(path), problem=f"it cannot be read: {problem.strerror}")
        return
    chosen, unread = _claim(Input(path, str(path)))
    yield from unread
    if chosen is not None:
        yield Input(path, str(path))
        if chosen[0].covers is not None and not named:
            # A repository beside the telemetry: the samples of its tests are nobody's incident. One
            # that was named itself may well hold the telemetry.
            covered |= chosen[0].covers(path)
    for child in children:
        yield from _under(child, named=False, covered=covered)


def _claim(folder: Input) -> tuple[tuple[Source, Claim] | None, tuple[Input, ...]]:
    """The source that reads a folder whole; and the folder as an input with its problem when that cannot be found out."""
    try:
        return best_claim(folder), ()
    except Exception as fault:  # noqa: BLE001 - the files in it may be read all the same
        return None, (replace(folder, problem=fault_of(fault)),)
