CREATE TABLE IF NOT EXISTS {database}.lg_calls
(
    Timestamp DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    Caller LowCardinality(String),
    Callee LowCardinality(String)
)
ENGINE = MergeTree
ORDER BY (Caller, Callee, Timestamp)
SETTINGS {durable}
