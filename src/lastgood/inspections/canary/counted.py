"""What a canary is judged by: requests of both sides, block by block, operation by operation, segment by segment."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from math import ceil
from typing import Any

import numpy as np

from lastgood.algorithms.always_valid import Counts
from lastgood.algorithms.canary import Compared, Seen
from lastgood.inspections.canary.counters import (
    BUCKETS,
    CANARY_COUNTERS,
    latency_buckets,
    request_counters,
    scraped_every,
    slow_by_buckets,
)
from lastgood.model.attributes import CHOSEN
from lastgood.model.canary import CanaryAsked, Measure, Selector
from lastgood.model.evidence import Evidence, Table
from lastgood.model.judgement import Amount, Count
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.patterns import ALARMING, read_patterns
from lastgood.telemetry.reader import Rows

# fmt: off
BLOCKS = Count(240, "blocks of time at most", "judgement: bounds the work")
SHORTEST = Count(5, "s of a block at least", "judgement: shorter ones hold hardly any requests")
OPERATIONS = Count(50, "operations that are compared apart; the rest is one more", "judgement: bounds the work; further ones are rare")
KEYS = Count(6, "attributes that are looked at apart", "judgement: each costs sensitivity of the others")
VALUES = Count(20, "values of such an attribute at most", "judgement: more are ids")
MOST_PATTERNS = Count(50, "new patterns that are compared", "judgement: bounds the work; further ones are rare")
LEARNED = Amount(0.2, "of the window, where the baseline has no time of its own before the canary", "judgement: enough to learn what is slow, and most is left to compare")
FEWEST_TIMED = Count(20, "requests of an operation, to say what is slow of it", "judgement: of fewer its p95 is its slowest")
SIDE_SILENT = Count(60, "s without a request of one side, from which it has stopped", "judgement: a restart is shorter")
SIDE_GAPS = Count(20, "times its mean distance between requests, likewise", "judgement: by chance it is never as long")
FEWEST_TELLING = Count(100, "requests from which it is learned what is slow", "judgement: of fewer a high quantile is a guess")
# fmt: on
# Attributes that tell how a request ended, or which one it was.
_NO_SEGMENT = re.compile(
    r"status|error|exception|code|result|version|(^|[._])u?id($|[._])|time|duration|size|length|trace|span|thread|url|target|query|statement",
    re.IGNORECASE,
)
_COLUMNS = ("version", "instance", "service")
_REQUESTS = """SELECT ts, concat(service, ' ', {name}) AS operation, failed, duration_ns, attributes, resource, version,
       instance, service, 1 AS weight FROM {relation}{where}"""
CANARY_SPANS = _REQUESTS.format(
    name="name", relation="lg_spans", where=" WHERE kind IN ('Server', 'Consumer') OR parent_id = ''"
)
CANARY_LINES = _REQUESTS.format(name="operation", relation="lg_requests", where="")
# Spans of traces that were chosen by how they ended count no requests.
EXAMPLES = f"SELECT 1 FROM lg_spans WHERE resource['{CHOSEN}'] != '' LIMIT 1"
VERSIONS = """
SELECT version, min(ts) AS first, sum(weight) AS n FROM ({requests}) WHERE version != ''
GROUP BY version ORDER BY first DESC, version DESC LIMIT 50"""
OF_SERVICES = """
SELECT service, {side} AS side FROM ({requests}) WHERE side != '' AND service != '' GROUP BY service, side ORDER BY service, side LIMIT 2000"""
KEY_VALUES = """
SELECT pair.1 AS key, uniqExact(pair.2) AS many, sum(weight) AS n FROM (
    SELECT weight, arrayJoin(arrayZip(mapKeys(attributes), mapValues(attributes))) AS pair FROM ({requests}) WHERE {side} != '')
