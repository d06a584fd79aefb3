"""Records: every line read is a record, a line of one, a blank or a reject, whatever the bytes."""

import io
from collections.abc import Iterable

from hypothesis import example, given
from hypothesis import strategies as st

from lastgood.decoding.tables.records import Block, Form, blocks

FORMS = (
    Form("csv"),
    Form("csv", header_rows=3, index_row=True),
    Form("ndjson"),
    Form("json"),
    Form("json", records="a.b"),
)


def _balanced(found: Iterable[Block]) -> bool:
    return all(b.lines == len(b) + b.continuations + b.blanks + len(b.rejects) for b in found)


@example(b"\r\r\rx", FORMS[1])  # the row of names is longer than the header
@given(st.one_of(st.binary(), st.text(alphabet='{}[]":,a1\n \r\t;').map(str.encode)), st.sampled_from(FORMS))
def test_any_bytes_are_accounted_for(content: bytes, form: Form) -> None:
    """No byte sequence crashes the reader, and the account always balances."""
    assert _balanced(blocks(io.BytesIO(content), form))


def test_a_row_over_several_lines_is_one_record() -> None:
    """Line breaks inside quotes are continuations; the next record knows its line."""
    (block,) = blocks(io.BytesIO(b'a,b\n1,"x\ny"\n2,z\n'), Form("csv"))

    assert {"a": ["1", "2"], "b": ["x\ny", "z"]} == block.columns
    assert [2, 4] == block.places
    assert (4, 2) == (block.lines, block.continuations)


def test_nested_objects_become_dotted_names() -> None:
    """Objects are flattened, lists stay JSON."""
    (block,) = blocks(io.BytesIO(b'{"a": {"b": 1, "c": [true]}, "d": null}\n'), Form("ndjson"))

    assert {"a.b": ["1"], "a.c": ["[true]"], "d": [""]} == block.columns


def test_deep_nesting_does_not_crash() -> None:
    """A thousand objects inside each other are one column of text."""
    deep = b'{"a":' * 1000 + b"1" + b"}" * 1000
    (block,) = blocks(io.BytesIO(deep), Form("ndjson"))

    assert 1 == block.lines == len(block) + len(block.rejects)
