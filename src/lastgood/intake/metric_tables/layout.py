"""How a console's table is laid out: what stands above its rows, which column is the time, and what each other column measures."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, available_timezones

from lastgood.algorithms.column_names import measures, owned, parted
from lastgood.decoding.instants import guessed_epoch
from lastgood.decoding.quantities import quantity
from lastgood.decoding.tables.headed import rows_in
from lastgood.decoding.terminal.clock import Clock
from lastgood.decoding.terminal.known import Known, known
from lastgood.decoding.text.fields import meaning
from lastgood.intake.metric_tables.counters import counter_of

MOST_HEADERS = 14  # rows above the first that has a time
SAMPLE = 60
_DELIMITERS = ",;\t"
NOTHING = frozenset(["", "-", "nan", "null", "none", "n/a", "undefined", "no data", "\\n"])
_PDH = re.compile(r"\(PDH-(?:CSV|TSV) [\d.]+\) \((?P<zone>.*?)\)\((?P<west>-?\d+)\)")
_ZONE = re.compile(
    r"[(\[]\s*(?P<zone>[A-Z][A-Za-z_]+/[A-Za-z_/+-]+|UTC|GMT|Z|(?:UTC|GMT)?[+-]\d\d?(?::?\d\d)?)\s*[)\]]"
)
_UNIT = re.compile(r"(?P<name>.*?)\s*[(\[](?P<unit>[^()\[\]]{1,20})[)\]]")
_BRACED = re.compile(r"(?P<name>[^{}]*)\{(?P<labels>.*)\}\s*")
_LABEL = re.compile(r'(?P<key>[\w.]+)\s*[=:]\s*"?(?P<value>[^",}]*)"?')
_NAME = re.compile(r"[A-Za-z][\w./-]*(?: \([\w. -]+\))?")
_STATISTIC = re.compile(r"\s*\((?:Avg|Max|Min|Sum|Count|Average|Maximum|Minimum|Total)\)$", re.IGNORECASE)
_HOST = re.compile(
    r"(?<![\w.])(?:[a-z][a-z0-9]*[-_.])+[a-z0-9]*\d[\w.-]*|(?<![\w.])i-[0-9a-f]{6,17}", re.IGNORECASE
)
_NAMES = (
    "metric name",
    "metric",
    "metricname",
    "full label",
    "label",
    "timeseries id",
    "series",
    "item",
    "name",
)
_PROSE = frozenset(["content", "eventtemplate", "details", "summary", "title"])
_IDENTITY = re.compile(
    r"(?:.*[_\s])?(?:id|pid|queryid|dbid|userid|uuid|hash|port|query_hash|plan_handle)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A column: its metric, and what its name says of whose it is."""

    metric: str
    unit: str = ""
    scale: float = 1.0
    offset: float = 0.0
    labels: Mapping[str, str] = field(default_factory=dict)
    whose: str = ""


@dataclass(frozen=True)
class Layout:
    """A table's layout; columns by their places."""

    delimiter: str
    skipped: int  # rows above the first of figures
    time: int
    zone: tzinfo | None
    values: Mapping[int, Measured]
    words: Mapping[int, str]
    table: Known | None
    because: str  # why no plain reader of tables does
    metric: int = -1  # of the long form: where the names are
    names: tuple[str, ...] = ()


def layout_of(text: str, clock: Clock) -> Layout | None:
    """The layout of the beginning of a text, None where it is no table of figures under times."""
    lines = text.splitlines()
    lead = sum(1 for line in lines[:3] if re.fullmatch(r'"?sep=.?"?', line.strip()) or not line.strip())
    sample = lines[lead : lead + SAMPLE]
    if len(sample) < 2 or sample[0].startswith(("#group", "#datatype", "#default")):
        return None
    marked = re.fullmatch(r'"?sep=(.)"?', lines[0].strip()) if lead else None
    delimiter = (
        marked[1]
        if marked
        else max(
            _DELIMITERS,
            key=lambda one: (sample[0].count(one), max(line.count(one) for line in sample[:MOST_HEADERS])),
        )
    )
    rows = [row for _, _, row in rows_in("\n".join(sample), delimiter) if isinstance(row, list)]
    first = next(
        (
            place
            for place, row in enumerate(rows[: MOST_HEADERS + 1])
            if len(row) > 1 and _time_in(row, clock) >= 0
        ),
        0,
    )
    if not first:
        return None
    body = [row for row in rows[first:] if len(row) == len(rows[first])]
    above = [row for row in rows[:first] if any(row)]
    time = _time_in(rows[first], clock)
    if not above or len(body) < min(2, len(rows) - first) or max(map(len, above)) > len(rows[first]) + 1:
        return None
    return _columns(_Seen(delimiter, lead + first, time, above, body, bool(lead)), clock)


def _time_in(row: Sequence[str], clock: Clock) -> int:
    """The place of the first cell that is a time and no mere number, or counts seconds; -1 where none is."""
    for place, cell in enumerate(row[:40]):
        if (
            re.search(r"\d[:T/-]\d", cell)
            and 8 <= len(cell) <= 70
            and not re.fullmatch(r"[\d.]+", cell)
            and is_time(cell, clock) is not None
        ):
            return place
    return next((place for place, cell in enumerate(row[:3]) if re.fullmatch(r"1\d{9}(?:\d{3})?", cell)), -1)


