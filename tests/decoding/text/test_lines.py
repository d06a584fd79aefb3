"""Lines: whole and clean, whatever the bytes and however they arrive."""

import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.decoding.input import Input
from lastgood.decoding.text.lines import LINE_LIMIT, block_of, blocks, clean, is_binary, valid

PIECES = [
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff",
    b"\xc3\xa4",
    b"\x1b[31m",
    b"\x1b]0;t\x07",
    b"ab",
    b" ",
    b"\xe2\x82",
    b"\r",
]


def lines_of(content: bytes, size: int) -> list[bytes]:
    """Every line, with its newline."""
    return [line for block in blocks(io.BytesIO(content), size) for line in block.lines.to_pylist()]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join), st.integers(1, 40))
def test_the_size_of_the_reads_changes_nothing(content: bytes, size: int) -> None:
    """And every line is valid UTF-8."""
    assert lines_of(content, 1 << 20) == lines_of(content, size)
    for line in lines_of(content, size):
        line.decode()


@given(st.binary(max_size=300))
def test_no_line_is_lost(content: bytes) -> None:
    """As many lines as newlines, one more where the last has none."""
    text = content.removeprefix(b"\xef\xbb\xbf")
    if not text.startswith((b"\xff\xfe", b"\xfe\xff")):
        expected = text.count(b"\n") + (not text.endswith(b"\n") and text.strip(b"\0") != b"")
        assert expected >= len(lines_of(content, 16)) >= text.count(b"\n")


def test_colours_nulls_and_carriage_returns_go() -> None:
    """The text stays."""
    assert b"red\nplain\n" == clean(b"\x1b[1;31mred\x1b[0m\0\r\nplain\r\n")


def test_a_broken_sequence_is_replaced() -> None:
    """And nothing around it."""
    assert "a\ufffdb\nc".encode() == valid(b"a\xffb\nc")


@pytest.mark.parametrize("size", [100_000, 1 << 25])
def test_a_line_of_ten_megabytes_is_cut_and_says_so(size: int) -> None:
    """The lines around it stay whole."""
    first, cut, last = lines_of(b"a\n" + b"x" * 10_000_000 + b"\nb\n", size)

    assert (b"a\n", b"b\n") == (first, last)
    assert f"[{10_000_000 - LINE_LIMIT} more bytes of this line were cut]\n".encode() in cut
    assert LINE_LIMIT + 100 > len(cut)


def test_utf_16_is_read() -> None:
    """As some Windows programs write it."""
    assert ["ä\n".encode(), b"b\n"] == lines_of("ä\nb\n".encode("utf-16"), 1 << 20)


def test_what_came_before_the_break_of_an_archive_stays() -> None:
    """Then the reader is informed."""
    whole = b"".join(b"line %d %d\n" % (n, n * n * 7919) for n in range(5000))
    cut = Input(None, "x.gz", gzip.compress(whole)[:-2000]).open()
    read: list[bytes] = []
    with pytest.raises(OSError, match="cut off"):
        read.extend(line for block in blocks(cut, 1 << 20) for line in block.lines.to_pylist())
    assert whole.startswith(b"".join(read[:-1]))
    assert len(read) > 1000


def test_binary_is_reported_from_text() -> None:
    """Text with a few odd bytes is text."""
    assert is_binary(bytes(range(256)))
    assert is_binary(b"\x7fELF" + b"\0" * 5000)
    assert not is_binary(b"2026-11-22 \x1b[31mred\x1b[0m \xff text of a log line\n" * 5)
    assert not is_binary("Grüße".encode("utf-16"))


def test_a_block_knows_its_lines() -> None:
    """Their numbers, their text, and a newline where the last one had none."""
    block = block_of(b"a\nbb\nc", 7)

    assert (3, 7) == (len(block), block.first)
    assert b"bb\nc" == block.text(1, 3)
