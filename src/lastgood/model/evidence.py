"""Evidence: the closed set of things a claim may rest on, each with the query that produced it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lastgood.model.window import Window

Scalar = str | int | float | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where rows came from, so that anyone can run it again."""

    sql: str
    parameters: Mapping[str, Scalar | tuple[Scalar, ...]]
    window: Window | None
    rows: int
    seconds: float
    cut_off: bool = False  # a limit was reached: there may be more


@dataclass(frozen=True, slots=True)
class Series:
    """Values over time: one point per bucket, None where there was no data."""

    title: str
    unit: str
    times: tuple[datetime, ...]
    values: tuple[float | None, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Scalar, ...], ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class LogSample:
    """Log lines as they were written."""

    title: str
    lines: tuple[tuple[datetime, str, str], ...]  # time, service, text
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class TraceExcerpt:
    """Spans of one trace: depth, service, name, milliseconds, failed."""

    trace_id: str
    spans: tuple[tuple[int, str, str, float, bool], ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class ChangeRef:
    """One change, by the id it came with."""

    change_id: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Absence:
    """Nothing, and what kind of nothing: asked for and not there."""

    what: str
    provenance: Provenance


Evidence = Series | Table | LogSample | TraceExcerpt | ChangeRef | Absence
