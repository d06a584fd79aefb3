"""Times by columns: every usual layout, what is missing from a time, and what is no time at all."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.timestamps import LAYOUTS, NAT, Reference, compiled, parse_times, zone_offsets

LATEST = datetime(2027, 1, 2, 12, 0, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def nanoseconds(time: datetime) -> int:
    """Nanoseconds since the epoch."""
    return int((time - EPOCH) / timedelta(microseconds=1)) * 1000


REFERENCE = Reference(UTC, nanoseconds(LATEST))


def read(*texts: str, reference: Reference = REFERENCE) -> list[datetime | None]:
    """The times of texts, to the microsecond."""
    found = parse_times(pa.array(texts, pa.string()), reference)
    return [None if ns == NAT else EPOCH + timedelta(microseconds=int(ns) // 1000) for ns in found]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T14:41:00Z", "2026-11-22T14:41:00.000Z", "2026-11-22 14:41:00,000", "2026-11-22T20:11:00+05:30",
        "2026-11-22 20:11:00.000000 +0530", "2026/11/22 14:41:00", "2026.11.22-14.41.00", "20261122T144100Z",
        "20261122-14:41:0:000", "22/Nov/2026:15:41:00 +0100", "22 Nov 2026 14:41:00.000", "Nov 22 14:41:00",
        "Sun Nov 22 14:41:00 2026", "Sun Nov 22 14:41:00 UTC 2026", "Sun, 22 Nov 2026 14:41:00 GMT",
        "Sunday, 22-Nov-2026 14:41:00 GMT", "Nov 22, 2026 2:41:00 PM", "11/22/2026 02:41:00 PM", "22/11/2026 14:41:00",
        "22.11.2026 14:41:00", "22.11.26 14:41:00", "22-NOV-26 14:41:00", "26/11/22 14:41:00", "261122 14:41:00", "261122 144100", "11-22 14:41:00.000",
        "1795358460", "1795358460.000", "1795358460000", "1795358460000000", "1795358460000000000",
        "2026-11-22 06:41:00 PST", "2026-11-22T14:41Z", "PST Nov 22 06:41:00", "2026 Nov 22 06:41:00 PST", "2026-Nov-22 14:41:00.000", "2026年11月22日 14:41:00", "261122144100.000", "20261122144100000", "CET Nov 22 2026 15:41:00.000", "2026-11-22\t14:41:00",
    ],
)  # fmt: skip
def test_a_layout_is_read(text: str) -> None:
    """All of these say one and the same minute."""
    assert [datetime(2026, 11, 22, 14, 41, tzinfo=UTC)] == read(text)


@pytest.mark.parametrize(
    "text",
    ["", "-", "hello", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-22T25:00:00Z", "Foo 22 14:41:00",
     "2026-11-22", "12345", "x" * 200, "2026-11-22T14:61:00Z", "13/13/2026 10:00:00"],
)  # fmt: skip
def test_what_is_no_time_has_none(text: str) -> None:
    """It is not guessed at."""
    assert [None] == read(text)


def test_a_time_without_a_year_is_the_last_one_before_the_reference() -> None:
    """Read on the second of January, December is last year's and the first of January this year's."""
    assert [
        datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC),
    ] == read("Dec 31 23:59:59", "Jan  1 00:00:01")
    assert [datetime(2024, 2, 29, 10, 0, tzinfo=UTC)] == read("Feb 29 10:00:00")


def test_a_time_of_day_is_on_the_given_date_or_within_the_last_day() -> None:
    """Without a date in the file's name the file's last change says the day."""
    assert [datetime(2027, 1, 2, 11, 0, tzinfo=UTC), datetime(2027, 1, 1, 13, 0, tzinfo=UTC)] == read(
        "11:00:00", "13:00:00"
    )
    dated = Reference(UTC, nanoseconds(LATEST), nanoseconds(datetime(2026, 5, 1, tzinfo=UTC)))
    assert [datetime(2026, 5, 1, 13, 0, tzinfo=UTC)] == read("13:00:00", reference=dated)


def test_a_zone_passed_in_is_used_where_the_time_has_none() -> None:
    """Berlin in winter and in summer."""
    berlin = Reference(ZoneInfo("Europe/Berlin"), nanoseconds(LATEST))
    assert [datetime(2026, 1, 1, 11, 0, tzinfo=UTC), datetime(2026, 7, 1, 10, 0, tzinfo=UTC)] == read(
        "2026-01-01 12:00:00", "2026-07-01 12:00:00", reference=berlin
    )


@given(
    st.lists(st.integers(315532800_000000, 4102444799_999999), min_size=1, max_size=30),
    st.sampled_from(["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%d %H:%M:%S,%f%z", "%d/%b/%Y:%H:%M:%S.%f %z"]),
)
def test_what_strftime_writes_is_read_back(times: list[int], layout: str) -> None:
    """To the microsecond, whatever stands beside it in the column."""
    aware = [EPOCH + timedelta(microseconds=time) for time in times]
    assert aware == read(*(time.strftime(layout) for time in aware))


@given(
    st.lists(
        st.one_of(st.text(max_size=40), st.from_regex(r"[0-9TZ:./ +-]{5,30}", fullmatch=True)), max_size=20
    )
)
def test_no_text_crashes_and_neighbours_do_not_matter(texts: list[str]) -> None:
    """A column gives what its texts give one by one."""
    together = parse_times(pa.array(texts, pa.string()), REFERENCE)
    alone = [int(parse_times(pa.array([text], pa.string()), REFERENCE)[0]) for text in texts]
    assert alone == together.tolist()


def test_slices_and_missing_values_are_read_in_place() -> None:
    """An array that begins in the middle of its buffer, with a null in it."""
    column = pa.array(["x", "2026-11-22T14:41:00Z", None, "1795358460"]).slice(1)
    assert [1795358460_000000000, NAT, 1795358460_000000000] == parse_times(column, REFERENCE).tolist()


def test_layouts_are_regular_expressions_with_placeholders() -> None:
    """Each compiles, and says where its parts are."""
    assert all(compiled(layout).groupindex for layout in LAYOUTS)


def test_offsets_follow_the_clock_changes_of_a_zone() -> None:
    """One hour in winter, two in summer."""
    local = np.array([nanoseconds(datetime(2026, m, 1, tzinfo=UTC)) for m in (1, 7)], np.int64)
    assert [3600_000000000, 7200_000000000] == zone_offsets(local, ZoneInfo("Europe/Berlin")).tolist()


MORE = [
    "22. November 2026 14:41:00", "22 nov. 2026 14:41:00", "22 novembre 2026 14:41:00", "Nov 22, 2026 @ 14:41:00.000",
    "Sun Nov 22 06:41:00 PST 2026", "Sun Nov 22 15:41:00 2026 +0100", "Sun Nov 22 14:41:00.000000 2026", "11/22/2026 2:41:00\u202fPM", "11/22/2026 2:41:00 p.m.",
    "2026-11-22 02:41:00 PM", "2026-11-22 15:41:00 Europe/Berlin", "22/11/2026 15:41:00 [Europe/Berlin]", "2026-11-22 15:41:00 CET", "2026-11-22 16:41:00 UTC+2",
    "20261122.144100", "2026-326T14:41:00Z", "2026-11-22 09:41:00 -0500 EST", "@400000006b02ff0600000000",
]  # fmt: skip


@pytest.mark.parametrize("text", MORE)
def test_what_can_only_belong_to_a_time_is_taken(text: str) -> None:
    """AM and PM, a year behind, zones as names and offsets, months of other languages, other calendars."""
    assert [datetime(2026, 11, 22, 14, 41, tzinfo=UTC)] == read(text)


@pytest.mark.parametrize(
    "text",
    [
        "1795052340123"[:11],
        "123456789010",
        "0000000000",
        "17950523 404",
        "2026-11-22 14:41:00 IST",
        "2026-11-22 14:41:00 XYZ",
    ],
)
def test_a_guess_that_makes_no_sense_is_refused(text: str) -> None:
    """Account numbers are no instants, digits of another age no dates, and a zone that is not known no zone."""
    assert [None] == read(text)
