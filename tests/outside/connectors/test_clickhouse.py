"""Tables of the exporter, in a real engine behind ClickHouse's HTTP interface: every row comes, once, in UTC."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import orjson
import pytest

from contracts import clickhouse_http as front
from lastgood.decoding.input import Input
from lastgood.errors import NotFetchedError
from lastgood.intake._registry import best_claim
from lastgood.model.window import Window
from lastgood.outside.connectors import clickhouse as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.wire import Access, Wire
from outcomes import outcome
from telemetry.exporter_tables import GAUGE, LOGS_OLDEST, SUM, metric, traces

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
ASKING = Asking(Window(START, START + timedelta(hours=2)), target="lastgood")
pytestmark = pytest.mark.slow  # a server of its own
AUTH = (front.USER, front.PASSWORD)
LINES = """INSERT INTO otel_logs (Timestamp, ServiceName, SeverityText, SeverityNumber, Body, ResourceAttributes, LogAttributes)
SELECT toDateTime64('2026-11-30 01:00:00', 9, 'UTC') + intDiv(number, 4), if(number % 2, 'web', 'cart'), 'ERROR', 17,
    'line ' || number, map('service.name', 'web'), map('http.response.status_code', '500') FROM numbers(35)"""
SPANS = """INSERT INTO otel_traces (Timestamp, TraceId, SpanId, SpanName, SpanKind, ServiceName, SpanAttributes, Duration, StatusCode,
    Events.Timestamp, Events.Name, Events.Attributes) SELECT toDateTime64('2026-11-30 01:30:00', 9, 'UTC'), repeat('0a', 16),
    repeat('0b', 8), 'GET /', 'SPAN_KIND_SERVER', 'web', map('a', 'b'), 1000, 'STATUS_CODE_ERROR',
    [toDateTime64('2026-11-30 01:30:00.5', 9, 'UTC')], ['exception'], [map('exception.type', 'E')]"""
GAUGES = """INSERT INTO otel_metrics_gauge (ServiceName, MetricName, TimeUnix, StartTimeUnix, Value) SELECT 'web', 'pool.used',
    toDateTime('2026-11-30 01:00:00', 'UTC') + number * 10, toDateTime('2026-11-30 01:00:00', 'UTC'), number FROM numbers(12)"""
SUMS = """INSERT INTO otel_metrics_sum (ServiceName, MetricName, TimeUnix, StartTimeUnix, Value, AggTemp, IsMonotonic)
SELECT 'web', 'requests', toDateTime('2026-11-30 01:00:00', 'UTC') + number * 10, toDateTime('2026-11-30 01:00:00', 'UTC'), 4, 1, 1
FROM numbers(12)"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with tables of different generations of the exporter."""
    folder = tmp_path_factory.mktemp("clickhouse")
    with subprocess.Popen(
        [sys.executable, front.__file__, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        url = f"http://127.0.0.1:{int(running.stdout.readline())}"
        tables = [
            LOGS_OLDEST,
            traces("Int64"),
            metric("otel_metrics_gauge", "DateTime", GAUGE),
            metric("otel_metrics_sum", "DateTime", SUM),
        ]
        # Behind a comment the front takes an INSERT … SELECT for a query, not for one whose data follow.
        for sql in (*tables, *(f"/**/{one}" for one in (LINES, SPANS, GAUGES, SUMS))):
            answer = httpx.get(url, params={"query": sql, "database": "lastgood"}, auth=AUTH, timeout=30)
            assert answer.is_success, answer.text
        yield url
        running.stdin.close()


def fetched(url: str, asking: Asking = ASKING) -> dict[str, bytes]:
    """What comes, by the names of files; sentences under their own."""
    with Wire(url, Access(user=front.USER, password=front.PASSWORD)) as wire:
        found = list(connector.fetch(wire, asking))
    return {one.name: one.content for one in found if isinstance(one, Document)} | {
        one.sentence: b"" for one in found if isinstance(one, Limit)
    }


def test_every_row_comes_once(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though rows of one moment are on two pages; of a series a value each half minute, of a delta every one."""
    monkeypatch.setattr(connector, "LINES_AT_ONCE", 10)
    found = fetched(address)
    lines = [
        orjson.loads(line) for name, body in found.items() if "logs" in name for line in body.splitlines()
    ]

    assert sorted(f"line {n}" for n in range(35)) == sorted(row["Body"] for row in lines)
    assert {"otel_traces-01.json", "otel_metrics_gauge.json", "otel_metrics_sum.json"} < found.keys()
    assert [11.0, 8.0, 5.0, 2.0] == [
        orjson.loads(line)["Value"] for line in found["otel_metrics_gauge.json"].splitlines()
    ]
    assert 12 == found["otel_metrics_sum.json"].count(b"\n")


def test_what_comes_is_read_as_what_it_is(address: str) -> None:
    """Older words of the exporter too."""
    rows = {
        name: outcome(body, name, by=best_claim(Input(None, name, body))).rows
        for name, body in fetched(address).items()
    }
    (span,) = rows["otel_traces-01.json"]["otel_traces"]

    assert ("2026-11-30T01:30:00+00:00", "Server", "Error", 1000, ["exception"]) == (
        span["Timestamp"].isoformat(), span["SpanKind"], span["StatusCode"], span["Duration"], span["Events.Name"]
    )  # fmt: skip
    assert 35 == len(rows["otel_logs-01.json"]["otel_logs"])
    assert (4, 12) == (
        len(rows["otel_metrics_gauge.json"]["otel_metrics_gauge"]), len(rows["otel_metrics_sum.json"]["otel_metrics_sum"])
    )  # fmt: skip


def test_services_and_conditions_choose(address: str) -> None:
    """A name of a service cannot leave its place."""
    web = fetched(
        address,
        Asking(
            ASKING.window,
            ("web", "a') OR 1 --"),
            select="Timestamp > '2026-11-30 01:00:07'",
            target="lastgood",
        ),
    )

    assert {"line 33"} == {orjson.loads(line)["Body"] for line in web["otel_logs-01.json"].splitlines()}


def test_what_is_not_there_is_said(address: str) -> None:
    """Tables, and a database that refuses."""
    with pytest.raises(NotFetchedError, match=r"no tables of the exporter .* in database system"):
        fetched(address, Asking(ASKING.window, target="system"))
    stranger = Access(user="nobody", password="x")  # noqa: S106 - an example
    with Wire(address, stranger) as wire, pytest.raises(NotFetchedError, match="403"):
        list(connector.fetch(wire, ASKING))
    with Wire(address, Access(user=front.USER, password=front.PASSWORD)) as wire:
        assert ("4 tables of the exporter", False) == (
            connector.holds(wire, ASKING).sentence,
            connector.holds(wire, ASKING).empty,
        )
