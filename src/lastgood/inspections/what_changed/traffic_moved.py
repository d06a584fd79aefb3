"""Traffic that went from one part of what is run to another, and changes that name both: weights, pools, drains, failovers."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lastgood.inspections.what_changed.weights import (
    MOVED_DOWN,
    MOVED_FEWEST,
    MOVED_SAMPLES,
    MOVED_UP,
    MOVES_ONE,
    MOVES_TRAFFIC,
)
from lastgood.model.attributes import CLUSTERS, REGIONS, ZONES
from lastgood.model.change import ChangeKind
from lastgood.model.judgement import Reason
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.traces import CHOSEN, one_in

# One name for each: of several attributes of a request that name its part, each is a part of its own.
PLACES = (*REGIONS, *ZONES, *CLUSTERS, "datacenter", "data_center", "dc", "pop", "site", "pool")
PARTS = f"""
SELECT place.1 AS name, place.2 AS value, countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad
FROM (SELECT phase, arrayJoin(arrayFilter(x -> x.2 != '', arrayMap(k -> (toString(k), if(resource[k] != '', resource[k], attributes[k])),
             arrayFilter(k -> k IN {list(PLACES)}, arrayDistinct(arrayConcat(mapKeys(resource), mapKeys(attributes))))))) AS place
      FROM lg_requests WHERE {CHOSEN})
GROUP BY name, value ORDER BY good + bad DESC, name, value LIMIT 200"""
# What can send requests elsewhere; a build of a service does not.
_MOVERS = frozenset(
    {ChangeKind.CONFIG, ChangeKind.DNS, ChangeKind.INFRASTRUCTURE, ChangeKind.FLAG, ChangeKind.THIRD_PARTY}
)


@dataclass(frozen=True, slots=True)
class Moved:
    """The parts under one name whose requests became more, and those whose requests went; times as many as before."""

    name: str
    gaining: Mapping[str, float]
    losing: Mapping[str, float]


def read_moved(case: Case) -> list[Moved]:
    """Where requests went from one part to another between the windows."""
    if case.comparison is None or not (case.has(Signal.SPANS) or case.has(Signal.LOGS)):
        return []
    times = case.comparison.good.seconds / max(case.comparison.bad.seconds, 1.0)
    parts: dict[str, dict[str, float]] = defaultdict(dict)
    # Of parts that are small the counts decide, so more traces are read than where each is followed.
    every = max(1, one_in(case) // MOVED_SAMPLES)
    for row in case.query(PARTS, every=every).dicts():
        if row["good"] >= MOVED_FEWEST:
            parts[row["name"]][row["value"]] = row["bad"] * times / row["good"]
    found = [
        Moved(
            name,
            {value: grew for value, grew in values.items() if grew >= MOVED_UP},
            {value: grew for value, grew in values.items() if grew <= MOVED_DOWN},
        )
        for name, values in sorted(parts.items())
    ]
    return [one for one in found if one.gaining and one.losing]


def moving(kind: ChangeKind, said: str, moved: Sequence[Moved]) -> list[Reason]:
    """Whether a change names the parts that requests went to and from, which is what is seen."""
    if kind not in _MOVERS:
        return []
    for one in moved:
        gaining = [value for value in one.gaining if _names(said, value)]
        losing = [value for value in one.losing if _names(said, value)]
        if gaining and losing:
            to, source = gaining[0], losing[0]
            return [
                Reason(MOVES_TRAFFIC, to=to, source=source, more=one.gaining[to], left=one.losing[source])
            ]
        if losing:
            source = losing[0]
            return [Reason(MOVES_ONE, source=source, left=one.losing[source])]
    return []


def _names(said: str, value: str) -> bool:
    return bool(re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", said, re.IGNORECASE))
