"""The telemetry store: ClickHouse, embedded through chDB or remote. The only package with its driver."""
