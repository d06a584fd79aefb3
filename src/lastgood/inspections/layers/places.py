"""The places that log requests: which are an edge, which a balancer, and how requests end there."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lastgood.algorithms.counts import CLEAR, wilson
from lastgood.inspections.layers.weights import EDGE_MARKED, LAYER_FAILED
from lastgood.model.attributes import (
    CACHE_STATES,
    EDGE_MARKS,
    GATEWAY_MARKS,
    HTTP_STATUSES,
    UPSTREAM_NS,
    UPSTREAM_STATUS,
    UPSTREAMS,
)
from lastgood.model.boundary import Layer
from lastgood.readings.case import Case
from lastgood.readings.proxied import PROXIES
from lastgood.telemetry.derived import first_of
from lastgood.telemetry.reader import Rows

STATUS = f"toUInt16OrZero({first_of(['attributes'], HTTP_STATUSES)})"
# What an edge answers by itself when it should not; 404 and 401 come of whoever asks.
WRONG_AT_EDGE = "(status >= 500 OR status = 403)"
PLACES = f"""
SELECT service, status, phase, origin, lower(cache) AS cache, marked, handed, count() AS requests
FROM (SELECT service, phase, {STATUS} AS status, {first_of(["attributes"], CACHE_STATES)} AS cache,
             {first_of(["attributes"], EDGE_MARKS)} != '' AS marked,
             if(attributes['{UPSTREAM_STATUS}'] = '', 'unlogged', trim(BOTH '-' FROM attributes['{UPSTREAM_STATUS}'])) AS origin,
             {first_of(["attributes"], UPSTREAMS)} != '' OR attributes['{UPSTREAM_STATUS}'] != '' OR attributes['{UPSTREAM_NS}'] != '' OR {first_of(["attributes"], GATEWAY_MARKS)} != '' AS handed
      FROM lg_lines WHERE phase != '')
WHERE status > 0 GROUP BY service, status, phase, origin, cache, marked, handed
ORDER BY requests DESC, service, status, phase, origin, cache, marked, handed LIMIT 5000"""
OUTERS = "SELECT DISTINCT outer FROM lg_fronts WHERE kind = 'requests' ORDER BY outer"
_EDGES = re.compile(r"\bcdn\b|cloudfront|cloudflare|fastly|akamai|\bedge\b", re.IGNORECASE)
_STALE = re.compile(r"stale|expired|updating")
NOT_ASKED = frozenset({"", "0", "000"})  # what an edge logs as the origin's status when it did not ask it


@dataclass(slots=True)
class Tally:
    """How many failed, of how many, before and now."""

    failed: int = 0
    of: int = 0
    failed_before: int = 0
    of_before: int = 0

    def add(self, phase: str, failed: int, of: int) -> None:
        """Count some in."""
        if phase == "bad":
            self.failed += failed
            self.of += of
        else:
            self.failed_before += failed
            self.of_before += of

    @property
    def fails(self) -> bool:
        """Whether surely a larger share fails than before."""
        before = wilson(self.failed_before, self.of_before, CLEAR)[1] if self.of_before else 0.0
        return self.failed >= LAYER_FAILED and wilson(self.failed, self.of, CLEAR)[0] > before


@dataclass(slots=True)
class Place:
    """One place that logs requests."""

    name: str
    requests: int = 0
    marked: int = 0
    handed: int = 0
    broken: Tally = field(default_factory=Tally)  # 5xx
    at_edge: Tally = field(default_factory=Tally)  # 5xx and 403
    stale: Tally = field(default_factory=Tally)  # answers that are stale copies
    left: Tally = field(default_factory=Tally)  # 499
    refused: Tally = field(default_factory=Tally)  # other 4xx but 401, 403, 404 and 429
    origins: Counter[str] = field(
        default_factory=Counter
    )  # of the failed ones now: the status that the origin gave
    statuses: Counter[int] = field(default_factory=Counter)  # of the failed ones now

    def take(self, row: Mapping[str, Any]) -> None:
        """Count a row in."""
        n, status, phase = row["requests"], row["status"], row["phase"]
        wrong = status >= 500 or status == 403
        self.requests += n
        self.marked += n * row["marked"]
        self.handed += n * row["handed"]
        self.broken.add(phase, n * (status >= 500), n)
        self.at_edge.add(phase, n * wrong, n)
        self.stale.add(phase, n * bool(_STALE.search(row["cache"])), n)
        self.left.add(phase, n * (status == 499), n)
        self.refused.add(phase, n * (status in _REFUSED), n)
        if wrong and phase == "bad":
            self.origins[row["origin"]] += n
            self.statuses[status] += n


_REFUSED = frozenset({*range(400, 499)} - {401, 403, 404, 407, 429})


@dataclass(frozen=True, slots=True)
class Places:
    """Every place that logs requests, by its layer."""

    by_layer: Mapping[Layer, Sequence[Place]]
    read: Rows

    def layer_of(self, name: str) -> Layer | None:
        """The layer of a place; None of one that logs no requests."""
        return next(
            (layer for layer, places in self.by_layer.items() if any(p.name == name for p in places)), None
        )

    def of(self, layer: Layer) -> Sequence[Place]:
        """The places of a layer."""
        return self.by_layer.get(layer, ())


def read_places(case: Case) -> Places:
    """The places, edges before balancers before applications."""
    read = case.query(PLACES)
    outers = {row["outer"] for row in case.query(OUTERS).dicts()}
    found: dict[str, Place] = {}
    for row in read.dicts():
        found.setdefault(row["service"], Place(row["service"])).take(row)
    by_layer: dict[Layer, list[Place]] = {}
    for name in sorted(found):
        by_layer.setdefault(_layer(found[name], outers), []).append(found[name])
    return Places(by_layer, read)


def _layer(place: Place, outers: set[str]) -> Layer:
    if _EDGES.search(place.name) or place.marked >= EDGE_MARKED * place.requests:
        return Layer.EDGE
    proxy = place.name in outers or place.handed >= EDGE_MARKED * place.requests or PROXIES.search(place.name)
    return Layer.BALANCER if proxy else Layer.APPLICATION
