"""Archives: tar and zip files and support bundles, each member an input of its own.

A member is named `bundle.tar.gz!/path/in/it`. It is put down in a private folder under a number, never under its
own name, so that nothing can be written elsewhere. Members that are not plain files (links, devices), that lead
out (`..`, absolute paths) or would run as another user (setuid) are reported and not read. What one file may
unpack to is limited: MOST_MEMBERS members, ARCHIVE_BYTES bytes, and MOST_RATIO times its own size once that is more
than FREE_BYTES; archives inside archives are opened down to DEEPEST_ARCHIVE. What a limit leaves out is reported.
"""

import hashlib
import os
import re
import stat
import tarfile
import zipfile
from calendar import timegm
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Self

from lastgood.decoding.input import UNREADABLE, Input
from lastgood.model.loading import Aside

MOST_MEMBERS = 50_000
ARCHIVE_BYTES = 4 << 30
FREE_BYTES = 256 << 20
MOST_RATIO = 250
MOST_HEADER = 1 << 20  # bytes of a long name or of extended headers of one member
DEEPEST_ARCHIVE = 3
PIECE = 1 << 16

_BROKEN = (*UNREADABLE, tarfile.TarError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PACKAGES = frozenset({"META-INF/MANIFEST.MF", "[Content_Types].xml"})  # programs and office documents
# What is older has no true time (archives made to be reproducible), nor has what is younger.
_TRUE_TIMES = (timegm((2000, 1, 1, 0, 0, 0)), timegm((2100, 1, 1, 0, 0, 0)))


def unpacked(given: Input, spool: Path) -> Iterator[Input]:
    """The members of an archive as inputs; the input itself where it is none. Writes into `spool` only."""
    kind = _kind(given)
    if kind is None:
        yield given
        return
    spool.mkdir(mode=0o700)
    yield from _Opening(spool, _size(given)).members(given, kind, _origin(given), DEEPEST_ARCHIVE)


def _kind(given: Input) -> str | None:
    """`tar` or `zip`, by content."""
    if given.problem or given.is_folder:
        return None
    try:
        with given.open() as stream:
            head = stream.read(tarfile.BLOCKSIZE)
    except UNREADABLE:
        return None  # whoever reads it reports it
    if head.startswith(_ZIP):
        return "zip"
    if len(head) == tarfile.BLOCKSIZE and head.strip(b"\0"):
        try:
            tarfile.TarInfo.frombuf(head, "utf-8", "replace")
        except tarfile.HeaderError:
            return None
        return "tar"
    return None


class _NotTakenError(Exception):
    """Nothing more is taken from an archive; the text says why."""


@dataclass
class _Opening:
    """One archive being unpacked, with those inside it, under the same limits."""

    spool: Path
    size: int
    _members: int = 0
    _bytes: int = 0
    _serial: int = 0

    def members(self, given: Input, kind: str, origin: str, depth: int) -> Iterator[Input]:
        """The members in order; of several with one name the last, as when an archive is unpacked."""
        found: dict[str, Input] = {}
        problem = ""
        try:
            for member in (_tar if kind == "tar" else _zip)(given, self):
                found.pop(member.name, None)
                inner = member.name.removeprefix(f"{given.name}!/")
                found[member.name] = replace(member, origin=f"{origin}!/{inner}")
        except _NotTakenError as limit:
            problem = f"reading stopped after {len(found)} members: {limit}" if found else str(limit)
        except _BROKEN as broken:
            problem = f"reading stopped after {len(found)} members: {broken}"
        if problem or not found:
            yield replace(given, problem=problem or "it is an archive without members")
        for member in found.values():
            yield from self._inside(member, depth)

    def _inside(self, member: Input, depth: int) -> Iterator[Input]:
        kind = _kind(member)
        if kind is None:
            yield member
        elif depth == 1:
            yield replace(member, problem=f"an archive inside {DEEPEST_ARCHIVE} others is not opened")
        else:
            yield from self.members(member, kind, member.origin, depth - 1)

    def counted(self) -> None:
        """Count a member."""
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise _NotTakenError(f"more than {MOST_MEMBERS} members are not read")

    def took(self, size: int) -> None:
        """Count unpacked bytes."""
        self._bytes += size
        if self._bytes > ARCHIVE_BYTES:
            raise _NotTakenError(f"more than {ARCHIVE_BYTES >> 30} GiB unpacked are not read")
        if self._bytes > max(FREE_BYTES, MOST_RATIO * self.size):
            raise _NotTakenError(f"it unpacks to more than {MOST_RATIO} times its size")

    def next_place(self) -> Path:
        """Where the next member goes."""
        self._serial += 1
        return self.spool / str(self._serial)

    def put_down(self, stream: IO[bytes], name: str, changed: float, *, place: Path, count: bool) -> Input:
        """A member's bytes in a file of the private folder."""
        with place.open("xb") as file:
            while piece := stream.read(PIECE):
                if count:
                    self.took(len(piece))
                file.write(piece)
        if _TRUE_TIMES[0] <= changed < _TRUE_TIMES[1]:
            os.utime(place, (changed, changed))
        return Input(None, name, spool=place)


def _tar(given: Input, opening: _Opening) -> Iterator[Input]:
    repositories: set[str] = set()
    with (
        given.open() as packed,
        _tar_stream(_Counted(packed, opening)) as archive,
    ):
        for member in archive:
            opening.counted()
            name = _named(given, member.name)
            if _hidden(member.name):
                yield from _repository(given, member.name, repositories)
            elif member.isdir():
                continue
            elif member.islnk():
                text = f"same file as {_named(given, member.linkname)}"
                yield Input(None, name, b"", problem=text, aside=Aside.SAME)
            elif why := _tar_refusal(member):
                yield Input(None, name, b"", problem=why, aside=Aside.MEMBER)
            elif (stream := archive.extractfile(member)) is not None:
                yield from _tar_member(stream, member, name, opening)


def _tar_stream(packed: "_Counted") -> tarfile.TarFile:
    return tarfile.open(fileobj=packed, mode="r|", tarinfo=_Header)  # type: ignore[call-overload,no-any-return]


def _tar_member(stream: IO[bytes], member: tarfile.TarInfo, name: str, opening: _Opening) -> Iterator[Input]:
    """A member's bytes; of one that breaks off those before the break."""
    place = opening.next_place()
    try:
        # A sparse member gives more than was read: its zeros count too.
        yield opening.put_down(stream, name, member.mtime, place=place, count=member.issparse())
    except (_NotTakenError, *_BROKEN):
        if place.exists() and place.stat().st_size:
            yield Input(None, name, spool=place)
        raise


def _tar_refusal(member: tarfile.TarInfo) -> str:
    if member.issym():
        return f"a link to {_text(member.linkname)}: not read"
    if not member.isreg():
        return "a device or pipe: not read"
    if member.mode & (stat.S_ISUID | stat.S_ISGID):
        return "it would run as another user (setuid): not read"
    return _leading_out(member.name)


def _zip(given: Input, opening: _Opening) -> Iterator[Input]:
    repositories: set[str] = set()
    with closing(_seekable(given, opening)) as file, zipfile.ZipFile(file) as archive:
        if not _PACKAGES.isdisjoint(archive.namelist()):
            raise _NotTakenError("a program or an office document: not opened")
        for member in archive.infolist():
            opening.counted()
            path = member.filename.replace("\\", "/")
            name = _named(given, path)
            if _hidden(path):
                yield from _repository(given, path, repositories)
            elif member.is_dir():
                continue
            elif why := _zip_refusal(member):
                yield Input(None, name, b"", problem=why, aside=Aside.MEMBER)
            elif member.flag_bits & 1:
                yield Input(None, name, b"", problem="it is encrypted")
            else:
                yield _zip_member(archive, member, name, opening)


def _zip_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, opening: _Opening) -> Input:
    """A member's bytes; one that is damaged costs only itself."""
    try:
        with archive.open(member) as stream:
            return opening.put_down(stream, name, _changed(member), place=opening.next_place(), count=True)
    except _BROKEN as broken:
        return Input(None, name, b"", problem=f"it cannot be read: {broken}")