def is_time(text: str, clock: Clock) -> int | None:
    """The time of a cell in nanoseconds; None where it is none."""
    bare = re.sub(r"\s*\([^()]*\)$", "", text.strip())  # the zone in words
    bare = re.sub(r"GMT([+-]\d{4})$", r"\1", bare)
    bare = re.sub(r"(?<=\d)([+-]\d\d)$", r"\1:00", bare)
    bare = re.sub(r"(?<=[\sT])(\d{1,2}:\d\d)(?=\s?[AaPp][Mm]|$)", r"\1:00", bare)
    return guessed_epoch(bare) if bare.isdigit() else clock.time(bare)


@dataclass(frozen=True, slots=True)
class _Seen:
    delimiter: str
    skipped: int
    time: int
    above: list[list[str]]
    body: list[list[str]]
    marked: bool


def _columns(seen: _Seen, clock: Clock) -> Layout | None:
    width = len(seen.body[0])
    header = [name.lstrip("# ") for name in seen.above[-1] + [""] * (width - len(seen.above[-1]))]
    stacked = len(seen.above) > 1 and any(_key(row, seen.time) for row in seen.above)
    numbers = [
        place
        for place in range(width)
        if place != seen.time and _is_measure(seen, place, header[place], clock)
    ]
    words = {
        place: header[place]
        for place in range(width)
        if place not in numbers
        and place != seen.time
        and header[place]
        and not stacked
        and not _is_clock(seen, place, clock)
    }
    table = known(tuple(name.lower() for name in header)) if {"hostname", "interval"} <= set(header) else None
    found = {place: _stacked(seen, place) if stacked else _named(header[place]) for place in numbers}
    values = {place: one for place, one in found.items() if one is not None}
    why = _quirk(seen, header, table, stacked=stacked, values=values)
    if (
        not values
        or not why
        or len(words) > len(values) + 4
        or any(_is_prose(seen, place, name) for place, name in words.items())
    ):
        return None
    if len(values) > 2 and not any(one.whose or one.labels for one in values.values()):
        values = _apart(values)
    metric = (
        next((place for place, name in words.items() if name.lower() in _NAMES), -1)
        if len(values) == 1 and header[min(values)].lower() in {"value", "val"}
        else -1
    )
    return Layout(
        seen.delimiter,
        seen.skipped,
        seen.time,
        _zone(" ".join(row[seen.time] for row in seen.above if len(row) > seen.time)),
        values,
        words,
        table,
        why,
        metric,
        tuple(header),
    )


def _is_prose(seen: _Seen, place: int, name: str) -> bool:
    """Whether a column is that of a log: its message, its level, or sentences."""
    reported = meaning(name)
    stated = name.lower() in _PROSE or (
        reported.place == "event" and reported.name in {"Body", "SeverityText"} and name.lower() not in _NAMES
    )
    sentences = sum(len(row[place].split()) > 3 for row in seen.body)
    return stated or 2 * sentences > len(seen.body)


def _is_measure(seen: _Seen, place: int, name: str, clock: Clock) -> bool:
    cells = [row[place] for row in seen.body]
    present = [cell for cell in cells if cell.lower() not in NOTHING]
    if _IDENTITY.fullmatch(name) or (name.upper() in {"CPU", "DEV", "IFACE"} and seen.delimiter == ";"):
        return False
    if present and all(quantity(plain_number(cell, seen.delimiter)) for cell in present):
        return not _is_clock(seen, place, clock)
    return not present and bool(name) and counter_of(name) is not None


def _is_clock(seen: _Seen, place: int, clock: Clock) -> bool:
    """Whether a column tells the same time as the column of times, or another one."""
    near = 0
    for row in seen.body:
        time, other = (
            is_time(row[seen.time], clock),
            is_time(row[place], clock) if re.search(r"\d", row[place]) and len(row[place]) > 7 else None,
        )
        near += time is not None and other is not None and abs(time - other) < 86_400_000_000_000
    return near == len(seen.body)


def plain_number(cell: str, delimiter: str) -> str:
    """A figure with a point where it has a decimal comma, as it may where commas separate no columns."""
    return cell if delimiter == "," else re.sub(r"^([+-]?\d+),(\d+)", r"\1.\2", cell)


def _key(row: Sequence[str], time: int) -> str:
    """What a row above the figures says of every column, by what stands where the times are, or before."""
    return next((cell.lower() for cell in row[: time + 1] if cell), "")


