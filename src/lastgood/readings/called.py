"""Calls by what is called: how they fare at each peer, by caller, version and instance; and the log lines that name a host.

A call is a client's span with the peer that it names. Spans with no peer are the work of services themselves. It is read from spans one
by one: bringing them together with their children costs ten times as much.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lastgood.algorithms.counts import CLEAR, wilson
from lastgood.algorithms.culprit_kinds import is_outside_name, kind_of_peer
from lastgood.model.attributes import (
    DB_SYSTEM,
    DB_SYSTEM_OLD,
    EXCEPTION_MESSAGE,
    MESSAGING_SYSTEM,
    PEER_NAME,
    PEER_SERVICES,
    SERVER_ADDRESS,
    URL_FULLS,
)
from lastgood.model.judgement import Amount, Count
from lastgood.readings.case import Case
from lastgood.readings.hosts import own_names
from lastgood.readings.series import IS_BAD_LINE
from lastgood.readings.traces import CHOSEN, one_in
from lastgood.telemetry.derived import first_of
from lastgood.telemetry.reader import Rows

# fmt: off
CALLED_LEAST = Count(3, "failed calls of a host in the bad window", "judgement: one or two happen at any time")
CALLED_TIMES = Amount(2.0, "times as many error lines of a host as before", "judgement: twice as many are seldom chance")
CALLED_SLOWER = Amount(0.5, "of the past duration of a call more", "judgement: less is not an incident")
CALLED_SLOWER_S = Amount(0.2, "s more for each call", "judgement: calls over the Internet vary by a tenth of a second")
CALLED_TEXT = Count(120, "characters of an error of a call", "judgement: enough to show its kind")
# fmt: on
CALLED = f"""
SELECT service, if(kind IN ('Client', 'Producer'), peer, '') AS peer, version, instance, phase, count() AS calls,
       countIf(failed) AS failing, countIf(failed AND NOT below) AS origins, sum(duration_ns) / 1e9 AS seconds,
       minIf(ts, failed) AS first, max(attributes['{DB_SYSTEM}'] != '' OR attributes['{DB_SYSTEM_OLD}'] != '') AS store,
       max(attributes['{MESSAGING_SYSTEM}']) AS messages,
       sumMapIf(map(concat(toString(http_status), ' ', substring(replaceRegexpAll(trim(concat(error_type, ' ', message)), '[0-9a-fA-F-]{{8,}}|[0-9]{{4,}}', '0'), 1, {CALLED_TEXT})), toUInt64(1)), failed AND NOT below) AS texts
FROM (SELECT *, failed AND span_id GLOBAL IN (SELECT parent_id FROM lg_spans WHERE failed AND phase != '' AND parent_id != '') AS below
      FROM lg_spans WHERE {CHOSEN})
GROUP BY service, peer, version, instance, phase ORDER BY calls DESC, service, peer, version, instance, phase LIMIT 20000"""
# Hosts that report spans of their own are not of others.
SPEAKING = f"""
SELECT DISTINCT peer FROM lg_spans WHERE {CHOSEN} AND kind = 'Client' AND peer IN {{peers:Array(String)}}
       AND span_id GLOBAL IN (SELECT parent_id FROM lg_spans WHERE kind = 'Server' AND parent_id != '' AND {CHOSEN})"""
_HOST = (
    r"(?i)(?:://|\\blookup |\\(host=''|ENOTFOUND |EAI_AGAIN |UnknownHostException: |connect(?:ion)? to )"
    r"((?:[a-z0-9_-]+\\.)+[a-z]{2,})"
)
# What no one calls: pages that explain an error, and the host that a proxy was asked for.
_LINKS = r"(?i)\\b(?:see|visit|docs?|documentation|more|refer|read|help\\w*)\\b[^\"]{0,24}https?://\\S+|https?://\\S+\\.html\\S*"
_ASKED_HOST = r', (?:host|referrer): "'
_FULL = first_of(["attributes"], URL_FULLS)
_ASKED = first_of(["attributes"], (SERVER_ADDRESS, PEER_NAME, *PEER_SERVICES))
_TEXT = f"concat(body, ' ', attributes['{EXCEPTION_MESSAGE}'])"
LINES_OF_HOSTS = f"""
SELECT host, countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad
FROM (SELECT phase, lower(multiIf({_ASKED} != '', {_ASKED}, {_FULL} != '', domain({_FULL}), extract(replaceRegexpAll({_TEXT}, '{_LINKS}', ''), '{_HOST}'))) AS host
      FROM lg_lines WHERE phase != '' AND {IS_BAD_LINE} AND NOT match(body, '{_ASKED_HOST}'))
GROUP BY host ORDER BY bad DESC, host LIMIT 500"""
# All lines that name some hosts: who calls them and has no error is seen too.
NAMING = f"""
SELECT service, host, version, instance, phase, max(bad AND {_ASKED} = host) AS asked, count() AS calls, countIf(bad) AS failing, countIf(bad) AS origins,
       0. AS seconds, minIf(ts, bad) AS first, 0 AS store, '' AS messages,
       sumMapIf(map(concat('0 ', substring(replaceRegexpAll(text, '[0-9a-fA-F-]{{8,}}|[0-9]{{4,}}', '0'), 1, 2 * {CALLED_TEXT})), toUInt64(1)), bad) AS texts
FROM (SELECT *, {IS_BAD_LINE} AS bad, {_TEXT} AS text,
             arrayFirst(h -> positionCaseInsensitive(text, h) > 0 OR {_ASKED} = h OR position({_FULL}, h) > 0, {{hosts:Array(String)}}) AS host
      FROM lg_lines WHERE phase != '')
