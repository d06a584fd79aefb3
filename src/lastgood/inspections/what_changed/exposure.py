"""Who was exposed to a change and who was not, and how both fared: versions side by side, flags on and off."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lastgood.algorithms.causation import Sides, compared_sides
from lastgood.algorithms.change_lineage import bare, version_number
from lastgood.algorithms.counts import CLEAR, at_most_poisson, wilson
from lastgood.algorithms.predictions.estimates import Estimate
from lastgood.inspections.what_changed.versions_served import (
    Served,
    builds_of,
    new_build,
    read_builds,
    served,
    versions_query,
)
from lastgood.inspections.what_changed.weights import (
    ALIKE,
    ALIKE_BY_FLAG,
    ALIKE_IN_LINES,
    FEED_APART,
    FOLLOWS,
    FOLLOWS_FLAG,
    FOLLOWS_IN_LINES,
    KEY_LETTERS,
    LOGGED_WELL,
    NEVER_SERVED,
    ROLLED_OUT,
    SERVED_AT_START,
    SERVED_SOONEST,
    SERVED_TO_END,
    SERVED_WELL,
    SIDE_SPANS,
    SIDES_LEVEL,
    SLOW_TIMES,
    SPARED,
    SPARED_BY_FLAG,
    SPARED_CHANCE,
    SPARED_IN_LINES,
    SPARED_TIMES,
    USUALLY_AFFECTED,
)
from lastgood.model.attributes import FLAG_KEY, FLAG_VARIANTS
from lastgood.model.change import Change
from lastgood.model.figures import count, multiple
from lastgood.model.judgement import Reason, Weight
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.traces import one_in
from lastgood.telemetry.derived import TRACE_HASHES, first_of

NEVER = 10**15  # nanoseconds: of a service whose usual times are not known, nothing is slow
BY_VERSION, BY_FLAG = (FOLLOWS, SPARED, ALIKE), (FOLLOWS_FLAG, SPARED_BY_FLAG, ALIKE_BY_FLAG)
LINES_BY_VERSION = (FOLLOWS_IN_LINES, SPARED_IN_LINES, ALIKE_IN_LINES)
LIMITS = """
SELECT service, toUInt64(quantileExactInclusive(0.98)(duration_ns) * {times:Float64}) AS slow FROM lg_sample
WHERE phase = 'good' AND service IN {services:Array(String)} GROUP BY service ORDER BY service"""
_AFFECTED = "(failed OR duration_ns > transform(service, {services:Array(String)}, {slow:Array(UInt64)}, toUInt64(1000000000000000)))"
_VERSIONS = versions_query("lg_spans", "version", _AFFECTED)
NAMES = """
SELECT DISTINCT arrayJoin(mapKeys(attributes)) AS name FROM lg_spans
WHERE phase = 'bad' AND cityHash64(trace_id) % 8 = 0 ORDER BY name LIMIT 2000"""
SPLIT = f"""
SELECT attributes[{{name:String}}] AS value, count() AS spans, countIf({_AFFECTED}) AS affected FROM lg_spans
WHERE phase = 'bad' AND value != '' AND kind != 'Client' GROUP BY value ORDER BY spans DESC, value LIMIT 20"""
KEYED = f"""
SELECT {first_of(["attributes"], FLAG_VARIANTS)} AS value, count() AS spans, countIf({_AFFECTED}) AS affected
FROM lg_spans WHERE phase = 'bad' AND attributes['{FLAG_KEY}'] = {{key:String}} AND value != ''
GROUP BY value ORDER BY spans DESC, value LIMIT 20"""
EVALUATED = f"""
SELECT DISTINCT attributes['{FLAG_KEY}'] AS key, service FROM lg_spans
WHERE key != '' AND trace_hash < intDiv({TRACE_HASHES}, {{every:UInt64}}) ORDER BY key, service LIMIT 2000"""
_OFF = frozenset({"off", "false", "0", "no", "control", "disabled", "old", "default", "none"})


@dataclass(frozen=True, slots=True)
class Exposure:
    """Every version that served, by service and version, and when telemetry begins and ends."""

    served: Mapping[tuple[str, str], Served]
    start: datetime
    end: datetime
    low: datetime
    slow: Mapping[str, int] = field(default_factory=dict)  # nanoseconds over which a span is, by service
    every: int = 1  # one trace in so many reported these
    lines: Mapping[tuple[str, str], Served] = field(default_factory=dict)  # by service and build

    def harm(self, service: str) -> str:
        """What counts as affected."""
        return _harm([limit for name, limit in self.slow.items() if bare(name) == bare(service)], self.every)

    def of(self, service: str) -> dict[str, Served]:
        """The versions of a service, by their number without a `v`."""
        return {
            version: reported
            for (name, version), reported in self.served.items()
            if bare(name) == bare(service)
        }

    def times(self, change: Change) -> tuple[datetime, datetime] | None:
        """From when until when a deploy rolled out, by the requests that each version served; None where untold.

        Spans may be a sample: between the last one of the old version and the first of the new one nothing is known,
        so there the record of the change is believed.
        """
        versions = self.of(change.service)
        new = versions.pop(version_number(change.version), None)
        if new is None:
            versions = builds_of(change.service, self.lines)
            new = versions.pop(new_build(change, versions, self.start), None)
        if (
            new is None
            or new.first <= self.start + SERVED_AT_START
            or abs(new.first - change.at) > FEED_APART
        ):
            return None
        old = max((reported.last for reported in versions.values()), default=change.at)
        if old <= new.first:
            return min(max(old, change.at), new.first), new.first
        rolled_out = old < self.end - SERVED_TO_END and old - new.first < ROLLED_OUT
        return new.first, old if rolled_out else new.first


def read_exposure(case: Case, services: Iterable[str], low: datetime) -> Exposure:
    """The versions of services, as far as spans name them."""
    wanted = tuple(sorted(set(services) - {""}))
    found: dict[tuple[str, str], Served] = {}
    slow: dict[str, int] = {}
    every = one_in(case) if wanted and case.has(Signal.SPANS) else 1
    if wanted and case.has(Signal.SPANS):
        slow = _slow(case, wanted, every)
        rows = case.query(
            _VERSIONS, services=list(slow), slow=list(slow.values()),
            low_ns=int(low.timestamp() * 1e9),
        ).dicts()  # fmt: skip
        for row in rows:
            found[row["service"], version_number(row["version"])] = served(row)
    lines = read_builds(case, wanted, low) if wanted else {}
    return Exposure(found, case.window.start, case.window.end, low, slow, every, lines)


def _slow(case: Case, services: tuple[str, ...], every: int) -> dict[str, int]:
    rows = case.query(LIMITS, services=list(services), every=every, times=SLOW_TIMES).dicts()
    limits = {row["service"]: row["slow"] for row in rows}
    return {service: limits.get(service, NEVER) for service in services}


def _harm(limits: Iterable[int], every: int) -> str:
    """What counts as affected, with the limits above which a span is slow and how they were found."""
    reported = sorted({round(limit / 1e6) for limit in limits if limit < NEVER})
    if not reported:
        return "affected: failed"
    most = (
        f"{count(reported[0])}"
        if len(reported) == 1
        else f"{count(reported[0])} to {count(reported[-1])}, by service,"
    )
    of = f" of one trace in {every}" if every > 1 else ""
    return f"affected: failed, or over {most} ms ({multiple(SLOW_TIMES)} the baseline p98{of})"


def of_deploy(change: Change, exposure: Exposure, *, slow: bool) -> list[Reason]:
    """What the versions that served say of a deploy; `slow` when its effect would take its time."""
    if change.kind != "deploy":
        return []
    return _by_spans(change, exposure, slow=slow) or _by_lines(change, exposure, slow=slow)


def _by_lines(change: Change, exposure: Exposure, *, slow: bool) -> list[Reason]:
    """What the log lines of the builds of its service say of a deploy."""
    versions = builds_of(change.service, exposure.lines)
    build = new_build(change, versions, exposure.start)
    new = versions.pop(build, None)
    if new is None:
        return []
    found = _side_by_side(new, list(versions.values()), LINES_BY_VERSION, version=change.version or build)
    if not slow and _served_well(new, exposure):
        found.append(Reason(LOGGED_WELL, lines=new.before, time=exposure.low - new.first))
    return found


def _by_spans(change: Change, exposure: Exposure, *, slow: bool) -> list[Reason]:
    if not change.version:
        return []
    versions = exposure.of(change.service)
    new = versions.pop(version_number(change.version), None)
    if new is None:
        formed = version_number(change.previous) in versions
        silent = formed and sum(reported.bad for reported in versions.values()) >= SIDE_SPANS
        return [Reason(NEVER_SERVED, version=change.version)] if silent else []
    harm = exposure.harm(change.service)
    found = _side_by_side(new, list(versions.values()), BY_VERSION, harm=harm, version=change.version)
    if not slow and _served_well(new, exposure):
        found.append(Reason(SERVED_WELL, requests=new.before, time=exposure.low - new.first))
    return found


def _served_well(new: Served, exposure: Exposure) -> bool:
    """Whether it did so much before the onset that the effect would have shown, had it done it at once."""
    share = new.bad_affected / new.bad if new.bad else 0.0
    return spared(new.before_affected, share * new.before) and exposure.low - new.first >= SERVED_SOONEST


def spared(affected: float, expected: float) -> bool:
    """Whether surely fewer were affected than an effect at once would have made: by chance, and by times."""
    return affected <= expected / SPARED_TIMES and at_most_poisson(affected, expected) <= SPARED_CHANCE


def _side_by_side(
    new: Served, others: Sequence[Served], rows: tuple[Weight, Weight, Weight], **values: Any
) -> list[Reason]:
    """Old and new version while both served in the bad window: one cause of failure has to follow the version."""
    old, old_affected = (
        sum(reported.beside for reported in others),
        sum(reported.beside_affected for reported in others),
    )
    if new.beside < SIDE_SPANS or old < SIDE_SPANS:
        return []
    before, before_affected = (
        sum(getattr(reported, name) for reported in others) for name in ("before", "before_affected")
    )
    usual = _usual((before_affected, before))
    mine = (new.beside_affected, new.beside)
    row = _judged(mine, (old_affected, old), usual, rows)
    if row is None:  # a short roll-out: all that the new version did since, unless its share grew later
        mine = (new.bad_affected, new.bad)
        grew = mine[0] / mine[1] > wilson(new.beside_affected, new.beside, SIDES_LEVEL)[1]
        row = None if grew else _judged(mine, (old_affected, old), usual, rows)
    if row is None:
        return []
    return [Reason(row, new=mine[0] / mine[1], old=old_affected / old, **values)]


def _judged(
    new: tuple[int, int], old: tuple[int, int], usual: Estimate, rows: tuple[Weight, Weight, Weight]
) -> Weight | None:
    """Which of `rows` it is that so many of those exposed are affected, and so many of the others."""
    follows, spared, alike = rows
    found = {Sides.FOLLOWS: follows, Sides.SPARED: spared, Sides.ALIKE: alike}
    return found.get(compared_sides(_share(new, SIDES_LEVEL), _share(old, SIDES_LEVEL), usual))


def _usual(before: tuple[int, int]) -> Estimate:
    """The usual share of the others, or the one that is supposed where too few came before."""
    enough = before[1] >= SIDE_SPANS
    return _share(before, CLEAR) if enough else Estimate(USUALLY_AFFECTED, 0.0, USUALLY_AFFECTED, 0)


def _share(counted: tuple[int, int], level: float) -> Estimate:
    affected, of = counted
    return Estimate(affected / of, *wilson(affected, of, level), of)


def evaluating(case: Case, changes: Iterable[Change]) -> Mapping[str, frozenset[str]]:
    """The services whose spans say that they evaluated a flag, by its plain key; not read unless a flag changed."""
    if not case.has(Signal.SPANS) or not any(change.kind == "flag" for change in changes):
        return {}
    found: dict[str, set[str]] = defaultdict(set)
    for row in case.query(EVALUATED, every=one_in(case)).dicts():
        found[_plain(row["key"])].add(row["service"])
    return {key: frozenset(services) for key, services in found.items()}


def evaluated_by(change: Change, services: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The services that evaluate the flag that a change sets."""
    keys = _keys(change) if change.kind == "flag" else {}
    said = _plain(change.title)
    return frozenset[str]().union(
        *(
            mine
            for key, mine in services.items()
            if key in keys or (len(key) >= KEY_LETTERS and key in said and keys)
        )
    )


