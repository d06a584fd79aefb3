"""What the access logs of proxies say of those they hand requests to: how requests end there, and how long they take."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lastgood.algorithms.blame import Sign, Suspicion
from lastgood.algorithms.trouble_words import is_store
from lastgood.algorithms.upstream_names import upstream_names
from lastgood.model.attributes import (
    DURATION_NS,
    QUEUED_NS,
    SERVER_ADDRESS,
    UPSTREAM_NS,
)
from lastgood.model.evidence import Table
from lastgood.model.figures import count, duration
from lastgood.model.judgement import Amount, Count
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.ended import (
    ANSWERED_IN_PROXY,
    ENDS,
    SAID,
    UPSTREAM,
    UPSTREAM_REQUESTS,
    Ends,
    alone,
    read_ends,
    with_unserved,
)
from lastgood.readings.hosts import short_of
from lastgood.readings.series import IS_BAD_LINE
from lastgood.readings.suspicions import Suspicions, grown
from lastgood.telemetry.reader import Rows

_TAKEN = f"toInt64OrZero(attributes['{UPSTREAM_NS}'])"
_QUEUED = f"toInt64OrZero(attributes['{QUEUED_NS}'])"
# Where only the upstream's time is reported, nothing is known of the proxy's.
_OWN = f"if(attributes['{DURATION_NS}'] = '', 0, greatest(toInt64(duration_ns) - {_TAKEN} - {_QUEUED}, 0))"
TIMES = f"""
SELECT service, {UPSTREAM} AS upstream, phase, count() AS requests,
       {", ".join(f"quantiles(0.5, 0.9)({sql}) AS {name}, avg({sql}) AS mean_{name}" for name, sql in (("taken", _TAKEN), ("queued", _QUEUED), ("own", _OWN)))}
FROM lg_served WHERE phase != '' AND attributes['{UPSTREAM_NS}'] != '' AND NOT failed
GROUP BY service, upstream, phase ORDER BY requests DESC, service, upstream, phase LIMIT 2000"""
TIMES_AT = f"""
SELECT service, {UPSTREAM} AS upstream, attributes['{SERVER_ADDRESS}'] AS address, countIf(phase = 'bad') AS requests,
       avgIf({_TAKEN}, phase = 'good') / 1e9 AS before, avgIf({_TAKEN}, phase = 'bad') / 1e9 AS now
