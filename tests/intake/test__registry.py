"""Inputs, their compression, and who claims them."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pyarrow as pa
import pytest
from hypothesis import strategies as st

from intake.seeds import SEEDS, spoiled
from lastgood.intake._registry import HEAD, Input, best_claim, sources
from outcomes import outcome

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


def test_nobody_claims_random_bytes() -> None:
    """Better no source than a wrong one."""
    assert best_claim(Input(None, "noise", bytes(range(256)) * 8)) is None


def test_every_source_stands_an_empty_input() -> None:
    """Recognising never fails."""
    assert [] == [s.name for s in sources() if not s.folders and s.recognise(Input(None, "empty", b""))]


@hypothesis.given(st.integers(0, 10**9))
def test_no_mishap_of_an_input_escapes_its_source(seed: int) -> None:
    """Cut off, flipped, nested, huge numbers, odd bytes: rejects, and an account that adds up."""
    name, content = spoiled(seed)
    claim = best_claim(Input(None, name, SEEDS[name]))
    if claim is not None:
        assert outcome(content, name, by=claim).balanced


@pytest.mark.parametrize("name", SEEDS)
def test_every_seed_is_an_input(name: str) -> None:
    """Else spoiling it would test nothing."""
    found = outcome(SEEDS[name], f"{name}.crontab" if name == "crontab" else name)

    assert found.balanced
    assert 0 < found.tally[1]
    assert [] == found.rejects
