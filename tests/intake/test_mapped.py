"""Files by mapping: what the mapping says is what is stored, and every line is accounted for."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from lastgood.model.loading import LoadReport
from lastgood.workbench.load import load
from lastgood.workbench.store import Store

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
SPANS = """
[[file]]
match = "spans/*.csv"
kind = "spans"
[file.fields]
time = { column = "begin", unit = "ns" }
duration = { column = "took", unit = "us" }
trace = "trace"
span = "span"
parent = { column = "parent", map = { root = "" } }
name = "operation"
kind = "side"
failed = { column = "code", map = { 0 = "false", "*" = "true" } }
service = { column = "pod", regex = "^(.+)-[^-]+-[^-]+$" }
[file.resource]
"k8s.pod.name" = "pod"
"""
HEADER = "trace,span,parent,pod,operation,side,code,begin,took\n"
ROW = "AB01,0{n},root,cart-59b-x7,GET /cart,server,{code},1700000000000000{n}00,1500\n"


def _load(store: Store, folder: Path, mapping: str) -> LoadReport:
    said = folder.parent / "mapping.toml"
    said.write_text(mapping)
    return load(store, [folder], now=NOW, zone=UTC, mapping=said)


def _rows(store: Store, sql: str) -> list[dict[str, Any]]:
    return store.engine.query(sql.replace("@", f"{store.engine.database}.")).rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to load."""
    made = tmp_path / "incident"
    made.mkdir()
    return made


def _write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())


def test_spans_of_a_compressed_table(store: Store, folder: Path) -> None:
    """Service cut out of a pod's name, microseconds made nanoseconds, codes made a status."""
    _write(folder, "spans/1.csv.gz", HEADER + ROW.format(n=1, code=0) + ROW.format(n=2, code=5))

    (loaded,) = _load(store, folder, SPANS).inputs

    assert ("mapped spans", 3, 2, 1, 0) == (
        loaded.format,
        loaded.lines,
        loaded.events,
        loaded.continuations,
        loaded.rejects,
    )
    assert ("cart",) == loaded.services
    stored = _rows(
        store,
        "SELECT TraceId, ParentSpanId, SpanKind, StatusCode, Duration, ResourceAttributes['k8s.pod.name'] AS pod, "
        "toUnixTimestamp64Nano(Timestamp) AS ns FROM @otel_traces ORDER BY SpanId",
    )
    same = {
        "TraceId": "ab01",
        "ParentSpanId": "",
        "SpanKind": "Server",
        "Duration": 1_500_000,
        "pod": "cart-59b-x7",
    }
    assert [
        {**same, "StatusCode": "Unset", "ns": 1_700_000_000_000_000_100},
        {**same, "StatusCode": "Error", "ns": 1_700_000_000_000_000_200},
    ] == stored


def test_bad_rows_are_rejects_with_their_line(store: Store, folder: Path) -> None:
    """A row without a time, one of another width, and a blank one cost only themselves."""
    bad_time = ROW.format(n=3, code=0).replace("1700000000000000300", "yesterday")
    _write(folder, "spans/1.csv", HEADER + ROW.format(n=1, code=0) + bad_time + "\nonly,two\n")

    (loaded,) = _load(store, folder, SPANS).inputs

    assert (5, 1, 1, 1, 2) == (
        loaded.lines,
        loaded.events,
        loaded.continuations,
        loaded.blanks,
        loaded.rejects,
    )
    assert {3, 5} == {reject.line for reject in loaded.first_rejects}
    assert any("no time in begin: 'yesterday'" in reject.reason for reject in loaded.first_rejects)


