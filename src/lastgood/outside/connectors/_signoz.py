"""SigNoz' tables in ClickHouse, as the tables that the Collector's exporter fills: each by a SELECT under the exporter's names.

After signoz.io/docs (schemas of logs v2, traces v3 and metrics v4). Numbers and booleans among attributes become texts. Of metrics,
the series are those of the window and the hour before it, as SigNoz writes each once an hour.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import timedelta

from lastgood.model.window import Window

_BUCKET = timedelta(minutes=30)  # of ts_bucket_start, the first column of the key
_HOUR = timedelta(hours=1)
_ATTRIBUTES = (
    "mapConcat(CAST(attributes_string, 'Map(String, String)'), "
    "CAST(mapApply((k, v) -> (k, toString(v)), attributes_number), 'Map(String, String)'), "
    "CAST(mapApply((k, v) -> (k, toString(v)), attributes_bool), 'Map(String, String)'))"
)
_LOGS = f"""
SELECT fromUnixTimestamp64Nano(toInt64(timestamp)) AS Timestamp, trace_id AS TraceId, span_id AS SpanId, severity_text AS SeverityText,
       severity_number AS SeverityNumber, resources_string['service.name'] AS ServiceName, body AS Body,
       resources_string AS ResourceAttributes, {_ATTRIBUTES} AS LogAttributes
FROM {{place}} WHERE ts_bucket_start BETWEEN {{bucket}} AND {{end}}"""
_TRACES = f"""
SELECT timestamp AS Timestamp, trace_id AS TraceId, span_id AS SpanId, parent_span_id AS ParentSpanId, trace_state AS TraceState,
       name AS SpanName, kind_string AS SpanKind, resources_string['service.name'] AS ServiceName,
       resources_string AS ResourceAttributes, {_ATTRIBUTES} AS SpanAttributes, duration_nano AS Duration,
       status_code_string AS StatusCode, status_message AS StatusMessage,
       arrayMap(x -> fromUnixTimestamp64Nano(JSONExtractInt(x, 'timeUnixNano')), events) AS `Events.Timestamp`,
       arrayMap(x -> JSONExtractString(x, 'name'), events) AS `Events.Name`,
       arrayMap(x -> JSONExtract(x, 'attributeMap', 'Map(String, String)'), events) AS `Events.Attributes`
FROM {{place}} WHERE ts_bucket_start BETWEEN {{bucket}} AND {{end}}"""
_METRICS = """
SELECT if(said['service.name'] != '', said['service.name'], said['service_name']) AS ServiceName, metric_name AS MetricName,
       unit AS MetricUnit, map('service.name', ServiceName) AS ResourceAttributes, mapFilter((k, v) -> NOT startsWith(k, '__'), said) AS Attributes,
       fromUnixTimestamp64Milli(unix_milli) AS TimeUnix, value AS Value{more}
FROM (SELECT * FROM {place} WHERE unix_milli BETWEEN {start} * 1000 AND {end} * 1000) AS samples
INNER JOIN (SELECT metric_name, fingerprint, any(unit) AS unit, any(is_monotonic) AS monotonic, any(temporality) AS temporality,
                   JSONExtract(any(labels), 'Map(String, String)') AS said
            FROM {series} WHERE unix_milli BETWEEN {hour} * 1000 AND {end} * 1000 GROUP BY metric_name, fingerprint) AS series
USING (metric_name, fingerprint) WHERE monotonic = {counter}"""
_OF_COUNTERS = ", multiIf(temporality = 'Delta', 1, temporality = 'Cumulative', 2, 0) AS AggregationTemporality, monotonic AS IsMonotonic"
# The exporter's table, by the tables of SigNoz that hold the same.
_HELD = {
    "otel_logs": ("signoz_logs", "logs_v2", _LOGS), "otel_traces": ("signoz_traces", "signoz_index_v3", _TRACES),
    "otel_metrics_gauge": ("signoz_metrics", "samples_v4", _METRICS), "otel_metrics_sum": ("signoz_metrics", "samples_v4", _METRICS),
}  # fmt: skip
_SERIES = ("signoz_metrics", "time_series_v4")
DATABASES = ("signoz_logs", "signoz_traces", "signoz_metrics")


def signoz_tables(there: AbstractSet[tuple[str, str]], window: Window) -> Mapping[str, str]:
    """The SELECT of each of the exporter's tables that SigNoz' tables can give; `there` has their databases and names."""
    moments = {
        "start": window.start, "end": window.end + timedelta(seconds=1), "bucket": window.start - _BUCKET, "hour": window.start - _HOUR,
    }  # fmt: skip
    bound = {name: int(moment.timestamp()) for name, moment in moments.items()}
    series = _place(there, *_SERIES)
    found = {}
    for table, (database, name, select) in _HELD.items():
        place = _place(there, database, name)
        if place and (select is not _METRICS or series):
            counter = table == "otel_metrics_sum"
            more = _OF_COUNTERS if counter else ""
            found[table] = select.format(place=place, series=series, counter=int(counter), more=more, **bound)
    return found


def _place(there: AbstractSet[tuple[str, str]], database: str, name: str) -> str:
    """The table over all shards, else the one of this server."""
    return next(
        (f"{database}.{one}" for one in (f"distributed_{name}", name) if (database, one) in there), ""
    )
