"""Deploys that only telemetry shows: a service's spans or lines that come from another build from some time on.

A build is the version that they name, else the ReplicaSet that their pod is called after. It was deployed where it takes over
most of the work, or has instances of its own. More pods of one build are scaling; versions of clients share the instances and
never take over within a roll-out. A build that was gone and is back is a change too: someone rolled back.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lastgood.algorithms.change_lineage import same, version_number
from lastgood.algorithms.identity import REPLICA_SET
from lastgood.model.attributes import SEEN_IN
from lastgood.model.change import Change, ChangeKind
from lastgood.model.judgement import Amount, Count, Time
from lastgood.model.scope import Scope
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.rollouts import RELOADED

# fmt: off
SEEN_BEFORE = Time(5, "min of a service's telemetry before a build, for it to be new", "judgement: a share of its instances may be seen that late")
BUILD_GONE = Time(5, "min in which a build served nothing, for it to be gone", "judgement: a roll-out and its undoing are as far apart")
TAKES_OVER = Time(30, "min after a build was first seen, in which it must take over", "judgement: as long as a roll-out takes")
TOOK_MOST = Amount(0.5, "of a service's spans or lines in the later half of that time", "judgement: most of the work")
SEEN_LEAST = Count(20, "spans or lines of a build and of the one before it", "judgement: fewer are a handful")
MISSED_LEAST = Count(10, "spans or lines that a build would have had before, at its later share", "judgement: all of them are missed by chance once in e^10, that is 22 026 times")
BUILDS_AT_ONCE = Count(3, "builds that serve at once, for instances to tell them apart", "judgement: more are versions of clients, on devices of their own")
BUILDS_MOST = Count(50, "builds of a service, for deploys of it to be read from them", "judgement: more are versions of clients; it bounds the work too")
TOLD_BEFORE = Time(15, "min before a build is first seen, in which a feed's deploy is of it", "judgement: a roll-out is recorded when asked for, and pods start after it")
TOLD_AFTER = Time(5, "min after it, in which a feed's deploy is of it", "judgement: some feeds report a deploy when it is through")
ONE_RELEASE = Time(5, "min between it and a feed's deploy of another service, for both to be of one release", "judgement: services that are released together follow each other within minutes")
# fmt: on
SLOTS = 500  # into which the window is cut, for a build to be seen going and coming back
_POD = re.compile(REPLICA_SET)
# Version and instance are columns of their own: no map is read.
_NAMES = """
SELECT service, version, instance FROM {relation} WHERE service != '' AND (version != '' OR instance != '')
GROUP BY service, version, instance ORDER BY service, version, instance LIMIT 20000"""
_SERVED = """
SELECT service, version, instance, intDiv(toUnixTimestamp64Nano(ts), {{slot:Int64}}) AS slot, min(ts) AS first, max(ts) AS last, count() AS n
FROM {relation} WHERE service IN {{services:Array(String)}}
GROUP BY service, version, instance, slot ORDER BY service, first, version, instance LIMIT 200000"""


@dataclass(frozen=True, slots=True)
class _Seen:
    """Spans or lines of one build on one instance within a slot."""

    build: str
    instance: str
    first: datetime
    last: datetime
    n: int
    versioned: bool


def read_first_seen(case: Case, changes: Sequence[Change]) -> list[Change]:
    """The deploys that none of the changes tells of, each from when its build was first seen until the one before was last seen."""
    found, looked = list[Change](), set[str]()
    for signal, relation in ((Signal.SPANS, "lg_spans"), (Signal.LOGS, "lg_lines")):
        if case.has(signal):
            builds = dict[str, set[str]]()
            for row in _ask(case, _NAMES.format(relation=relation)):
                builds.setdefault(row["service"], set()).add(_build(row))
            builds = {
                service: own - {""} for service, own in builds.items() if service not in looked and any(own)
            }
            looked |= builds.keys()
            several = sorted(service for service, own in builds.items() if 1 < len(own) <= BUILDS_MOST)
            for service, seen in _served(case, relation, several).items():
                for one, again in _deploys(service, seen, signal.value):
                    if not any(_tells(change, one, again=again) for change in changes):
                        found.append(one)
    return found


def _ask(case: Case, sql: str, **parameters: Any) -> list[dict[str, Any]]:
    # Of everything, whatever part is looked at: what was deployed elsewhere may be the cause.
    return case.ask(sql, parameters, case.window, None, Scope()).dicts()


def _build(row: Mapping[str, Any]) -> str:
    pod = None if row["version"] else _POD.search(row["instance"])
    return pod[1] if pod else str(row["version"])


def _served(case: Case, relation: str, services: Collection[str]) -> dict[str, list[_Seen]]:
    """What the builds of each service served, in order of time."""
    found = dict[str, list[_Seen]]()
    if services:
        slot = int(max(case.window.seconds / SLOTS, 60) * 1e9)
        for row in _ask(case, _SERVED.format(relation=relation), services=services, slot=slot):
            if build := _build(row):
                one = _Seen(build, row["instance"], row["first"], row["last"], row["n"], row["version"] != "")
                found.setdefault(row["service"], []).append(one)
    # Of a service that names its version, what comes without one is of no known build.
    return {
        service: [one for one in seen if one.versioned] if any(one.versioned for one in seen) else seen
        for service, seen in found.items()
    }


def _deploys(service: str, seen: Sequence[_Seen], where: str) -> Iterator[tuple[Change, bool]]:
    """Each time that a build begins to serve where another one served before, and whether it is back."""
    ended = dict[str, datetime]()
    for place, one in enumerate(seen):
        gone = ended.get(one.build)
        begins = gone is None or one.first - gone >= BUILD_GONE
        if begins and one.first >= seen[0].first + SEEN_BEFORE:
            since = one.first - TAKES_OVER if gone is None else max(gone, one.first - TAKES_OVER)
            near = bisect_left(seen, one.first - 2 * TAKES_OVER, key=lambda other: other.first)
            before = [other for other in seen[near:place] if other.last > since and other.build != one.build]
            until = bisect_right(seen, one.first + TAKES_OVER, key=lambda other: other.first)
            after = _while_it_served(seen[place:until])
            if before and _new(one.build, before, after):
                again = gone is not None
                yield _deploy(service, one, before, seen[place:], where, again=again), again
        ended[one.build] = max(one.last, gone or one.last)


def _while_it_served(seen: Sequence[_Seen]) -> list[_Seen]:
    """What served while the build of the first did: it may be rolled back before the end."""
    begun = last = seen[0]
    for one in seen:
        if one.build == begun.build and one.first - last.last < BUILD_GONE:
            last = one
    return [one for one in seen if one.first <= last.last]


def _sum(seen: Iterable[_Seen]) -> int:
    return sum(one.n for one in seen)


def _new(build: str, before: Sequence[_Seen], after: Sequence[_Seen]) -> bool:
    """Whether a build was really absent before, and has since taken over or serves on instances of its own."""
    mine = [one for one in after if one.build == build]
    missed = _sum(before) * _sum(mine) / _sum(after)
    if min(_sum(before), _sum(mine)) < SEEN_LEAST or missed < MISSED_LEAST:
        return False
    half = after[0].first + (max(one.last for one in after) - after[0].first) / 2
    later = [one for one in after if one.first >= half] or after
    if _sum(one for one in later if one.build == build) >= TOOK_MOST * _sum(later):
        return True
    own = {one.instance for one in later if one.build == build}
    others = {one.instance for one in later if one.build != build}
    few = len({one.build for one in later}) <= BUILDS_AT_ONCE and _sum(mine) >= SEEN_LEAST * len(own)
    return few and bool(own) and "" not in own and own.isdisjoint(others)


def _deploy(
    service: str, one: _Seen, before: Sequence[_Seen], after: Sequence[_Seen], where: str, *, again: bool
) -> Change:
    """The deploy of a build in place of the one that served most before it."""
    served = {other.build: _sum(each for each in before if each.build == other.build) for other in before}
    previous = max(served, key=lambda build: served[build])
    last = max(other.last for other in before if other.build == previous)
    for other in after:
        if other.build == previous and other.first - last < BUILD_GONE:
            last = max(last, other.last)
    alone = _sum(other for other in after if other.build == one.build and other.first > last)
    over = last <= one.first + TAKES_OVER and alone >= MISSED_LEAST
    was = f"{previous} until {last:%H:%M}" if over else f"beside {previous}"
    seen = "back" if again else "first seen"
    named = one.build if one.versioned else f"ReplicaSet {one.build}"
    return Change(
        f"{SEEN_IN}/{service}/{one.build}/{one.first:%Y%m%dT%H%M%S}",
        ChangeKind.DEPLOY,
        one.first,
        max(one.first, last) if over else one.first,
        service,
        f"{service} {named} {seen} in its telemetry ({was})",
        one.build,
        previous,
        attributes={SEEN_IN: where},
    )


def _tells(change: Change, seen: Change, *, again: bool) -> bool:
    """Whether a change that is on record is this deploy, or of the release that brought it.

    It is of the service about then, or the first one of its version, or of another service at that time.
    """
    if change.kind is not ChangeKind.DEPLOY and change.state != RELOADED:
        return False
    mine = same(seen.service, change.service) or same(change.service, seen.service)
    if mine and seen.at - TOLD_BEFORE <= change.until and change.at <= seen.at + TOLD_AFTER:
        return True
    if change.kind is ChangeKind.DEPLOY and change.at - ONE_RELEASE <= seen.at <= change.until + ONE_RELEASE:
        return True
    alike = version_number(change.version) == version_number(seen.version)
    return alike and not again and (mine or not change.service)