FROM lg_served WHERE phase != '' AND attributes['{UPSTREAM_NS}'] != '' AND address != ''
GROUP BY service, upstream, address HAVING requests > 0 AND isFinite(before) ORDER BY service, upstream, address LIMIT 5000"""
KNOWN = "SELECT DISTINCT service AS name FROM lg_changes WHERE name != '' ORDER BY name LIMIT 5000"
ON_HOSTS = "SELECT DISTINCT service, instance AS host FROM lg_lines WHERE service != '' AND instance != '' ORDER BY service, host LIMIT 5000"
BEHIND = "SELECT DISTINCT outer, inner FROM lg_fronts WHERE kind = 'requests' AND counted = inner ORDER BY outer, inner"
FAILING = f"SELECT DISTINCT service FROM lg_lines WHERE phase = 'bad' AND {IS_BAD_LINE} AND service != '' ORDER BY service LIMIT 100"
_IP = re.compile(r"\d{1,3}(\.\d{1,3}){3}(:\d+)?$|\[?[0-9a-f]*(:[0-9a-f]*){2,}\]?(:\d+)?$", re.IGNORECASE)
THE_PROXY = "the proxy"
# Where lines do not say whose they are, and changes are on record of one proxy only, they are its.
PROXIES = re.compile(
    r"nginx|haproxy|envoy|traefik|caddy|apache|httpd|ingress|load.?balancer|\blb\b|\bkong\b|apisix",
    re.IGNORECASE,
)
# fmt: off
SAMPLE_SPANS = Count(20_000, "spans at most, for access logs to be read beside them", "judgement: more show enough by themselves, and reading both costs")
FIRST_HOP_WEIGHT = Amount(0.75, "of strength: the first hop", "judgement: the fault may be behind it")
UPSTREAMS_ALL = Amount(0.8, "of the upstreams fail alike: what they share is in front of them", "judgement: four in five")
UPSTREAMS_SEVERAL = Count(3, "upstreams, for that to mean it", "judgement: two may share a store")
UPSTREAM_FLOOR_NS = Amount(20e6, "ns more", "judgement: less is not an incident")
UPSTREAM_FLOOR_SHARE = Amount(0.5, "of the past duration more", "judgement: less is not an incident")
UPSTREAM_FAIL_SCALE = Amount(0.03, "of requests more that fail give 0.63 of strength", "judgement: three in a hundred affect users")
UPSTREAM_TIME_SCALE = Amount(0.05, "of the time that requests take gives 0.63 of strength", "judgement: users notice a twentieth of all")
QUEUE_UPSTREAM = Amount(0.7, "of strength of a queue is the upstream's", "judgement: it takes longer, so it may be the reason")
QUEUE_UPSTREAM_QUICK = Amount(0.5, "of it, where the upstream is as quick as before", "judgement: then the proxy is the reason rather")
QUEUE_PROXY = Amount(0.65, "of strength of a queue is the proxy's", "judgement: between these two")
CHECK_UPSTREAM = Amount(0.6, "of strength is the upstream's where requests find no server and others are served as before", "judgement: rather who takes the servers out")
# fmt: on
UNREPORTED = (
    "access logs have no upstream name, so no upstream can be named: "
    "log upstream name, status and time, or send traces"
)
FIRST_HOP = "access logs show the first hop only: calls made by an upstream are not visible"


@dataclass(frozen=True, slots=True)
class Proxied:
    """What proxies tell of their upstreams, and the rows that show it."""

    ends: tuple[Ends, ...]
    rows: list[dict[str, Any]]
    read: Rows
    proxy: str  # the only one that changes are on record of
    hosts: Mapping[str, str] = field(default_factory=dict)  # the service that alone writes lines on a host

    def named(self, rows: Collection[Mapping[str, Any]]) -> dict[str, str]:
        """The upstreams of rows, by the name that each has in them."""
        return _named({row["upstream"] for row in rows}, {one.upstream for one in self.ends}, self.hosts)

    @property
    def proxies(self) -> frozenset[str]:
        """The names of those who wrote."""
        return frozenset(one.proxy for one in self.ends)

    @property
    def failing(self) -> list[Ends]:
        """Where more fails than did, worst first."""
        return sorted((one for one in self.ends if one.lift > 0), key=lambda one: (-one.lift, one.upstream))

    @property
    def shared(self) -> str | None:
        """The proxy, where nearly all of its several upstreams fail alike: what they share is in front of them."""
        of: dict[str, list[Ends]] = defaultdict(list)
        for one in self.ends:
            if one.upstream and one.bad[1] >= UPSTREAM_REQUESTS:
                of[one.proxy].append(one)
        for proxy, all_of in sorted(of.items()):
            ill = [one for one in all_of if one.lift > 0]
            if len(all_of) >= UPSTREAMS_SEVERAL and len(ill) >= UPSTREAMS_ALL * len(all_of):
                return proxy
        return None


def read_proxied(case: Case) -> Proxied | None:
    """How requests ended by proxy and upstream; None without access logs, or with spans, which say it better.

    Fewer spans than requests are a sample of them, which says it worse.
    """
    spans = case.holdings.of(Signal.SPANS)
    if not case.has(Signal.LOGS) or (spans and spans.rows > SAMPLE_SPANS):
        return None
    # Beside spans, requests of access logs are counted where they enter.
    read = case.query(ENDS.replace("lg_served", "lg_requests") if spans else ENDS)
    rows = read.dicts()
    if not rows or (spans and spans.rows >= sum(row["good"] + row["bad"] for row in rows)):
        return None
    known = [row["name"] for row in case.query(KNOWN).dicts()]
    others = set(case.holdings.telemetry_services) - {row["service"] for row in rows}
    behind = _behind(case)
    for row in rows:
        row["upstream"] = row["upstream"] or behind.get(row["service"], row["address"])
    rows = _by_service(case, rows)
    hosts = _on_hosts(case, {row["service"] for row in rows})
    named = _named({row["upstream"] for row in rows}, others.union(known) - _machines(case, hosts), hosts)
    proxies = [name for name in known if PROXIES.search(name)]
    proxy = proxies[0] if len(proxies) == 1 else ""
    for row in rows:
        row["upstream"] = named[row["upstream"]]
        if row["its_own"] and _IP.match(
            row["upstream"]
        ):  # IIS writes its own address, where others write who was called
            row["upstream"] = row["address"] = ""
        row["service"] = _whose(row["service"], proxy, known)
    rows = with_unserved(rows)
    return Proxied(tuple(read_ends(rows)), rows, read, proxy, hosts)


def _named(raws: Collection[str], known: Collection[str], hosts: Mapping[str, str]) -> dict[str, str]:
    """What upstreams are called elsewhere: a host that is no service means the one service that runs on it."""
    return {
        raw: name if name in known else hosts.get(short_of(name), name)
        for raw, name in upstream_names(raws, known).items()
    }


def _machines(case: Case, hosts: Collection[str]) -> set[str]:
    """The hosts that only metrics are of: those are of the machine, which is called like it."""
    held = [case.holdings.of(signal) for signal in (Signal.LOGS, Signal.SPANS)]
    return set(hosts) - {name for one in held if one is not None for name in one.services}


def _on_hosts(case: Case, proxies: Collection[str]) -> dict[str, str]:
    """By host the service that alone, but for proxies, writes log lines there; not where a writer is called like it."""
    there = defaultdict(set)
    rows = [row for row in case.query(ON_HOSTS).dicts() if row["service"] not in proxies]
    for row in rows:
        there[short_of(row["host"])].add(row["service"])
    writers = {row["service"].lower() for row in rows}
    return {
        host: min(services) for host, services in there.items() if len(services) == 1 and host not in writers
    }


def _behind(case: Case) -> dict[str, str]:
    """By proxy the only service behind it, where that logs the same requests: an address may be the name users ask for."""
    inners = defaultdict(list)
    for row in case.query(BEHIND).dicts():
        inners[row["outer"]].append(row["inner"])
    return {outer: names[0] for outer, names in inners.items() if len(names) == 1}


def _by_service(case: Case, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same, addresses without a name taken as instances of the only service behind the proxies that logs errors."""
    if not any(_IP.match(row["upstream"]) for row in rows):
        return rows
    proxies = {row["service"] for row in rows if row["upstream"]}
    behind = {row["service"] for row in case.query(FAILING).dicts()} - proxies
    named = {name for name in behind if not is_store(name) and not PROXIES.search(name)}
    if len(named) != 1:
        return rows
    (name,) = named
    return [{**row, "upstream": name} if _IP.match(row["upstream"]) else row for row in rows]


