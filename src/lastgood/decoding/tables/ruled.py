"""Records decoded by rules: each kind of signal out of the fields that a rule names.

A file may feed several signals: every rule reads it, and accounts for each of its lines. Rows left
out on purpose (`keep`, `drop`) count as blanks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lastgood.decoding.input import Batch, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.instants import NANOSECONDS, scaled
from lastgood.decoding.quantities import quantity
from lastgood.decoding.tables.inside import opened
from lastgood.decoding.tables.mapping import COMPRESSED, FileRule, Wide, filled
from lastgood.decoding.tables.picked import PickedRows, at_rows, either, lacks, map_array, stamps
from lastgood.decoding.tables.records import Block, Form, blocks
from lastgood.decoding.text.severity import number_of
from lastgood.decoding.text.whose import reference_for
from lastgood.decoding.words import span_kind, status_code, truth
from lastgood.errors import MappingError
from lastgood.model.change import ChangeKind
from lastgood.telemetry.tables import ALERTS, CALLS, CHANGES, GAUGES, LOGS, SPANS, SUMS, StoreTable

_TEMPORALITY = {"delta": 1, "counter": 2}
_NOTHING = frozenset(["", "-", "nan", "NaN", "null", "NULL", "None", "N/A", "n/a", "NA"])


def decode_by(rules: tuple[FileRule, ...], given: Input, settings: Settings) -> Decoded:
    """What rules make of a file.

    Raises:
        MappingError: the file lacks a column that a rule names.
    """
    settings = replace(settings, order=reference_for(given, settings).order)
    for rule in rules:
        form = rule.form or replace(rule.shape, format="json" if rule.shape.records else _format_of(given))
        read = _READERS[rule.kind]
        with given.open() as stream:
            for serial, block in enumerate(blocks(stream, form)):
                if serial == 0:
                    _check(rule, block, form, given)
                yield from _block(
                    rule, _crossed(block) if rule.kind == "adjacency" else block, read, settings
                )


def _format_of(given: Input) -> str:
    name = PurePath(given.name)
    suffix = (name.with_suffix("") if name.suffix in COMPRESSED else name).suffix.lower()
    if suffix in {".ndjson", ".jsonl"}:
        return "ndjson"
    start = given.head.lstrip()[:1]
    if start == b"[":
        return "json"
    if start != b"{":
        return "csv"
    first = given.head.lstrip().split(b"\n", 1)[0].rstrip()
    return "ndjson" if first.endswith(b"}") else "json"


def _check(rule: FileRule, block: Block, form: Form, given: Input) -> None:
    """Every column that the mapping names must be in a table; JSON may leave a key out."""
    if form.format != "csv" or rule.kind == "adjacency":
        return
    tables = {"fields": rule.fields, "attributes": rule.attributes, "resource": rule.resource}
    for table, picked in tables.items():
        for key, picks in picked.items():
            named = {column for pick in picks for column in pick.columns}
            if named and not named & set(block.columns) and not any(pick.optional for pick in picks):
                raise MappingError(
                    f"{given.name} has no column {' or '.join(map(repr, sorted(named)))}, which {rule.table} "
                    f"{table} {key} names.",
                    hint=f"Its columns: {', '.join(block.columns)}.",
                )


def _block(rule: FileRule, block: Block, read: "_Reader", settings: Settings) -> Decoded:
    row = PickedRows(rule, block, settings)
    yield from read(row)
    yield from block.rejects
    bad = [place for place in row.bad if not row.out[place]]
    for place in bad:
        yield Reject(block.places[place], row.bad[place], block.text(place))
    left_out = sum(row.out)
    events = len(block) - len(bad) - left_out
    yield Tally(block.lines, events, block.continuations, block.blanks + left_out)


def _spans(row: PickedRows) -> Iterator[Batch]:
    times, trace, span = row.times("time"), row.texts("trace"), row.texts("span")
    durations = _durations(row, times)
    row.refuse(times, lacks(row, "time"))
    row.refuse(trace, lacks(row, "trace"))
    row.refuse(span, lacks(row, "span"))
    row.refuse(
        [d if d is None or d >= 0 else None for d in durations], lambda _: "no duration, or one below 0"
    )
    rows = row.good()
    attributes, resource = row.maps(rows)
    statuses = zip(row.texts("status"), row.texts("failed"), strict=True)
    columns: dict[str, Sequence[Any]] = {
        "TraceId": [t.lower() for t in trace],
        "SpanId": [s.lower() for s in span],
        "ParentSpanId": [p.lower() for p in row.texts("parent")],
        "SpanName": row.texts("name"),
        "SpanKind": [span_kind(text) for text in row.texts("kind")],
        "ServiceName": row.texts("service", row.settings.service),
        "ScopeName": row.texts("scope"),
        "StatusCode": ["Error" if truth(failed) else status_code(text) for text, failed in statuses],
        "StatusMessage": row.texts("message"),
        "Duration": durations,
    }
    yield from _batch(SPANS, rows, columns, Timestamp=stamps(times, rows), SpanAttributes=attributes,
                      ResourceAttributes=resource)  # fmt: skip


def _durations(row: PickedRows, times: list[int | None]) -> list[int | None]:
    picks = row.rule.fields.get("duration", ())
    if picks:
        factor = NANOSECONDS[picks[0].unit or "ns"]
        return [scaled(text, factor) for text in row.texts("duration")]
    if "end" not in row.rule.fields:
        return [0] * len(times)
    ends = row.times("end")
    return [None if a is None or b is None else b - a for a, b in zip(times, ends, strict=True)]


def _logs(row: PickedRows) -> Iterator[Batch]:
    times = row.times("time")
    row.refuse(times, lacks(row, "time"))
    rows = row.good()
    attributes, resource = row.maps(rows)
    severity = row.texts("severity")
    columns: dict[str, Sequence[Any]] = {
        "Body": row.texts("body"),
        "TraceId": [t.lower() for t in row.texts("trace")],
        "SpanId": [s.lower() for s in row.texts("span")],
        "SeverityText": severity,
        "SeverityNumber": [number_of(text) for text in severity],
        "ServiceName": row.texts("service", row.settings.service),
        "ScopeName": row.texts("scope"),
        "EventName": row.texts("event"),
    }
    for batch in _batch(
        LOGS, rows, columns, Timestamp=stamps(times, rows), LogAttributes=attributes, ResourceAttributes=resource
    ):  # fmt: skip
        inside = row.rule.body_format == "auto"
        yield Batch(LOGS, opened(batch.rows, row.settings)) if inside else batch


def _metrics(row: PickedRows) -> Iterator[Batch]:
    times = row.times("time")
    row.refuse(times, lacks(row, "time"))
    if row.rule.values:
        yield from _wide_metrics(row, times)
        return
    written = [
        (number, "") if (number := _number(text)) is not None else quantity(text)
        for text in row.texts("value")
    ]
    values = [found[0] if found else None for found in written]
    row.refuse(values, lacks(row, "value"))
    names = row.texts("metric")
    row.refuse(names, lacks(row, "metric"))
    rows = row.good()
    attributes, resource = row.maps(rows)
    columns: dict[str, Sequence[Any]] = {
        "MetricName": names,
        "MetricUnit": either(row.texts("unit"), [found[1] if found else "" for found in written]),
        "ServiceName": row.texts("service", row.settings.service),
        "Value": values,
    }
    yield from _measured(row.rule.type, rows, columns, TimeUnix=stamps(times, rows), Attributes=attributes,
                         ResourceAttributes=resource)  # fmt: skip


def _number(text: str, unit: str = "") -> float | None:
    try:
        return float(text.removesuffix(unit) if unit else text)
    except ValueError:
        return None


def _wide_metrics(row: PickedRows, times: list[int | None]) -> Iterator[Batch]:
    rows = row.good()
    services = row.texts("service", row.settings.service)
    attributes, resource = row.maps(rows)
    at = stamps(times, rows)
    gathered: dict[str, list[Batch]] = {}
    for name, wide, found in _value_columns(row):
        numbers = pa.array(at_rows(_numbers(row, name, wide.unit), rows), pa.float64())
        service = filled(wide.service, found)
        columns = {
            "MetricName": [filled(wide.metric, found)] * len(row.block),
            "MetricUnit": [filled(wide.unit, found)] * len(row.block),
            "ServiceName": [service] * len(row.block) if service else services,
        }
        values = pc.multiply(numbers, wide.scale)
        for batch in _measured(
            wide.type, rows, columns, TimeUnix=at, Attributes=_wide_attributes(row, wide, found, rows) if wide.attributes else attributes,
            ResourceAttributes=resource, Value=values,
        ):  # fmt: skip
            there = Batch(batch.table, batch.rows.filter(numbers.is_valid()))
            gathered.setdefault(batch.table.name, []).append(there)
        if wide.caller and wide.callee and rows:
            edge = {"Caller": [filled(wide.caller, found)], "Callee": [filled(wide.callee, found)]}
            gathered.setdefault(CALLS.name, []).append(Batch(CALLS, CALLS.rows(edge)))
    for batches in gathered.values():
        yield Batch(batches[0].table, pa.concat_tables([batch.rows for batch in batches]))


def _wide_attributes(row: PickedRows, wide: Wide, found: Any, rows: list[int]) -> pa.Array:
    extra = {key: [filled(text, found)] * len(row.block) for key, text in wide.attributes.items()}
    return map_array({**row.attributes(), **extra}, rows)


def _value_columns(row: PickedRows) -> Iterator[tuple[str, Wide, Any]]:
    for name in row.block.columns:
        if not row.rule.is_free(name):
            continue
        for wide in row.rule.values:
            if found := wide.columns.fullmatch(name):
                yield name, wide, found
                break


def _numbers(row: PickedRows, name: str, unit: str) -> list[float | None]:
    """A value column; a cell that is neither empty nor a number makes its row a reject, its others stay."""
    texts = row.block.columns[name]
    values = [None if text in _NOTHING else _number(text, unit) for text in texts]
    for place, (text, value) in enumerate(zip(texts, values, strict=True)):
        if value is None and text not in _NOTHING and place not in row.bad:
            row.bad[place] = f"{text!r} in {name} is not a number"
    return values


def _calls(row: PickedRows) -> Iterator[Batch]:
    adjacency = row.rule.kind == "adjacency"
    caller = row.texts("caller") if "caller" in row.rule.fields or not adjacency else row.block.columns["row"]
    callee = (
        row.texts("callee") if "callee" in row.rule.fields or not adjacency else row.block.columns["column"]
    )
    row.refuse(caller, lacks(row, "caller"))
    row.refuse(callee, lacks(row, "callee"))
    times = row.times("time")
    timed = "time" in row.rule.fields
    if timed:
        row.refuse(times, lacks(row, "time"))
    rows = row.good()
    ready = {"Timestamp": stamps(times, rows)} if timed else {}
    yield from _batch(CALLS, rows, {"Caller": caller, "Callee": callee}, **ready)


def _crossed(block: Block) -> Block:
    """A matrix as records of `row` and `column`, one per cell that holds a number above 0."""
    names = list(block.columns)
    heads = block.columns[names[0]] if names else []
    cells = [
        (block.places[place], head, name)
        for name in names[1:]
        for place, (head, cell) in enumerate(zip(heads, block.columns[name], strict=True))
        if (_number(cell) or 0) > 0
    ]
    crossed = {"row": [head for _, head, _ in cells], "column": [name for _, _, name in cells]}
    other = block.lines - len(block)
    return Block(crossed, [place for place, _, _ in cells], other + len(cells), block.continuations,
                 block.blanks, block.rejects)  # fmt: skip


def _ids(services: Sequence[str], row: PickedRows) -> list[str]:
    """What changes without an id are called: `payments-v2.46.0`, else by their line."""
    named = zip(services, row.texts("version"), row.block.places, strict=True)
    return [
        f"{service}-{version}" if service and version else f"{place}" for service, version, place in named
    ]


def _changes(row: PickedRows) -> Iterator[Batch]:
    times = row.times("time")
    row.refuse(times, lacks(row, "time"))
    kinds = row.texts("kind")
    known = ", ".join(sorted(ChangeKind))
    row.refuse(
        [k if k in set(ChangeKind) else "" for k in kinds], lambda n: f"kind {kinds[n]!r} is none of {known}"
    )
    ends = [end or time for end, time in zip(row.times("end"), times, strict=True)]
    flags, services = row.texts("flag"), row.texts("service", row.settings.service)
    rows = row.good()
    named = {"feature_flag.key": flags} if any(flags) else {}
    columns: dict[str, Sequence[Any]] = {
        "Id": either(either(row.texts("id"), flags), _ids(services, row)),
        "Kind": kinds,
        "Service": services,
        "Title": either(row.texts("title"), flags),
        "Files": [_listed(text) for text in row.texts("files")],
        "Additions": [_lines(text) for text in row.texts("additions")],
        "Deletions": [_lines(text) for text in row.texts("deletions")],
        "Source": ["mapping"] * len(row.block),
    }
    for field in ("actor", "version", "previous_version", "state", "within", "diff", "url"):
        columns["".join(part.title() for part in field.split("_"))] = row.texts(field)
    yield from _batch(CHANGES, rows, columns, Timestamp=stamps(times, rows), EndTimestamp=stamps(ends, rows),
                      Attributes=map_array({**row.attributes(), **named}, rows))  # fmt: skip


def _lines(text: str) -> int:
    return min(max(scaled(text, 1) or 0, 0), (1 << 32) - 1)


def _listed(text: str) -> list[str]:
    """Names out of a JSON list, or separated by commas, semicolons or line ends."""
    return [
        part.strip(" \"'")
        for part in text.strip("[]").replace(";", ",").replace("\n", ",").split(",")
        if part
    ]


def _alerts(row: PickedRows) -> Iterator[Batch]:
    times = row.times("time")
    row.refuse(times, lacks(row, "time"))
    row.refuse(row.texts("name"), lacks(row, "name"))
    ends = [end or time for end, time in zip(row.times("end"), times, strict=True)]
    rows = row.good()
    labels, _ = row.maps(rows)
    columns: dict[str, Sequence[Any]] = {
        "Id": either(row.texts("id"), [f"{place}" for place in row.block.places]),
        "Name": row.texts("name"),
        "Service": row.texts("service", row.settings.service),
        "State": row.texts("state"),
        "Severity": row.texts("severity"),
        "Summary": row.texts("summary"),
        "Url": row.texts("url"),
    }
    yield from _batch(ALERTS, rows, columns, Timestamp=stamps(times, rows), EndTimestamp=stamps(ends, rows),
                      Labels=labels)  # fmt: skip


def _measured(
    type_: str, rows: list[int], columns: Mapping[str, Sequence[Any]], **ready: Any
) -> Iterator[Batch]:
    if type_ == "gauge":
        yield from _batch(GAUGES, rows, columns, **ready)
        return
    count = len(rows)
    yield from _batch(
        SUMS, rows, columns, **ready,
        AggregationTemporality=pa.array([_TEMPORALITY[type_]] * count, pa.int32()),
        IsMonotonic=pa.array([type_ == "counter"] * count, pa.bool_()),
    )  # fmt: skip


def _batch(
    table: StoreTable, rows: list[int], columns: Mapping[str, Sequence[Any]], **ready: Any
) -> Iterator[Batch]:
    """The rows taken, as a batch; columns in `ready` hold only those already."""
    if rows:
        yield Batch(
            table, table.rows({**{name: at_rows(values, rows) for name, values in columns.items()}, **ready})
        )


_Reader = Callable[[PickedRows], Iterator[Batch]]
_READERS: dict[str, _Reader] = {
    "spans": _spans,
    "logs": _logs,
    "metrics": _metrics,
    "calls": _calls,
    "adjacency": _calls,
    "changes": _changes,
    "alerts": _alerts,
}