def _stacked(seen: _Seen, place: int) -> Measured | None:
    """A column by the rows above it: CloudWatch's and Google's consoles put a label in each."""
    labels = {
        _key(row, seen.time): row[place]
        for row in seen.above
        if len(row) > place and row[place] and _key(row, seen.time)
    }
    first = seen.above[0][place] if len(seen.above[0]) > place else ""
    metric = next((labels[name] for name in _NAMES if labels.get(name)), first)
    rest = {
        key: text
        for key, text in labels.items()
        if key
        not in {
            "statistic",
            "period",
            "id",
            "link to the graph",
            "direct link to the graph",
            "label",
            "full label",
            "metric name",
            "metricname",
            "metric",
            "timeseries id",
        }
    }
    rest = {key.rpartition("labels.")[2]: text for key, text in rest.items()}
    whose = first if first not in {metric, ""} else _host_in(first)
    return (
        Measured(metric, "%" if re.search(r"Utilization$|Percent", metric) else "", labels=rest, whose=whose)
        if metric
        else None
    )


def _named(name: str) -> Measured:
    if counter := counter_of(name):
        labels = {counter.of: counter.instance} if counter.instance and counter.of else {}
        return Measured(
            counter.metric,
            counter.unit,
            counter.scale,
            counter.offset,
            {**labels, "host": counter.host},
            counter.host,
        )
    if braced := _BRACED.fullmatch(name):
        labels = {found["key"]: found["value"] for found in _LABEL.finditer(braced["labels"])}
        return Measured(labels.pop("__name__", "") or braced["name"].strip() or "value", labels=labels)
    bare = _STATISTIC.sub("", name)
    found = _UNIT.fullmatch(bare)
    plain, unit = (
        (found["name"], found["unit"])
        if found
        else (bare, "%" if "%" in bare or re.search(r"[Pp]ercentage", bare) else "")
    )
    host = _host_in(plain)
    return Measured((plain.replace(host, " ").strip(" -:|") if host else plain) or name, unit, whose=host)


def _host_in(name: str) -> str:
    found = _HOST.search(name)
    return found[0] if found else ""


def of_names(values: Mapping[int, Measured], title: str) -> dict[int, Measured]:
    """Columns that are called by whom they are of, as panels' series are: what is measured is the title."""
    if not measures(title) or any(measures(one.metric) for one in values.values()):
        return {place: _own(one) for place, one in values.items()}
    return {
        place: replace(one, metric=title, whose=one.whose or one.metric)
        if _NAME.fullmatch(one.metric)
        else one
        for place, one in values.items()
    }


def _own(one: Measured) -> Measured:
    """A column whose name may be of a service and of a metric, where nothing else says whose it is."""
    pair = None if one.whose or one.labels else owned(one.metric)
    return replace(one, metric=pair[1], whose=pair[0]) if pair else one


def _apart(values: Mapping[int, Measured]) -> dict[int, Measured]:
    """The columns whose names are of both a service and a metric, taken apart."""
    pairs = parted([one.metric for one in values.values()])
    return {
        place: Measured(pairs[one.metric][1], one.unit, whose=pairs[one.metric][0])
        if one.metric in pairs
        else one
        for place, one in values.items()
    }


def _quirk(
    seen: _Seen, header: Sequence[str], table: Known | None, *, stacked: bool, values: Mapping[int, Measured]
) -> str:
    """What other readers of tables would stumble over; empty for a plain table."""
    cells = [row[place] for row in seen.body for place in values]
    units = [
        {(quantity(row[place]) or (0, ""))[1] for row in seen.body if row[place].lower() not in NOTHING}
        for place in values
    ]
    signs = {
        "its columns are counters of Windows": any(counter_of(name) for name in header),
        "labels are above its columns": stacked,
        "it begins with what separates its columns": seen.marked,
        "its columns have labels": any(_BRACED.fullmatch(name) for name in header),
        "its columns are those of a known program": table is not None,
        "its figures have units of several sizes": any(
            len({cell.lstrip("0123456789.,+- ") for row in seen.body if (cell := row[place])}) > 1
            for place in values
        )
        and any(one - {""} for one in units),
        "its figures have decimal commas": seen.delimiter != ","
        and any(re.fullmatch(r"-?\d+,\d+", cell) for cell in cells),
        "its times are written as people write them": not re.match(
            r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\d{10}", seen.body[0][seen.time]
        ),
        "the heading of its times names a zone": len(seen.above[-1]) > seen.time
        and _zone(seen.above[-1][seen.time]) is not None,
    }
    return next((why for why, found in signs.items() if found), "")


def _zone(heading: str) -> tzinfo | None:
    if pdh := _PDH.search(heading):
        return _offset(-int(pdh["west"]))
    found = _ZONE.search(heading)
    if found is None:
        return None
    offset = re.fullmatch(r"(?:UTC|GMT)?(?P<sign>[+-])(?P<h>\d\d?)(?::?(?P<m>\d\d))?", found["zone"])
    if offset:
        minutes = int(offset["h"]) * 60 + int(offset["m"] or 0)
        return _offset(-minutes if offset["sign"] == "-" else minutes)
    if found["zone"] in {"UTC", "GMT", "Z"}:
        return UTC
    return ZoneInfo(found["zone"]) if found["zone"] in available_timezones() else None


def _offset(minutes: int) -> tzinfo | None:
    return timezone(timedelta(minutes=minutes)) if abs(minutes) < 24 * 60 else None
