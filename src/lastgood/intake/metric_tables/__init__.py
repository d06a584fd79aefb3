"""Tables of figures as consoles export them: Windows' performance monitor, Grafana's panels, CloudWatch, Azure, Google, `sadf -d`, `nvidia-smi` and others.

What sets them apart from plain tables: a line that names the separator, labels in rows above the figures or in the names of columns, units in the cells,
decimal commas, times as people write them, and zones in headings.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC
from functools import lru_cache
from pathlib import PurePath

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.labels import service_of
from lastgood.decoding.moments import not_a_time
from lastgood.decoding.points import Reported, point
from lastgood.decoding.quantities import BYTES, SECONDS, quantity
from lastgood.decoding.rows import BAD, Row, Rows
from lastgood.decoding.tables.headed import rows_in
from lastgood.decoding.terminal.clock import Clock
from lastgood.decoding.terminal.known import COUNTER
from lastgood.decoding.terminal.measures import of_row
from lastgood.decoding.text.lines import clean, is_binary
from lastgood.decoding.text.whose import reference_for, whose_figures
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.intake.metric_tables.layout import (
    NOTHING,
    Layout,
    Measured,
    is_time,
    layout_of,
    of_names,
    plain_number,
)
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import StoreTable

_EXPORTED = re.compile(r"-data(?:-as-[a-z-]+)?-\d{4}-.*$")  # what Grafana puts behind a panel's title
HEAD = 64 * 1024
_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)
_HOSTS = ("host", "hostname", "instance_name", "instanceid", "computer", "server", "node", "vm")
_WHOSE = ("facet",)  # of who has no better label
_SIZES = {BYTES, SECONDS}  # units that cells of one column may write in several sizes


def recognise(given: Input) -> Claim | None:
    """A table with times and figures that plain readers of tables would not read rightly."""
    if given.is_folder or is_binary(given.head) or given.head.lstrip()[:1] in {b"{", b"[", b"<"}:
        return None
    found = _layout(given.head[:HEAD])
    return Claim("table of a console", 0.86, found.because) if found else None


@lru_cache(maxsize=2)
def _layout(head: bytes) -> Layout | None:
    text = clean(head).decode("utf-8-sig", "replace")
    return layout_of(text if len(head) < HEAD else text.rpartition("\n")[0], Clock(_ANY_TIME))


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Metric points; the rows above the figures are continuations."""
    del claim
    layout = _layout(given.head[:HEAD])
    if layout is None:
        return
    with given.open() as stream:
        content, problem = read_whole(stream)
    reference = reference_for(given, settings)
    if b"(PDH-" in given.head[:16]:
        reference = replace(reference, order="mdy")  # as Windows' Performance Monitor writes everywhere
    clock = Clock(replace(reference, zone=layout.zone, day=None) if layout.zone else reference)
    owner, stem = (
        whose_figures(given.telling) or settings.service,
        _EXPORTED.sub("", PurePath(given.name).name.split(".", 1)[0]),
    )
    layout = replace(layout, values=of_names(layout.values, stem))
    rows = Rows()
    for first, count, row in rows_in(clean(content).decode("utf-8-sig", "replace"), layout.delimiter):
        blank = not isinstance(row, str) and not any(row)
        if first <= layout.skipped or blank:
            yield Tally(count, 0, 0 if blank else count, count if blank else 0)
            continue
        try:
            made = list(_points(row, layout, clock, (owner, stem)))
        except BAD as wrong:
            yield Reject(first, str(wrong), layout.delimiter.join(row)[:REJECT_TEXT])
            yield Tally(count, 0, count - 1)
            continue
        for one in made:
            rows.add(*one, first)
        yield Tally(count, 1, count - 1)
        yield from rows.full()
    yield from rows.rest()
    if problem is not None:
        raise problem


def _points(
    row: Sequence[str] | str, layout: Layout, clock: Clock, named: tuple[str, str]
) -> Iterator[tuple[StoreTable, Row]]:
    owner, stem = named
    if isinstance(row, str):
        raise TypeError(row)
    if len(row) <= layout.time or (time := is_time(row[layout.time], clock)) is None:
        raise ValueError(
            not_a_time(row[layout.time], clock.reference)
            if len(row) > layout.time
            else "the row is too short"
        )
    said = {
        name: row[place]
        for place, name in layout.words.items()
        if place < len(row) and row[place] and place != layout.metric
    }
    if layout.table is not None:
        host = said.get("hostname", "")
        cells = [
            "" if place == layout.time or name == "interval" else cell
            for place, (name, cell) in enumerate(zip(layout.names, row, strict=False))
        ]
        for value in of_row(layout.names, cells):
            reported = Reported(value.unit, counter=value.type == COUNTER)
            yield _owned(
                point(value.metric, {**value.attributes, "host": host}, time, value.value, reported=reported),
                value.service or host or owner,
            )
        return
    for place, one in layout.values.items():
        if place >= len(row) or row[place].lower() in NOTHING:
            continue
        found = quantity(plain_number(row[place], layout.delimiter), one.unit if one.unit in _SIZES else "")
        if found is None:
            raise ValueError(f"{row[place][:40]!r} is no figure")
        labels = {**said, **one.labels}
        metric = row[layout.metric] if layout.metric >= 0 else one.metric
        metric = stem if metric.lower() in {"value", "val"} else metric
        made = point(
            metric,
            labels,
            time,
            one.offset + one.scale * found[0],
            reported=Reported(_unit(row[place], one, found[1]), counter=False),
        )
        yield _owned(made, _whose(labels, one, owner))


def _unit(cell: str, one: Measured, written: str) -> str:
    """The unit behind a figure, else the one in its column's name."""
    return one.unit if cell[-1:].isdigit() or not written else written


def _whose(labels: dict[str, str], one: Measured, owner: str) -> str:
    lower = {key.lower(): text for key, text in labels.items()}
    return (
        service_of(labels)
        or one.whose
        or next((lower[key] for key in (*_HOSTS, *_WHOSE) if lower.get(key)), owner)
    )


def _owned(made: tuple[StoreTable, Row], service: str) -> tuple[StoreTable, Row]:
    return made[0], {**made[1], "ServiceName": service}


SOURCE = Source("metric_tables", frozenset({Signal.METRICS}), recognise, decode)
