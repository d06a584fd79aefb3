"""Layouts: whichever generation of the exporter made the tables, the relations give the same rows."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.layout import Layout, layout_of
from lastgood.workbench.store import Store
from telemetry import exporter_tables as made

WINDOW = Window(datetime(2026, 11, 22, 14, tzinfo=UTC), datetime(2026, 11, 22, 15, tzinfo=UTC))
COMPARISON = Comparison(
    Window(WINDOW.start, datetime(2026, 11, 22, 14, 30, tzinfo=UTC)),
    Window(datetime(2026, 11, 22, 14, 30, tzinfo=UTC), WINDOW.end),
)

LOG_ROWS = """
INSERT INTO otel_logs (Timestamp, TraceId, SpanId, SeverityText, SeverityNumber, ServiceName, Body, ResourceAttributes, LogAttributes) VALUES
('2026-11-22 13:59:59.999999999', '', '', 'INFO', 9, 'early', 'before the window', map(), map()),
('2026-11-22 14:10:00.123456789', 't1', 's1', 'error', 0, 'pay', 'charge 4711 failed', map('k8s.pod.name', 'pay-1'), map('http.status_code', '502', 'http.target', '/pay')),
('2026-11-22 14:40:00.000000000', '', '', '', 0, 'web', 'hello', map('service.version', 'v2'), map('user.id', 'u1', 'exception.type', 'E'))"""
LOG_EXPECTED = [
    {"ns": 1795356600123456789, "service": "pay", "severity": 17, "level": "error", "body": "charge 4711 failed",
     "instance": "pay-1", "version": "", "user": "", "phase": "good"},
    {"ns": 1795358400000000000, "service": "web", "severity": 0, "level": "", "body": "hello: E", "instance": "",
     "version": "v2", "user": "u1", "phase": "bad"},
]  # fmt: skip

SPAN_ROWS = """
INSERT INTO otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, SpanKind, ServiceName, SpanAttributes, Duration, StatusCode) VALUES
('2026-11-22 14:10:00', 't1', 'a', '', 'GET /pay', '{server}', 'web', map('http.route', '/pay', 'http.response.status_code', '404'), 5000000, '{unset}'),
('2026-11-22 14:10:00', 't1', 'b', 'a', 'POST', '{client}', 'web', map('http.status_code', '404', 'net.peer.name', 'bank'), 4000000, '{unset}'),
('2026-11-22 14:10:00', 't1', 'c', 'a', 'work', '{internal}', 'web', map('exception.type', 'E'), 1, '{error}'),
('2026-11-22 14:40:00', 't2', 'd', '0000000000000000', 'GET /old', '{server}', 'web', map('http.status_code', '503'), 7, '{unset}')"""
NEWER = {"server": "Server", "client": "Client", "internal": "Internal", "unset": "Unset", "error": "Error"}
OLDER = {
    "server": "SPAN_KIND_SERVER", "client": "SPAN_KIND_CLIENT", "internal": "SPAN_KIND_INTERNAL",
    "unset": "STATUS_CODE_UNSET", "error": "STATUS_CODE_ERROR",
}  # fmt: skip
SPAN_EXPECTED = [
    # A server's 4xx is the caller's fault, and no error of the server's; a client's is.
    {"span_id": "a", "kind": "Server", "failed": 0, "http_status": 404, "peer": "", "error_type": "", "duration_ns": 5000000},
    {"span_id": "b", "kind": "Client", "failed": 1, "http_status": 404, "peer": "bank", "error_type": "", "duration_ns": 4000000},
    {"span_id": "c", "kind": "Internal", "failed": 1, "http_status": 0, "peer": "", "error_type": "E", "duration_ns": 1},
    {"span_id": "d", "kind": "Server", "failed": 1, "http_status": 503, "peer": "", "error_type": "", "duration_ns": 7},
]  # fmt: skip


@pytest.fixture
def foreign(engine: Engine) -> Iterator[Store]:
    """A store whose database another person's collector made; still without tables."""
    mine = engine.database
    engine.database = "otel"
    engine.command("DROP DATABASE IF EXISTS otel SYNC")
    engine.command("CREATE DATABASE otel ENGINE = Atomic")
    yield Store(engine)
    engine.command("DROP DATABASE otel SYNC")
    engine.database = mine


def run(store: Store, *statements: str) -> None:
    for statement in statements:
        for word in ("CREATE TABLE ", "INSERT INTO "):
            statement = statement.replace(word, f"{word}otel.")  # noqa: PLW2901
        store.engine.command(statement)


def asked(store: Store, sql: str) -> list[dict[str, Any]]:
    _, reader = store.survey()
    return reader.query(sql, {}, WINDOW, comparison=COMPARISON).dicts()


