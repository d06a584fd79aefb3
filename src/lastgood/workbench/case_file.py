"""A case as one file: its entries and everything they cite, out of one record and into another.

A zip archive: `entries.ndjson` has a line for each entry, as stored; `contents/` what they cite, by SHA-256;
`index.html` is for people, who need nothing but a browser.
"""

import lzma
import struct
import zipfile
import zlib
from dataclasses import asdict
from pathlib import Path

import msgspec
import orjson

from lastgood.algorithms.json_text import json_text
from lastgood.config import Config
from lastgood.errors import RecordBrokenError, UsageError
from lastgood.incidents.chain import Line, digest, faults
from lastgood.incidents.record import open_record
from lastgood.model.clock import Clock
from lastgood.workbench.room import Room
from lastgood.workbench.verify_record import Anchor, contents_of
from lastgood.workbench.whole_file import whole_file

ENTRIES, CONTENTS, INDEX = "entries.ndjson", "contents/", "index.html"
MOST_BYTES = 256 * 1024 * 1024  # of what comes in, unpacked: all of it is held in memory until it is checked
# What a damaged, encrypted or oddly packed archive raises, and entries that are not ours.
_NO_CASE = (
    OSError,
    EOFError,
    KeyError,
    ValueError,  # JSON, and names that are no text
    RuntimeError,  # encryption; methods of packing that are not known
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    msgspec.ValidationError,
)


def exported(room: Room, file: Path, index: str) -> None:
    """Write the case into a file, with a page about it.

    Raises:
        UsageError: no file can be there.
        CannotRunError: it cannot be written.
        RecordBrokenError: something that an entry cites is not what was kept.
    """
    lines = room.record.lines(room.number)
    cited = sorted({name for line in lines for name in contents_of(line)})
    with whole_file(file) as place, zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(ENTRIES, b"".join(json_text(asdict(line)) + b"\n" for line in lines))
        archive.writestr(INDEX, index)
        for name in cited:
            archive.writestr(f"{CONTENTS}{name}", room.record.kept(name))


def imported(config: Config, clock: Clock, file: Path) -> int:
    """The number that the case of a file has in this record; what is here already is not written again.

    Raises:
        UsageError: the file is no case, or a different course of a case that is here.
        RecordBrokenError: the case is not what was exported; names the entry.
    """
    lines, contents = _read(file)
    if problem := next(faults(lines), None):
        raise RecordBrokenError(f"Entry {problem.sequence} of {file}: {problem.problem}.")
    missing = {name for line in lines for name in contents_of(line)} - {digest(one) for one in contents}
    if missing:
        raise RecordBrokenError(f"{file} lacks or has changed the content {min(missing)}.")
    with open_record(config.record, clock) as record:
        for content in contents:
            record.keep(content)
        return record.adopt(lines)


def anchors_of(file: Path) -> tuple[Anchor, ...]:
    """The last entry of an exported case, as an anchor of the record that it was exported from: it covers all before.

    Raises:
        UsageError: the file is no case.
        RecordBrokenError: the case is not what was exported; names the entry.
    """
    lines, _ = _read(file)
    if problem := next(faults(lines), None):
        raise RecordBrokenError(f"Entry {problem.sequence} of {file}: {problem.problem}.")
    return tuple(Anchor(line.hash, line.sequence) for line in lines[-1:])


def _read(file: Path) -> tuple[tuple[Line, ...], list[bytes]]:
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                raise UsageError(f"{file} holds more than {MOST_BYTES >> 20} MiB once unpacked.")
            written = archive.read(ENTRIES).splitlines()
            names = [name for name in archive.namelist() if name.startswith(CONTENTS)]
            contents = [archive.read(name) for name in names]
        lines = tuple(msgspec.convert(orjson.loads(line), Line) for line in written)
    except _NO_CASE as problem:
        raise UsageError(
            f"{file} is not a case file: {problem}.", hint="A case is what `lastgood incident export` wrote."
        ) from problem
    if not lines:
        raise UsageError(f"{file} is a case without entries.")
    return lines, contents
