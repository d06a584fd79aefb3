"""Unpacking, bounded whatever was sent."""

import gzip
import tracemalloc
from collections.abc import Iterator

import httpx
import pytest

from lastgood.outside.unpacking import unpacked


def answer(body: bytes, coding: str) -> httpx.Response:
    """Streamed in pieces of 64 KiB, as a socket gives them."""

    def pieces() -> Iterator[bytes]:
        for at in range(0, len(body), 65_536):
            yield body[at : at + 65_536]

    return httpx.Response(200, headers={"content-encoding": coding}, content=pieces())


@pytest.mark.parametrize("coding", ["gzip", "gzip, gzip"])
def test_a_bomb_is_not_unpacked_whole(coding: str) -> None:
    """Neither a piece of it nor one packed twice takes more memory than the bound."""
    bomb = gzip.compress(gzip.compress(bytes(64 << 20)) if "," in coding else bytes(64 << 20))
    tracemalloc.start()
    found = unpacked(answer(bomb, coding), 1 << 20)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(found) <= 1 << 20
    assert most < 8 << 20


def test_what_is_packed_is_unpacked_and_the_rest_is_as_it_came() -> None:
    """Of two members of gzip the first is read; what is no gzip is an error."""
    assert b"ok" == unpacked(answer(gzip.compress(b"ok"), "gzip"), 10)
    assert b"ok" == unpacked(answer(b"ok", ""), 10)
    assert b"o" == unpacked(answer(b"ok", ""), 1)
    with pytest.raises(httpx.DecodingError):
        unpacked(answer(b"none of it", "gzip"), 10)
