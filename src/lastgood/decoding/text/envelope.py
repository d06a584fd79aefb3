"""Envelopes: log lines inside the messages of others (Docker, CRI, CloudWatch, syslog), taken out.

What the inner line says of its level, message, service, logger and ids wins; the outer time wins, as
the outside stamped it the same way for everybody. Only its year is the inner one's where the two are whole years apart: then
the outer year was guessed. An inner time that differs by more than a second is kept in the attribute `log.time`.
Of what a console exported, its columns win over what the message says of the same.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lastgood.algorithms.timestamps import DAY, SECOND, Reference
from lastgood.decoding.text import beside
from lastgood.decoding.text.bodies import Tail, with_tails
from lastgood.decoding.text.event_xml import XML_EVENT
from lastgood.decoding.text.events import (
    MAPS,
    SCHEMA,
    TEXTS,
    column,
    first_lines,
    maps_of_columns,
    merged_maps,
    none,
    with_column,
)
from lastgood.decoding.text.figures import has_figures
from lastgood.decoding.text.leveled import level_place, may_tell, with_levels
from lastgood.decoding.text.plan import Format, Plan, plan_of
from lastgood.decoding.text.security_events import CEF, LEEF
from lastgood.decoding.text.severity import INFO
from lastgood.decoding.text.structured import JSON_LINES, LOGFMT
from lastgood.decoding.text.untimed import with_untimed

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
_DEEPEST = 4
_IN_MESSAGES = ((XML_EVENT, "<Event"), (JSON_LINES, '{"'), (CEF, "CEF:"), (LEEF, "LEEF:"))
_PAIRS = r"^[A-Za-z_@][\w.@/-]*=[^ ]"
# What a column of an export may say besides the level and the attributes.
_OF_COLUMNS = ("ServiceName", "ScopeName", "TraceId", "SpanId")
_APART = SECOND
_GUESSED = 367 * DAY
# What can begin an event that none of the formats seen reads: a time is near its front.
_TIMED = r"^.{0,60}?\d\d?:\d\d:\d\d"


def matched(lines: pa.Array, plan: Plan, reference: Reference) -> tuple[Mask, pa.Table]:
    """Which lines (binary) begin an event, and these events in the order of the lines."""
    read = _Read(lines, reference)
    for found in plan.formats:
        read.add(found, np.flatnonzero(~read.mask))
    if plan.wider and not read.mask.all():
        rest = np.flatnonzero(~read.mask)
        timed = pc.match_substring_regex(lines.take(pa.array(rest)), _TIMED).to_numpy(zero_copy_only=False)
        for found in plan.wider:
            read.add(found, rest[timed & ~read.mask[rest]])
    return read.mask, read.events()


class _Read:
    """What formats read of some lines, one after the other."""

    def __init__(self, lines: pa.Array, reference: Reference) -> None:
        self._lines = lines
        self._reference = reference
        self._rows: list[Rows] = []
        self._parts: list[pa.Table] = []
        self.mask: Mask = np.zeros(len(lines), np.bool_)

    def add(self, found: Format, rest: Rows) -> None:
        """What one more format reads of the lines that are left."""
        if not len(rest):
            return
        left = self._lines if len(rest) == len(self._lines) else self._lines.take(pa.array(rest))
        more, table = found.match(left, self._reference)
        if more.any():
            self._rows.append(rest[more])
            self._parts.append(table)
            self.mask[rest[more]] = True

    def events(self) -> pa.Table:
        """The events in the order of their lines."""
        if len(self._parts) < 2:
            return self._parts[0] if self._parts else none()
        order = np.argsort(np.concatenate(self._rows), kind="stable")
        return pa.concat_tables(self._parts).take(pa.array(order)).combine_chunks()


def planned(lines: pa.Array, reference: Reference, *, exported: bool = False) -> Plan | None:
    """The plan for lines like these, which knows whether their texts tell figures; `exported`: by a console."""
    plan = plan_of(lines, reference)
    if plan is None:
        return None
    plan = replace(plan, exported=exported)
    begins, events = matched(lines, plan, reference)
    _, events = with_untimed(lines, begins, events, plan, none())
    events, _ = unwrapped(events, plan, reference)
    place = level_place(with_levels(events, plan)) if may_tell(plan) else -1
    return replace(plan, figures=has_figures(column(events, "Body")), level_place=place)


def unwrapped(table: pa.Table, plan: Plan, reference: Reference) -> tuple[pa.Table, Mask]:
    """The events with what their bodies hold, and which of them held a line of a known format."""
    held = np.zeros(len(table), np.bool_)
    if plan.inner is not None:
        first, rest = first_lines(column(table, "Body"))
        mask, inner = matched(first.cast(pa.binary()), plan.inner, reference)
        if mask.any():
            inner, _ = unwrapped(inner, plan.inner, reference)
            if rest is not None:
                below = enumerate(rest.filter(pa.array(mask)).to_pylist())
                inner = with_tails(
                    inner, {row: Tail(text.rstrip("\n").encode()) for row, text in below if text.strip()}
                )
            table, held = _merged(table, mask, inner, reference, exported=plan.exported), mask
    table = _opened(table, reference, exported=plan.exported)
    return _without_pairs(table, reference, exported=plan.exported), held


def _opened(table: pa.Table, reference: Reference, *, exported: bool) -> pa.Table:
    """An object or event in a message is opened wherever it is met, also where the sample had none."""
    for kind, begin in _IN_MESSAGES:
        table = _without(kind, begin, table, reference, exported=exported)
    return table


def _without(kind: Format, begin: str, table: pa.Table, reference: Reference, *, exported: bool) -> pa.Table:
    for _ in range(_DEEPEST):
        bodies = column(table, "Body")
        objects = np.flatnonzero(pc.starts_with(bodies, begin).to_numpy(zero_copy_only=False))
        if not len(objects):
            break
        found, inner = kind.match(bodies.take(pa.array(objects)).cast(pa.binary()), reference)
        same = pc.equal(column(inner, "Body"), bodies.take(pa.array(objects[found]))).to_numpy(
            zero_copy_only=False
        )
        mask = np.zeros(len(table), np.bool_)
        mask[objects[found]] = ~same  # without a message of its own the object is the message
        if not mask.any():
            break
        inner = inner.filter(pa.array(~same)).combine_chunks()
        table = _merged(table, mask, inner, reference, exported=exported)
    return table


def _without_pairs(table: pa.Table, reference: Reference, *, exported: bool) -> pa.Table:
    """A message that is nothing but `key=value` pairs is opened; without a message among them it stays the message."""
    bodies = column(table, "Body")
    rows = np.flatnonzero(pc.match_substring_regex(bodies, _PAIRS).to_numpy(zero_copy_only=False))
    if not len(rows):
        return table
    found, inner = LOGFMT.match(bodies.take(pa.array(rows)).cast(pa.binary()), reference)
    mask = np.zeros(len(table), np.bool_)
    mask[rows[found]] = True
    return _merged(table, mask, inner, reference, exported=exported) if mask.any() else table


def _merged(
    outer: pa.Table, mask: Mask, inner: pa.Table, reference: Reference, *, exported: bool
) -> pa.Table:
    """The outer events; where the mask is set with the next inner one inside."""
    whole = mask.all()
    touched = outer if whole else outer.filter(pa.array(mask)).combine_chunks()
    merged = _inside(touched, _yielding(inner, touched) if exported else inner, reference)
    if whole:
        return merged
    order = np.empty(len(outer), np.int64)
    order[~mask] = np.arange(int((~mask).sum()))
    order[mask] = np.arange(int(mask.sum())) + int((~mask).sum())
    kept = outer.filter(pa.array(~mask))
    return pa.concat_tables([kept, merged]).take(pa.array(order)).combine_chunks()


def _yielding(inner: pa.Table, columns: pa.Table) -> pa.Table:
    """What the messages of an export say, without what its columns say of the same.

    A name that a column of a group or an index is called after is no column of its own, and consoles put `info` where
    they know no level: the message goes before both.
    """
    stated = {name: pc.not_equal(column(columns, name), "") for name in _OF_COLUMNS}
    stated["ServiceName"] = pc.and_(stated["ServiceName"], pc.invert(_after_groups(columns, inner)))
    level = column(columns, "SeverityNumber")
    stated["SeverityText"] = pc.invert(pc.is_in(level, pa.array([0, INFO], pa.uint8())))
    for name, mask in stated.items():
        inner = with_column(inner, name, pc.if_else(mask, "", column(inner, name)))
    left = pc.if_else(stated["SeverityText"], pa.scalar(0, pa.uint8()), column(inner, "SeverityNumber"))
    inner = with_column(inner, "SeverityNumber", left)
    for name in MAPS:
        inner = with_column(inner, name, merged_maps(column(columns, name), column(inner, name)))
    return inner


def _after_groups(columns: pa.Table, inner: pa.Table) -> pa.Array:
    """Whose events have a service from the name of a group, while their message names another."""
    mine, other = column(columns, "ServiceName"), column(inner, "ServiceName")
    rows = np.flatnonzero(
        pc.and_(pc.not_equal(other, ""), pc.not_equal(mine, other)).to_numpy(zero_copy_only=False)
    )
    mask = np.zeros(len(columns), np.bool_)
    attributes = column(columns, "LogAttributes")
    mask[rows] = [beside.owner(dict(attributes[row].as_py())) == mine[row].as_py() for row in rows.tolist()]
    return pa.array(mask)


def _inside(outer: pa.Table, inner: pa.Table, reference: Reference) -> pa.Table:
    columns = {}
    for name in TEXTS:
        mine, theirs = column(outer, name), column(inner, name)
        columns[name] = pc.if_else(pc.equal(theirs, ""), mine, theirs)
    outside, inside = column(outer, "Timestamp"), column(inner, "Timestamp")
    outside = _of_inner_year(outside, inside, reference)
    columns["Timestamp"] = pc.coalesce(outside, inside)
    level = column(inner, "SeverityNumber")
    columns["SeverityNumber"] = pc.if_else(pc.equal(level, 0), column(outer, "SeverityNumber"), level)
    for name in MAPS:
        columns[name] = merged_maps(column(inner, name), column(outer, name))
    table = pa.table(columns).select(SCHEMA.names)
    return _with_inner_time(table, outside, inside)


def _of_inner_year(outside: pa.Array, inside: pa.Array, reference: Reference) -> pa.Array:
    """The outer times, in the year of the inner ones where that alone makes them agree to a day.

    A year that was guessed is one of the last twelve months: only an inner one that is further away was surely stated.
    """
    mine, theirs = (times.cast(pa.int64()).fill_null(0).to_numpy() for times in (outside, inside))
    both = pc.and_(pc.is_valid(outside), pc.is_valid(inside)).to_numpy(zero_copy_only=False)
    far = (
        both & (np.abs(reference.latest - theirs) > _GUESSED) & (np.abs(reference.latest - mine) <= _GUESSED)
    )
    if not far.any():
        return outside
    days, other = mine.astype("datetime64[ns]"), theirs.astype("datetime64[ns]")
    months = days.astype("datetime64[M]")
    years = other.astype("datetime64[Y]").astype(np.int64) - months.astype("datetime64[Y]").astype(np.int64)
    for more in (0, -1, 1):  # at the turn of a year
        moved = ((months + 12 * (years + more)).astype("datetime64[ns]") + (days - months)).astype(np.int64)
        mine = np.where(far & (np.abs(moved - theirs) <= DAY), moved, mine)
    unknown = pc.is_null(outside).to_numpy(zero_copy_only=False)
    return pa.array(mine, pa.int64(), mask=unknown).cast(outside.type)


def _with_inner_time(table: pa.Table, outside: pa.Array, inside: pa.Array) -> pa.Table:
    apart = pc.abs(pc.subtract(outside.cast(pa.int64()), inside.cast(pa.int64())))
    differs = pc.fill_null(pc.greater(apart, _APART), False)  # noqa: FBT003 - a fill value
    if not pc.any(differs).as_py():
        return table
    text = pc.if_else(differs, pc.strftime(pc.fill_null(inside, 0), "%Y-%m-%dT%H:%M:%SZ"), "")
    kept = maps_of_columns({"log.time": text}, len(table))
    return with_column(table, "LogAttributes", merged_maps(column(table, "LogAttributes"), kept))
