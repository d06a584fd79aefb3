"""Caches in front of what works: of requests that say whether a cache answered them, how many did, before and now.

A cache that is emptied, or asked by another key, lets through what it used to answer itself: what lies behind gets many
times the requests while no more arrive. Proxies and networks of caches write the outcome of each request: HIT, MISS and
their like (RFC 9211; nginx `$upstream_cache_status`, Varnish, Squid, Fastly, CloudFront). Failed requests do not count:
an error is seldom kept, so a failing origin alone makes misses.
"""

from collections import defaultdict
from dataclasses import dataclass

from lastgood.algorithms.counts import VERY_CLEAR, wilson
from lastgood.model.evidence import Table
from lastgood.model.judgement import Amount, Count
from lastgood.model.signal import Signal
from lastgood.readings.case import Case

# fmt: off
CACHE_REQUESTS = Count(50, "requests of a cache in either window, to say how many it answers", "judgement: of fewer the interval is wide")
CACHE_LETS_THROUGH = Amount(1.5, "times the share of misses, beyond both intervals, for a cache to have lost what it held", "judgement: half as many again is not another mix of requests")
CACHE_LOOKED = Count(20_000, "requests that are looked at for a field with outcomes of a cache", "judgement: such a field is on all of them")
# fmt: on
_HITS = r"hit|stale|updating|revalidated"
# All that the field of an outcome may say.
_OUTCOMES = rf"(?i)^(tcp_|mem_|disk_|error from |lambda)*({_HITS}|miss|expired|bypass|pass|dynamic|none|synth|redirect|error|limitexceeded|capacityexceeded|refresh)"
FIELDS = """
SELECT service, pair.1 AS name, count() AS n, countIf(match(pair.2, {outcomes:String})) AS told,
       countIf(match(pair.2, {hits:String})) AS hits, countIf(positionCaseInsensitive(pair.2, 'miss') > 0) AS misses
FROM (SELECT service, arrayJoin(arrayZip(mapKeys(attributes), mapValues(attributes))) AS pair
      FROM (SELECT service, attributes FROM lg_requests WHERE phase != '' LIMIT {looked:UInt32}) WHERE pair.2 != '' AND length(pair.2) < 60)
GROUP BY service, name HAVING told = n AND hits > 0 AND misses > 0 ORDER BY n DESC, service, name LIMIT 50"""
OUTCOMES = """
SELECT service, phase, count() AS requests, countIf(NOT failed) AS served, countIf(NOT failed AND match(attributes[name], {hits:String})) AS hits
FROM (SELECT *, transform(service, {services:Array(String)}, {names:Array(String)}, '') AS name FROM lg_requests
      WHERE phase != '' AND service IN {services:Array(String)}) WHERE attributes[name] != '' GROUP BY service, phase ORDER BY service, phase"""


@dataclass(frozen=True, slots=True)
class Cache:
    """A cache that answers less than it did: shares of its good requests, and times the requests and the misses."""

    service: str
    before: float
    now: float
    busier: float  # times the requests that arrive at it
    through: float  # times the share that it lets through


def emptied_caches(case: Case) -> tuple[list[Cache], tuple[Table, ...]]:
    """The caches that lost what they held, worst first, and the rows that tell it; nothing where none is reported."""
    if case.comparison is None or not (case.has(Signal.SPANS) or case.has(Signal.LOGS)):
        return [], ()
    hull = case.comparison.hull
    named = dict[str, str]()
    for row in case.query(
        FIELDS, window=hull, outcomes=_OUTCOMES, hits=f"(?i){_HITS}", looked=CACHE_LOOKED
    ).dicts():
        named.setdefault(row["service"], row["name"])
    if not named:
        return [], ()
    read = case.query(
        OUTCOMES, window=hull, services=list(named), names=list(named.values()), hits=f"(?i){_HITS}"
    )
    sides: dict[str, dict[str, tuple[int, int, int]]] = defaultdict(dict)
    for row in read.dicts():
        sides[row["service"]][row["phase"]] = row["requests"], row["served"], row["hits"]
    times = case.comparison.good.seconds / max(case.comparison.bad.seconds, 1.0)
    found = [
        one
        for service, phases in sides.items()
        if len(phases) == 2 and (one := _cache(service, phases["good"], phases["bad"], times))
    ]
    rows = tuple(
        (name, phase, *counts)
        for name, phases in sorted(sides.items())
        for phase, counts in sorted(phases.items())
    )
    table = Table(
        "What caches answered", ("cache", "window", "requests", "not failed", "hits"), rows, read.provenance
    )
    return sorted(found, key=lambda one: (-one.through, one.service)), (table,)


def _cache(service: str, good: tuple[int, int, int], bad: tuple[int, int, int], times: float) -> Cache | None:
    (arrived, served, hits), (arrived_now, served_now, hits_now) = good, bad
    if min(served, served_now) < CACHE_REQUESTS:
        return None
    missed = wilson(served_now - hits_now, served_now, VERY_CLEAR)[0]
    usual = wilson(served - hits, served, VERY_CLEAR)[1]
    if missed < CACHE_LETS_THROUGH * usual:
        return None
    before, now = hits / served, hits_now / served_now
    return Cache(
        service, before, now, arrived_now * times / max(arrived, 1), (1 - now) / max(1 - before, 1 / served)
    )
