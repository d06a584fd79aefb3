"""Small texts are laid out alike where they differ in words and numbers only."""

from time import process_time

import pytest

from lastgood.decoding.text.layout import MOST_LINES, SMALLEST, layout

LINE = b"2026-11-20T12:00:00.100Z INFO checkout: order 1 took 31 ms\n"


@pytest.mark.parametrize(
    "other",
    [
        b"2026-11-20T12:00:07.455Z INFO checkout: order 2 took 17 ms\n",
        b"2026-11-21T23:59:59.999Z INFO checkout: cart of user emptied again\n",
    ],
)
def test_words_and_numbers_of_a_message_are_no_part_of_it(other: bytes) -> None:
    """Other values and other prose are the same layout."""
    assert layout(LINE) == layout(other)


@pytest.mark.parametrize(
    "other",
    [
        LINE.replace(b"INFO", b"ERROR"),
        LINE.replace(b"checkout:", b"payments:"),
        LINE.replace(b"12:00:00", b"12.00.00"),
        LINE.replace(b".100Z", b".1Z"),
        LINE + b"  at com.example.Shop\n",
        b'{"time":"2026-11-20T12:00:00.100Z","level":"INFO"}\n',
    ],
)
def test_what_a_format_is_known_by_is_a_part_of_it(other: bytes) -> None:
    """Another level, name before a colon, mark, number of digits or line is another layout."""
    assert layout(LINE) != layout(other)


def test_names_of_fields_are_a_part_of_it() -> None:
    """Objects with other keys mean something else."""
    assert layout(b'{"time":"a b c","took":3}') != layout(b'{"time":"a b c","size":3}')


@pytest.mark.parametrize("text", [b"", LINE * (MOST_LINES + 1), b"x" * SMALLEST])
def test_only_small_texts_have_one(text: bytes) -> None:
    """Of nothing, of many lines and of many bytes there is none."""
    assert layout(text) is None


@pytest.mark.slow
@pytest.mark.parametrize("run", [b"03b7", b"a1", b"x.y/", b"0"])
def test_a_long_run_takes_no_longer_than_others(run: bytes) -> None:
    """As hashes and paths may be; a search that goes back and forth would take hours."""
    begin = process_time()
    layout((run * SMALLEST)[: SMALLEST - 2] + b"#")
    assert process_time() - begin < 2
