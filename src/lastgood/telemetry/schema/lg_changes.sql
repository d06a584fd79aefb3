CREATE TABLE IF NOT EXISTS {database}.lg_changes
(
    Id String,
    Timestamp DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    EndTimestamp DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    Kind LowCardinality(String),
    Service LowCardinality(String),
    Title String,
    Actor String,
    Version String,
    PreviousVersion String,
    State LowCardinality(String),
    Within String,
    Files Array(String),
    Additions UInt32,
    Deletions UInt32,
    Diff String CODEC(ZSTD(3)),
    Url String,
    Source LowCardinality(String),
    Attributes Map(LowCardinality(String), String)
)
ENGINE = MergeTree
ORDER BY (Timestamp, Id)
SETTINGS {durable}
