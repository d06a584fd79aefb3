"""Packed: archives of the tests, and what they are opened to."""

import io
import tarfile
import zipfile
from pathlib import Path

from lastgood.decoding.input import Input
from lastgood.workbench.archives import unpacked

LINE = b'{"time": "2026-11-22T14:00:00Z", "level": "error", "msg": "payment failed"}\n'


def tar(members: dict[str, bytes], mode: str = "w") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            header = tarfile.TarInfo(name)
            header.size = len(content)
            header.mtime = 1_795_000_000
            archive.addfile(header, io.BytesIO(content))
    return file.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def opened(content: bytes, folder: Path, name: str = "bundle") -> list[Input]:
    """The inputs of an archive of these bytes."""
    place = folder / name
    place.write_bytes(content)
    return list(unpacked(Input(place, name), folder / f"spool{name.removeprefix('bundle')}"))