def of_flag(case: Case, change: Change, services: tuple[str, ...]) -> list[Reason]:
    """Those with the flag on against those with it off, where spans carry it."""
    if change.kind != "flag" or not case.has(Signal.SPANS):
        return []
    keys = _keys(change)
    every = one_in(case)
    slow = _slow(case, services, every) or {"": NEVER}
    limits = list(slow.values())
    names = [row["name"] for row in case.query(NAMES).dicts()]
    rows: list[dict[str, object]] = []
    if FLAG_KEY in names:
        rows = next(
            (
                found
                for key in keys.values()
                if (found := case.query(KEYED, key=key, services=list(slow), slow=limits).dicts())
            ),
            [],
        )
    name = next((name for name in names for key in keys if _plain(name).endswith(key)), None)
    if not rows and name is not None:
        rows = case.query(SPLIT, name=name, services=list(slow), slow=limits).dicts()
    return _split(change, rows, _harm(limits, every))


def _split(change: Change, rows: Sequence[Mapping[str, object]], harm: str) -> list[Reason]:
    sides = {True: [0, 0], False: [0, 0]}
    for row in rows:
        side = sides[str(row["value"]).lower() not in _OFF]
        side[0] += int(str(row["affected"]))
        side[1] += int(str(row["spans"]))
    (on_affected, on), (off_affected, off) = sides[True], sides[False]
    if on < SIDE_SPANS or off < SIDE_SPANS:
        return []
    judged = _judged((on_affected, on), (off_affected, off), _usual((0, 0)), BY_FLAG)
    if judged is None:
        return []
    return [Reason(judged, new=on_affected / on, old=off_affected / off, harm=harm, flag=change.name)]


def _keys(change: Change) -> dict[str, str]:
    """What the flag may be called, plain and as written."""
    reported = [
        change.change_id,
        change.title,
        change.title.split(" ", maxsplit=1)[0],
        change.attributes.get(FLAG_KEY, ""),
    ]
    return {_plain(one): one for one in reported if len(_plain(one)) >= KEY_LETTERS}


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
