CREATE TABLE IF NOT EXISTS {database}.lg_shapes
(
    Service LowCardinality(String),
    Shape UInt64,
    Pattern String,
    Key Array(String),
    Miner UInt16,
    FirstSeen DateTime64(9, 'UTC'),
    Low String CODEC(ZSTD(1)),
    High String CODEC(ZSTD(1)),
    StoredAt DateTime64(9, 'UTC')
)
ENGINE = ReplacingMergeTree(StoredAt)
ORDER BY (Service, Shape)
SETTINGS {durable}
