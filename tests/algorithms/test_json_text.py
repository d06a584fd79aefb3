"""JSON text: whatever a parser took can be written, and means the same when it is read again."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.json_text import json_text

ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(ODD, st.sampled_from([0, 1, 253, 254, 255, 600]))
def test_what_is_read_again_is_what_was_written(value: Any, depth: int) -> None:
    """Integers of any length at any depth, which the fast writer refuses."""
    nested = value
    for level in range(depth):
        nested = [nested] if level % 2 else {"a": nested}

    written = json_text(nested)

    assert value == json.loads(_without_nests(written, depth))


def _without_nests(written: bytes, depth: int) -> bytes:
    for level in reversed(range(depth)):
        written = written[1:-1] if level % 2 else written[len(b'{"a":') : -1]
    return written


@pytest.mark.parametrize("depth", [1, 254, 255, 300, 1_000, 1_024])
def test_no_depth_that_is_read_is_too_deep(depth: int) -> None:
    """The same bytes come back."""
    text = (
        b'{"a":' * (depth // 2)
        + b"[" * (depth - depth // 2)
        + b"]" * (depth - depth // 2)
        + b"}" * (depth // 2)
    )

    assert text == json_text(orjson.loads(text))


def test_a_tree_deeper_than_any_stack_is_written() -> None:
    """A hundred thousand lists in each other."""
    value: list[Any] = []
    for _ in range(99_999):
        value = [value]

    assert b"[" * 100_000 + b"]" * 100_000 == json_text(value)


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        (b"18446744073709551616", 2**64),
        (b'{"n":-9223372036854775809,"m":[1,null,true,2.5]}', {"n": -(2**63) - 1, "m": [1, None, True, 2.5]}),
        ('"a\ufffdb"'.encode(), "a\ud83db"),
        ('["\N{PILE OF POO}"]'.encode(), ["\ud83d\udca9"]),
        ('{"\ufffd":1}'.encode(), {"\udca9": 1}),
        (b'{"1":2}', {1: 2}),
        (b"[null,18446744073709551616]", [float("nan"), 2**64]),
        (b"[[],{},[[]]]", [[], {}, [[]]]),
        (b'["1980-01-01"]', ["1980-01-01"]),
    ],
)
def test_what_the_fast_writer_refuses(expected: bytes, value: Any) -> None:
    """Each has one text, in valid UTF-8."""
    assert expected == json_text(value)


def test_a_number_that_python_does_not_write_is_hexadecimal() -> None:
    """Ten thousand digits."""
    assert b'"0x1' + b"0" * 8_000 + b'"' == json_text(1 << 32_000)