GROUP BY key ORDER BY n DESC, key LIMIT 500"""
STARTS = """
SELECT {side} AS side, toUnixTimestamp(min(ts)) AS first, toUnixTimestamp(max(ts)) AS last, count() AS n FROM ({requests}) WHERE side != '' GROUP BY side"""
LIMITS = """
SELECT operation, toUInt64(quantileExact(0.95)(duration_ns)) AS slow, count() AS n FROM ({requests})
WHERE {side} = 'baseline' AND duration_ns > 0 AND toUnixTimestamp(ts) < {{until:UInt64}}
GROUP BY operation HAVING n >= {{fewest:UInt32}} ORDER BY n DESC, operation LIMIT 1000"""
# The same of all operations together, where each of them is rare: their names hold ids.
LIMIT_OF_ALL = """
SELECT toUInt64(quantileExact(0.95)(duration_ns)) AS slow, count() AS n FROM ({requests})
WHERE {side} = 'baseline' AND duration_ns > 0 AND toUnixTimestamp(ts) < {{until:UInt64}}"""
COUNTS = """
SELECT intDiv(toUnixTimestamp(ts) - {{start:UInt64}}, {{step:UInt64}}) AS block, side, operation, segment.1 AS key, segment.2 AS value,
       sum(weight) AS n, sumIf(weight, failed) AS bad, countIf(duration_ns > 0) AS timed,
       countIf(duration_ns > transform(operation, {{names:Array(String)}}, {{limits:Array(UInt64)}}, {{other:UInt64}})) AS slow
FROM (SELECT *, {side} AS side, arrayJoin(arrayConcat([('', '')], arrayFilter(pair -> has({{keys:Array(String)}}, pair.1),
             arrayZip(mapKeys(attributes), mapValues(attributes))))) AS segment FROM ({requests}))
