"""A case as one file: its entries and everything they cite, out of one record and into another.

A zip archive: `entries.ndjson` has a line for each entry, as stored; `contents/` what they cite, by SHA-256;
`index.html` is for people, who need nothing but a browser.
"""

import zipfile
from dataclasses import asdict
from pathlib import Path

import msgspec
import orjson

from lastgood.config import Config
from lastgood.errors import RecordBrokenError, UsageError
from lastgood.incidents.chain import Line, digest, faults
from lastgood.incidents.record import open_record
from lastgood.model.clock import Clock
from lastgood.workbench.room import Room
from lastgood.workbench.verify_record import Anchor, contents_of

ENTRIES, CONTENTS, INDEX = "entries.ndjson", "contents/", "index.html"
MOST_BYTES = 2_000_000_000  # of what comes in, unpacked


def exported(room: Room, file: Path, index: str) -> None:
    """Write the case into a file, with a page about it.

    Raises:
        UsageError: the file cannot be written.
        RecordBrokenError: something that an entry cites is not what was kept.
    """
    lines = room.record.lines(room.number)
    cited = sorted({name for line in lines for name in contents_of(line)})
    try:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(ENTRIES, b"".join(orjson.dumps(asdict(line)) + b"\n" for line in lines))
            archive.writestr(INDEX, index)
            for name in cited:
                archive.writestr(f"{CONTENTS}{name}", room.record.kept(name))
    except OSError as problem:
        raise UsageError(f"{file} cannot be written: {problem.strerror}.") from problem


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
                raise UsageError(f"{file} holds more than {MOST_BYTES:,} bytes.")
            written = archive.read(ENTRIES).splitlines()
            names = [name for name in archive.namelist() if name.startswith(CONTENTS)]
            contents = [archive.read(name) for name in names]
        lines = tuple(msgspec.convert(orjson.loads(line), Line) for line in written)
    except (
        OSError,
        KeyError,
        zipfile.BadZipFile,
        orjson.JSONDecodeError,
        msgspec.ValidationError,
    ) as problem:
        raise UsageError(
            f"{file} is no case: {problem}.", hint="A case is what `lastgood incident export` wrote."
        ) from problem
    if not lines:
        raise UsageError(f"{file} is a case without entries.")
    return lines, contents