WHERE host != '' GROUP BY service, host, version, instance, phase
ORDER BY calls DESC, service, host, version, instance, phase LIMIT 5000"""


@dataclass(slots=True)
class Fares:
    """How some calls fare, bad window against good: how many, how many fail, how long they take, and by what errors."""

    good: int = 0
    bad: int = 0
    good_failed: int = 0
    bad_failed: int = 0
    good_s: float = 0.0
    bad_s: float = 0.0
    first: datetime | None = None  # failure of the bad window
    texts: Counter[str] = field(default_factory=Counter)  # of the bad window: status and words
    longer: float | None = None  # of lines: how many times as long as the good window the bad one is

    @property
    def fails(self) -> bool:
        """Whether surely a larger share fails than before; of lines, which seldom show calls that work, far more than before."""
        if self.longer is not None:
            return self.bad_failed >= max(CALLED_LEAST, CALLED_TIMES * self.good_failed * self.longer)
        before = wilson(self.good_failed, self.good, CLEAR)[1] if self.good else 0.0
        return self.bad_failed >= CALLED_LEAST and wilson(self.bad_failed, self.bad, CLEAR)[0] > before

    @property
    def slower_by(self) -> float:
        """Seconds more for each call; 0 where that is within the usual."""
        if not (self.good and self.bad):
            return 0.0
        before, now = self.good_s / self.good, self.bad_s / self.bad
        more = now - before
        return more if more >= max(CALLED_SLOWER_S, CALLED_SLOWER * before) else 0.0

    @property
    def ill(self) -> bool:
        """Whether calls fail more often or take longer."""
        return self.fails or self.slower_by > 0

    def take(self, row: dict[str, Any]) -> None:
        """Count a row in."""
        if row["phase"] == "good":
            self.good += row["calls"]
            self.good_failed += row["failing"]
            self.good_s += row["seconds"]
        else:
            self.bad += row["calls"]
            self.bad_failed += row["failing"]
            self.bad_s += row["seconds"]
            self.texts.update(row["texts"])
            if row["failing"]:
                self.first = min(self.first or row["first"], row["first"])


@dataclass(frozen=True, slots=True)
class Called:
    """The rows of calls, and the query that read them."""

    rows: Sequence[dict[str, Any]]
    read: Rows
    longer: float | None = None  # of log lines that name a host: how many times as long the bad window is

    @property
    def of_lines(self) -> bool:
        """Whether calls are lines that name a host: then only failures can be compared."""
        return self.longer is not None

    def by(self, *names: str, host: str | None = None) -> dict[tuple[str, ...], Fares]:
        """How calls fare by some columns: `peer`, `service`, `version`, `instance`; of one host, or of all."""
        found: dict[tuple[str, ...], Fares] = {}
        for row in self.rows:
            if host is None or row["peer"] == host:
                found.setdefault(tuple(row[name] for name in names), Fares(longer=self.longer)).take(row)
        return found


def read_called(case: Case) -> Called:
    """Every call of spans, and the work of services, whose peer is empty."""
    read = case.query(CALLED, every=one_in(case))
    return Called(read.dicts(), read)


def read_outside(case: Case, called: Called) -> Called:
    """The calls of outside hosts among others: of a public name, not asked for by users, without spans of its own."""
    names = {row["peer"] for row in called.rows if row["peer"] and is_outside_name(row["peer"])}
    names -= {row["peer"] for row in called.rows if row["store"] or _not_external(row)}
    own = own_names(case) if names else frozenset()
    names = {name for name in names if not of_own_zone(name, own)}
    if names:
        speaking = case.query(SPEAKING, peers=sorted(names), every=one_in(case)).dicts()
        names -= {row["peer"] for row in speaking}
    return Called([row for row in called.rows if row["peer"] in names], called.read)


def of_own_zone(name: str, own: Collection[str]) -> bool:
    """Whether a host is of the zone of a name that users ask for: `backend.shop.example` where they ask `www.shop.example`."""
    return any(_zone(name.lower()) == _zone(one) for one in own)


def _zone(name: str) -> tuple[str, ...]:
    return tuple(name.partition(":")[0].split(".")[-2:])


def _not_external(row: dict[str, Any]) -> bool:
    return kind_of_peer(row["peer"], "", row["messages"]) != "external"


def hosts_in_lines(case: Case) -> dict[str, tuple[int, int]]:
    """Error lines before and now, by the outside host that they name; under '' all error lines."""
    rows = case.query(LINES_OF_HOSTS).dicts()
    own = own_names(case)
    found = {
        row["host"]: (row["good"], row["bad"])
        for row in rows
        if is_outside_name(row["host"]) and not of_own_zone(row["host"], own)
    }
    return {**found, "": (sum(row["good"] for row in rows), sum(row["bad"] for row in rows))}


def read_naming(case: Case, hosts: Collection[str]) -> Called:
    """The log lines that name some hosts, as calls; those of bad level failed."""
    read = case.query(NAMING, hosts=sorted(host.lower() for host in hosts))
    rows = [{**row, "peer": row["host"]} for row in read.dicts()]
    windows = case.comparison
    longer = windows.bad.seconds / windows.good.seconds if windows and windows.good.seconds else 1.0
    return Called(rows, read, longer)


def together(fares: Iterable[Fares]) -> Fares:
    """Several as one."""
    whole = Fares()
    for one in fares:
        whole.good += one.good
        whole.bad += one.bad
        whole.good_failed += one.good_failed
        whole.bad_failed += one.bad_failed
        whole.good_s += one.good_s
        whole.bad_s += one.bad_s
        whole.texts.update(one.texts)
        if one.first is not None:
            whole.first = min(whole.first or one.first, one.first)
    return whole