def _whose(service: str, proxy: str, known: Collection[str]) -> str:
    """Who wrote a line: the one `proxy` that changes are on record of, where the line names none or but a part of it."""
    theirs = bool(proxy) and service not in known and (not service or service in proxy.split("-"))
    return proxy if theirs else service or THE_PROXY


def proxied_suspicions(case: Case) -> Suspicions:
    """What access logs say against upstreams, and against the proxy itself."""
    reported = read_proxied(case)
    if reported is None:
        return Suspicions()
    times = case.query(TIMES.replace("lg_served", "lg_requests") if case.has(Signal.SPANS) else TIMES)
    lost = _lost(times.dicts(), reported)
    slower = {who for who, part in lost if part == "taken"}
    at = _slow_alone(case, reported) if slower and not case.has(Signal.SPANS) else {}
    found = (*_failing(reported, slower), *(_at(one, at) for one in _slow(times.dicts(), reported, lost)))
    named = any(one.upstream for one in reported.ends)
    return Suspicions(
        found,
        (_table(reported),),
        (FIRST_HOP if named else UNREPORTED,),
        undecided="" if named else UNREPORTED,
    )


def _failing(reported: Proxied, slower: Collection[str]) -> Iterator[Suspicion]:
    shared = reported.shared
    for one in reported.failing:
        how = one.mostly
        if shared == one.proxy and how not in ANSWERED_IN_PROXY:
            continue
        if not one.upstream and how not in ANSWERED_IN_PROXY:
            continue
        said = f"{count(one.bad[0])} of {count(one.bad[1])} requests from {one.proxy} to {one.upstream or 'no upstream'} fail"
        mine = how in ANSWERED_IN_PROXY
        suspicion = Suspicion(
            one.proxy if mine else one.upstream,
            "queue" if how == "queued" else "code",
            FIRST_HOP_WEIGHT * grown(one.lift, UPSTREAM_FAIL_SCALE),
            f"{said} ({count(one.good[0])} of {count(one.good[1])} before): they {SAID[how]}",
            caught=how in {"late", "left", "answered"},
            component=f"what it hands to {one.upstream or 'upstreams'}" if mine else None,
            instance=None if mine else one.alone,
            damage=float(one.bad[0]),
        )
        if how == "queued":
            yield from _either(suspicion, one.proxy, one.upstream, quick=one.upstream not in slower)
        elif how == "unserved" and one.well and one.upstream not in slower:
            because = f"{suspicion.because}, while those that reach a server are served as before"
            checked = replace(
                suspicion, because=because, component=f"health check of {one.upstream}", instance=None
            )
            yield replace(checked, service=one.proxy)
            yield replace(checked, strength=CHECK_UPSTREAM * checked.strength)
        else:
            yield suspicion
    if shared is not None:
        ill = [one for one in reported.failing if one.proxy == shared and one.upstream]
        yield Suspicion(
            shared,
            "network",
            FIRST_HOP_WEIGHT * grown(min(one.lift for one in ill), UPSTREAM_FAIL_SCALE),
            f"requests to {len(ill)} of its upstreams fail alike, so the fault is in what they share: they {SAID[ill[0].mostly]}",
            component="what its upstreams share",
            damage=float(sum(one.bad[0] for one in ill)),
        )


