"""Logs on their page."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lastgood.model.window import Window
from lastgood.surfaces.web.logs_page import bars, cursor_of, narrowed
from lastgood.telemetry.tables import LOGS
from lastgood.telemetry.writer import Writer
from lastgood.workbench import explore
from lastgood.workbench.logs import LogHistogram
from lastgood.workbench.service import Service
from records import START
from surfaces.server.test_app import service
from surfaces.web.test_incident import called
from telemetry.rows import times

__all__ = ["service"]  # a fixture


def test_bars_stand_on_each_other() -> None:
    """Errors on top; the fullest bar is as high as the drawing."""
    histogram = LogHistogram(START, timedelta(minutes=1), ({"info": 2, "error": 2}, {}, {"fatal": 1}), 5)
    hour = Window(START - timedelta(minutes=3), START + timedelta(minutes=3))
    found = list(bars(histogram, hour))

    assert [("info", 40.0), ("error", 40.0), ("error", 20.0)] == [(one.tone, one.height) for one in found]
    assert (0.0, 40.0) == (found[1].y, found[0].y)
    assert [500.5, 500.5, 833.8] == [one.x for one in found]  # where its time is, also if the data begin late
    assert [] == list(bars(LogHistogram(START, timedelta(minutes=1), (), 0), hour))


def test_a_bar_is_read_in_words() -> None:
    """All its lines, and the errors among them; an empty one has none."""
    histogram = LogHistogram(START, timedelta(minutes=1), ({"info": 2, "error": 2}, {}, {"fatal": 1}), 5)
    cursor = cursor_of(histogram, Window(START, START + timedelta(minutes=3)))

    assert ("4 lines, 2 errors", "0 lines", "1 line, 1 error") == tuple(
        one.replace("\u00a0", " ") for one in cursor.values
    )
    assert (60.0, True) == (cursor.step, cursor.bars)


@pytest.mark.parametrize(
    ("query", "value", "expected"),
    [
        ("", "web", 'service:"web"'),
        ("level:error", 'a"b', 'level:error AND service:"a\\"b"'),
        ("a OR b", "web", '(a OR b) AND service:"web"'),
        ('service:"web"', "web", 'service:"web"'),
        ("", "", "NOT service:*"),
    ],
)
def test_a_query_is_narrowed_by_a_value(query: str, value: str, expected: str) -> None:
    """Once, with its quotes escaped."""
    assert expected == narrowed(query, "service", value)


def test_without_lines_the_page_says_what_to_do(service: Service) -> None:
    """404 in words; a query that cannot be read is said where it is."""
    times = {"from": "2026-11-22T14:00:00Z", "to": "2026-11-22T15:00:00Z"}
    assert 404 == called(service, "GET", "/logs", **times).status_code
    wrong = called(service, "GET", "/logs", q="level:>=[", **times)
    assert 400 == wrong.status_code
    assert "The query was not understood" in wrong.text


def test_odd_numbers_and_times_are_no_fault(service: Service) -> None:
    """A digit of another script, more digits than a number has, and the years at the ends of the calendar."""
    hour = {"from": "2026-11-20T14:00:00Z", "to": "2026-11-20T15:00:00Z"}
    for around in ("\u00b2", "9" * 5_000):
        assert called(service, "GET", "/logs", around=around, **hour).status_code < 500
    for path, start, end in (("/changes", "from", "to"), ("/compare", "bad_from", "bad_to")):
        wide = {start: "0001-01-01T00:00:00Z", end: "9999-12-31T23:59:59Z"}
        assert 400 == called(service, "GET", path, **wide).status_code


def test_long_lines_do_not_fill_a_page(service: Service) -> None:
    """Neither of lines nor of a request: it says how much is missing; whoever writes lines chooses their length."""
    columns = {
        "Timestamp": times([START]), "ServiceName": ["web"], "Body": ["&" * 300_000 + "\nsecond"], "TraceId": ["ab" * 16],
        "LogAttributes": [{"long": "&" * 100_000, "short": "yes"}],
    }  # fmt: skip
    writer = Writer(service.store.engine, "long lines")
    writer.add(LOGS, LOGS.rows(columns))
    writer.flush()
    day = {"from": "2026-11-20T00:00:00Z", "to": "2026-11-23T00:00:00Z"}
    logs = called(service, "GET", "/logs", **day).text
    trace = called(service, "GET", "/traces/{request_id}", request_id="ab" * 16).text

    assert "292\xa0007 more characters" in logs
    assert "98\xa0000 more characters" in logs
    assert "short%3A%22yes%22" in logs
    assert "more characters" in trace
    assert max(len(logs), len(trace)) < 200_000


def test_a_page_reads_so_much_and_no_more(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the window: beyond it the page says what to do, and costs nothing more."""
    rows = {
        "Timestamp": times([START] * 5_000),
        "ServiceName": ["web"] * 5_000,
        "Body": [f"hello {n} " + "x" * 200 for n in range(5_000)],
    }
    writer = Writer(service.store.engine, "read")
    writer.add(LOGS, LOGS.rows(rows))
    writer.flush()
    day = {"from": f"{START:%Y-%m-%d}T00:00:00Z", "to": f"{START:%Y-%m-%d}T23:59:00Z", "q": "hello"}
    assert 200 == called(service, "GET", "/logs", **day).status_code
    assert 4_000_000_000 >= explore.BROWSING.bytes_read
    monkeypatch.setattr(explore, "BROWSING", replace(explore.BROWSING, bytes_read=10_000))
    answer = called(service, "GET", "/logs", **day)

    assert 400 == answer.status_code
    assert "Choose a shorter time" in answer.text
