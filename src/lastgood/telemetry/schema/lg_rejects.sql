CREATE TABLE IF NOT EXISTS {database}.lg_rejects
(
    LoadedAt DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    Path String,
    Line UInt64,
    Reason LowCardinality(String),
    Text String
)
ENGINE = MergeTree
ORDER BY (Path, Line)
SETTINGS {durable}
