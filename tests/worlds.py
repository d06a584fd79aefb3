"""Small worlds for tests: requests, spans, lines and metrics written straight into a store."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import pi
from typing import Any

import numpy as np
import pyarrow as pa

from lastgood.model.clock import to_nanoseconds
from lastgood.telemetry.tables import GAUGES, LOGS, SPANS, SUMS, StoreTable
from lastgood.workbench.store import Store

START = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
Times = np.ndarray[Any, Any]


def put(store: Store, table: StoreTable, columns: Mapping[str, Sequence[Any]], token: str) -> None:
    """Store rows, and wait until they are there."""
    store.engine.insert(table.name, table.rows(columns), token=token).result()


def nanoseconds(seconds: Times, start: datetime = START) -> pa.Array:
    """Seconds after the start as a column of times."""
    ticks = to_nanoseconds(start) + (seconds * 1e9).astype(np.int64)
    return pa.array(ticks, pa.int64()).cast(pa.timestamp("ns", "UTC"))


@dataclass
class World:
    """Requests to one service at a steady rate; hooks bend errors, latency and traffic over time.

    Hooks take seconds after the start (an array) and give a value for each.
    """

    seconds: float = 3600
    rate: float = 10.0  # requests a second
    seed: int = 1
    service: str = "shop"
    errors: Callable[[Times], Times] = lambda t: np.full(len(t), 0.005)
    milliseconds: Callable[[Times], Times] = lambda t: np.full(len(t), 50.0)
    traffic: Callable[[Times], Times] = lambda t: np.ones(len(t))
    attributes: Callable[[int, Times, Times], Mapping[str, str]] = lambda _i, _t, _failed: {}
    start: datetime = START
    jitter: float = 0.3
    failed: Times = field(init=False, repr=False)
    times: Times = field(init=False, repr=False)

    def __post_init__(self) -> None:
        chance = np.random.default_rng(self.seed)
        drawn = np.sort(chance.uniform(0, self.seconds, chance.poisson(self.seconds * self.rate * 2)))
        kept = chance.uniform(0, 2, len(drawn)) < self.traffic(drawn)
        self.times = drawn[kept]
        self.failed = chance.uniform(size=len(self.times)) < self.errors(self.times)
        spread = np.exp(chance.normal(0, self.jitter, len(self.times)))
        self.duration = (self.milliseconds(self.times) * spread * 1e6).astype(np.uint64)

    def store_spans(self, store: Store) -> None:
        """Each request as one root span."""
        n = len(self.times)
        put(
            store, SPANS,
            {
                "Timestamp": nanoseconds(self.times, self.start),
                "TraceId": [f"{self.seed:08x}{i:024x}" for i in range(n)],
                "SpanId": [f"{i:016x}" for i in range(n)],
                "ParentSpanId": [""] * n, "SpanName": ["GET /"] * n, "SpanKind": ["Server"] * n,
                "ServiceName": [self.service] * n, "Duration": self.duration.tolist(),
                "StatusCode": ["Error" if f else "Unset" for f in self.failed],
                "SpanAttributes": [list(self.attributes(i, self.times, self.failed).items()) for i in range(n)],
            },
            f"spans {self.service} {self.seed}",
        )  # fmt: skip

    def store_lines(self, store: Store) -> None:
        """Each request as one log line, an error line when it failed."""
        n = len(self.times)
        put(
            store, LOGS,
            {
                "Timestamp": nanoseconds(self.times, self.start),
                "SeverityText": ["ERROR" if f else "INFO" for f in self.failed],
                "SeverityNumber": [17 if f else 9 for f in self.failed],
                "ServiceName": [self.service] * n,
                "Body": [
                    f"could not serve order {i}: connection reset" if f else f"served order {i}"
                    for i, f in enumerate(self.failed)
                ],
                "LogAttributes": [list(self.attributes(i, self.times, self.failed).items()) for i in range(n)],
            },
            f"lines {self.service} {self.seed}",
        )  # fmt: skip


def step(at: float, before: float, after: float, until: float = float("inf")) -> Callable[[Times], Times]:
    """A hook: `before`, and `after` from `at` until `until`."""
    return lambda t: np.where((t >= at) & (t < until), after, before)


def rhythm(low: float, high: float, period: float = 86_400) -> Callable[[Times], Times]:
    """A hook: a smooth swing between two values."""
    return lambda t: low + (high - low) * (0.5 + 0.5 * np.sin(2 * pi * t / period))


def store_counter(
    store: Store,
    service: str,
    metric: str,
    attributes: Mapping[str, str],
    values: Sequence[float],
    *,
    first: int = 0,
    step: int = 30,
) -> None:
    """A running total, a value each step from a second after the start on."""
    times = first + step * np.arange(len(values), dtype=float)
    columns = {
        "ServiceName": [service] * len(values), "MetricName": [metric] * len(values), "Value": list(values),
        "Attributes": [dict(attributes)] * len(values), "TimeUnix": nanoseconds(times),
        "AggregationTemporality": [2] * len(values), "IsMonotonic": [True] * len(values),
    }  # fmt: skip
    put(store, SUMS, columns, token=f"{service} {metric} {attributes} {first}")


def store_gauge(
    store: Store, service: str, metric: str, unit: str, points: Sequence[tuple[float, float]]
) -> None:
    """A metric as (seconds after the start, value)."""
    n = len(points)
    put(
        store, GAUGES,
        {
            "TimeUnix": nanoseconds(np.array([p[0] for p in points])), "ServiceName": [service] * n,
            "MetricName": [metric] * n, "MetricUnit": [unit] * n, "Value": [p[1] for p in points],
            "Attributes": [[] for _ in points], "ResourceAttributes": [[] for _ in points],
        },
        f"gauge {service} {metric}",
    )  # fmt: skip


__all__ = ["START", "World", "nanoseconds", "put", "rhythm", "step", "store_gauge"]
