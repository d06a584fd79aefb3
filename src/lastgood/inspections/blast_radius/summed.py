"""Metrics with attributes as counts to search: failures of requests, or an amount against its forecast.

Where no one keeps a row for each request, counters by attribute still say who is affected. Four measures are made of them:
requests whose status label says that they failed; a metric of failures over the same service's metric of
requests; a rate of success with its volume; and any amount alone, of which too little or too much came.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lastgood.algorithms.metric_meaning import FAILURES, Meaning, Role, meaning, words
from lastgood.algorithms.segments import NOT_A_VALUE, Counts, Floats
from lastgood.inspections.blast_radius.weights import FORECAST_OFF, SUMMED_ALONE, SUMMED_LEAST, SUMMED_SERIES
from lastgood.readings.carried import NOT_WHO, Carried, Coded
from lastgood.readings.case import Case
from lastgood.telemetry.reader import Rows

_STATUS = re.compile(r"^(http\.(response\.)?status_?code|(http_)?(response_)?(status|code)(_code|_class)?)$")

# What a counter gained, a restart being no loss; a gauge is summed over its values, which both windows have alike.
SUMS = """
SELECT service, metric, max(unit_of) AS unit, max(kind_of) AS kind, attributes,
       sumIf(amount, phase = 'bad') AS now, sumIf(amount, phase = 'good') AS before,
       avgIf(mean, phase = 'bad') AS level, avgIf(mean, phase = 'good') AS usual
FROM (
    SELECT service, metric, any(unit) AS unit_of, any(kind) AS kind_of, attributes, phase, avg(value) AS mean,
           arraySort(groupArray((ts, if(kind IN ('histogram', 'summary'), toFloat64(count), value)))) AS points,
           max(kind = 'summary' OR cumulative AND (monotonic OR kind = 'histogram')) AS grows,
           if(grows, arraySum(step -> greatest(step, 0), arrayDifference(points.2)), arraySum(points.2)) AS amount
    FROM lg_points WHERE phase != '' AND isFinite(value) AND length(attributes) > 0
    GROUP BY service, metric, instance, resource, attributes, phase
)
GROUP BY service, metric, attributes ORDER BY service, metric, attributes LIMIT {most:UInt32}"""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is searched, and its words: `failures of checkout http.requests`."""

    name: str
    carried: Carried


@dataclass(frozen=True, slots=True)
class _Amount:
    """What one set of attributes came to in both windows, and the mean of its values."""

    attributes: Mapping[str, str]
    now: float
    before: float
    level: float = 0.0
    usual: float = 0.0

    @property
    def who(self) -> tuple[tuple[str, str], ...]:
        """The attributes that may say who is affected, in order."""
        return tuple(sorted((k, v) for k, v in self.attributes.items() if not re.match(NOT_WHO, k)))


@dataclass(frozen=True, slots=True)
class _Metric:
    """One metric of a service: amounts of both windows for every set of attributes."""

    service: str
    name: str
    unit: str
    kind: str
    amounts: tuple[_Amount, ...]

    @property
    def meant(self) -> Meaning | None:
        """What it measures."""
        return meaning(self.name, self.unit)

    @property
    def additive(self) -> bool:
        """Whether its values may be summed: counts may, shares, durations and levels may not."""
        if self.kind != "gauge":
            return self.kind == "sum"
        countable = self.unit in {"", "1"} or self.unit.startswith("{")
        return countable and (self.meant is None or self.meant.role in {Role.TRAFFIC, Role.FAILURES})

    @property
    def fails(self) -> bool:
        """Whether it counts failures."""
        return self.kind == "sum" and bool(set(words(self.name)) & FAILURES)

    @property
    def counts_requests(self) -> bool:
        """Whether it counts requests: by its name, or as a histogram of how long they take."""
        role = self.meant.role if self.meant else None
        return role is Role.TRAFFIC if self.kind in {"sum", "gauge"} else role is Role.LATENCY


def measures(case: Case, ratio: float) -> Iterator[Measure]:
    """What metrics with attributes give to search, the most telling kind first.

    `ratio` is of the bad window's length to the good one's.
    """
    window = case.comparison.hull if case.comparison else None
    rows = case.query(SUMS, window=window, most=SUMMED_SERIES)
    metrics = _metrics(rows)
    for one in metrics:
        yield from _by_status(one, rows)
    for one in metrics:
        yield from _beside_requests(one, metrics, rows)
    alone = [one for one in metrics if one.additive and not one.fails and len(one.amounts) > 1]
    off = sorted(
        ((_off(one, ratio), one.service, one.name, one) for one in alone), key=lambda found: found[:3]
    )
    for far, _, _, one in reversed(off[-SUMMED_ALONE:]):
        if far >= FORECAST_OFF:
            counts = Counts.of_sums(_column(one, "now"), ratio * _column(one, "before"))
            yield _measure("deviation of", one, one.amounts, counts, rows)