@pytest.mark.parametrize(
    "table", [made.LOGS_OLDEST, made.LOGS_OLDER, made.LOGS_NEWER], ids=["oldest", "older", "newer"]
)
def test_logs_of_every_generation_read_alike(foreign: Store, table: str) -> None:
    """With TimestampTime and without, with EventName and without, signed numbers or not."""
    run(foreign, table, LOG_ROWS)
    lines = asked(
        foreign,
        "SELECT toUnixTimestamp64Nano(ts) AS ns, service, severity, level, body, instance, version, user, phase "
        "FROM lg_lines ORDER BY ts",
    )
    assert LOG_EXPECTED == lines
    requests = asked(foreign, "SELECT operation, failed, http_status FROM lg_requests")
    assert [{"operation": "/pay", "failed": 1, "http_status": 502}] == requests


def test_a_shape_is_the_same_stored_or_not(foreign: Store) -> None:
    """Tables of others have no such column; the expression stands in."""
    body = "user deadbeef01 paid 12 in 3ms"
    run(foreign, made.LOGS_NEWER, LOG_ROWS.replace("hello", body))
    foreign.engine.command(f"CREATE TABLE otel.ours AS {foreign.engine.database}.otel_logs")
    (found,) = asked(foreign, "SELECT shape FROM lg_lines WHERE service = 'web'")
    run(foreign, "DROP TABLE otel.ours", "DROP TABLE otel.otel_logs")
    from lastgood.telemetry.tables import LOGS  # noqa: PLC0415 - beside its use

    foreign.engine.command(LOGS.ddl.replace("{database}", "otel"))
    run(foreign, LOG_ROWS.replace("hello", body))
    assert asked(foreign, "SELECT shape FROM lg_lines WHERE service = 'web'") == [found]


@pytest.mark.parametrize("words", [NEWER, OLDER], ids=["newer", "older"])
@pytest.mark.parametrize(
    "table",
    [made.traces("Int64"), made.traces("UInt64", aliases=True), made.traces("UInt64", nested=False)],
    ids=["signed", "aliases", "flat"],
)
def test_spans_of_every_generation_read_alike(foreign: Store, table: str, words: dict[str, str]) -> None:
    """Kinds and states were spelt in two ways; Duration was signed."""
    run(foreign, table, SPAN_ROWS.format(**words))
    spans = asked(
        foreign,
        "SELECT span_id, kind, failed, http_status, peer, error_type, duration_ns FROM lg_spans ORDER BY span_id",
    )
    assert SPAN_EXPECTED == spans
    requests = asked(foreign, "SELECT trace_id, operation, phase FROM lg_requests ORDER BY ts")
    assert [
        {"trace_id": "t1", "operation": "/pay", "phase": "good"},
        {"trace_id": "t2", "operation": "GET /old", "phase": "bad"},
    ] == requests
    exceptions = asked(foreign, "SELECT span_id, type, stacktrace FROM lg_exceptions")
    assert [{"span_id": "c", "type": "E", "stacktrace": ""}] == exceptions


@pytest.mark.parametrize("time", ["DateTime64(9)", "DateTime"])
@pytest.mark.parametrize(("total", "exponential"), [(made.SUM, "otel_metrics_exp_histogram"), (made.SUM_NEWER, "otel_metrics_exponential_histogram")])  # fmt: skip
def test_points_of_every_generation_read_alike(
    foreign: Store, time: str, total: str, exponential: str
) -> None:
    """Whole seconds or nanoseconds, both names of the exponential histogram, and the summary."""
    run(
        foreign,
        made.metric("otel_metrics_gauge", time, made.GAUGE),
        made.metric("otel_metrics_sum", time, total),
        made.metric("otel_metrics_histogram", time, made.HISTOGRAM),
        made.metric(exponential, time, made.EXPONENTIAL),
        made.metric("otel_metrics_summary", time, made.SUMMARY),
    )
    for table, columns, values in (
        ("otel_metrics_gauge", "Value", "0.5"),
        ("otel_metrics_sum", "Value, IsMonotonic", "7, true"),
        ("otel_metrics_histogram", "Count, Sum", "2, 6"),
        (exponential, "Count, Sum", "4, 4"),
        ("otel_metrics_summary", "Count, Sum", "2, 1"),
    ):
        run(
            foreign,
            f"INSERT INTO {table} (TimeUnix, ServiceName, MetricName, {columns}) "
            f"VALUES ('2026-11-22 14:10:00', 'pay', 'm', {values})",
        )
    points = asked(
        foreign,
        "SELECT toUnixTimestamp(ts) AS s, kind, value, monotonic FROM lg_points ORDER BY value DESC, kind",
    )
    assert [
        {"s": 1795356600, "kind": "sum", "value": 7.0, "monotonic": 1},
        {"s": 1795356600, "kind": "histogram", "value": 3.0, "monotonic": 0},
        {"s": 1795356600, "kind": "histogram", "value": 1.0, "monotonic": 0},
        {"s": 1795356600, "kind": "gauge", "value": 0.5, "monotonic": 0},
        {"s": 1795356600, "kind": "summary", "value": 0.5, "monotonic": 0},
    ] == points
    holdings, _ = foreign.survey()
    assert 5 == sum(holding.rows for holding in holdings.items)


