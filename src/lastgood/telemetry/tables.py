"""The tables: names, DDL and Arrow column types of everything that Lastgood stores.

`otel_*` have the columns of the OpenTelemetry Collector's ClickHouse exporter; `lg_*` are ours.
Every MergeTree table carries DURABLE: without all of these settings a power cut loses acknowledged
rows, or leaves a store that does not open (docs/decisions/0002-telemetry-store.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from lastgood.telemetry.derived import definitions

DURABLE = (
    "fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, "
    "min_compressed_bytes_to_fsync_after_merge = 1, max_suspicious_broken_parts = 1000000, "
    "max_suspicious_broken_parts_bytes = 1000000000000, non_replicated_deduplication_window = 10000"
)

# Digits and long hexadecimal runs are masked for hashing only; the cheap digit mask is used unless
# hexadecimal can be present. The same expression serves tables that do not store the shape.
SHAPE_SQL = (
    "cityHash64(if(match({text}, '[0-9][a-fA-F]|[a-fA-F][0-9]'), "
    "replaceRegexpAll({text}, '[0-9a-fA-F]{{4,}}|[0-9]+', '0'), replaceRegexpAll({text}, '[0-9]+', '0')))"
)
SHAPE = SHAPE_SQL.format(text="concat(Body, Exception)")

_string = pa.string()
_map = pa.map_(_string, _string)
_time = pa.timestamp("ns", "UTC")
_strings = pa.list_(_string)


@dataclass(frozen=True, slots=True)
class StoreTable:
    """One table: its name and the Arrow types of the columns that intake may fill."""

    name: str
    columns: Mapping[str, pa.DataType]

    @property
    def ddl(self) -> str:
        """CREATE TABLE IF NOT EXISTS, with `{database}` to be filled in."""
        return _ddl(self.name)

    @property
    def added(self) -> str:
        """ALTER TABLE that gives a table of an earlier release the derived columns; empty where there are none."""
        wanted = [f"ADD COLUMN IF NOT EXISTS {one}" for one in definitions(self.name)]
        if self.name == "otel_logs":
            wanted.append(f"MODIFY COLUMN Shape UInt64 DEFAULT {SHAPE}")
        return f"ALTER TABLE {{database}}.{self.name} {', '.join(wanted)}" if wanted else ""

    def rows(self, columns: Mapping[str, Sequence[Any] | pa.Array | pa.ChunkedArray]) -> pa.Table:
        """An Arrow table of the given columns; those not given get the table's defaults."""
        return pa.table(
            {
                name: values
                if isinstance(values, pa.Array | pa.ChunkedArray)
                else pa.array(values, self.columns[name])
                for name, values in columns.items()
            }
        )


def by_day(ddl: str) -> str:
    """The definition of a table that is divided by days instead of months."""
    return ddl.replace("PARTITION BY toYYYYMM(", "PARTITION BY toDate(")


@cache
def _ddl(name: str) -> str:
    text = files("lastgood.telemetry").joinpath("schema", f"{name}.sql").read_text("utf-8")
    derived = "".join(f"{one},\n    " for one in definitions(name))
    return text.replace("{durable}", DURABLE).replace("{shape}", SHAPE).replace("{derived}", derived)