WHERE side != '' GROUP BY block, side, operation, key, value ORDER BY block, side, operation, key, value"""
PATTERNS = """
SELECT service, shape, side, uniqExact(intDiv(toUnixTimestamp(ts), {{step:UInt64}})) AS blocks
FROM (SELECT *, {side} AS side FROM lg_lines) WHERE side != '' AND level IN {{alarming:Array(String)}}
GROUP BY service, shape, side ORDER BY blocks DESC, service, shape LIMIT 10000"""
NOTHING_SLOW = 2**64 - 1  # ns above which nothing is slow


@dataclass(frozen=True, slots=True)
class Stretch:
    """The requests of a side, and the times of its first and last one."""

    requests: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Sides:
    """How requests of both sides are distinguished, and the SQL of all requests."""

    baseline: Selector
    canary: Selector
    requests: str
    metrics: tuple[str, ...] = ()  # where requests are those of counters: `service metric` of each

    @property
    def sql(self) -> str:
        """Which side a row is of: 'canary', 'baseline', or ''."""
        return f"multiIf({_is(self.canary, 'canary')}, 'canary', {_is(self.baseline, 'baseline')}, 'baseline', '')"

    @property
    def values(self) -> dict[str, Any]:
        """What the SQL binds."""
        pairs = (("canary", self.canary), ("baseline", self.baseline))
        named = {f"{side}_{part}": getattr(one, part) for side, one in pairs for part in ("key", "value")}
        return {**named, "metrics": list(self.metrics)} if self.metrics else named

    def ask(self, case: Case, sql: str, **bound: Any) -> Rows:
        """Rows of a query about both sides."""
        values: dict[str, Any] = {**bound, **self.values}
        return case.query(sql.format(side=self.sql, requests=self.requests), **values)


def _is(one: Selector, side: str) -> str:
    value = f"{{{side}_value:String}}"
    key = f"{{{side}_key:String}}"
    own = f"({key} = '{one.key}' AND {one.key} = {value})" if one.key in _COLUMNS else "0"
    return f"({own} OR attributes[{key}] = {value} OR resource[{key}] = {value})"


def sides_of(case: Case, asked: CanaryAsked) -> tuple[Sides | None, str]:
    """Who is compared; without, why there are no two sides. The newest version is the canary, that with most traffic the baseline.

    Requests are those that are recorded, in spans or else in lines. Where these are not of both sides, counters are asked.
    """
    found = []
    for requests, metrics in _kinds(case):
        sides, why = _sides(case, asked, requests, metrics)
        if sides is not None and len(sides.ask(case, STARTS).dicts()) > 1:
            return sides, ""
        found.append((sides, why))
    return next((one for one in found if one[0] is not None), found[0])


def _kinds(case: Case) -> Iterator[tuple[str, tuple[str, ...]]]:
    """How requests are known: each by its SQL, and the counters that it is about."""
    examples = case.has(Signal.SPANS) and bool(case.query(EXAMPLES).dicts())
    yield (CANARY_SPANS if case.has(Signal.SPANS) and not examples else CANARY_LINES), ()
    metrics = request_counters(case) if case.has(Signal.METRICS) else ()
    if metrics:
        yield CANARY_COUNTERS, metrics


def _sides(
    case: Case, asked: CanaryAsked, requests: str, metrics: tuple[str, ...]
) -> tuple[Sides | None, str]:
    if asked.baseline and asked.canary:
        return Sides(asked.baseline, asked.canary, requests, metrics), ""
    bound: dict[str, Any] = {"metrics": list(metrics)} if metrics else {}
    versions = case.query(VERSIONS.format(requests=requests), **bound).dicts()
    canary = asked.canary or (Selector("version", versions[0]["version"]) if versions else None)
    others = [one for one in versions if canary is None or one["version"] != canary.value]
    baseline = asked.baseline or (
        Selector("version", max(others, key=lambda one: one["n"])["version"]) if others else None
    )
    if canary is None or baseline is None or canary == baseline:
        known = ", ".join(one["version"] for one in versions) or "none"
        return (
            None,
            f"there are no two versions to compare (found: {known}): give --baseline and --canary, such as track=canary",
        )
    sides = Sides(baseline, canary, requests, metrics)
    alone = _of_one_side(case, sides)
    if alone:
        return None, f"several services have versions ({', '.join(alone)}): name one with --service"
    return sides, ""


def versions_served(case: Case, sides: Sides) -> tuple[str, ...]:
    """The versions that requests name, the newest first."""
    bound: dict[str, Any] = {"metrics": list(sides.metrics)} if sides.metrics else {}
    return tuple(
        one["version"] for one in case.query(VERSIONS.format(requests=sides.requests), **bound).dicts()
    )


def services_of(case: Case, sides: Sides) -> tuple[str, ...]:
    """The services of both sides."""
    return tuple(dict.fromkeys(row["service"] for row in sides.ask(case, OF_SERVICES).dicts()))


def _of_one_side(case: Case, sides: Sides) -> tuple[str, ...]:
    """The services, where one of them is on one side only: versions of one service say nothing of another."""
    rows = sides.ask(case, OF_SERVICES).dicts()
    services = tuple(dict.fromkeys(row["service"] for row in rows))
    return services if len(services) > 1 and len(rows) < 2 * len(services) else ()


def baseline_gone(case: Case, sides: Sides) -> tuple[datetime, float] | None:
    """When the baseline served last, and the seconds since, where it has stopped; None where it serves still."""
    of = {row["side"]: row for row in sides.ask(case, STARTS).dicts()}
    silent = silent_for(of, "baseline", "canary")
    return None if silent is None else (datetime.fromtimestamp(of["baseline"]["last"], UTC), silent)


def silent_for(starts: Mapping[str, Mapping[str, Any]], side: str, other: str) -> float | None:
    """Seconds for which a side has served nothing while the other one did; None where it serves still."""
    if len(starts) < 2:
        return None
    one, silent = starts[side], float(starts[other]["last"]) - float(starts[side]["last"])
    usual = (one["last"] - one["first"]) / max(one["n"] - 1, 1)
    return None if silent < SIDE_SILENT or silent < SIDE_GAPS * usual else silent


def served_apart(case: Case, sides: Sides) -> tuple[Stretch, Stretch] | None:
    """When the baseline served, and when the canary did, where they never served at the same time; else None."""
    of = {
        row["side"]: Stretch(
            int(row["n"]), datetime.fromtimestamp(row["first"], UTC), datetime.fromtimestamp(row["last"], UTC)
        )
        for row in sides.ask(case, STARTS).dicts()
    }
    if len(of) < 2:
        return None
    baseline, canary = of["baseline"], of["canary"]
    return (baseline, canary) if baseline.last < canary.first or canary.last < baseline.first else None


def compared(
    case: Case, sides: Sides, asked: CanaryAsked
) -> tuple[Compared, tuple[Evidence, ...], float, int]:
    """Counts by measure and segment over the canary's time, what they rest on, the length of a block, and its start (s)."""
    starts = {row["side"]: row for row in sides.ask(case, STARTS).dicts()}
    window = int(case.window.start.timestamp())
    start = int(starts["canary"]["first"]) if "canary" in starts else window
    end = int(case.window.end.timestamp())
    step = max(SHORTEST, ceil((end - start) / BLOCKS))
    if sides.metrics:
        step = max(step, ceil(scraped_every(case, sides.metrics)))
    limits, other, learned = ({}, NOTHING_SLOW, end) if sides.metrics else _limits(case, sides, start, end)
    keys = [*asked.segments] or _keys(case, sides)
    rows = sides.ask(
        case,
        COUNTS,
        start=window,
        step=step,
        names=[*limits],
        limits=[*limits.values()],
        other=other,
        keys=keys,
    )
    found = rows.dicts()
    blocks = ceil((end - window) / step) + 1
    first = (start - window) // step
    slow_from = (learned - window) // step if learned > start else -1
    timed = found
    if sides.metrics:
        timed, slow_from = _timed(case, sides, window, step, first, blocks)
    evidence = (_table(rows, found, timed),)
    counts = _counts(found, timed, blocks, first, slow_from)
    timed_sides = counts.get((Measure.SLOW, ""))
    if timed_sides is None and found:  # a pass needs evidence of it
        counts[Measure.SLOW, ""] = timed_sides = Counts(*np.zeros((4, blocks - first, 1)), *np.zeros((2, 1)))
    if (
        asked.untimed
        and timed_sides
        and not (timed_sides.canary_all.any() and timed_sides.baseline_all.any())
    ):
        counts = {key: one for key, one in counts.items() if key[0] is not Measure.SLOW}
    return counts, evidence, float(step), start