def test_the_json_form_is_read_like_maps(foreign: Store) -> None:
    """By dotted names, also of events; numbers and lists are texts."""
    run(foreign, made.LOGS_JSON)
    run(foreign, made.traces("UInt64").replace(made._MAP, "JSON"))
    run(
        foreign,
        "INSERT INTO otel_logs (Timestamp, ServiceName, Body, ResourceAttributes, LogAttributes) VALUES "
        """('2026-11-22 14:10:00', 'web', 'failed', '{"service.version": "v2"}', '{"http.response.status_code": 502, "tags": ["a", "b"]}')""",
    )
    run(
        foreign,
        "INSERT INTO otel_traces (Timestamp, TraceId, SpanId, SpanName, SpanKind, ServiceName, ResourceAttributes, SpanAttributes, "
        "Duration, `Events.Timestamp`, `Events.Name`, `Events.Attributes`, StatusCode) VALUES "
        """('2026-11-22 14:10:00', 't1', 's1', 'GET /', 'Server', 'web', '{"host.name": "h1"}', '{"http": {"response": {"status_code": 502}}, "user.id": "u1"}', """
        """5, ['2026-11-22 14:10:00'], ['exception'], ['{"exception.type": "Timeout", "exception.message": "late"}'], 'Error')""",
    )
    holdings, reader = foreign.survey()

    assert {Signal.LOGS, Signal.SPANS} <= holdings.signals
    (span,) = reader.query("SELECT http_status, user, instance, attributes FROM lg_spans", {}, WINDOW).dicts()
    assert (502, "u1", "h1") == (span["http_status"], span["user"], span["instance"])
    assert "502" == dict(span["attributes"])["http.response.status_code"]
    (line,) = reader.query("SELECT version, attributes FROM lg_lines", {}, WINDOW).dicts()
    assert ("v2", '["a","b"]') == (
        line["version"],
        dict(line["attributes"])["tags"].replace("'", '"').replace(" ", ""),
    )
    (raised,) = reader.query("SELECT type, message FROM lg_exceptions", {}, WINDOW).dicts()
    assert ("Timeout", "late") == (raised["type"], raised["message"])
    (request,) = reader.query("SELECT failed FROM lg_requests", {}, WINDOW).dicts()
    assert request["failed"]


def test_without_any_table_every_relation_is_empty(foreign: Store) -> None:
    """A cluster that is only read has no tables of ours; its questions still run."""
    from lastgood.telemetry.relations import NAMES, columns  # noqa: PLC0415 - beside its use

    for name in NAMES:
        _, reader = foreign.survey()
        rows = reader.query(f"SELECT * FROM {name}", {"every": 1}, WINDOW)
        assert 0 == len(rows)
        assert columns(name) == set(rows.table.column_names)


def test_requests_enter_where_parents_are_unknown(foreign: Store) -> None:
    """A gateway that sends no spans leaves traces without a root; its servers are the entry."""
    run(foreign, made.traces("UInt64"))
    rows = ", ".join(
        f"('2026-11-22 14:10:00', 't{n}', 'a{n}', 'gone{n}', 'in', 'Server', 'web', 1, 'Unset'), "
        f"('2026-11-22 14:10:00', 't{n}', 'b{n}', 'a{n}', 'in', 'Server', 'pay', 1, 'Unset')"
        for n in range(20)
    )
    run(
        foreign,
        "INSERT INTO otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, SpanKind, ServiceName, "
        f"Duration, StatusCode) VALUES {rows}",
    )
    assert ("web",) == layout_of(foreign.engine).entry_services
    assert [{"service": "web", "n": 20}] == asked(
        foreign, "SELECT service, count() AS n FROM lg_requests GROUP BY service"
    )


def test_metrics_of_a_kind_that_nobody_sends_cost_nothing(store: Store) -> None:
    """A table of metrics counts from its first row on."""
    before = layout_of(store.engine)
    store.engine.command(
        f"INSERT INTO {store.engine.database}.otel_metrics_gauge (MetricName, TimeUnix, Value) VALUES ('m', now64(9), 1)"
    )
    after = layout_of(store.engine)

    assert (False, True) == tuple(one.has("otel_metrics_gauge") for one in (before, after))
    assert not after.has("otel_metrics_sum")
    assert after.has("otel_logs")


def test_a_name_that_cannot_stand_in_sql_is_read_as_it_is() -> None:
    """What a sender calls itself never becomes part of a query."""
    assert "toString(ServiceName)" == Layout({}).service("ServiceName")
    assert "toString(ServiceName)" == Layout({}, same={"a'); DROP TABLE x; --": "a"}).service("ServiceName")
    named = Layout({}, same={"a-service": "a"}).service("ServiceName")
    assert "transform(toString(ServiceName), ['a-service'], ['a'], toString(ServiceName))" == named
