"""What is known of outside hosts: which is in question, which fail, which are called as before, and in which requests."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lastgood.algorithms.change_lineage import same
from lastgood.algorithms.culprit_kinds import is_outside_name
from lastgood.inspections.us_or_them.natures import WAY_OUT, failing_as
from lastgood.inspections.us_or_them.weights import FAIR_CALLS, SHARED_HOSTS, SHARED_MOST
from lastgood.model.answers import ChangesWeighed, ChangeVerdict, Culprits, WeighedChange
from lastgood.model.attributes import PROBE_INSTANCE, PROBE_TARGET
from lastgood.model.boundary import ProbeSeen, ProbesSeen
from lastgood.model.change import ChangeKind
from lastgood.model.evidence import Table
from lastgood.model.failure import FailurePath
from lastgood.model.signal import Signal
from lastgood.readings.called import (
    Called,
    Fares,
    hosts_in_lines,
    of_own_zone,
    read_called,
    read_naming,
    read_outside,
)
from lastgood.readings.case import Case
from lastgood.readings.hosts import own_names
from lastgood.readings.traces import CHOSEN, one_in

# Failed requests of the bad window, by the outside hosts at which a call in them failed.
REQUESTS_AT = f"""
SELECT arrayJoin(arrayPushBack(hosts, '')) AS host, count() AS requests
FROM (SELECT trace_id, max(failed AND parent_id = '') AS broke,
             groupUniqArrayIf(peer, failed AND kind = 'Client' AND peer IN {{hosts:Array(String)}}) AS hosts
      FROM lg_spans WHERE phase = 'bad' AND {CHOSEN} GROUP BY trace_id)
WHERE broke GROUP BY host ORDER BY host"""
PROBED = f"""
SELECT service, instance, attributes['{PROBE_TARGET}'] AS target, attributes['{PROBE_INSTANCE}'] AS asked,
       avgIf(value, phase = 'good') AS before, avgIf(value, phase = 'bad') AS now
