"""Bodies of OTLP over HTTP: unpacked within bounds."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.surfaces.server.otlp_http import LARGEST_UNPACKED, RefusedError, unpacked


@given(st.binary(max_size=2000), st.binary(max_size=2000))
def test_gzip_of_one_or_several_members_is_unpacked(first: bytes, second: bytes) -> None:
    """As gzip itself does."""
    assert first == unpacked(gzip.compress(first))
    assert first + second == unpacked(gzip.compress(first) + gzip.compress(second))


@given(st.binary(max_size=200))
def test_what_is_no_gzip_is_refused(content: bytes) -> None:
    """With 400, whatever it is."""
    try:
        gzip.decompress(content)
    except (OSError, EOFError, zlib.error):
        with pytest.raises(RefusedError) as refused:
            unpacked(content)
        assert 400 == refused.value.status


@pytest.mark.slow
def test_a_bomb_is_refused_before_it_fills_the_memory() -> None:
    """A few kilobytes that unpack to more than is allowed."""
    with pytest.raises(RefusedError) as refused:
        unpacked(gzip.compress(bytes(LARGEST_UNPACKED + 1)))
    assert 413 == refused.value.status


def test_what_is_cut_off_is_refused() -> None:
    """Half a body is none."""
    with pytest.raises(RefusedError) as refused:
        unpacked(gzip.compress(b"x" * 1000)[:-9])
    assert 400 == refused.value.status