def _metrics(rows: Rows) -> list[_Metric]:
    by: dict[tuple[str, str, str, str], list[_Amount]] = defaultdict(list)
    for row in rows.dicts():
        amounts = [float(row[name]) for name in ("now", "before", "level", "usual")]
        by[row["service"], row["metric"], row["unit"], row["kind"]].append(
            _Amount(row["attributes"], *(one if one > 0 else 0.0 for one in amounts))
        )
    return [_Metric(*key, tuple(mine)) for key, mine in sorted(by.items())]


def _by_status(one: _Metric, rows: Rows) -> Iterator[Measure]:
    """Requests counted by a label that says how they ended."""
    labels = {key for amount in one.amounts for key in amount.attributes if _STATUS.match(key)}
    if len(labels) != 1 or one.kind == "gauge":
        return
    (label,) = labels
    failed = np.array([amount.attributes.get(label, "").startswith("5") for amount in one.amounts])
    if failed.any() and not failed.all():
        now, before = _column(one, "now"), _column(one, "before")
        counts = Counts(now * failed, now, before * failed, before)
        yield _measure("failures of", one, one.amounts, counts, rows)


def _beside_requests(one: _Metric, metrics: list[_Metric], rows: Rows) -> Iterator[Measure]:
    """Failures, or a rate of success, over the same service's requests by the same attributes."""
    success = one.meant is not None and one.meant.role is Role.SUCCESS
    if not success and not one.fails:
        return
    mine = {amount.who: amount for amount in one.amounts}
    for other in metrics:
        if other.service != one.service or other is one or not other.counts_requests:
            continue
        # Who has no failures need not be counted as having none; who has no rate has no rate.
        volume = [amount for amount in other.amounts if amount.who in mine or not success]
        if len(volume) > 1 and any(amount.who in mine for amount in volume):
            failing = [mine.get(amount.who, _Amount({}, 0.0, 0.0)) for amount in volume]
            yield _measure("failures by", one, volume, _beside(one, failing, volume, success=success), rows)
            return


def _beside(one: _Metric, failing: list[_Amount], volume: list[_Amount], *, success: bool) -> Counts:
    """Failures and requests, now and before."""
    scale = one.meant.scale if one.meant else 1.0
    columns = []
    for amount, level in (("now", "level"), ("before", "usual")):
        requests = np.array([getattr(each, amount) for each in volume])
        lost = [1 - min(getattr(each, level) * scale, 1.0) for each in failing]
        failed = (
            np.array(lost) * requests if success else np.array([getattr(each, amount) for each in failing])
        )
        columns += [np.minimum(failed, requests), requests]
    return Counts(*columns)


def _off(one: _Metric, ratio: float) -> float:
    """How far the amounts, each for itself, are from their forecast, of all that was forecast."""
    now, forecast = _column(one, "now"), ratio * _column(one, "before")
    if now.sum() + forecast.sum() < SUMMED_LEAST:
        return 0.0
    return float(np.abs(now - forecast).sum() / max(forecast.sum(), 1e-9))


def _column(one: _Metric, name: str) -> Floats:
    return np.array([getattr(amount, name) for amount in one.amounts])


def _measure(what: str, one: _Metric, amounts: Sequence[_Amount], counts: Counts, rows: Rows) -> Measure:
    carried = [dict(amount.who) for amount in amounts]
    values = {
        key: _coded([own.get(key, "") for own in carried])
        for key in sorted({k for own in carried for k in own})
    }
    varying = {key: coded for key, coded in values.items() if coded.varies}
    found = Carried(varying, counts, 1, float(counts.failed.sum()), float(counts.requests.sum()), rows)
    return Measure(" ".join(f"{what} {one.service} {one.name}".split()), found)


def _coded(values: list[str]) -> Coded:
    known = tuple(sorted(set(values) - {""}))
    place = {value: at for at, value in enumerate(known)}
    return Coded(np.array([place.get(value, NOT_A_VALUE) for value in values], np.int64), known)
