"""SigNoz' tables, in a real engine behind ClickHouse's HTTP interface: they are read as the exporter's are."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from contracts import clickhouse_http as front
from lastgood.model.window import Window
from lastgood.outside.connectors import clickhouse as connector
from lastgood.outside.connectors._registry import Asking, Document
from lastgood.outside.connectors._signoz import signoz_tables
from lastgood.outside.connectors.wire import Access, Wire
from outcomes import outcome

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))
AT = "toUnixTimestamp(toDateTime('2026-11-30 01:30:00', 'UTC'))"
MAPS = """attributes_string Map(LowCardinality(String), String), attributes_number Map(LowCardinality(String), Float64),
    attributes_bool Map(LowCardinality(String), Bool), resources_string Map(LowCardinality(String), String)"""
TABLES = (
    "CREATE DATABASE signoz_logs", "CREATE DATABASE signoz_traces", "CREATE DATABASE signoz_metrics",
    f"""CREATE TABLE signoz_logs.distributed_logs_v2 (ts_bucket_start UInt64, timestamp UInt64, trace_id String, span_id String,
    severity_text LowCardinality(String), severity_number UInt8, body String, {MAPS}) ENGINE = MergeTree ORDER BY timestamp""",
    f"""CREATE TABLE signoz_traces.signoz_index_v3 (ts_bucket_start UInt64, timestamp DateTime64(9), trace_id FixedString(32),
    span_id String, parent_span_id String, trace_state String, name LowCardinality(String), kind_string String, duration_nano UInt64,
    status_message String, status_code_string String, events Array(String), {MAPS}) ENGINE = MergeTree ORDER BY timestamp""",
    """CREATE TABLE signoz_metrics.samples_v4 (temporality LowCardinality(String), metric_name LowCardinality(String),
    fingerprint UInt64, unix_milli Int64, value Float64) ENGINE = MergeTree ORDER BY unix_milli""",
    """CREATE TABLE signoz_metrics.time_series_v4 (temporality LowCardinality(String), metric_name LowCardinality(String),
    unit LowCardinality(String), is_monotonic Bool, fingerprint UInt64, unix_milli Int64, labels String)
    ENGINE = MergeTree ORDER BY unix_milli""",
)  # fmt: skip
GIVEN = "map('path', '/pay'), map('http.response.status_code', 500), map('retry', true), map('service.name', 'web')"
ROWS = (
    f"INSERT INTO signoz_logs.distributed_logs_v2 SELECT {AT} - 1800, {AT} * 1000000000 + 5, 't', 's', 'ERROR', 17, 'no connection', {GIVEN}",
    f"""INSERT INTO signoz_traces.signoz_index_v3 SELECT {AT}, toDateTime64({AT}, 9), repeat('0a', 16), repeat('0b', 8), '', '', 'GET /pay',
    'Server', 7000000, 'late', 'Error',
    ['{{"name":"exception","timeUnixNano":1796002200000000005,"attributeMap":{{"exception.type":"E"}}}}'], {GIVEN}""",
    f"""INSERT INTO signoz_metrics.samples_v4 SELECT if(number = 1, 'Cumulative', 'Unspecified'), ['pool.used', 'requests'][number + 1],
    number, {AT} * 1000, 7 + number FROM numbers(2)""",
    f"""INSERT INTO signoz_metrics.time_series_v4 SELECT if(number = 1, 'Cumulative', 'Unspecified'), ['pool.used', 'requests'][number + 1],
    '1', number = 1, number, {AT} * 1000 - 1800000, '{{"service.name":"web","code":"500","__temporality__":"x"}}' FROM numbers(2)""",
)  # fmt: skip


def test_no_table_is_made_up() -> None:
    """Samples say nothing without their series; the table over all shards comes first."""
    of_logs = {("signoz_logs", "logs_v2"), ("signoz_logs", "distributed_logs_v2")}

    assert {} == signoz_tables({("signoz_metrics", "samples_v4")}, WINDOW)
    assert "FROM signoz_logs.distributed_logs_v2 WHERE" in signoz_tables(of_logs, WINDOW)["otel_logs"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with SigNoz' tables, a row or two in each."""
    folder = tmp_path_factory.mktemp("signoz")
    with subprocess.Popen(
        [sys.executable, front.__file__, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        url = f"http://127.0.0.1:{int(running.stdout.readline())}"
        for sql in (*TABLES, *(f"/**/{one}" for one in ROWS)):
            answer = httpx.get(
                url,
                params={"query": sql, "database": "lastgood"},
                auth=(front.USER, front.PASSWORD),
                timeout=30,
            )
            assert answer.is_success, answer.text
        yield url
        running.stdin.close()


@pytest.mark.slow  # a server of its own
def test_its_rows_are_read_as_the_exporters(address: str) -> None:
    """Each signal, with its service, its numbers as texts, and exceptions."""
    with Wire(address, Access(user=front.USER, password=front.PASSWORD)) as wire:
        found = list(connector.fetch(wire, Asking(WINDOW, target="lastgood", services=("web",))))
        none = list(connector.fetch(wire, Asking(WINDOW, target="lastgood", services=("cart",))))
        held = connector.holds(wire, Asking(WINDOW, target="lastgood"))
    rows = {
        table: given
        for one in found
        if isinstance(one, Document)
        for table, given in outcome(one.content, one.name).rows.items()
    }
    (line,), (span,) = rows["otel_logs"], rows["otel_traces"]

    assert ([], "4 tables of SigNoz") == (none, held.sentence)
    assert ("web", "no connection", "2026-11-30T01:30:00+00:00") == (
        line["ServiceName"], line["Body"], line["Timestamp"].isoformat()[:19] + "+00:00",
    )  # fmt: skip
    assert {"path": "/pay", "http.response.status_code": "500", "retry": "true"} == dict(
        line["LogAttributes"]
    )
    assert ("GET /pay", "Server", "Error", 7_000_000) == tuple(
        span[name] for name in ("SpanName", "SpanKind", "StatusCode", "Duration")
    )
    assert ["exception"] == list(span["Events.Name"])
    assert [("exception.type", "E")] == list(dict(span["Events.Attributes"][0]).items())
    (gauge,), (counter,) = rows["otel_metrics_gauge"], rows["otel_metrics_sum"]
    assert ("pool.used", 7.0, "web") == (gauge["MetricName"], gauge["Value"], gauge["ServiceName"])
    assert ("requests", 2, True) == (
        counter["MetricName"], counter["AggregationTemporality"], counter["IsMonotonic"],
    )  # fmt: skip
    assert {"service.name": "web", "code": "500"} == dict(counter["Attributes"])
