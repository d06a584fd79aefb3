"""Archives: tar and zip files and support bundles, each member an input of its own.

A member is named `bundle.tar.gz!/path/in/it`. Members that are not plain files (links, devices), that lead
out (`..`, absolute paths) or would run as another user (setuid) are reported and not read. What one file may
unpack to is limited; archives inside archives are opened down to DEEPEST_ARCHIVE. What a limit leaves out is reported.
"""

import hashlib
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lastgood.decoding.input import UNREADABLE, Input
from lastgood.workbench.archive_limits import BROKEN, NotTakenError, Opening
from lastgood.workbench.tar_members import tar_members
from lastgood.workbench.zip_members import ZIP, zip_members

DEEPEST_ARCHIVE = 3


def unpacked(given: Input, spool: Path) -> Iterator[Input]:
    """The members of an archive as inputs; the input itself where it is none. Writes into `spool` only."""
    kind = _kind(given)
    if kind is None:
        yield given
        return
    spool.mkdir(mode=0o700)
    yield from _members(Opening(spool, _size(given)), given, kind, _origin(given), DEEPEST_ARCHIVE)


def _kind(given: Input) -> str | None:
    """`tar` or `zip`, by content."""
    if given.problem or given.is_folder:
        return None
    try:
        with given.open() as stream:
            head = stream.read(tarfile.BLOCKSIZE)
    except UNREADABLE:
        return None  # whoever reads it reports it
    if head.startswith(ZIP):
        return "zip"
    if len(head) == tarfile.BLOCKSIZE and head.strip(b"\0"):
        try:
            tarfile.TarInfo.frombuf(head, "utf-8", "replace")
        except tarfile.HeaderError:
            return None
        return "tar"
    return None


def _members(opening: Opening, given: Input, kind: str, origin: str, depth: int) -> Iterator[Input]:
    """The members in order; of several with one name the last, as when an archive is unpacked."""
    found: dict[str, Input] = {}
    problem = ""
    try:
        for member in (tar_members if kind == "tar" else zip_members)(given, opening):
            found.pop(member.name, None)
            inner = member.name.removeprefix(f"{given.name}!/")
            found[member.name] = replace(member, origin=f"{origin}!/{inner}")
    except NotTakenError as limit:
        problem = f"reading stopped after {len(found)} members: {limit}" if found else str(limit)
    except BROKEN as broken:
        problem = f"reading stopped after {len(found)} members: {broken}"
    if problem or not found:
        yield replace(given, problem=problem or "it is an archive without members")
    for member in found.values():
        yield from _inside(opening, member, depth)


def _inside(opening: Opening, member: Input, depth: int) -> Iterator[Input]:
    kind = _kind(member)
    if kind is None:
        yield member
    elif depth == 1:
        yield replace(member, problem=f"an archive inside {DEEPEST_ARCHIVE} others is not opened")
    else:
        yield from _members(opening, member, kind, member.origin, depth - 1)


def _size(given: Input) -> int:
    place = given.spool or given.path
    return place.stat().st_size if place else len(given.content or b"")


def _origin(given: Input) -> str:
    """What makes loading the same archive twice add nothing: its name, size and time of change."""
    if given.path is None:
        if given.origin or given.spool is None:
            return given.origin or given.name
        with given.spool.open("rb") as stream:
            return f"{given.name} {hashlib.file_digest(stream, 'blake2b').hexdigest()}"
    status = given.path.stat()
    return f"{given.path.resolve()} {status.st_size} {status.st_mtime_ns}"
