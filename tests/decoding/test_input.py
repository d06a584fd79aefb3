"""Inputs and their compression."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from lastgood.decoding.input import HEAD, Input

TEXT = b"2026-11-20T12:00:00Z something happened\n" * 50


def zstandard(data: bytes) -> bytes:
    """Compressed by Zstandard."""
    out = pa.BufferOutputStream()
    with pa.CompressedOutputStream(out, "zstd") as stream:
        stream.write(data)
    return bytes(out.getvalue().to_pybytes())


def plain(data: bytes) -> bytes:
    """As it is."""
    return data


@pytest.mark.parametrize(
    "compress",
    [plain, gzip.compress, bz2.compress, lzma.compress, zstandard],
    ids=["plain", "gzip", "bzip2", "xz", "zstd"],
)
def test_compression_is_found_by_content(tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
    """The name of the file says nothing."""
    path = tmp_path / "something"
    path.write_bytes(compress(TEXT))

    for given in (Input(path, "something"), Input(None, "member", compress(TEXT))):
        with given.open() as stream:
            assert TEXT == stream.read()
        assert TEXT == given.head


def test_a_head_is_bounded(tmp_path: Path) -> None:
    """However large the file."""
    path = tmp_path / "large"
    path.write_bytes(b"x" * (HEAD + 1))

    assert HEAD == len(Input(path, "large").head)


def test_a_folder_has_no_head(tmp_path: Path) -> None:
    """Sources of whole folders look for themselves."""
    assert b"" == Input(tmp_path, "folder").head


def test_the_last_bytes_are_those_of_what_is_not_packed(tmp_path: Path) -> None:
    """To reach the end of an archive all of it would have to be unpacked."""
    path = tmp_path / "a.log"
    path.write_bytes(b"first\nlast\n")

    assert [b"last\n", b"first\nlast\n"] == [Input(path, path.name).tail(size) for size in (5, 100)]
    assert b"" == Input(None, "a.gz", gzip.compress(b"first\nlast\n")).tail(5)
    assert b"" == Input(tmp_path, "a folder").tail(5)