def _lost(rows: list[dict[str, Any]], reported: Proxied) -> dict[tuple[str, str], tuple[float, str]]:
    """Seconds that upstreams, the queues before them and the proxies themselves take more than they did, in words too."""
    known = reported.named(rows)
    past = {(row["service"], row["upstream"]): row for row in rows if row["phase"] == "good"}
    lost: dict[tuple[str, str], tuple[float, str]] = {}
    for row in rows:
        before = past.get((row["service"], row["upstream"]))
        if (
            row["phase"] != "bad"
            or before is None
            or min(row["requests"], before["requests"]) < UPSTREAM_REQUESTS
        ):
            continue
        proxy, upstream = _whose(row["service"], reported.proxy, reported.proxies), known[row["upstream"]]
        for part, who in (("taken", upstream), ("queued", upstream), ("own", proxy)):
            seconds = _longer(before, row, part)
            if seconds and who:
                more, said = lost.get((who, part), (0.0, ""))
                lost[who, part] = more + seconds, said or _said(before, row, part, upstream)
    return lost


def _slow(
    rows: list[dict[str, Any]], reported: Proxied, lost: Mapping[tuple[str, str], tuple[float, str]]
) -> Iterator[Suspicion]:
    """Who takes the time: an upstream, the queue before it, or the proxy itself (the time that is neither)."""
    total = sum(seconds for seconds, _ in lost.values())
    waited = sum(_waited(row) for row in rows if row["phase"] == "bad")
    proxies = {one.upstream: one.proxy for one in reported.ends}
    for (who, part), (seconds, said) in lost.items():
        suspicion = Suspicion(
            who,
            "queue" if part == "queued" else "code",
            FIRST_HOP_WEIGHT * (seconds / total) * grown(seconds / waited, UPSTREAM_TIME_SCALE),
            f"{said}, {duration(seconds)} in all",
            sign=Sign.SLOW,
            caught=part == "taken",
            component="the proxy itself" if part == "own" else None,
            damage=seconds,
        )
        if part == "queued":
            yield from _either(suspicion, proxies[who], who, quick=(who, "taken") not in lost)
        else:
            yield suspicion


