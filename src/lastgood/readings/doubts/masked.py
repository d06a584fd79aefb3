"""Numbers in the text of lines whose meaning is not known, watched all the same: one of them left its level.

Lines are compared without their numbers, so one that was read as neither status nor duration could change unseen. A place with few
values is a category, whose shares are compared over time; one with many is a measure, whose quantiles are. What grows
with time counts something, and what is new in every line is an id: of these nothing is said. A number without a name
never confirms an incident, as more of it may be good; it keeps "no incident" from being said.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lastgood.algorithms.change_point import Bools, Deviation, Floats, Integers, deviation
from lastgood.model.attributes import DURATION_NS, HTTP_STATUS
from lastgood.model.evidence import Table
from lastgood.model.figures import amount, count, percent
from lastgood.model.finding import Check
from lastgood.model.judgement import Amount, Count
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.doubts.doubt import Doubt
from lastgood.readings.grid import Grid, grid_of
from lastgood.telemetry.reader import Rows

# fmt: off
MASKED_LINES = Count(60, "lines of a shape, to watch its numbers", "judgement: of fewer, two windows say nothing")
MASKED_SHAPES = Count(50, "shapes, the most frequent ones", "judgement: bounds the work")
MASKED_READ = Count(3_000, "lines of a shape that are read, chosen by a hash of their time", "judgement: bounds the work")
MASKED_PLACES = Count(8, "numbers of a line", "judgement: results come before the details")
MASKED_FEW = Count(12, "values at most make a category", "judgement: codes and states are few")
MASKED_EVENTS = Count(10, "lines with what deviates", "judgement: fewer come by chance")
MASKED_CHANCE = Amount(0.001, "chance that quiet numbers deviate so far, over all that is tried", "judgement: as an alarm")
MASKED_SHARE = Amount(0.05, "of the lines more, of a category's value", "judgement: less is not noticed")
MASKED_TIMES = Amount(1.5, "times the median of a measure", "judgement: half as much again is noticed")
MASKED_GROWS = Amount(0.9, "of correlation with time, from which a number counts something", "judgement: a counter's is near 1")
MASKED_IDS = Amount(0.9, "of the lines have a value of their own: an id, unless they are sizes", "judgement: measures repeat")
MASKED_ID_DIGITS = Count(6, "digits of such a value", "judgement: shorter ones are sizes")
# fmt: on
_QUANTILES = (0.5, 0.75, 0.9)

_NUMBER = r"(?:^|[^0-9A-Za-z_.:-])([0-9]{1,15}(?:\.[0-9]{1,9})?)"
_LINES = f"""
SELECT service, shape, toUnixTimestamp64Nano(ts) AS at, leftUTF8(body, 160) AS example,
       arraySlice(extractAll(leftUTF8(body, 400), {{number:String}}), 1, {MASKED_PLACES}) AS figures
FROM lg_lines
WHERE attributes['{HTTP_STATUS}'] = '' AND attributes['{DURATION_NS}'] = ''
  AND (service, shape) GLOBAL IN (
    SELECT service, shape FROM lg_lines GROUP BY service, shape HAVING count() >= {MASKED_LINES}
    ORDER BY count() DESC, service, shape LIMIT {MASKED_SHAPES})
