"""Diffs of settings files as `diff -u` writes them: what was changed in a crontab or a configuration, and when.

The time of the newer file, which is behind its name, is when it was changed. A diff without it has no time: it is not read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from lastgood.decoding.change import change
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import Rows
from lastgood.decoding.tables.entries import moment_of
from lastgood.decoding.text.whose import reference_for
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_TIME = r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [+-]\d{4})?)"
_NEWER = re.compile(rf"\+\+\+ (?P<file>.+?)\t{_TIME}\s*")
_OLDER = re.compile(r"--- .+?\t\d{4}-\d\d-\d\d .*")
_LARGEST = 1 << 20  # bytes


@dataclass(slots=True)
class _File:
    """One changed file: where its part begins, its newer name and time, and its lines."""

    place: int
    name: str
    time: str
    lines: list[str]


def recognise(given: Input) -> Claim | None:
    """The two lines with which a file's part of a diff begins, with times, at the very front."""
    lines = given.head[:8192].decode("utf-8", "replace").splitlines()[:6]
    for older, newer in pairwise(lines):
        if _OLDER.fullmatch(older) and _NEWER.fullmatch(newer):
            return Claim("diff of settings", 0.95, "it begins as diff -u does, with the times of the files")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each file, with its diff."""
    del claim
    reference, rows, events, rejects = reference_for(given, settings), Rows(), 0, 0
    with given.open() as stream:
        content, problem = read_whole(stream)
    lines = content[:_LARGEST].decode("utf-8", "replace").splitlines()
    for file in _files(lines):
        if not (time := moment_of(file.time, reference)):
            rejects += 1
            yield Reject(file.place, "its time is not understood", lines[file.place - 1][:REJECT_TEXT])
            continue
        added, taken = (sum(line.startswith(mark) for line in file.lines[2:]) for mark in "+-")
        made = change(
            "config", time, id=f"diff/{file.name}/{time}", title=f"{file.name}: {added} lines added, {taken} removed", files=[file.name],
            additions=added, deletions=taken, diff="\n".join(file.lines), source="diff",
        )  # fmt: skip
        rows.add(*made, file.place)
        events += 1
    yield from rows.rest()
    blanks = sum(not line.strip() for line in lines)
    yield Tally(len(lines), events, len(lines) - events - rejects - blanks, blanks)
    if rest := content[_LARGEST:]:
        yield Reject(
            len(lines) + 1,
            f"a diff is read up to {_LARGEST >> 20} MiB",
            rest[:REJECT_TEXT].decode("utf-8", "replace"),
        )
        yield Tally(lines=1)
    if problem is not None:
        raise problem


def _files(lines: list[str]) -> Iterator[_File]:
    current: _File | None = None
    for number, line in enumerate(lines, 1):
        newer = _NEWER.fullmatch(line)
        if newer:
            if current:
                current.lines.pop()  # the line of the older file of the next part
                yield current
            current = _File(number, newer["file"], newer["time"], [lines[number - 2], line])
        elif current:
            current.lines.append(line)
    if current:
        yield current


SOURCE = Source("settings_diffs", frozenset({Signal.CHANGES}), recognise, decode)
