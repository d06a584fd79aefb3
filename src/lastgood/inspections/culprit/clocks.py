"""Clocks that jumped: a machine whose time is wrong issues what others refuse, and refuses what others issue."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lastgood.algorithms.blame import Suspicion
from lastgood.algorithms.trouble_words import CLOCK_REFUSED
from lastgood.inspections.culprit.weights import (
    CLOCK_ALONE,
    CLOCK_APART,
    CLOCK_JUMPED,
    CLOCK_LINES,
    CLOCK_MACHINES,
    CLOCK_REFUSALS,
    CLOCK_REFUSED_ALSO,
    CLOCK_REFUSES_ALONE,
    CLOCK_STALE,
)
from lastgood.model.attributes import HOSTS
from lastgood.model.evidence import Table
from lastgood.model.figures import count, duration
from lastgood.model.judgement import Reason, Weight
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.hosts import short_of
from lastgood.readings.suspicions import Suspicions
from lastgood.telemetry.derived import first_of

CLOCK = "clock"
# What systemd, kernels, chrony, ntpd, VMware Tools and Windows say when the time of their machine jumps.
_JUMPED = (
    r"(?i)clock change detected|time has been changed|system clock (was )?(stepped|wrong)|clock (jump|step)(ed|s)? |time jump(ed)?\b"
    r"|forward time jump|step time server|time reset [+-]?\d|system time has changed|clock skew detected|clock.{0,20}unsynchroni[sz]ed"
)
_WORDS = [
    "clock",
    "time has been changed",
    "time jump",
    "time server",
    "time reset",
    "system time",
]  # found faster
_HOST = f"if({first_of(['resource'], HOSTS)} != '', {first_of(['resource'], HOSTS)}, if(instance != '', instance, service))"
LINES = f"""
SELECT {_HOST} AS host, countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad, anyIf(leftUTF8(body, 120), phase = 'bad') AS said
FROM lg_lines WHERE phase != '' AND multiSearchAnyCaseInsensitive(body, {{words:Array(String)}}) AND match(body, {{jumped:String}}) GROUP BY host ORDER BY host LIMIT 2000"""
# One of them is in whatever CLOCK_REFUSED finds: to look for words costs a fifth.
_REFUSED_WORDS = ["valid", "future", "too early", "used before", "skew", "immaturesignature", "too far"]
_IS_REFUSED = f"multiSearchAnyCaseInsensitive(body, {_REFUSED_WORDS}) AND match(body, {{refused:String}})"
REFUSED = f"""
SELECT countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad FROM lg_lines
WHERE phase != '' AND {_IS_REFUSED}"""
REFUSED_AT = f"""
SELECT {_HOST} AS host, countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad FROM lg_lines
WHERE phase != '' AND {_IS_REFUSED} GROUP BY host ORDER BY bad DESC, host LIMIT 200"""
# The time that a machine tells against the time at which it was asked, and what it says itself of its offset; in seconds.
OFFSETS = """
SELECT if(instance != '', instance, service) AS host, metric, phase, quantileExact(0.5)(off) AS off
FROM (SELECT instance, service, metric, phase,
             if(metric IN ('node_time_seconds', 'windows_os_time', 'windows_time_current_timestamp_seconds'),
                value - toUnixTimestamp64Milli(toDateTime64(ts, 3, 'UTC')) / 1000, value) AS off
      FROM lg_points WHERE phase != '' AND isFinite(value) AND metric IN (
          'node_time_seconds', 'windows_os_time', 'windows_time_current_timestamp_seconds', 'node_timex_offset_seconds',
          'node_ntp_offset_seconds', 'chrony_tracking_last_offset_seconds', 'chrony_tracking_system_time_seconds',
          'ntp.offset'))
