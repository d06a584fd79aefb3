"""Metrics of both windows: what each one means, where it was measured, and how far it has moved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import fmean
from typing import Any

from lastgood.algorithms.metric_meaning import (
    FAILED,
    NOT_OURS,
    Meaning,
    Role,
    meaning,
    stated_unit,
    waiting,
    words,
)
from lastgood.algorithms.shift import Shift, shift
from lastgood.model.attributes import CALLEE_LABELS, CALLER_LABELS, OUTCOME_LABELS
from lastgood.model.judgement import Amount, Count
from lastgood.readings.case import Case
from lastgood.telemetry.derived import first_of
from lastgood.telemetry.reader import Rows

# fmt: off
TOTAL_VALUES = Count(3, "values that never fall, for a metric to be a running total", "judgement: two may rise by chance")
USED_FULL = Amount(0.95, "of its limit is used up", "judgement: the last twentieth is in use for moments only")
USED_BEYOND = Amount(1.5, "times its limit: a value beyond it is of another scale", "judgement: a share of a request may pass 1 for a while; percent without a unit pass it at once")
USED_LEFT = Amount(0.25, "of what was left is left, for a resource to have run out", "judgement: less than a quarter is another state, whatever the level before")
SHIFT_FLOOR = Amount(0.2, "of the floor of its kind is the least shift of a metric", "judgement: it is to be seen before it matters")
# fmt: on
COUNTING = (["total"], ["count"])  # the last word of a metric that counts
FAILED_ENDS = ("5", "error", "server_error", "fail", "timeout")
SERIES = f"""
SELECT * EXCEPT (reported_good, reported_bad) FROM (SELECT service, instance, metric, any(unit) AS unit, max(monotonic AND cumulative) AS counter,
       toString(attributes) AS labels,
       any({first_of(["attributes"], CALLER_LABELS)}) AS caller, any({first_of(["attributes"], CALLEE_LABELS)}) AS callee,
       any({first_of(["attributes"], OUTCOME_LABELS)}) AS ended,
       arraySort(groupArrayIf(1500)((toUnixTimestamp64Milli(ts), value), phase = 'good')) AS reported_good,
       arraySort(groupArrayIf(1500)((toUnixTimestamp64Milli(ts), value), phase = 'bad')) AS reported_bad,
       arrayMap(x -> x.2, reported_good) AS good, arrayMap(x -> x.2, reported_bad) AS bad,
       if(caller = '' AND callee = '' AND NOT counter AND NOT endsWith(metric, 'total'), [], arrayMap(x -> x.1, reported_good)) AS good_at,
       if(caller = '' AND callee = '' AND NOT counter AND NOT endsWith(metric, 'total'), [], arrayMap(x -> x.1, reported_bad)) AS bad_at
FROM lg_points WHERE phase != '' AND isFinite(value) AND service != ''
GROUP BY service, instance, metric, attributes
ORDER BY service, instance, metric, labels LIMIT 100000)"""
_UNUSED = ("idle", "free", "available")


@dataclass(frozen=True, slots=True)
class Edge:
    """The calls from one service to another: values of a metric about them, by time in milliseconds."""

    caller: str
    callee: str
    good: Mapping[int, float]
    bad: Mapping[int, float]

    @property
    def ends(self) -> tuple[str, str]:
        """Caller and callee."""
        return self.caller, self.callee


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric at one place, in both windows.

    `client` says that the metric is the caller's, so that what it says is about others.
    """

    service: str
    instance: str
    metric: str
    unit: str
    meaning: Meaning
    shift: Shift
    mean: float  # of the bad window: damage adds up over time, so its spikes count
    samples: int  # of the good window
    edge: Edge | None = None
    client: bool = False


def used_share(meant: Meaning, value: float) -> float | None:
    """The share of its limit, 0..1, that is in use; None without a limit, or where a value shows that it is none."""
    return None if not meant.limit or value > USED_BEYOND * meant.limit else value / meant.limit


def ran_out(meant: Meaning, usual: float, now: float) -> bool:
    """Whether a resource with a limit is used up, and was not before."""
    used, before = used_share(meant, now), used_share(meant, usual)
    return (
        used is not None
        and before is not None
        and used >= USED_FULL
        and 1.0 - used <= USED_LEFT * (1.0 - before)
    )


def ended_badly(ended: str) -> bool:
    """Whether a status or an outcome is a failure."""
    return ended.lower().startswith(FAILED_ENDS)


def reported_apart(metric: str, unit: str, ended: str) -> Meaning | None:
    """What a metric measures; what is counted apart because it failed are failures, whatever is counted.

    Of a client they may be the fault of whom it asks.
    """
    own, said = meaning(metric, unit), words(metric)
    counts = own.role is Role.TRAFFIC if own else said[-1:] in COUNTING and not NOT_OURS & set(said)
    if counts and ended_badly(ended):
        return replace(FAILED, caught="client" in said)
    return own


def read_metrics(case: Case) -> Rows:
    """The values of every metric in both windows."""
    return case.query(SERIES)


def measured(rows: Iterable[dict[str, Any]]) -> list[Measured]:
    """The metrics that have values in both windows and whose meaning their names tell."""
    return [one for one in map(_measured, rows) if one is not None]


def _measured(row: dict[str, Any]) -> Measured | None:
    caller, callee = row.get("caller", ""), row.get("callee", "")
    row = {
        **row,
        "unit": stated_unit(row["metric"], row["unit"], max((*row["good"], *row["bad"]), default=0.0)),
    }
    own = reported_apart(row["metric"], row["unit"], row.get("ended", ""))
    meant = own or (waiting(row["metric"], row["unit"]) if callee else None)
    if meant is None or any(word in row["labels"] for word in _UNUSED):
        return None
    good, bad = row["good"], row["bad"]
    if row["counter"] or _climbs(row["metric"], good, bad):
        rates = meant.kind == "cpu"  # seconds a second: cores
        good, bad = (_steps(row[era], row[f"{era}_at"] if rates else []) for era in ("good", "bad"))
    moved = shift(good, bad, meant.floor * SHIFT_FLOOR)
    if moved is None:
        return None
    client = own is None or (bool(callee) and not caller and callee != row["service"])
    edge = None
    if caller or callee:
        edge = Edge(
            caller or row["service"],
            callee or row["service"],
            dict(zip(row["good_at"], row["good"], strict=True)),
            dict(zip(row["bad_at"], row["bad"], strict=True)),
        )
    return Measured(
        row["service"], row["instance"], row["metric"], row["unit"], meant, moved, fmean(bad), len(good), edge, client
    )  # fmt: skip


def _climbs(metric: str, good: list[float], bad: list[float]) -> bool:
    """Whether a metric is a running total, by its name and because it never falls, though no one said so."""
    reported = [*good, *bad]
    return (
        metric.endswith("total")
        and len(good) >= TOTAL_VALUES
        and reported[0] < reported[-1]
        and reported == sorted(reported)
    )


def _steps(values: list[float], at: list[int]) -> list[float]:
    """What a running total grew by from sample to sample; with their times in milliseconds, per second."""
    grown = [b - a for a, b in pairwise(values)]
    return (
        [step * 1000 / max(b - a, 1) for step, (a, b) in zip(grown, pairwise(at), strict=True)]
        if at
        else grown
    )
