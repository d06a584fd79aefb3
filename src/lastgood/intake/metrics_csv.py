"""Metric tables without a mapping: a time column beside columns of numbers.

Wide: each column of numbers is a metric, columns of names are attributes; where no column names the service, and the
columns are called by service and metric (`cart_cpu`), they are taken apart. Long: a column named
metric or name beside one named value. What is not so needs a mapping (docs/howto/map-your-own-files.md).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import PurePath

from lastgood.algorithms.column_names import owned, parted
from lastgood.algorithms.metric_meaning import stated_unit
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.instants import guessed_epoch, iso
from lastgood.decoding.labels import PLACE_LABELS, RESOURCE_LABELS, SERVICE_LABELS
from lastgood.decoding.tables.headed import are_times, is_number, of_pod, rule_of, sampled
from lastgood.decoding.tables.mapping import FileRule, Pick, Picks, Wide
from lastgood.decoding.tables.ruled import decode_by
from lastgood.decoding.text.fields import meaning
from lastgood.decoding.text.whose import whose_figures
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_UNIT = re.compile(r"(?P<metric>.*?)\s*[(\[](?P<unit>[^()\[\]]*)[)\]]")
_WITH_UNIT = re.compile(r"-?\d+(?:\.\d+)?(?P<unit> ?(?:%|[A-Za-zµ]{1,4}(?:/s)?))")
_METRIC_NAMES = ("metric", "metric_name", "metricname", "__name__", "name", "measurement", "series", "kpi")
_VALUE_NAMES = ("value", "val", "measure", "metric_value")
_DAY = 86_400_000_000_000
# Figures that say which one it is: of queries, plans, processes.
_IDENTITY = re.compile(r"(?:.*[_ ])?(?:id|pid|uuid|hash)|queryid|userid|dbid|toplevel", re.IGNORECASE)
_HOSTS = ("host", "hostname", "computer", "server", "instance_name", "facet")
# Snapshots of statements: of pg_stat_statements, whose counts grow, and of Query Store, which has averages in microseconds.
_STATEMENTS = {
    "mean_exec_time": ("db.query.duration.mean", "ms", "gauge"), "mean_time": ("db.query.duration.mean", "ms", "gauge"),
    "max_exec_time": ("db.query.duration.max", "ms", "gauge"), "total_exec_time": ("db.query.time_total", "ms", "counter"),
    "total_time": ("db.query.time_total", "ms", "counter"), "calls": ("db.query.calls_total", "", "counter"),
    "avg_duration": ("db.query.duration.mean", "us", "gauge"), "max_duration": ("db.query.duration.max", "us", "gauge"),
    "count_executions": ("db.query.calls", "", "gauge"), "avg_cpu_time": ("db.query.processing.mean", "us", "gauge"),
}  # fmt: skip
_EMPTY = frozenset(["", "nan", "null", "none", "-", "n/a"])


@dataclass(frozen=True, slots=True)
class Table:
    """What the columns of a table are."""

    delimiter: str
    time: str
    clocks: tuple[str, ...]  # further columns of times, which are no metrics
    numbers: tuple[str, ...]
    words: tuple[str, ...]
    metric: str = ""  # the columns of the long form
    value: str = ""
    units: Mapping[str, str] = field(
        default_factory=dict
    )  # written behind the numbers, of columns that have one


def recognise(given: Input) -> Claim | None:
    """A header, a column of times and columns of numbers in every row of a sample."""
    table = _table(given.head)
    if table is None:
        return None
    if table.metric:
        return Claim(
            "csv metrics, long",
            0.8,
            f"times in {table.time}, names in {table.metric}, values in {table.value}",
        )
    return Claim("csv metrics, wide", 0.75, f"times in {table.time}, numbers in {len(table.numbers)} columns")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Metric points."""
    del claim
    table = _table(given.head)
    if table is not None:
        owner = whose_figures(given.telling) or settings.service
        stem = PurePath(given.name).name.split(".", 1)[0]
        yield from decode_by((_rule(table, stem),), given, replace(settings, service=owner))


def _table(head: bytes) -> Table | None:
    found = sampled(head)
    return _columns(*found) if found else None


