"""Elements of JSON documents: what is whole is read, and what is not says so."""

from lastgood.decoding.input import Reject
from lastgood.decoding.tables.elements import elements


def test_a_document_that_is_cut_off_keeps_its_whole_elements() -> None:
    """Two elements are whole, the third is a reject."""
    found = list(elements(b'{"data": [{"a": 1}, {"a": 2}, {"a":', "data"))

    assert [{"a": 1}, {"a": 2}] == found[:2]
    assert isinstance(found[2], Reject)
    assert 3 == found[2].line


def test_a_value_that_cannot_be_read_costs_only_its_element() -> None:
    """A number of more digits than Python reads, also inside an object inside."""
    text = '[{"a": 1}, {"b": {"n": ' + "9" * 4301 + ', "s": "}]"}}, {"a": 2}]'
    first, broken, last = elements(text.encode())

    assert [{"a": 1}, {"a": 2}] == [first, last]
    assert isinstance(broken, Reject)
    assert 2 == broken.line
