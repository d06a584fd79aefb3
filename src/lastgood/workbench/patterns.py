"""Patterns: give every new shape of the stored lines its log pattern, for good."""

from datetime import datetime

import pyarrow as pa

from lastgood.algorithms.patterns.miner import VERSION
from lastgood.model.clock import to_nanoseconds
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.patterns import Patterns, Query, read_patterns, shapes_present
from lastgood.telemetry.reader import Reader, Rows
from lastgood.telemetry.tables import PATTERN_ALIASES, SHAPES
from lastgood.telemetry.writer import Writer
from lastgood.workbench.store import Store


def remember_patterns(store: Store, *, now: datetime, window: Window | None = None) -> int:
    """How many shapes were new in a window (default: ever). Ids that are known stay, or become aliases.

    A store that is not ours is left alone: there, patterns are mined when a person asks.
    """
    if not store.engine.embedded:
        return 0
    holdings, reader = store.survey()
    lines = holdings.of(Signal.LOGS)
    if lines is None or lines.window is None:
        return 0
    query = _query_of(reader, window or lines.window)
    patterns = read_patterns(query, shapes_present(query))
    _write(store, patterns, now)
    return len(patterns.unstored)


def _query_of(reader: Reader, window: Window) -> Query:
    def query(sql: str, /, **parameters: object) -> Rows:
        return reader.query(sql, parameters, window)

    return query


def _write(store: Store, patterns: Patterns, now: datetime) -> None:
    shapes = patterns.unstored
    content = [(shape.service, shape.shape, shape.pattern) for shape in shapes]
    writer = Writer(store.engine, f"patterns {content} {sorted(patterns.aliases.items())}")
    if shapes:
        columns = {
            "Service": [shape.service for shape in shapes],
            "Shape": [shape.shape for shape in shapes],
            "Pattern": [shape.pattern for shape in shapes],
            "Key": [list(shape.key) for shape in shapes],
            "Miner": [VERSION] * len(shapes),
            "FirstSeen": _times([shape.first_seen for shape in shapes]),
            "Low": [shape.low for shape in shapes],
            "High": [shape.high for shape in shapes],
            "StoredAt": _times([now] * len(shapes)),
        }
        writer.add(SHAPES, SHAPES.rows(columns))
    if patterns.aliases:
        services, old = zip(*patterns.aliases, strict=True)
        columns = {
            "Service": list(services),
            "Old": list(old),
            "New": list(patterns.aliases.values()),
            "StoredAt": _times([now] * len(old)),
        }
        writer.add(PATTERN_ALIASES, PATTERN_ALIASES.rows(columns))
    writer.flush()


def _times(times: list[datetime]) -> pa.Array:
    return pa.array([to_nanoseconds(time) for time in times], pa.int64()).cast(pa.timestamp("ns", "UTC"))
