"""Requests that metrics count apart by how they ended: of each service, how many there were and how many failed.

Of metrics that name no service the service is empty: they count where no others do, and whose they are is not known.
Counters with a status or an outcome (`http_requests_total{code="503"}`, the `_count` of a histogram) count every
request, sampled or not. A counter that falls was restarted, and one that first appears while others of its metric
were already there begins at 0.
"""

from collections.abc import Iterable
from typing import Any

from lastgood.algorithms.metric_meaning import Role, meaning, words
from lastgood.model.attributes import OUTCOME_LABELS
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

_Key = tuple[str, str]


def counted_by_metrics(case: Case) -> tuple[tuple[Compared, ...], Rows]:
    """Each service that counts its requests by how they end, in both windows; where several metrics do, the fullest.

    Requests that a client counts are those of whom it asks, and are left out.
    """
    rows = case.query(_GROWN)
    fullest: dict[str, Compared] = {}
    for (service, metric), (good, bad) in _summed(rows.dicts()).items():
        best = fullest.get(service)
        if good.requests and bad.requests and (best is None or good.requests > best.good.requests):
            fullest[service] = Compared(((service, metric),), good, bad)
    if len(fullest) > 1:
        fullest.pop("", None)  # it may count the same requests once more
    return tuple(fullest.values()), rows


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