def _changed(member: zipfile.ZipInfo) -> float:
    try:
        return timegm((*member.date_time, 0, 0, 0))
    except ValueError:  # no date: month and day are 0
        return 0.0


def _zip_refusal(member: zipfile.ZipInfo) -> str:
    mode = member.external_attr >> 16
    kind = stat.S_IFMT(mode)
    if kind == stat.S_IFLNK:
        return "a link: not read"
    if kind not in {0, stat.S_IFREG}:
        return "a device or pipe: not read"
    if mode & (stat.S_ISUID | stat.S_ISGID):
        return "it would run as another user (setuid): not read"
    return _leading_out(member.filename)


def _leading_out(name: str) -> str:
    parts = re.split(r"[/\\]", name)
    if not parts[0] or ".." in parts or re.match(r"[A-Za-z]:[/\\]", name):
        return "its path leads out of the archive: not read"
    return ""


def _seekable(given: Input, opening: _Opening) -> IO[bytes]:
    """The bytes of a zip file, which is read from its end."""
    place = given.spool or given.path
    if place is not None:
        raw = place.open("rb")
        if raw.read(4) in _ZIP:
            return raw
        raw.close()
    with given.open() as stream:
        place = opening.next_place()
        opening.put_down(stream, given.name, 0, place=place, count=True)
    return place.open("rb")


def _hidden(name: str) -> bool:
    """As in folders, what begins with a dot is not read; nor what macOS keeps beside each file."""
    return any((p.startswith(".") and p not in {".", ".."}) or p == "__MACOSX" for p in name.split("/"))


def _repository(given: Input, name: str, known: set[str]) -> Iterator[Input]:
    """One word about each git repository."""
    folder, mark, _ = f"/{name}/".partition("/.git/")
    if mark and folder not in known:
        known.add(folder)
        yield Input(
            None,
            _named(given, f"{folder}/.git".lstrip("/")),
            b"",
            problem="a git repository in an archive: unpack the archive to have its commits read",
            aside=Aside.MEMBER,
        )


def _named(given: Input, member: str) -> str:
    return f"{given.name}!/{_text(member).removeprefix('./').lstrip('/')}"


def _text(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


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


class _Header(tarfile.TarInfo):
    """A header whose names are short enough to be held in memory."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """The header in a block."""
        header = super().frombuf(buf, encoding, errors)
        extended = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE,
                    tarfile.SOLARIS_XHDTYPE)  # fmt: skip
        if header.type in extended and header.size > MOST_HEADER:
            raise _NotTakenError(f"a name or header of {header.size} bytes")
        return header


@dataclass
class _Counted:
    """A stream whose bytes count."""

    stream: IO[bytes]
    opening: _Opening

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        piece = self.stream.read(size)
        self.opening.took(len(piece))
        return piece
