"""Entries of tables that people keep."""

from datetime import UTC, datetime

import pytest

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.tables.entries import folded_row, kind_of_title, moment_of, text_of, version_in

REFERENCE = Reference(UTC, int(datetime(2026, 11, 23, tzinfo=UTC).timestamp()) * 1_000_000_000)


def test_columns_are_found_by_folded_names() -> None:
    """Case, blanks and `Custom field` do not count; columns of one name are read together."""
    row = folded_row(["Work Start", "Custom field (CI)", "Team", "team"], ["8:00", "till", "ops", "web"])

    assert {"workstart": "8:00", "ci": "till", "team": "ops, web"} == row
    assert "till" == text_of(row, ("service", "ci"))
    assert "" == text_of(row, ("service",))


@pytest.mark.parametrize(
    "text", ["22.11.2026 08:07", "2026-11-22 8:07", "22/Nov/26 8:07 AM", "2026-11-22T09:07:00+01:00"]
)
def test_times_as_people_write_them(text: str) -> None:
    """Without seconds, day first, with a month's name, with a zone; what is none is 0."""
    assert datetime(2026, 11, 22, 8, 7, tzinfo=UTC) == datetime.fromtimestamp(
        moment_of(text, REFERENCE) / 1e9, UTC
    )
    assert 0 == moment_of("soon", REFERENCE)


def test_what_a_title_says() -> None:
    """The kind of change, and the version that it names."""
    assert ("deploy", "2.4.1") == (kind_of_title("Deploy till 2.4.1"), version_in("Deploy till 2.4.1"))
    assert ("", "") == (kind_of_title("rate limit 10/min"), version_in("rate limit 10/min"))