def _slow_alone(case: Case, reported: Proxied) -> dict[str, str]:
    """By upstream the address that takes nearly all of the time that is taken more."""
    rows = case.query(TIMES_AT).dicts()
    known = reported.named(rows)
    each: dict[str, dict[str, tuple[float, int]]] = defaultdict(dict)
    for row in rows:
        more = max(row["now"] - row["before"], 0.0) * row["requests"]
        each[known[row["upstream"]]][row["address"]] = more, row["requests"]
    sums = {name: tuple(map(sum, zip(*of.values(), strict=True))) for name, of in each.items()}
    found = {name: alone(of, *sums[name]) for name, of in each.items()}
    return {name: address for name, address in found.items() if address}


def _at(suspicion: Suspicion, alone_at: Mapping[str, str]) -> Suspicion:
    """The same of the address that alone is slow."""
    mine = alone_at.get(suspicion.service) if suspicion.caught else None
    return (
        replace(suspicion, instance=mine, because=f"{suspicion.because}, all but little at {mine}")
        if mine
        else suspicion
    )


def _either(suspicion: Suspicion, proxy: str, upstream: str, *, quick: bool) -> Iterator[Suspicion]:
    """A queue before an upstream is its fault, or, where it is as quick as before, rather of who set its length."""
    for who, much in ((upstream, QUEUE_UPSTREAM_QUICK if quick else QUEUE_UPSTREAM), (proxy, QUEUE_PROXY)):
        yield replace(
            suspicion, service=who, strength=much * suspicion.strength, component=f"the queue to {upstream}"
        )


def _waited(row: Mapping[str, Any]) -> float:
    """Seconds that requests took in all."""
    return float(sum(row[f"mean_{part}"] for part in ("taken", "queued", "own")) * row["requests"] / 1e9)


def _longer(before: Mapping[str, Any], row: Mapping[str, Any], part: str) -> float:
    """The seconds more that a part of the time took over all requests; 0 below the floor."""
    rises = (
        now - then >= max(UPSTREAM_FLOOR_NS, UPSTREAM_FLOOR_SHARE * then)
        for then, now in zip(before[part], row[part], strict=True)
    )
    more = row[f"mean_{part}"] - before[f"mean_{part}"]
    return float(more * row["requests"] / 1e9) if any(rises) and more > 0 else 0.0


def _said(before: Mapping[str, Any], row: Mapping[str, Any], part: str, upstream: str) -> str:
    what = {"taken": f"{upstream} takes", "queued": f"requests wait for a free connection to {upstream}",
            "own": f"on top of the time of {upstream or 'its upstreams'} requests take"}[part]  # fmt: skip
    then, now = (each[part] for each in (before, row))
    return f"{what} {duration(now[0] / 1e9)}, in a tenth more than {duration(now[1] / 1e9)} ({duration(then[0] / 1e9)} and {duration(then[1] / 1e9)} before)"


def _table(reported: Proxied) -> Table:
    rows = sorted(
        reported.rows, key=lambda row: (-(row["bad"] - row["good"]) * (row["ended"] != "served"), -row["bad"])
    )
    columns = ("service", "upstream", "address", "status", "ended", "good", "bad")
    return Table(
        "How requests to upstreams ended",
        columns,
        tuple(tuple(row[c] for c in columns) for row in rows[:15]),
        reported.read.provenance,
    )
