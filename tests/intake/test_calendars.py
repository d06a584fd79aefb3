"""Calendars of changes and maintenance."""

import pytest

from outcomes import outcome

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
START = "DTSTART;TZID=Europe/Berlin:20261122T140000\r\n"


def calendar(summary: str, *, start: str = START, more: str = "") -> bytes:
    """A calendar with one event."""
    event = f"BEGIN:VEVENT\r\nUID:1\r\n{start}SUMMARY:{summary}\r\n{more}END:VEVENT\r\n"
    return f"{HEAD}{event}END:VCALENDAR\r\n".encode()


def test_work_is_a_change_from_its_beginning_to_its_end() -> None:
    """In its zone; a folded line is one."""
    found = outcome(
        calendar(
            "Maintenance: upgrade\r\n  pg-main to 16.4", more="DTEND;TZID=Europe/Berlin:20261122T150000\r\n"
        ),
        "a.ics",
    )
    (one,) = found.rows["lg_changes"]
    assert ("Maintenance: upgrade pg-main to 16.4", "pg-main") == (one["Title"], one["Service"])
    assert ("13:00", "14:00") == (f"{one['Timestamp']:%H:%M}", f"{one['EndTimestamp']:%H:%M}")
    assert found.balanced


@pytest.mark.parametrize(
    "given",
    [
        calendar("Lunch with the vendor"),
        calendar("Maintenance of pg-main", more="STATUS:CANCELLED\r\n"),
        calendar("Maintenance of pg-main", start="DTSTART:20261123T140000Z\r\n"),
        calendar("Christmas release freeze", start="DTSTART;VALUE=DATE:20261122\r\n"),
    ],
    ids=["other", "cancelled", "to come", "a day"],
)
def test_everything_else_is_a_line(given: bytes) -> None:
    """It changed nothing, or not yet."""
    found = outcome(given, "a.ics")
    assert ["otel_logs"] == list(found.rows)
    assert found.balanced


def test_a_zone_of_windows_is_known_and_another_one_is_a_reject() -> None:
    """Never a guess."""
    known = outcome(
        calendar("Maintenance", start='DTSTART;TZID="W. Europe Standard Time":20261122T140000\r\n'), "a.ics"
    )
    assert "13:00" == f"{known.rows['lg_changes'][0]['Timestamp']:%H:%M}"
    other = outcome(calendar("Maintenance", start="DTSTART;TZID=Somewhere:20261122T140000\r\n"), "a.ics")
    assert (True, 1) == (other.balanced, len(other.rejects))


@pytest.mark.parametrize(
    "start", ["DTSTART;TZID=Asia/Tokyo:00010101T000000\r\n", "DTSTART:00000101T000000Z\r\n"]
)
def test_a_time_that_no_clock_can_show_is_a_reject(start: str) -> None:
    """It costs no other event."""
    found = outcome(calendar("Maintenance", start=start), "a.ics")
    assert (True, 1) == (found.balanced, len(found.rejects))


def test_an_event_that_is_cut_off_is_read() -> None:
    """As far as it goes, before another one and at the end of the file."""
    whole = (
        calendar("Maintenance of pg-main")
        .decode()
        .replace("END:VEVENT\r\n", "")
        .replace("END:VCALENDAR\r\n", "")
    )
    event = whole.removeprefix(HEAD)
    found = outcome((whole + event).encode(), "a.ics")
    assert (2, True) == (len(found.rows["lg_changes"]), found.balanced)


@pytest.mark.slow
def test_a_line_may_be_folded_very_often() -> None:
    """In time that grows with its length alone."""
    found = outcome(calendar("Maintenance" + "\r\n  again" * 100_000), "a.ics")
    assert (1, True) == (len(found.rows["lg_changes"]), found.balanced)
