"""What a canary is judged by where no request is recorded singly: counters of requests, and histograms of how long they took.

A counter is read as what it grew by at each scrape. One that falls was started anew, and one that first appears on an
instance that was scraped before begins at 0. Of a histogram slow is above the first bucket that holds 95 % of the baseline.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lastgood.algorithms.metric_meaning import Role, meaning, words
from lastgood.model.attributes import BUCKET_LIMIT, METHOD_LABELS, OUTCOME_LABELS, ROUTE_LABELS, VERSIONS
from lastgood.model.judgement import Amount, Count
from lastgood.readings.case import Case
from lastgood.readings.measured import FAILED_ENDS
from lastgood.telemetry.derived import first_of

# fmt: off
BUCKET_SHARE = Amount(0.95, "of the baseline's requests that the bucket holds above which one is slow", "as the p95 of requests that are recorded singly")
BUCKET_FEWEST = Count(100, "requests of the baseline in a histogram, to say what is slow", "judgement: of fewer a high quantile is a guess")
# fmt: on
_ENDED = first_of(("attributes",), OUTCOME_LABELS)
_OPERATION = f"trim(concat(service, ' ', {first_of(('attributes',), METHOD_LABELS)}, ' ', {first_of(('attributes',), ROUTE_LABELS)}))"
# A row for each scrape at which a series had grown; `weight` is by how much.
CANARY_COUNTERS = f"""
SELECT ts, {_OPERATION} AS operation, match(lower({_ENDED}), '^({"|".join(FAILED_ENDS)})') AS failed, toUInt64(0) AS duration_ns,
       attributes, resource, version, instance, service, metric,
       multiIf(place = 1, if(ts > scraped, value, 0), value < before, value, value - before) AS weight
FROM (SELECT *, {first_of(("resource", "attributes"), VERSIONS)} AS version,
             lagInFrame(value) OVER one AS before, row_number() OVER one AS place,
             min(ts) OVER (PARTITION BY service, metric, instance, toString(resource)) AS scraped
      FROM lg_points
      WHERE has({{metrics:Array(String)}}, concat(service, ' ', metric)) AND monotonic AND cumulative AND isFinite(value)
      WINDOW one AS (PARTITION BY service, metric, instance, toString(resource), toString(attributes) ORDER BY ts))
WHERE weight > 0"""
KNOWN_COUNTERS = f"""
SELECT service, metric, any(unit) AS unit, max({_ENDED} != '') AS told, max(attributes['{BUCKET_LIMIT}'] != '') AS bucket FROM lg_points
WHERE monotonic AND cumulative GROUP BY service, metric HAVING told OR bucket ORDER BY service, metric LIMIT 5000"""
FULLEST = f"""
SELECT service, metric, uniqExactIf(version, version != '') AS versions, sum(weight) AS n FROM ({CANARY_COUNTERS})
GROUP BY service, metric ORDER BY versions, n, metric"""
SCRAPES = """
SELECT quantileExact(0.5)(seconds) AS every FROM (
    SELECT (toUnixTimestamp(max(ts)) - toUnixTimestamp(min(ts))) / (count() - 1) AS seconds FROM lg_points
    WHERE has({metrics:Array(String)}, concat(service, ' ', metric)) GROUP BY metric, instance, toString(resource), toString(attributes)
    HAVING count() > 1)"""
BUCKETS = f"""
SELECT intDiv(toUnixTimestamp(ts) - {{{{start:UInt64}}}}, {{{{step:UInt64}}}}) AS block, {{side}} AS side, operation,
       toFloat64OrZero(attributes['{BUCKET_LIMIT}']) AS le, sum(weight) AS n
FROM ({CANARY_COUNTERS.replace("{", "{{").replace("}", "}}")}) WHERE side != '' GROUP BY block, side, operation, le ORDER BY block, side, operation, le"""

_Cell = tuple[int, str]  # block and side


def request_counters(case: Case) -> tuple[str, ...]:
    """The counter of each service that tells how its requests ended, as `service metric`: one with versions, and the fullest of these."""
    rows = case.query(KNOWN_COUNTERS).dicts()
    return _fullest(case, [row for row in rows if row["told"] and _counts(row["metric"], row["unit"])])


def latency_buckets(case: Case, services: Sequence[str]) -> tuple[str, ...]:
    """The same of histograms of how long requests took."""
    rows = case.query(KNOWN_COUNTERS).dicts()
    return _fullest(
        case, [row for row in rows if row["bucket"] and row["service"] in services and _times(row["metric"])]
    )


def scraped_every(case: Case, metrics: Sequence[str]) -> float:
    """Seconds between two values of a series; 0 where that is not known."""
    return float(case.query(SCRAPES, metrics=list(metrics)).dicts()[0]["every"] or 0.0)


def _counts(metric: str, unit: str) -> bool:
    """Whether a counter counts the requests of whoever has it."""
    said, meant = words(metric), meaning(metric, unit)
    if meant is None or "client" in said or metric.endswith("_bucket"):
        return False
    return meant.role is Role.TRAFFIC or (meant.role is Role.LATENCY and said[-1:] == ["count"])


def _times(metric: str) -> bool:
    meant = meaning(metric.removesuffix("_bucket"))
    return metric.endswith("_bucket") and meant is not None and meant.role is Role.LATENCY


def _fullest(case: Case, rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    names = [f"{row['service']} {row['metric']}" for row in rows]
    grown = case.query(FULLEST, metrics=names).dicts() if names else []
    of_service = {
        row["service"]: f"{row['service']} {row['metric']}" for row in grown
    }  # the last is the fullest
    return tuple(of_service.values())


def slow_by_buckets(
    rows: Iterable[Mapping[str, Any]], first: int, learned: int
) -> tuple[list[dict[str, Any]], int]:
    """Requests and slow ones by block, side and operation, and the last block from which the limit was learned; -1 where that was before the canary.

    The limit is learned before the canary's `first` block, or, where little was before it, before `learned`.
    """
    cells: dict[str, dict[_Cell, dict[float, float]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        cells[row["operation"]][int(row["block"]), row["side"]][float(row["le"])] = float(row["n"])
    for until in (first, learned):
        limits = {name: limit for name, one in cells.items() if (limit := _limit(one, until)) is not None}
        if limits:
            found = [row for name, limit in limits.items() for row in _slow(name, cells[name], limit)]
            return found, until - 1 if until > first else -1
    return [], -1


def _limit(cells: Mapping[_Cell, Mapping[float, float]], until: int) -> float | None:
    """The bound of the first bucket that holds nearly all of the baseline's requests before a block; None: too few, or none does."""
    held: dict[float, float] = defaultdict(float)
    for (block, side), counts in cells.items():
        if side == "baseline" and block < until:
            for le, n in counts.items():
                held[le] += n
    whole = held.pop(float("inf"), 0.0)
    if whole < BUCKET_FEWEST:
        return None
    return next((le for le in sorted(held) if held[le] >= BUCKET_SHARE * whole), None)


def _slow(name: str, cells: Mapping[_Cell, Mapping[float, float]], limit: float) -> list[dict[str, Any]]:
    return [
        {
            "block": block, "side": side, "operation": name, "key": "", "value": "", "n": counts.get(float("inf"), 0.0),
            "timed": counts.get(float("inf"), 0.0),
            "slow": max(0.0, counts.get(float("inf"), 0.0) - counts.get(limit, 0.0)),
        }
        for (block, side), counts in cells.items()
    ]  # fmt: skip
