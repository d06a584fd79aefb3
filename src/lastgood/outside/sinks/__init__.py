"""Sinks: where messages go. Each plans its requests without sending, so that they can be shown first."""