def _columns(delimiter: str, columns: dict[str, list[str]]) -> Table | None:
    read = iso(UTC)
    times = _clocks([name for name, column in columns.items() if are_times(column)], columns)
    rest = {name: column for name, column in columns.items() if name not in times}
    numbers = [
        name
        for name, column in rest.items()
        if name
        and not _IDENTITY.fullmatch(name)
        and all(t.strip().lower() in _EMPTY or is_number(t.removesuffix(_unit_of(column))) for t in column)
        and any(is_number(t.removesuffix(_unit_of(column))) for t in column)
    ]
    if (
        not times or not numbers or are_times(times)
    ):  # a header names its columns: a time as a name is a line of a log
        return None
    # A written time says its zone or its day; a count of seconds may be off by a conversion.
    time = next((name for name in times if read(columns[name][0]) is not None), times[0])
    words = tuple(name for name in rest if name not in numbers)
    clocks = tuple(name for name in times if name != time)
    units = {
        name: unit
        for name in numbers
        if (unit := _unit_of(columns[name]) or _hundredths(name, columns[name]))
    }
    metric = next((name for name in words if name.lower() in _METRIC_NAMES), "")
    value = next((name for name in numbers if name.lower() in _VALUE_NAMES), "")
    if metric and value:
        return Table(delimiter, time, clocks, tuple(numbers), words, metric, value, units=units)
    # Without a metric's name this is a table of numbers only where numbers prevail.
    prevail = len(words) <= len(numbers) + 2
    return Table(delimiter, time, clocks, tuple(numbers), words, units=units) if prevail else None


def _clocks(times: Sequence[str], columns: Mapping[str, Sequence[str]]) -> list[str]:
    """The columns that tell times: figures that might be seconds since 1970 only where they agree with a written time."""
    read = iso(UTC)
    written = next((name for name in times if read(columns[name][0]) is not None), None)
    if written is None:
        return list(times)
    first = read(columns[written][0]) or 0
    return [
        name
        for name in times
        if (counted := guessed_epoch(columns[name][0])) is None or abs(counted - first) < _DAY
    ]


def _hundredths(name: str, column: Sequence[str]) -> str:
    """Percent, for a use of something that is reported in figures beyond one; empty for anything else."""
    return stated_unit(name, "", max((float(text) for text in column if is_number(text)), default=0.0))


def _unit_of(column: Sequence[str]) -> str:
    """The unit that every number of a column is written with, as Grafana exports them; empty for none."""
    found = [_WITH_UNIT.fullmatch(text.strip()) for text in column if text.strip().lower() not in _EMPTY]
    units = {match["unit"] if match else "" for match in found}
    return units.pop() if len(units) == 1 else ""


def _rule(table: Table, stem: str) -> FileRule:
    named = {name.lower(): name for name in table.words}
    service = next((named[label] for label in SERVICE_LABELS if label in named), "")
    service = service or named.get("servicename", "")
    host = next((named[name] for name in (*_HOSTS, *PLACE_LABELS) if name in named), "")
    fields = {"time": _column(table.time)}
    pod = next((name for name in table.words if meaning(name).name == "k8s.pod.name"), "")
    if service or pod:
        fields["service"] = _column(service) if service else of_pod(pod)
    elif host:
        fields["service"] = _column(host)
    if table.metric:
        fields |= {"metric": _column(table.metric), "value": _column(table.value)}
        if "unit" in named:
            fields["unit"] = _column(named["unit"])
    used = {service, table.metric, table.value, named.get("unit", "")}
    others = [name for name in table.words if name not in used]
    pairs = {} if service or pod or host else parted(table.numbers)
    statements = any(name.lower() in {"queryid", "query_id"} for name in table.words)
    attributes = {name: _column(name) for name in others if not _resource(name)}
    resource = {label: _column(name) for name in others if (label := _resource(name))}
    wide = (
        ()
        if table.metric
        else tuple(
            _statement(name)
            if statements and name.lower() in _STATEMENTS
            else _wide(
                name,
                *pairs.get(name) or (not fields.get("service") and owned(name)) or ("", _called(name, stem)),
                table.units.get(name, ""),
            )
            for name in table.numbers
        )
    )
    return rule_of("metrics", table.delimiter, fields, (attributes, resource), wide)


def _resource(name: str) -> str:
    """The resource attribute that a column is; empty for none."""
    reported = meaning(name)
    return RESOURCE_LABELS.get(name.lower()) or (reported.name if reported.place == "resource" else "")


def _column(name: str) -> Picks:
    return (Pick(columns=(name,)),)


def _wide(name: str, service: str, metric: str, written: str) -> Wide:
    found = _UNIT.fullmatch(metric)
    plain, unit = (found["metric"], found["unit"]) if found else (metric, "")
    unit = written or unit
    return Wide(re.compile(re.escape(name)), plain or metric, unit, service, 1.0, "gauge", {}, "", "")


def _called(name: str, stem: str) -> str:
    """A column's metric; where it only says that it is a value, the file's name says of what."""
    return stem if name.lower() in _VALUE_NAMES else name


def _statement(name: str) -> Wide:
    metric, unit, kind = _STATEMENTS[name.lower()]
    return Wide(re.compile(re.escape(name)), metric, unit, "", 1.0, kind, {}, "", "")


SOURCE = Source("metrics_csv", frozenset({Signal.METRICS}), recognise, decode)
