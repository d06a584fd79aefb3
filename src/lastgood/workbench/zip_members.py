"""Zip members: what a zip file holds, by the directory at its end."""

import stat
import zipfile
from calendar import timegm
from collections.abc import Iterator
from contextlib import closing
from typing import IO

from lastgood.decoding.input import Input
from lastgood.model.loading import Aside
from lastgood.workbench.archive_limits import BROKEN, NotTakenError, Opening
from lastgood.workbench.archive_names import hidden, leading_out, named, repository

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PACKAGES = frozenset({"META-INF/MANIFEST.MF", "[Content_Types].xml"})  # programs and office documents


def zip_members(given: Input, opening: Opening) -> Iterator[Input]:
    """The members in their order, each put down or with the reason why it is not read.

    Raises:
        NotTakenError: a limit is reached, or it is a program or a document.
        BadZipFile: its directory cannot be read.
    """
    repositories: set[str] = set()
    with closing(_seekable(given, opening)) as file, zipfile.ZipFile(file) as archive:
        if not _PACKAGES.isdisjoint(archive.namelist()):
            raise NotTakenError("a program or an office document: not opened")
        for member in archive.infolist():
            opening.counted()
            path = member.filename.replace("\\", "/")
            name = named(given, path)
            if hidden(path):
                yield from repository(given, path, repositories)
            elif member.is_dir():
                continue
            elif why := _zip_refusal(member):
                yield Input(None, name, b"", problem=why, aside=Aside.MEMBER)
            elif member.flag_bits & 1:
                yield Input(None, name, b"", problem="it is encrypted")
            else:
                yield _zip_member(archive, member, name, opening)


def _zip_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, opening: Opening) -> Input:
    """A member's bytes; one that is damaged costs only itself."""
    try:
        with archive.open(member) as stream:
            return opening.put_down(stream, name, _changed(member), place=opening.next_place(), count=True)
    except BROKEN as broken:
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
    return leading_out(member.filename)


def _seekable(given: Input, opening: Opening) -> IO[bytes]:
    """The bytes of a zip file, which is read from its end."""
    place = given.spool or given.path
    if place is not None:
        raw = place.open("rb")
        if raw.read(4) in ZIP:
            return raw
        raw.close()
    with given.open() as stream:
        place = opening.next_place()
        opening.put_down(stream, given.name, 0, place=place, count=True)
    return place.open("rb")
