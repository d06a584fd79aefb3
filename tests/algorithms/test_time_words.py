"""Words in times: months and zones by name, and the zones that mean nothing by themselves."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from lastgood.algorithms.time_words import month_of, zone_of


@pytest.mark.parametrize(
    ("word", "month"),
    [
        ("Nov", 11),
        ("Novembre", 11),
        ("août", 8),
        ("Mär", 3),
        ("dic", 12),
        ("juil.", 7),
        ("мая", 5),
        ("okt", 10),
        ("foo", 0),
    ],
)
def test_a_month_is_known_in_many_languages(word: str, month: int) -> None:
    """Short and long."""
    assert month == month_of(word)


def test_a_zone_is_known_by_abbreviation_name_and_offset() -> None:
    """Minutes, or a zone with rules."""
    assert -480 == zone_of("PST", UTC)
    assert 120 == zone_of("(CEST)", UTC)
    assert -210 == zone_of("UTC-3:30", UTC)
    assert ZoneInfo("Europe/Berlin") == zone_of("Europe/Berlin", UTC)


def test_an_ambiguous_zone_is_refused() -> None:
    """IST is of three countries; it is that of the zone passed in, if it has it, and else no zone."""
    india = ZoneInfo("Asia/Kolkata")
    assert zone_of("IST", UTC) is None
    assert india is zone_of("IST", india)
    assert zone_of("No/Where", UTC) is None
    assert zone_of("FOO", UTC) is None