def test_a_truncated_archive_keeps_what_was_read(store: Store, folder: Path) -> None:
    """Rows before the cut are stored; the report says that reading stopped."""
    whole = gzip.compress((HEADER + "".join(ROW.format(n=n, code=n) for n in range(1, 9)) * 5_000).encode())
    path = folder / "spans" / "1.csv.gz"
    path.parent.mkdir()
    path.write_bytes(whole[: len(whole) // 2])

    (loaded,) = _load(store, folder, SPANS).inputs

    assert "reading stopped" in loaded.problem
    assert 0 < loaded.events < 40_000
    assert loaded.events == loaded.rows["otel_traces"]


def test_wide_metrics_and_the_calls_that_their_columns_name(store: Store, folder: Path) -> None:
    """One metric per column; groups of the expression name the service, its peer and the edge."""
    _write(folder, "edges.csv", "when,seen_by,web_cart,web_stock\n2026-11-22 14:00:00,x,0.5,\n")
    report = _load(
        store,
        folder,
        """
[[file]]
match = "edges.csv"
kind = "metrics"
ignore = ["seen_by"]
[file.fields]
time = "when"
[[file.values]]
columns = '(?P<caller>[a-z]+)_(?P<callee>[a-z]+)'
metric = "rpc.duration"
unit = "s"
scale = 1000
service = "{caller}"
caller = "{caller}"
callee = "{callee}"
attributes = { "service.peer.name" = "{callee}" }
""",
    )

    assert {"otel_metrics_gauge": 1, "lg_calls": 2} == report.inputs[0].rows
    (point,) = _rows(
        store,
        "SELECT ServiceName, MetricName, Value, Attributes['service.peer.name'] AS peer FROM @otel_metrics_gauge",
    )
    assert {"ServiceName": "web", "MetricName": "rpc.duration", "Value": 500.0, "peer": "cart"} == point
    edges = _rows(store, "SELECT Caller, Callee FROM @lg_calls ORDER BY Callee")
    assert [{"Caller": "web", "Callee": "cart"}, {"Caller": "web", "Callee": "stock"}] == edges


def test_stacked_headers_and_an_adjacency_matrix(store: Store, folder: Path) -> None:
    """Three header rows become names with bars between them; a matrix becomes edges."""
    _write(
        folder,
        "m.csv",
        "node,a,,b\nmetric,latency,latency,errors\nstat,p50,p99,sum\nunix,,,\n1700000000,1,2,3\n",
    )
    _write(folder, "graph.csv", ",a,b\na,0,1\nb,0,0\n")
    _load(
        store,
        folder,
        r"""
[[file]]
match = "m.csv"
kind = "metrics"
header_rows = 3
index_row = true
[file.fields]
time = { column = "unix", unit = "s" }
[[file.values]]
columns = '(?P<node>.+)\|latency\|(?P<stat>.+)'
metric = "latency.{stat}"
service = "{node}"
[[file.values]]
columns = '(?P<node>.+)\|errors\|.+'
metric = "errors"
service = "{node}"
type = "delta"
[[file]]
match = "graph.csv"
kind = "adjacency"
""",
    )

    gauges = _rows(
        store, "SELECT ServiceName AS s, MetricName AS m, Value AS v FROM @otel_metrics_gauge ORDER BY v"
    )
    assert [{"s": "a", "m": "latency.p50", "v": 1.0}, {"s": "a", "m": "latency.p99", "v": 2.0}] == gauges
    sums = _rows(
        store, "SELECT ServiceName AS s, Value AS v, AggregationTemporality AS t FROM @otel_metrics_sum"
    )
    assert [{"s": "b", "v": 3.0, "t": 1}] == sums
    assert [{"Caller": "a", "Callee": "b"}] == _rows(store, "SELECT Caller, Callee FROM @lg_calls")


def test_one_file_feeds_several_signals(store: Store, folder: Path) -> None:
    """Two rules for one NDJSON file: log lines, and the deploys among them; each accounts for every line."""
    _write(
        folder,
        "events.ndjson",
        '{"at": "2026-11-22T14:00:00Z", "app": {"name": "web"}, "lvl": "warn", "msg": "slow", "ms": 3}\n'
        '{"at": "2026-11-22T14:01:00Z", "app": {"name": "web"}, "msg": "deployed", "sha": "c0ffee"}\n',
    )
    report = _load(
        store,
        folder,
        """
[[file]]
match = "events.ndjson"
kind = "logs"
rest = true
[file.fields]
time = "at"
body = "msg"
severity = { column = "lvl", default = "info" }
service = "app.name"
[[file]]
match = "events.ndjson"
kind = "changes"
[file.fields]
time = "at"
kind = { constant = "deploy" }
id = "sha"
service = "app.name"
[file.keep]
sha = "."
""",
    )

    (loaded,) = report.inputs
    assert (4, 3, 1) == (loaded.lines, loaded.events, loaded.blanks)
    assert {"otel_logs": 2, "lg_changes": 1} == loaded.rows
    lines = _rows(
        store, "SELECT SeverityNumber AS n, LogAttributes['ms'] AS ms FROM @otel_logs ORDER BY Timestamp"
    )
    assert [{"n": 13, "ms": "3"}, {"n": 9, "ms": ""}] == lines
    assert [{"Id": "c0ffee"}] == _rows(store, "SELECT Id FROM @lg_changes")


def test_long_metrics_alerts_and_alternatives(store: Store, folder: Path) -> None:
    """A counter in long form, an alert list in a document, and a second column where the first has no time."""
    _write(folder, "long.csv", "t1;t2;name;v\n-7;2026-11-22 14:00;hits;5\n-7;2026-11-22 14:01;hits;x\n")
    _write(folder, "alerts.json", '{"data": {"list": [{"n": "Slow", "t": 1700000000}, {"n": "Down"}]}}')
    report = _load(
        store,
        folder,
        """
[[file]]
match = "long.csv"
kind = "metrics"
delimiter = ";"
type = "counter"
[file.fields]
time = [{ column = "t1", unit = "s" }, { column = "t2", format = "%Y-%m-%d %H:%M", zone = "Asia/Tokyo" }]
metric = "name"
value = "v"
unit = { constant = "{request}" }
[[file]]
match = "alerts.json"
kind = "alerts"
records = "data.list"
[file.fields]
time = "t"
name = "n"
""",
    )

    alerts, long = report.inputs
    assert (2, 1, 1) == (alerts.lines, alerts.events, alerts.rejects)
    assert (3, 1, 1) == (long.lines, long.events, long.rejects)
    (point,) = _rows(
        store,
        "SELECT toUnixTimestamp(TimeUnix) AS t, MetricUnit AS u, IsMonotonic AS m FROM @otel_metrics_sum",
    )
    assert {"t": int(datetime(2026, 11, 22, 5, tzinfo=UTC).timestamp()), "u": "{request}", "m": True} == point


def test_a_column_that_a_file_lacks_is_named_with_what_it_has(store: Store, folder: Path) -> None:
    """The file is left unread with a reason; others of the folder are loaded."""
    _write(folder, "spans/1.csv", "trace,span\n1,2\n")
    _write(folder, "spans/2.csv", HEADER + ROW.format(n=1, code=0))

    first, second = _load(store, folder, SPANS).inputs

    assert "no column 'begin'" in first.problem
    assert "Its columns: trace, span." in first.problem
    assert 1 == second.events


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": lambda content: bytes(pa.compress(content, "zstd", asbytes=True)),
}


@pytest.mark.parametrize("packing", PACKED)
def test_every_compression(store: Store, folder: Path, packing: str) -> None:
    """The same table in four compressions, reported by its first bytes."""
    (folder / "spans").mkdir()
    (folder / "spans" / "1.csv").write_bytes(PACKED[packing]((HEADER + ROW.format(n=1, code=0)).encode()))

    assert [1] == [loaded.events for loaded in _load(store, folder, SPANS).inputs]


def test_ignored_files_are_not_read(store: Store, folder: Path) -> None:
    """What the mapping ignores does not appear in the report."""
    _write(folder, "notes.txt", "nothing\n")
    _write(folder, "spans/1.csv", HEADER + ROW.format(n=1, code=0))

    report = _load(store, folder, 'ignore = ["notes.txt"]\n' + SPANS)

    assert [str(folder / "spans" / "1.csv")] == [loaded.name for loaded in report.inputs]