FROM lg_points WHERE metric = 'probe_success' AND phase != ''
GROUP BY service, instance, target, asked ORDER BY service, instance, target, asked LIMIT 200"""
HOSTS_READ = 12  # of error lines
SHARED_CALLERS = 2
ROWS_SHOWN = 50
PARTY_LETTERS = 4  # of the name of a party, to be looked for in titles
NAMES_A_HOST = frozenset({"dns", "certificate", "network"})  # kinds of suspects whose component is a host
OWN_KINDS = frozenset({ChangeKind.CERTIFICATE, ChangeKind.DNS, ChangeKind.INFRASTRUCTURE})


@dataclass(frozen=True, slots=True)
class Gathered:
    """Outside hosts and what else bears on the question."""

    called: Called  # calls of outside hosts
    whole: Mapping[str, Fares]  # how each host fares
    host: str  # in question; empty where none fails and none is suspected
    accused: bool  # by the path or the first suspect
    requests: tuple[int, int] | None  # failed ones with a failed call to the host, of all failed ones
    errors: tuple[int, int] | None  # error lines that name the host, of all error lines now
    probe: ProbeSeen | None
    probed: tuple[float, float] | None  # how large a share of probes in telemetry went well, before and now
    evidence: tuple[Table, ...]

    @property
    def ill(self) -> list[str]:
        """Hosts that fail or are slower, most failures first."""
        return _ill(self.whole)

    @property
    def fine(self) -> list[str]:
        """Hosts that are called often enough, and as before."""
        return sorted(h for h, one in self.whole.items() if one.bad >= FAIR_CALLS and not one.ill)

    @property
    def way_out(self) -> list[str]:
        """The hosts that fail at once as behind a way out that is shared: nearly all that are called; else none."""
        ill = [h for h in self.ill if (how := failing_as(self.whole[h].texts)) and how.nature in WAY_OUT]
        several = len(ill) >= SHARED_HOSTS and len(ill) >= SHARED_MOST * (len(self.ill) + len(self.fine))
        return ill if several else []


def gathered(case: Case) -> Gathered:
    """What telemetry and earlier answers know of outside hosts."""
    suspected = _accused(case)
    calls, errors = _of_spans(case), 0
    known = {row["peer"] for row in calls.rows} if calls else set()
    if calls is None or (suspected and suspected not in known) or not known:
        named, errors = _of_lines(case, suspected)
        calls = named if calls is None or named.rows else calls
    whole = {host: fares for (host,), fares in calls.by("peer").items()}
    ill = _ill(whole)
    requests = _requests(case, ill) if ill and not calls.of_lines else {}
    host = suspected or next(iter(sorted(_in_question(calls, ill), key=lambda h: -requests.get(h, 0))), "")
    both = (requests.get(host, 0), requests[""]) if requests.get("") and host in ill else None
    lines = (whole[host].bad_failed, errors) if calls.of_lines and errors and host in ill else None
    return Gathered(
        calls,
        whole,
        host,
        bool(suspected),
        both,
        lines,
        _probe(case, host),
        _probed(case, host),
        (_table(calls),),
    )


def _ill(whole: Mapping[str, Fares]) -> list[str]:
    return sorted((h for h, one in whole.items() if one.ill), key=lambda h: (-whole[h].bad_failed, h))


def _in_question(calls: Called, ill: list[str]) -> list[str]:
    """Hosts that may be at fault though no one suspects them; of lines those of several callers, for errors name hosts that no one calls."""
    if not calls.of_lines:
        return ill
    asked = {row["peer"] for row in calls.rows if row["asked"]}  # a field names it as called
    callers = {host: [one for one in calls.by("service", host=host).values() if one.fails] for host in ill}
    return [host for host in ill if host in asked or len(callers[host]) >= SHARED_CALLERS]


def _of_spans(case: Case) -> Called | None:
    return read_outside(case, read_called(case)) if case.has(Signal.SPANS) else None


def _of_lines(case: Case, suspected: str) -> tuple[Called, int]:
    """Calls as lines that name the suspected host, and others that errors name; and how many errors there are."""
    rising = hosts_in_lines(case) if case.has(Signal.LOGS) else {}
    hosts = {host for host, (good, bad) in rising.items() if host and bad > good}
    chosen = sorted(hosts, key=lambda h: (-rising[h][1], h))[:HOSTS_READ]
    return read_naming(case, {*chosen, *([suspected] if suspected else [])}), rising.get("", (0, 0))[1]


def _accused(case: Case) -> str:
    """The outside host at which the path or the first suspect says that it breaks."""
    path, culprits = case.earlier(FailurePath), case.earlier(Culprits)
    names: list[str] = []
    if culprits and culprits.ranked:
        first = culprits.ranked[0]
        names += [first.component or ""] if first.kind == "external" else []
        names += [
            one for one in (first.component or "",) if first.kind in NAMES_A_HOST and is_outside_name(one)
        ]
        names += [first.service] if is_outside_name(first.service) else []
    if path is not None and (path.external or is_outside_name(path.first_bad)):
        names.append(path.first_bad)
    own, reporting = own_names(case) if names else (), set(map(str.lower, case.holdings.telemetry_services))
    outside = (one for one in names if one and one.lower() not in reporting and not of_own_zone(one, own))
    return next(outside, "")


def _requests(case: Case, hosts: list[str]) -> dict[str, int]:
    rows = case.query(REQUESTS_AT, hosts=hosts, every=one_in(case)).dicts()
    return {row["host"]: row["requests"] for row in rows}


def _probe(case: Case, host: str) -> ProbeSeen | None:
    kept = case.earlier(ProbesSeen)
    return kept.by_host.get(host.lower()) if kept and host else None


def _probed(case: Case, host: str) -> tuple[float, float] | None:
    """Probes of telemetry, whose target names the host."""
    if not host or not case.has(Signal.METRICS):
        return None
    for row in case.query(PROBED).dicts():
        if any(host in row[name] for name in ("target", "asked", "instance", "service")):
            return row["before"], row["now"]
    return None


def own_changes(case: Case, host: str, verdict: ChangeVerdict) -> Iterator[WeighedChange]:
    """Changes of a verdict that the team made, or that are made at home: not those of the host."""
    weighed = case.earlier(ChangesWeighed)
    for one in weighed.ranked if weighed else ():
        theirs = one.kind is ChangeKind.THIRD_PARTY or (one.kind in OWN_KINDS and is_of(one, host))
        if one.verdict is verdict and not theirs:
            yield one


def is_of(change: WeighedChange, host: str) -> bool:
    """Whether a change names a host, or the party that its name is of: `Waymap` of `routes.waymap.example`."""
    party = host.lower().rpartition(".")[0].rpartition(".")[2]
    texts = (change.service or "", change.title)
    named = bool(host) and any(same(text, host) for text in texts if text)
    return named or (
        len(party) >= PARTY_LETTERS and any(party in text.lower().replace(" ", "") for text in texts)
    )


def _table(called: Called) -> Table:
    rows = tuple(
        (host, caller, version, one.good_failed, one.good, one.bad_failed, one.bad)
        for (host, caller, version), one in sorted(called.by("peer", "service", "version").items())
    )
    columns = ("host", "caller", "version", "failed before", "of", "failed", "of now")
    title = "Lines that name outside hosts" if called.of_lines else "Calls of outside hosts"
    return Table(title, columns, rows[:ROWS_SHOWN], called.read.provenance)
