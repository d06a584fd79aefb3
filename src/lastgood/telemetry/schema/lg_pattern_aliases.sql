CREATE TABLE IF NOT EXISTS {database}.lg_pattern_aliases
(
    Service LowCardinality(String),
    Old String,
    New String,
    StoredAt DateTime64(9, 'UTC')
)
ENGINE = ReplacingMergeTree(StoredAt)
ORDER BY (Service, Old)
SETTINGS {durable}