GROUP BY host, metric, phase ORDER BY host, metric, phase LIMIT 20000"""
RUNS = f"""
SELECT {_HOST} AS host, service, count() AS n FROM lg_lines WHERE service != '' GROUP BY host, service ORDER BY n DESC, host, service LIMIT 20000"""


def clock_suspicions(case: Case) -> Suspicions:
    """Machines whose clock jumped, by their own lines or by the time that they tell."""
    if case.comparison is None:
        return Suspicions()
    read = [case.query(LINES, jumped=_JUMPED, words=_WORDS)] if case.has(Signal.LOGS) else []
    stated = [case.query(OFFSETS)] if case.has(Signal.METRICS) else []
    found = _jumped(
        [row for rows in read for row in rows.dicts()], [row for rows in stated for row in rows.dicts()]
    )
    refused = _refused(case)
    alone = _refusing_alone(case) if refused and not found else {}
    if not found and not alone:
        return Suspicions()
    hosts = tuple(sorted((found | alone).items()))
    table = Table("Clocks that jumped", ("host", "how"), hosts, (*stated, *read)[0].provenance)
    row = CLOCK_REFUSED_ALSO if refused else CLOCK_JUMPED
    services = _services(case)
    return Suspicions(
        (*_against(found, services, row), *_against(alone, services, CLOCK_REFUSES_ALONE)), (table,)
    )


def _jumped(lines: Iterable[Mapping[str, Any]], offsets: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """By host how its clock is seen to be wrong: a figure tells more than a line."""
    found = {
        short_of(row["host"]): f"{row['host']} logs “{row['said']}”"
        for row in lines
        if row["host"] and row["bad"] >= CLOCK_LINES and not row["good"]
    }
    off: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in offsets:
        off[short_of(row["host"]), row["metric"]][row["phase"]] = float(row["off"])
    for (host, _), phases in off.items():
        apart = phases.get("bad", 0.0) - phases.get("good", 0.0)
        if "good" in phases and (apart >= CLOCK_APART or -apart > CLOCK_STALE):
            found[host] = (
                f"the clock of {host} is {duration(abs(apart))} {'ahead' if apart > 0 else 'behind'}"
            )
    return found


def _refused(case: Case) -> bool:
    """Whether more is refused than before for the time that it says."""
    if not case.has(Signal.LOGS) or case.comparison is None:
        return False
    row = case.query(REFUSED, refused=f"(?i){CLOCK_REFUSED}").dicts()[0]
    scale = case.comparison.bad.seconds / max(case.comparison.good.seconds, 1.0)
    return bool(row["bad"] >= max(CLOCK_REFUSALS, 2 * scale * row["good"]))


def _refusing_alone(case: Case) -> dict[str, str]:
    """The one machine that refuses nearly all of what is refused for its time, where there are others of its kind."""
    rows = [row for row in case.query(REFUSED_AT, refused=f"(?i){CLOCK_REFUSED}").dicts() if row["host"]]
    whole = sum(row["bad"] for row in rows)
    if not rows or rows[0]["bad"] < CLOCK_ALONE * whole:
        return {}
    host, others = rows[0]["host"], whole - rows[0]["bad"]
    machines = {row["host"] for row in case.query(RUNS).dicts() if _alike(row["host"]) == _alike(host)}
    if len(machines | {row["host"] for row in rows}) < CLOCK_MACHINES:
        return {}
    said = f"{host} refuses {count(rows[0]['bad'])} times for the time of a token or request, all others {count(others)}"
    return {short_of(host): f"{said} times"}


def _alike(host: str) -> str:
    """A machine's name without what tells it from those beside it: `gate` of `gate-b`, `web` of `web2`."""
    return re.sub(r"(?:[-_][a-z0-9]|\d+)$", "", short_of(host))


def _services(case: Case) -> dict[str, str]:
    """By host the service that writes most of its lines, where one does that is not the host itself."""
    found: dict[str, str] = {}
    for row in case.query(RUNS).dicts() if case.has(Signal.LOGS) else []:
        host = short_of(row["host"])
        if row["service"] != host:
            found.setdefault(host, row["service"])
    return found


def _against(found: Mapping[str, str], services: Mapping[str, str], row: Weight) -> Iterator[Suspicion]:
    for host, how in sorted(found.items()):
        why = Reason(row, how=how)
        yield Suspicion(
            services.get(host, host),
            CLOCK,
            why.ratio,
            why.reported,
            component=f"{CLOCK} of {host}",
            instance=host,
        )
