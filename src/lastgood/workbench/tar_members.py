"""Tar members: what a tar file holds, read as a stream."""

import stat
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Self

from lastgood.decoding.input import Input
from lastgood.model.loading import Aside
from lastgood.workbench.archive_limits import BROKEN, NotTakenError, Opening
from lastgood.workbench.archive_names import hidden, leading_out, named, repository, shown

MOST_HEADER = 1 << 20  # bytes of a long name or of extended headers of one member


def tar_members(given: Input, opening: Opening) -> Iterator[Input]:
    """The members in their order, each put down or with the reason why it is not read.

    Raises:
        NotTakenError: a limit is reached.
        TarError: the archive is damaged; the members before that were given.
    """
    repositories: set[str] = set()
    with (
        given.open() as packed,
        _tar_stream(_Counted(packed, opening)) as archive,
    ):
        for member in archive:
            opening.counted()
            name = named(given, member.name)
            if hidden(member.name):
                yield from repository(given, member.name, repositories)
            elif member.isdir():
                continue
            elif member.islnk():
                text = f"same file as {named(given, member.linkname)}"
                yield Input(None, name, b"", problem=text, aside=Aside.SAME)
            elif why := _tar_refusal(member):
                yield Input(None, name, b"", problem=why, aside=Aside.MEMBER)
            elif (stream := archive.extractfile(member)) is not None:
                yield from _tar_member(stream, member, name, opening)


def _tar_stream(packed: "_Counted") -> tarfile.TarFile:
    return tarfile.open(fileobj=packed, mode="r|", tarinfo=_Header)  # type: ignore[call-overload,no-any-return]


def _tar_member(stream: IO[bytes], member: tarfile.TarInfo, name: str, opening: Opening) -> Iterator[Input]:
    """A member's bytes; of one that breaks off those before the break."""
    place = opening.next_place()
    try:
        # A sparse member gives more than was read: its zeros count too.
        yield opening.put_down(stream, name, member.mtime, place=place, count=member.issparse())
    except (NotTakenError, *BROKEN):
        if place.exists() and place.stat().st_size:
            yield Input(None, name, spool=place)
        raise


def _tar_refusal(member: tarfile.TarInfo) -> str:
    if member.issym():
        return f"a link to {shown(member.linkname)}: not read"
    if not member.isreg():
        return "a device or pipe: not read"
    if member.mode & (stat.S_ISUID | stat.S_ISGID):
        return "it would run as another user (setuid): not read"
    return leading_out(member.name)


class _Header(tarfile.TarInfo):
    """A header whose names are short enough to be held in memory."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """The header in a block."""
        header = super().frombuf(buf, encoding, errors)
        extended = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE,
                    tarfile.SOLARIS_XHDTYPE)  # fmt: skip
        if header.type in extended and header.size > MOST_HEADER:
            raise NotTakenError(f"a name or header of {header.size} bytes")
        return header


@dataclass
class _Counted:
    """A stream whose bytes count."""

    stream: IO[bytes]
    opening: Opening

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        piece = self.stream.read(size)
        self.opening.took(len(piece))
        return piece
