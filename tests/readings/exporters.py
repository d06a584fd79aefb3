"""Points as exporters send them, with labels and resources."""

from collections.abc import Mapping, Sequence
from itertools import count

import numpy as np

from lastgood.telemetry.tables import GAUGES, LOGS, SUMS
from lastgood.workbench.store import Store
from worlds import nanoseconds, put

_NUMBERS = count()
Points = Sequence[tuple[float, float]]


def gauge(
    store: Store,
    service: str,
    metric: str,
    labels: Mapping[str, str],
    points: Points,
    resource: Mapping[str, str] = {},
    *,
    counter: bool = False,
) -> None:
    """A metric as (seconds after the start, value); a counter as its running total."""
    n = len(points)
    columns = {
        "TimeUnix": nanoseconds(np.array([p[0] for p in points], float)), "ServiceName": [service] * n,
        "MetricName": [metric] * n, "MetricUnit": [""] * n, "Value": [float(p[1]) for p in points],
        "Attributes": [list(labels.items())] * n, "ResourceAttributes": [list(resource.items())] * n,
    }  # fmt: skip
    if counter:
        columns |= {"AggregationTemporality": [2] * n, "IsMonotonic": [True] * n}
    put(store, SUMS if counter else GAUGES, columns, f"{service} {metric} {next(_NUMBERS)}")


def line(store: Store, service: str, resource: Mapping[str, str]) -> None:
    """A log line at the start."""
    columns = {
        "Timestamp": nanoseconds(np.array([0.0])), "SeverityText": ["INFO"], "SeverityNumber": [9],
        "ServiceName": [service], "Body": ["started"], "ResourceAttributes": [list(resource.items())],
        "LogAttributes": [[]],
    }  # fmt: skip
    put(store, LOGS, columns, f"line {service} {next(_NUMBERS)}")