LOGS = StoreTable(
    "otel_logs",
    {
        "Timestamp": _time,
        "TraceId": _string,
        "SpanId": _string,
        "TraceFlags": pa.uint8(),
        "SeverityText": _string,
        "SeverityNumber": pa.uint8(),
        "ServiceName": _string,
        "Body": _string,
        "ResourceAttributes": _map,
        "ScopeName": _string,
        "LogAttributes": _map,
        "EventName": _string,
    },
)
SPANS = StoreTable(
    "otel_traces",
    {
        "Timestamp": _time, "TraceId": _string, "SpanId": _string, "ParentSpanId": _string, "TraceState": _string,
        "SpanName": _string, "SpanKind": _string, "ServiceName": _string, "ResourceAttributes": _map,
        "ScopeName": _string, "ScopeVersion": _string, "SpanAttributes": _map, "Duration": pa.uint64(),
        "StatusCode": _string, "StatusMessage": _string,
        "Events.Timestamp": pa.list_(_time), "Events.Name": _strings, "Events.Attributes": pa.list_(_map),
        "Links.TraceId": _strings, "Links.SpanId": _strings, "Links.TraceState": _strings,
        "Links.Attributes": pa.list_(_map),
    },
)  # fmt: skip
_metric = {
    "ResourceAttributes": _map, "ScopeName": _string, "ServiceName": _string, "MetricName": _string,
    "MetricDescription": _string, "MetricUnit": _string, "Attributes": _map, "StartTimeUnix": _time, "TimeUnix": _time,
}  # fmt: skip
GAUGES = StoreTable("otel_metrics_gauge", {**_metric, "Value": pa.float64(), "Flags": pa.uint32()})
SUMS = StoreTable(
    "otel_metrics_sum",
    {
        **_metric, "Value": pa.float64(), "Flags": pa.uint32(), "AggregationTemporality": pa.int32(),
        "IsMonotonic": pa.bool_(),
    },
)  # fmt: skip
HISTOGRAMS = StoreTable(
    "otel_metrics_histogram",
    {
        **_metric, "Count": pa.uint64(), "Sum": pa.float64(), "BucketCounts": pa.list_(pa.uint64()),
        "ExplicitBounds": pa.list_(pa.float64()), "Flags": pa.uint32(), "Min": pa.float64(), "Max": pa.float64(),
        "AggregationTemporality": pa.int32(),
    },
)  # fmt: skip
EXPONENTIAL_HISTOGRAMS = StoreTable(
    "otel_metrics_exponential_histogram",
    {
        **_metric, "Count": pa.uint64(), "Sum": pa.float64(), "Scale": pa.int32(), "ZeroCount": pa.uint64(),
        "PositiveOffset": pa.int32(), "PositiveBucketCounts": pa.list_(pa.uint64()), "NegativeOffset": pa.int32(),
        "NegativeBucketCounts": pa.list_(pa.uint64()), "Flags": pa.uint32(), "Min": pa.float64(), "Max": pa.float64(),
        "AggregationTemporality": pa.int32(),
    },
)  # fmt: skip
SUMMARIES = StoreTable(
    "otel_metrics_summary",
    {
        **_metric, "Count": pa.uint64(), "Sum": pa.float64(), "ValueAtQuantiles.Quantile": pa.list_(pa.float64()),
        "ValueAtQuantiles.Value": pa.list_(pa.float64()), "Flags": pa.uint32(),
    },
)  # fmt: skip
CHANGES = StoreTable(
    "lg_changes",
    {
        "Id": _string, "Timestamp": _time, "EndTimestamp": _time, "Kind": _string, "Service": _string,
        "Title": _string, "Actor": _string, "Version": _string, "PreviousVersion": _string, "State": _string,
        "Within": _string, "Files": _strings, "Additions": pa.uint32(), "Deletions": pa.uint32(), "Diff": _string,
        "Url": _string, "Source": _string, "Attributes": _map,
    },
)  # fmt: skip
ALERTS = StoreTable(
    "lg_alerts",
    {
        "Id": _string, "Timestamp": _time, "EndTimestamp": _time, "Name": _string, "Service": _string,
        "State": _string, "Severity": _string, "Summary": _string, "Url": _string, "Labels": _map,
    },
)  # fmt: skip
CALLS = StoreTable("lg_calls", {"Timestamp": _time, "Caller": _string, "Callee": _string})
REJECTS = StoreTable(
    "lg_rejects",
    {"LoadedAt": _time, "Path": _string, "Line": pa.uint64(), "Reason": _string, "Text": _string},
)
SHAPES = StoreTable(
    "lg_shapes",
    {
        "Service": _string, "Shape": pa.uint64(), "Pattern": _string, "Key": _strings, "Miner": pa.uint16(),
        "FirstSeen": _time, "Low": _string, "High": _string, "StoredAt": _time,
    },
)  # fmt: skip
PATTERN_ALIASES = StoreTable(
    "lg_pattern_aliases", {"Service": _string, "Old": _string, "New": _string, "StoredAt": _time}
)

TABLES = (
    LOGS, SPANS, GAUGES, SUMS, HISTOGRAMS, EXPONENTIAL_HISTOGRAMS, SUMMARIES, CHANGES, ALERTS, CALLS, REJECTS,
    SHAPES, PATTERN_ALIASES,
)  # fmt: skip
