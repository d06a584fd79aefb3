CREATE TABLE IF NOT EXISTS {database}.lg_alerts
(
    Id String,
    Timestamp DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    EndTimestamp DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    Name String,
    Service LowCardinality(String),
    State LowCardinality(String),
    Severity LowCardinality(String),
    Summary String,
    Url String,
    Labels Map(LowCardinality(String), String)
)
ENGINE = MergeTree
ORDER BY (Timestamp, Id)
SETTINGS {durable}