def _timed(
    case: Case, sides: Sides, start: int, step: int, first: int, blocks: int
) -> tuple[list[dict[str, Any]], int]:
    """Requests and slow ones by the histograms of the services of both sides, and the first block that counts."""
    buckets = latency_buckets(case, services_of(case, sides))
    if not buckets:
        return [], -1
    rows = replace(sides, requests=CANARY_COUNTERS, metrics=buckets).ask(
        case, BUCKETS, start=start, step=step
    )
    return slow_by_buckets(rows.dicts(), first, first + ceil((blocks - first) * LEARNED))


def _limits(case: Case, sides: Sides, start: int, end: int) -> tuple[Mapping[str, int], int, int]:
    """What is slow, by operation and of any other, and from when on that may be counted: not of the time it was learned from."""
    for until in (start, start + int((end - start) * LEARNED)):
        rows = sides.ask(case, LIMITS, until=until, fewest=FEWEST_TIMED).dicts()
        if sum(row["n"] for row in rows) >= FEWEST_TELLING:
            return {row["operation"]: int(row["slow"]) for row in rows}, NOTHING_SLOW, until
        (whole,) = sides.ask(case, LIMIT_OF_ALL, until=until).dicts()
        if whole["n"] >= FEWEST_TELLING:
            return {}, int(whole["slow"]), until
    return {}, NOTHING_SLOW, end


def _keys(case: Case, sides: Sides) -> list[str]:
    """Attributes of few values that most requests have."""
    rows = sides.ask(case, KEY_VALUES).dicts()
    most = max((row["n"] for row in rows), default=0)
    fit = (row["key"] for row in rows if 1 < row["many"] <= VALUES and row["n"] >= most / 2)
    own = {sides.canary.key, sides.baseline.key}
    return [key for key in fit if key not in own and not _NO_SEGMENT.search(key)][:KEYS]


