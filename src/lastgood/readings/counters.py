"""Requests that metrics count apart by how they ended: of each service, how many there were and how many failed.

Of metrics that name no service the service is empty: they count where no others do, and whose they are is not known.
Counters with a status or an outcome (`http_requests_total{code="503"}`, the `_count` of a histogram) count every
request, sampled or not. A counter that falls was restarted, and one that first appears while others of its metric
were already there begins at 0.

Load balancers count without such a label, anew in each period: `RequestCount` beside `HTTPCode_Target_5XX_Count`. Of
several metrics of failures the one with most in the bad window counts, since they may count the same ones.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from lastgood.algorithms.metric_meaning import Role, meaning, words
from lastgood.model.attributes import OUTCOME_LABELS, STATISTIC
from lastgood.readings.case import Case
from lastgood.readings.compared import Compared, Counted
from lastgood.readings.measured import ended_badly
from lastgood.telemetry.derived import first_of
from lastgood.telemetry.reader import Rows

USERS_UNKNOWN = "metrics name no users: how many are affected is not known"
_GROWN = f"""
SELECT service, metric, unit, phase, ended, sum(grown + if(fresh, values[1], 0)) AS n
FROM (
    SELECT *, phase = 'bad' AND first > min(first) OVER (PARTITION BY service, metric)
              AND max(phase) OVER (PARTITION BY service, metric, instance, labels) = 'bad' AS fresh
    FROM (
        SELECT service, metric, instance, toString(attributes) AS labels, phase, any(unit) AS unit,
               any({first_of(["attributes"], OUTCOME_LABELS)}) AS ended, min(ts) AS first,
               arraySort(groupArray((ts, value))).2 AS values,
               arraySum((now, before) -> if(now < before, now, now - before),
                        arrayPopFront(values), arrayPopBack(values)) AS grown
        FROM lg_points WHERE phase != '' AND monotonic AND cumulative AND isFinite(value)
        GROUP BY service, metric, instance, attributes, phase
    )
    WHERE ended != ''
)
GROUP BY service, metric, unit, phase, ended ORDER BY service, metric, phase, ended"""

# Counts of one period each: an average of them is no count.
_PERIODS = f"""
SELECT service, metric, any(unit) AS unit, phase, sum(value) AS n
FROM lg_points
WHERE phase != '' AND NOT (monotonic AND cumulative) AND isFinite(value) AND value >= 0
  AND lower(metric) LIKE '%count' AND lower(attributes['{STATISTIC}']) IN ('', 'sum')
GROUP BY service, metric, phase ORDER BY service, metric, phase"""

_Key = tuple[str, str]


def counted_by_metrics(case: Case) -> tuple[tuple[Compared, ...], Rows]:
    """Each service that counts its requests by how they end, in both windows; where several metrics do, the fullest.

    Requests that a client counts are those of whom it asks, and are left out.
    """
    parts, rows = each_counted(case)
    # Those that name no service may be the same requests once more.
    return tuple(part for part in parts if len(parts) == 1 or part.places[0][0]), rows


def each_counted(case: Case) -> tuple[tuple[Compared, ...], Rows]:
    """The same, of metrics that name no service too.

    The places of a part are the metric that counts its failures and, last, the one that counts its requests.
    """
    rows, periods = case.query(_GROWN), case.query(_PERIODS)
    fullest: dict[str, Compared] = {}
    grown = (Compared((key,), *both) for key, both in _summed(rows.dicts()).items())
    for part in (*grown, *_by_period(periods.dicts())):
        service = part.places[0][0]
        best = fullest.get(service)
        if (
            part.good.requests
            and part.bad.requests
            and (best is None or part.good.requests > best.good.requests)
        ):
            fullest[service] = part
    return tuple(fullest.values()), rows if len(rows) else periods


def _by_period(rows: Iterable[dict[str, Any]]) -> Iterator[Compared]:
    """Requests and failures of each service that counts both by period, where no more fail than there are."""
    totals: dict[Role, dict[_Key, dict[str, float]]] = {Role.TRAFFIC: {}, Role.FAILURES: {}}
    for row in rows:
        meant = meaning(row["metric"], row["unit"])
        if meant is not None and meant.role in totals and "client" not in words(row["metric"]):
            totals[meant.role].setdefault((row["service"], row["metric"]), {})[row["phase"]] = row["n"]
    for key, requests in totals[Role.TRAFFIC].items():
        failures = {one: of for one, of in totals[Role.FAILURES].items() if one[0] == key[0]}
        if not failures:
            continue
        worst = max(failures, key=lambda one: failures[one].get("bad", 0.0))
        good, bad = (
            Counted(requests.get(phase, 0.0), failures[worst].get(phase, 0.0)) for phase in ("good", "bad")
        )
        if good.failed <= good.requests and bad.failed <= bad.requests:
            yield Compared((worst, key), good, bad)


def _summed(rows: Iterable[dict[str, Any]]) -> dict[_Key, tuple[Counted, Counted]]:
    """Requests and failures of each service and metric, while good and while bad."""
    found: dict[_Key, tuple[Counted, Counted]] = {}
    for row in rows:
        meant = meaning(row["metric"], row["unit"])
        if meant is None or meant.role is not Role.TRAFFIC or "client" in words(row["metric"]):
            continue
        key = row["service"], row["metric"]
        good, bad = found.get(key, (Counted(), Counted()))
        more = Counted(row["n"], row["n"] if ended_badly(row["ended"]) else 0.0)
        found[key] = (good, bad.plus(more)) if row["phase"] == "bad" else (good.plus(more), bad)
    return found
