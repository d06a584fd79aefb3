"""Tables as generations of the OpenTelemetry Collector's ClickHouse exporter made them."""

_MAP = "Map(LowCardinality(String), String)"

LOGS_OLDER = f"""
CREATE TABLE otel_logs (
    Timestamp DateTime64(9) CODEC(Delta(8), ZSTD(1)), TimestampTime DateTime DEFAULT toDateTime(Timestamp),
    TraceId String, SpanId String, TraceFlags UInt8, SeverityText LowCardinality(String), SeverityNumber UInt8,
    ServiceName LowCardinality(String), Body String, ResourceSchemaUrl LowCardinality(String),
    ResourceAttributes {_MAP}, ScopeSchemaUrl LowCardinality(String), ScopeName String,
    ScopeVersion LowCardinality(String), ScopeAttributes {_MAP}, LogAttributes {_MAP}
) ENGINE = MergeTree PARTITION BY toDate(TimestampTime)
PRIMARY KEY (ServiceName, TimestampTime) ORDER BY (ServiceName, TimestampTime, Timestamp)"""

LOGS_OLDEST = f"""
CREATE TABLE otel_logs (
    Timestamp DateTime64(9), TraceId String, SpanId String, TraceFlags UInt32,
    SeverityText LowCardinality(String), SeverityNumber Int32, ServiceName LowCardinality(String), Body String,
    ResourceAttributes {_MAP}, LogAttributes {_MAP}
) ENGINE = MergeTree PARTITION BY toDate(Timestamp) ORDER BY (ServiceName, SeverityText, toUnixTimestamp(Timestamp), TraceId)"""

LOGS_NEWER = f"""
CREATE TABLE otel_logs (
    Timestamp DateTime64(9), TraceId String, SpanId String, TraceFlags UInt8, SeverityText LowCardinality(String),
    SeverityNumber UInt8, ServiceName LowCardinality(String), Body String, ResourceSchemaUrl LowCardinality(String),
    ResourceAttributes {_MAP}, ScopeSchemaUrl LowCardinality(String), ScopeName String,
    ScopeVersion LowCardinality(String), ScopeAttributes {_MAP}, LogAttributes {_MAP}, EventName String
) ENGINE = MergeTree PARTITION BY toDate(Timestamp)
ORDER BY (toStartOfFiveMinutes(Timestamp), ServiceName, Timestamp)"""

LOGS_JSON = """
CREATE TABLE otel_logs (
    Timestamp DateTime64(9), TraceId String, SpanId String, SeverityText LowCardinality(String), SeverityNumber UInt8,
    ServiceName LowCardinality(String), Body String, ResourceAttributes JSON, LogAttributes JSON,
    LogAttributesKeys Array(LowCardinality(String))
) ENGINE = MergeTree ORDER BY Timestamp"""


def traces(duration: str, *, nested: bool = True, aliases: bool = False) -> str:
    """The table of spans: Duration was signed once, and events and links may be left out."""
    parts = f"""
    Events Nested (Timestamp DateTime64(9), Name LowCardinality(String), Attributes {_MAP}),
    Links Nested (TraceId String, SpanId String, TraceState String, Attributes {_MAP}),"""
    alias = " SpanAttributeItems Array(String) ALIAS arrayMap((k, v) -> k || '=' || v, mapKeys(SpanAttributes), mapValues(SpanAttributes)),"
    return f"""
CREATE TABLE otel_traces (
    Timestamp DateTime64(9), TraceId String, SpanId String, ParentSpanId String, TraceState String,
    SpanName LowCardinality(String), SpanKind LowCardinality(String), ServiceName LowCardinality(String),
    ResourceAttributes {_MAP}, ScopeName String, ScopeVersion String, SpanAttributes {_MAP},{alias if aliases else ""}
    Duration {duration},{parts if nested else ""} StatusCode LowCardinality(String), StatusMessage String
) ENGINE = MergeTree PARTITION BY toDate(Timestamp) ORDER BY (ServiceName, SpanName, toDateTime(Timestamp))"""


def metric(table: str, time: str, values: str) -> str:
    """One table of metrics: times were nanoseconds once, and are whole seconds now."""
    return f"""
CREATE TABLE {table} (
    ResourceAttributes {_MAP}, ResourceSchemaUrl String, ScopeName String, ScopeVersion String, ScopeAttributes {_MAP},
    ScopeDroppedAttrCount UInt32, ScopeSchemaUrl String, ServiceName LowCardinality(String), MetricName String,
    MetricDescription String, MetricUnit String, Attributes {_MAP}, StartTimeUnix {time}, TimeUnix {time}, {values}
) ENGINE = MergeTree PARTITION BY toDate(TimeUnix) ORDER BY (ServiceName, MetricName, toUnixTimestamp64Nano(toDateTime64(TimeUnix, 9)))"""


GAUGE = "Value Float64, Flags UInt32"
SUM = "Value Float64, Flags UInt32, AggTemp Int32, IsMonotonic Boolean"
SUM_NEWER = "Value Float64, Flags UInt32, AggregationTemporality Int32, IsMonotonic Boolean"
HISTOGRAM = "Count UInt64, Sum Float64, BucketCounts Array(UInt64), ExplicitBounds Array(Float64), Min Float64, Max Float64"
EXPONENTIAL = "Count UInt64, Sum Float64, Scale Int32, ZeroCount UInt64"
SUMMARY = "Count UInt64, Sum Float64, ValueAtQuantiles Nested (Quantile Float64, Value Float64)"
