"""Events of security devices: the head's severity, the pairs, and the message."""

from typing import Any

import pytest

from lastgood.decoding.text.security_events import cef_fields, leef_fields
from outcomes import outcome


@pytest.mark.parametrize(
    ("severity", "level"),
    [("0", "INFO"), ("3", "INFO"), ("4", "WARN"), ("8", "ERROR"), ("9", "CRITICAL"), ("Very-High", "CRITICAL"), ("odd", "")],
)  # fmt: skip
def test_a_severity_of_ten_is_a_level(severity: str, level: str) -> None:
    """In both formats, and as words."""
    cef = cef_fields(f"CEF:0|Acme|Wall|9|410|worm found|{severity}|".encode())
    leef = leef_fields(f"LEEF:1.0|Acme|Wall|9|410|sev={severity}".encode())

    assert cef is not None
    assert leef is not None
    assert [level, level] == [cef["level"], leef["level"]]


def test_values_hold_blanks_and_escaped_signs() -> None:
    """A bar in the head, an equals sign and a new line in a value."""
    found = cef_fields(
        rb"CEF:0|Ac\|me|Wall|9|410|worm|5|rt=1795358460250 msg=two words\nand a\=b act=blocked"
    )

    assert found is not None
    assert ("two words\nand a=b", "blocked", "1795358460250") == (
        found["message"],
        found["act"],
        found["time"],
    )


@pytest.mark.parametrize(("head", "between"), [("LEEF:1.0|", "\t"), ("LEEF:2.0|", "^"), ("LEEF:2.0|", "x7C")])
def test_pairs_are_parted_as_the_head_says(head: str, between: str) -> None:
    """By a tab, by a sign, or by the number of one."""
    sign = "|" if between == "x7C" else between
    own = f"{between}|" if "2.0" in head else ""

    found = leef_fields(f"{head}Acme|Wall|9|410|{own}src=10.0.0.9{sign}dst=10.0.0.4".encode())

    assert found is not None
    assert ("10.0.0.9", "10.0.0.4") == (found["src"], found["dst"])


@pytest.mark.parametrize(
    "text", [b"CEF:0|a|b", b"LEEF:1.0|a", b"", b"CEF of words | with | bars | but | none | of | it | here"]
)
def test_what_is_cut_off_or_prose_is_none(text: bytes) -> None:
    """It stays a message."""
    assert cef_fields(text) is None
    assert leef_fields(text) is None


@pytest.mark.parametrize(
    ("text", "time"),
    [
        (b"<13>Nov 22 14:41:00 fw-1 CEF:0|Acme|Wall|9|410|worm found|9|dst=10.0.0.4\n", 0),
        (b"CEF:0|Acme|Wall|9|410|worm found|9|rt=1795358460250 dst=10.0.0.4\n", 250_000),
        (b"<13>Nov 22 14:41:00 fw-1 LEEF:1.0|Acme|Wall|9|410|cat=worm\tsev=10\tdst=10.0.0.4\n", 0),
    ],
)
def test_files_of_them_are_read(text: bytes, time: int) -> None:
    """Behind a head of syslog, whose program they are not, and alone."""
    row: dict[str, Any] = outcome(text, "wall.log").rows["otel_logs"][0]

    assert (21, "wall", "Acme Wall", time) == (
        row["SeverityNumber"], row["ServiceName"], row["ScopeName"], row["Timestamp"].microsecond,
    )  # fmt: skip
    assert "10.0.0.4" == dict(row["LogAttributes"])["dst"]