ORDER BY cityHash64(ts), service, shape LIMIT {MASKED_READ} BY service, shape"""


@dataclass(frozen=True, slots=True)
class _Place:
    """One number of the lines of one shape: its value and bucket in each of them."""

    service: str
    number: int  # from 1, among the numbers of the line
    example: str
    values: Floats
    buckets: Integers


@dataclass(frozen=True, slots=True)
class _Watched:
    """What of a place is counted: the lines with one value, or above a quantile."""

    place: _Place
    those: Bools
    value: float | None  # None: a measure


@dataclass(frozen=True, slots=True)
class _Moved:
    watched: _Watched
    found: Deviation
    inside: Bools  # of the place's lines


def masked(case: Case) -> Doubt | None:
    """That a number in the text of lines left its level; None where none did."""
    grid = grid_of(case, Signal.LOGS) if case.has(Signal.LOGS) else None
    if grid is None:
        return None
    rows = case.query(_LINES, number=_NUMBER)
    watched = [one for place in _places(rows, grid) for one in _counted(place)]
    moved = [one for one in (_moved(each, grid, len(watched)) for each in watched) if one is not None]
    if not moved:
        return None
    first = min(moved, key=lambda one: one.found.log_chance)
    since = grid.begin(first.found.start)
    place = first.watched.place
    return Doubt(
        f"{_reported(first)} from {since:%H:%M:%S} UTC on; what it counts is not known: {place.example}",
        evidence=(_table(moved, grid, rows),),
        limits=(Check("name this number in a mapping; it would show whether it is a failure"),),
    )


def _places(rows: Rows, grid: Grid) -> Iterator[_Place]:
    table = rows.table
    if not len(table):
        return
    buckets = grid.places((table["at"].to_numpy() - grid.origin) // (grid.step * 1_000_000_000))
    groups = pc.dictionary_encode(
        pc.binary_join_element_wise(table["service"], table["shape"].cast(pa.string()), "\n")
    )
    codes = groups.combine_chunks().indices.to_numpy()
    figures = table["figures"].to_pylist()
    for code in np.unique(codes):
        mine = np.flatnonzero((codes == code) & (buckets >= 0))
        several = np.array([len(figures[row]) for row in mine])
        usual = int(np.bincount(several).argmax()) if len(several) else 0
        mine = mine[several == usual]
        if len(mine) < MASKED_LINES:
            continue
        values = np.array([figures[row] for row in mine], np.float64)
        service, example = (table[name][int(mine[0])].as_py() for name in ("service", "example"))
        for number in range(usual):
            yield _Place(service, number + 1, example, values[:, number], buckets[mine])


def _counted(place: _Place) -> Iterator[_Watched]:
    values = place.values
    distinct, often = np.unique(values, return_counts=True)
    if len(distinct) < 2:
        return
    if len(distinct) <= MASKED_FEW:
        for value in distinct[often >= MASKED_EVENTS]:
            yield _Watched(place, values == value, float(value))
    elif not _grows(place) and not _ids(values, len(distinct)):
        for edge in np.unique(np.quantile(values, _QUANTILES)):
            yield _Watched(place, values > edge, None)


def _grows(place: _Place) -> bool:
    """Whether the number goes up or down with time, as one that counts does."""
    order = np.argsort(np.argsort(place.values, kind="stable"))
    return bool(place.buckets.std() > 0 and abs(np.corrcoef(order, place.buckets)[0, 1]) > MASKED_GROWS)


def _ids(values: Floats, distinct: int) -> bool:
    return distinct >= MASKED_IDS * len(values) and float(np.median(values)) >= 10.0 ** (MASKED_ID_DIGITS - 1)


def _moved(one: _Watched, grid: Grid, tries: int) -> _Moved | None:
    """The lines in which what is counted is surely and clearly more frequent than in the others; None without."""
    place = one.place
    exposure = np.bincount(place.buckets, minlength=grid.buckets).astype(np.float64)
    observed = np.bincount(place.buckets[one.those], minlength=grid.buckets).astype(np.float64)
    for lasting in (True, False):
        found = deviation(observed, exposure, share=True, rise=True, lasting=lasting)
        if found is None or found.events < MASKED_EVENTS:
            continue
        inside = (place.buckets >= found.start) & (place.buckets < found.stop)
        moved = _Moved(one, found, inside)
        if found.log_chance + log(2 * tries) <= log(MASKED_CHANCE) and _clear(moved):
            return moved
    return None


def _clear(moved: _Moved) -> bool:
    if moved.watched.value is not None:
        return moved.found.inside - moved.found.outside >= MASKED_SHARE
    within, rest = _medians(moved)
    return within >= MASKED_TIMES * rest and within > rest


def _medians(moved: _Moved) -> tuple[float, float]:
    values = moved.watched.place.values
    return float(np.median(values[moved.inside])), float(np.median(values[~moved.inside]))


def _reported(moved: _Moved) -> str:
    place, found = moved.watched.place, moved.found
    whose = f"number {place.number} in lines of {place.service or 'an unnamed service'}"
    if moved.watched.value is not None:
        return (
            f"{whose} is {amount(moved.watched.value)} in {percent(found.inside)} of them, "
            f"{percent(found.outside)} otherwise,"
        )
    within, rest = _medians(moved)
    return f"the median of {whose} is {amount(within)}, {amount(rest)} otherwise,"


def _table(moved: list[_Moved], grid: Grid, rows: Rows) -> Table:
    return Table(
        "Numbers in the text that left their level",
        ("service", "number", "since", "lines", "share then", "share otherwise", "example"),
        tuple(
            (
                one.watched.place.service,
                one.watched.place.number,
                f"{grid.begin(one.found.start):%Y-%m-%d %H:%M:%S}",
                count(one.inside.sum()),
                one.found.inside,
                one.found.outside,
                one.watched.place.example,
            )
            for one in sorted(moved, key=lambda one: one.found.log_chance)[:20]
        ),
        rows.provenance,
    )
