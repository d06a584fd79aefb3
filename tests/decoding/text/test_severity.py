"""Severities: names, letters and numbers of every family."""

import pyarrow as pa
import pytest

from lastgood.decoding.text.severity import left_open, number_of, numbers_of, of_syslog


@pytest.mark.parametrize(
    ("text", "expected"),
    [("INFO", 9), ("[Warning]", 13), ("E", 17), ("crit", 21), ("emerg", 24), ("10", 1), ("30", 9), ("50", 17), ("60", 21),
     ("500", 17), ("Notice", 10), ("", 0), ("loud", 0), ("7000", 0), ("9", 9), ("²", 0)],
)  # fmt: skip
def test_a_level_has_its_number(text: str, expected: int) -> None:
    """Names in any case, bunyan's and GCP's numbers, OpenTelemetry's own."""
    assert expected == number_of(text)


def test_a_format_may_have_its_own() -> None:
    """Redis writes signs."""
    assert [13, 9, 0] == numbers_of(pa.array(["#", "info", None]), {"#": 13}).tolist()
    assert [] == numbers_of(pa.array([], pa.string())).tolist()


def test_a_syslog_priority_holds_the_severity() -> None:
    """Facility times eight plus severity."""
    assert [17, 10, 0] == of_syslog(pa.array(["11", "165", "²"])).tolist()


def test_a_level_that_says_nothing_is_none() -> None:
    """As Google and Grafana write where they know none; a number alone is one."""
    table = pa.table(
        {"SeverityNumber": [0, 0, 9, 9, 9, 0], "SeverityText": ["", "unknown", "DEFAULT", "info", "", "loud"]}
    )
    assert [True, True, True, False, False, False] == left_open(table).to_pylist()
