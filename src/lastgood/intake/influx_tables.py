"""InfluxDB's annotated CSV: tables under lines of `#group`, `#datatype` and `#default`, and what `influx query --raw` gives.

A row has one value, `_value`, of the field `_field` of `_measurement`; or, pivoted, a column for each field. Other columns are tags.
"""

from collections.abc import Iterator, Mapping

from lastgood.decoding.change import at
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.labels import service_of
from lastgood.decoding.points import Reported, point
from lastgood.decoding.rows import BAD, Row, Rows
from lastgood.decoding.tables.headed import rows_in
from lastgood.decoding.text.lines import clean
from lastgood.decoding.text.whose import whose_figures
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import StoreTable

_ANNOTATIONS = ("#group", "#datatype", "#default")
_OWN = frozenset(["", "result", "table", "_start", "_stop", "_time", "_value", "_field", "_measurement"])
_NUMBERS = frozenset(["double", "long", "unsignedLong"])


def recognise(given: Input) -> Claim | None:
    """A text that begins with an annotation."""
    annotated = given.head[:4096].lstrip(b"\xef\xbb\xbf\r\n").startswith(tuple(map(str.encode, _ANNOTATIONS)))
    return (
        Claim("InfluxDB annotated CSV", 0.97, "it begins with an annotation of its columns")
        if annotated
        else None
    )


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Metric points; annotations and headers are continuations."""
    del claim
    with given.open() as stream:
        content, problem = read_whole(stream)
    table, rows = _Table(whose_figures(given.telling) or settings.service), Rows()
    for first, count, cells in rows_in(clean(content).decode("utf-8-sig", "replace"), ","):
        try:
            made = table.take(cells)
        except BAD as wrong:
            yield Reject(first, f"not a value: {wrong}", ",".join(cells)[:REJECT_TEXT])
            yield Tally(count, 0, count - 1)
            continue
        for one in made or ():
            rows.add(*one, first)
        blank, event = not any(cells), made is not None
        yield Tally(count, int(event), 0 if blank else count - event, count if blank else 0)
        yield from rows.full()
    yield from rows.rest()
    if problem is not None:
        raise problem


class _Table:
    """The table that is on: its columns and their types."""

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._names: list[str] = []
        self._types: list[str] = []

    def take(self, cells: list[str] | str) -> list[tuple[StoreTable, Row]] | None:
        """The points of a row; None for what is none."""
        if isinstance(cells, str):
            raise TypeError(cells)
        if not any(cells):
            self._names = []
        elif cells[0] in _ANNOTATIONS:
            self._types = cells if cells[0] == "#datatype" else self._types
            self._names = []
        elif not self._names:
            self._names = cells
        else:
            row, types = (
                dict(zip(self._names, cells, strict=True)),
                dict(zip(self._names, self._types, strict=False)),
            )
            return list(_points(row, types, self._owner))
        return None


def _points(row: Mapping[str, str], types: Mapping[str, str], owner: str) -> Iterator[tuple[StoreTable, Row]]:
    time, measurement = at(row["_time"]), row.get("_measurement", "")
    numbers = [name for name in row if types.get(name) in _NUMBERS and name not in {"table", "_value"}]
    tags = {name: text for name, text in row.items() if name not in _OWN and name not in numbers and text}
    values = (
        {row.get("_field", ""): row["_value"]} if "_value" in row else {name: row[name] for name in numbers}
    )
    for field, text in values.items():
        if text == "" or types.get("_value") == "string":
            continue
        name = ".".join(filter(None, (measurement, field))) or "value"
        unit = "%" if measurement == "cpu" and field.startswith("usage_") else ""
        table, made = point(name, tags, time, float(text), reported=Reported(unit, counter=False))
        yield table, {**made, "ServiceName": service_of(tags) or tags.get("host", "") or owner}


SOURCE = Source("influx_tables", frozenset({Signal.METRICS}), recognise, decode)
