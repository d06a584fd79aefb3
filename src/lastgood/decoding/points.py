"""Points of monitoring systems as rows: counters into sums, everything else into gauges."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lastgood.decoding.instants import LAST
from lastgood.decoding.labels import RESOURCE_LABELS, resource_of
from lastgood.decoding.rows import Row
from lastgood.telemetry.tables import GAUGES, SUMS, StoreTable

# Prometheus' naming: what ends so only grows until its process starts again.
COUNTERS = ("_total", "_count", "_sum", "_bucket")
CUMULATIVE = 2


@dataclass(frozen=True, slots=True)
class Reported:
    """What was said of a metric beside its values."""

    unit: str = ""
    about: str = ""
    counter: bool | None = None  # None: given by the name


UNREPORTED = Reported()


def point(
    name: str,
    labels: Mapping[str, str],
    time: int,
    value: float,
    *,
    reported: Reported = UNREPORTED,
    otherwise: str = "",
) -> tuple[StoreTable, Row]:
    """One point and its table; `otherwise` is whose it is when no label says.

    Raises:
        ValueError: there is no value, or no possible time.
    """
    if not 0 < time < LAST:
        raise ValueError(f"{time} ns is not a time after 1970")
    if math.isnan(value):
        raise ValueError("not a number (a stale series)")
    resource = resource_of(labels)
    row: dict[str, Any] = {
        "ResourceAttributes": resource,
        "ServiceName": resource.get("service.name") or otherwise,
        "MetricName": name,
        "MetricDescription": reported.about,
        "MetricUnit": reported.unit,
        "Attributes": {key: text for key, text in labels.items() if key not in RESOURCE_LABELS},
        "TimeUnix": time,
        "Value": value,
    }
    if reported.counter if reported.counter is not None else name.endswith(COUNTERS):
        return SUMS, row | {"AggregationTemporality": CUMULATIVE, "IsMonotonic": True}
    return GAUGES, row
