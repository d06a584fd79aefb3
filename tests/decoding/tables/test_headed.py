"""Delimited text under a header."""

import pytest

from lastgood.decoding.tables.headed import are_times, is_number, rule_of, sampled
from lastgood.decoding.tables.mapping import Pick


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_the_header_has_most_of(delimiter: str) -> None:
    """Whichever it is; the first rows come by column."""
    text = delimiter.join("abc") + "\n" + delimiter.join("123") + "\n" + delimiter.join("456") + "\n"
    assert (delimiter, {"a": ["1", "4"], "b": ["2", "5"], "c": ["3", "6"]}) == sampled(text.encode())


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"a,b\n",
        b"a,a\n1,2\n",
        b"1,2\n3,4\n",
        b"a,\n1,2\n",
        b"1,b\n1,2\n",
        b"a,b\n1,2,3\n",
        b"a,b\n\0,1\n",
    ],
)
def test_what_has_no_header(head: bytes) -> None:
    """No rows, names that repeat, numbers or nothing as a name, rows of another length, no text."""
    assert sampled(head) is None


def test_numbers_and_times() -> None:
    """Written, or counted since 1970."""
    assert [True, True, False] == [is_number(text) for text in ("1e3", "-2", "two")]
    assert are_times(["2026-11-22 14:00:00", "1795356000"])
    assert not are_times(["2026-11-22 14:00:00", "soon"])


def test_the_rule_reads_what_the_header_names() -> None:
    """And nothing else."""
    rule = rule_of("logs", ";", {"time": (Pick(columns=("at",)),)})
    assert ("logs", ";", ()) == (rule.kind, rule.shape.delimiter, rule.match)
    assert not rule.is_free("at")
    assert not rule.rest


def test_blanks_around_a_name_are_none_of_it() -> None:
    """As they are none for the rule that reads the table."""
    found = sampled(b"Time , Value\t\n2026-11-22T14:00:00Z,1\n")

    assert found
    assert ["Time", "Value"] == [*found[1]]