def _counts(
    found: Sequence[Mapping[str, Any]],
    timed: Sequence[Mapping[str, Any]],
    blocks: int,
    first: int,
    slow_from: int,
) -> dict[tuple[Measure, str], Counts]:
    """Arrays by measure and segment; what comes before the canary's first block is the baseline's past.

    What is slow is counted in what was timed, and not in the blocks it was learned from: a side without times is not fast.
    """
    cells: dict[tuple[Measure, str], np.ndarray[Any, Any]] = {}
    for measure, rows, bad in ((Measure.FAILURES, found, "bad"), (Measure.SLOW, timed, "slow")):
        operations = _strata(rows)
        for row in rows:
            place = (
                int(row["side"] == "canary"),
                slice(None),
                int(row["block"]),
                operations[row["operation"]],
            )
            where = f"{row['key']}={row['value']}" if row["key"] else ""
            shape = (2, 2, blocks, len(set(operations.values())))
            if measure is Measure.FAILURES or row["block"] > slow_from:
                cells.setdefault((measure, where), np.zeros(shape))[place] += (
                    row[bad],
                    row["timed"] if measure is Measure.SLOW else row["n"],
                )
    both = {key: cell for key, cell in cells.items() if not key[1] or cell[1, 1].any()}
    return {
        key: Counts(
            cell[0, 0, first:], cell[0, 1, first:], cell[1, 0, first:], cell[1, 1, first:],
            cell[0, 0, :first].sum(axis=0), cell[0, 1, :first].sum(axis=0),
        )
        for key, cell in both.items()
    }  # fmt: skip


def _strata(found: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """A number for each operation; the rarest share one."""
    sizes: dict[str, int] = defaultdict(int)
    for row in found:
        sizes[row["operation"]] += 0 if row["key"] else row["n"]
    ordered = sorted(sizes, key=lambda name: (-sizes[name], name))
    return {name: min(place, OPERATIONS) for place, name in enumerate(ordered)}


def _table(rows: Rows, found: Sequence[Mapping[str, Any]], timed: Sequence[Mapping[str, Any]]) -> Table:
    """Requests, failures and slow requests of both sides by segment."""
    sums: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for place, name, counts in ((0, "n", found), (1, "bad", found), (2, "slow", timed)):
        for row in counts:
            sums[row["side"], row["key"], row["value"]][place] += int(row[name])
    shown: tuple[tuple[str | int, ...], ...] = tuple((*key, *total) for key, total in sorted(sums.items()))
    return Table(
        "requests by side and segment",
        ("side", "key", "value", "requests", "failed", "slow"),
        shown,
        rows.provenance,
    )


def fresh_patterns(case: Case, sides: Sides, step: float) -> tuple[list[Seen], tuple[Evidence, ...]]:
    """Alarming log patterns of the canary: in how many blocks they were, of both sides."""
    if not case.has(Signal.LOGS):
        return [], ()
    rows = sides.ask(case, PATTERNS, step=int(step), alarming=sorted(ALARMING))
    found = rows.dicts()
    patterns = read_patterns(
        partial(case.query, window=case.window), {(row["service"], row["shape"]) for row in found}
    )
    sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: {"canary": 0, "baseline": 0})
    for row in found:
        pattern = patterns.of(row["service"], row["shape"])
        if pattern is not None:
            sums[row["service"], pattern][row["side"]] += int(row["blocks"])
    fresh = sorted(
        (key for key, seen in sums.items() if seen["canary"]), key=lambda key: -sums[key]["canary"]
    )[:MOST_PATTERNS]
    texts = patterns.templates(fresh)
    seen = [Seen(f"{key[0]}: {texts[key]}", sums[key]["canary"], sums[key]["baseline"]) for key in fresh]
    shown = tuple((one.pattern, one.canary, one.baseline) for one in seen)
    table = Table(
        "alarming log patterns",
        ("pattern", "canary", "baseline"),
        shown,
        rows.provenance,
    )
    return seen, (table,)
