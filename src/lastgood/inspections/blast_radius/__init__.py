"""Who is affected: which services, and which requests, by any of their attributes and combinations of them?

What it asks
    The services that show symptoms, and the shortest description of the requests that fail: one attribute's
    value, or up to three together; which attributes were tested and are not it; or that all users are affected.
Why on-call asks it
    "Only ANZ cards through Stripe" names the cause faster than any dashboard, and shows whom to contact.
Reads
    lg_requests, lg_spans; without them lg_lines; without requests also lg_points with attributes.
How
    All attributes of requests (then of spans at the services that show symptoms), the resource's too. Each
    combination of their values is compared with its own past, and each description, of one value or up to
    three together, by all the rows it holds (lastgood.algorithms.segments): the best one covers what is affected and
    little else, and is reported when chance, over everything tried, gives it less than once in 1,000 if everyone
    is affected equally (a bound on the likelihood ratio, which needs no permutations). What it explains is taken out
    before another cause is looked for, up to three. Of more than ten attributes the ten are combined that tell
    most alone. Of descriptions of the same requests the shortest and coarsest is named (region before zone
    before host), the others are listed with it. How much more often it fails than all others is given with a 99.9 %
    interval (Newcombe 1998), and how many identified users are affected.
    Failing means an error, or slower than nineteen in twenty of the same operation's good requests when latency
    is what affects, or missing when traffic is. Beyond a hundred thousand rows that fail, as many that do not, and
    as many good ones, a sample by hash is read, weighted. Without requests, metrics with attributes are searched:
    requests by status label, failures or a rate of success beside requests, amounts against their forecast.
    Confidence is the description's part of the Bayes factors of all that were tried, at most 0.95.
Stays silent when
    There is no comparison, or fewer than ten requests fail.
Known traps
    What describes the failure itself (status, error type, duration, and what only failing requests carry)
    is not an explanation and is left out: compare_requests reports it. What it reports to be common to failing requests
    is not cleared here, though another description holds more of them. What hardly any failing request carries cannot
    be tested: that is said. Of ids only values that hold a hundredth of the failures are distinguished. A segment that merely grew has more failures and is not blamed: rates are compared.
    A description is correlation: the cause may be behind it. Values sampled by the sender are not known here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from lastgood.algorithms.counts import poisson_interval, share_difference
from lastgood.algorithms.segments import Counts, Found, Where, expected, likely, search
from lastgood.inspections._registry import Stage, inspection
from lastgood.inspections.blast_radius.siblings import with_siblings
from lastgood.inspections.blast_radius.summed import measures
from lastgood.inspections.blast_radius.weights import (
    ALSO_SHOWN,
    ERRORS_BY,
    ERRORS_TIMES,
    EVERYONE_FAILURES,
    EVERYONE_SURE,
    MIX_ASKED,
    RADIUS_ALARM,
    RADIUS_FAILURES,
    RADIUS_LEFT,
    RADIUS_MOST_SURE,
    RADIUS_SERVICES,
    SERVICES_REPORTED,
    SLOW_ABOVE,
    SUMMED_ALONE,
)
from lastgood.model.answers import BlastRadius, Confirmation, Impact, ImpactKind, Onset, Segment
from lastgood.model.attributes import ANSWERED_BY, USER_AGENT, USER_AGENT_PRODUCT
from lastgood.model.evidence import Table
from lastgood.model.figures import count, percent
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.readings.carried import Asked, Carried, Size, most_telling, people, read, slow_requests
from lastgood.readings.case import Case
from lastgood.readings.compared import (
    COMPARED_LEVEL,
    Compared,
    compared_requests,
    compared_served,
    compared_spans,
    covered_seconds,
    together,
)
from lastgood.readings.in_common import differing
from lastgood.readings.series import IS_BAD_LINE
from lastgood.telemetry.reader import Rows

# What a proxy answered by itself is known there alone, without what services say of the others: it cannot be compared.
REACHED = f"NOT mapContains(attributes, '{ANSWERED_BY}')"
ANSWERED_IN_FRONT = f"SELECT count() AS n FROM lg_requests WHERE phase = 'bad' AND NOT {REACHED}"


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search gave: segments, what was tested, and how many failed."""

    segments: tuple[Segment, ...]
    tested: tuple[str, ...]
    failed: float
    requests: float
    rows: Rows | None
    confidence: float = 0.0  # in the first segment
    what: str = "failures"
    untestable: tuple[str, ...] = ()
    apart: frozenset[str] = frozenset()  # attributes by which failing and working requests differ
    mixed: bool = False  # the mix of requests, as often as each failed before, accounts for the failures


@inspection(
    "Who is affected?",
    stage=Stage.SCOPE,
    needs={Signal.LOGS, Signal.SPANS, Signal.METRICS},
    uses=(Onset, Confirmation),
    gives=BlastRadius,
)
def blast_radius(case: Case) -> Iterator[Finding]:
    """The services and segments that are hit."""
    if case.comparison is None:
        yield Finding(Verdict.UNKNOWN, "there is no baseline to compare with")
        return
    services, hit_rows = _services(case)
    searched = Searched((), (), 0.0, 0.0, None)
    for one in _searches(case, services):
        # Without a segment, what was searched first says most: the requests themselves.
        searched = one if one.segments or searched.rows is None else searched
        if searched.segments:
            break
    found = case.earlier(Confirmation)
    yield _finding(services, searched, hit_rows, found.impact if found else None)


def _searches(case: Case, services: tuple[str, ...]) -> Iterator[Searched]:
    """What was found, search by search, the most direct first."""
    parts, _ = compared_requests(case)
    for asked in _questions(case, services, parts):
        yield _searched(case, asked, parts)
    if not parts and case.has(Signal.METRICS):
        # Several metrics are tried, so each has its part of the alarm.
        for measure in measures(case, _seconds_ratio(case, Signal.METRICS)):
            found = _found(measure.carried, RADIUS_ALARM / SUMMED_ALONE)
            yield replace(found, what=measure.name)


def _finding(
    services: tuple[str, ...], searched: Searched, hit_rows: Rows | None, impact: Impact | None
) -> Finding:
    affected = impact is not None and impact.kind is not None
    users = impact is not None and bool(impact.users)
    unfound = not (searched.segments or searched.mixed or searched.apart)
    everyone = affected and bool(searched.tested) and unfound and searched.failed >= EVERYONE_FAILURES
    segments = searched.segments
    named = {key for segment in segments for where in (segment.where, *segment.also) for key in where}
    named |= {USER_AGENT} if USER_AGENT_PRODUCT in named else set()
    untestable = tuple(key for key in searched.untestable if key not in named)
    cleared = tuple(key for key in searched.tested if key not in named | searched.apart)
    answer = BlastRadius(services, segments, cleared, everyone, untestable)
    evidence = tuple(
        table
        for table in (
            _segment_table(searched) if searched.rows else None,
            _service_table(services, hit_rows) if hit_rows and services else None,
        )
        if table is not None
    )
    said = _said(searched, everyone=everyone, named=users, affected=affected)
    if services and not searched.segments:
        said = f"{', '.join(services[:SERVICES_REPORTED])} show symptoms; {said}"
    decided = bool(searched.segments) or everyone or bool(services)
    return Finding(
        Verdict.YES if decided and evidence else Verdict.UNKNOWN,
        said,
        confidence=(searched.confidence if searched.segments else EVERYONE_SURE)
        if decided and evidence
        else None,
        answer=answer if decided else None,
        evidence=evidence,
        limits=() if searched.tested else ("requests have no attributes to compare",),
    )


def _said(searched: Searched, *, everyone: bool, named: bool, affected: bool) -> str:
    """Who is hit, and what that leaves unexplained."""
    many = f"{count(searched.failed)} {searched.what}"
    if everyone:
        return (
            f"{many} are spread like the traffic over all {len(searched.tested)} attributes tested: "
            f"{'all users are affected equally' if named else 'no request names a user'}"
        )
    if not searched.segments:
        if searched.mixed or searched.apart:
            return f"{many} {_unnamed(searched)}"
        if not searched.failed:
            return f"there are no {searched.what} to compare, so no segment is named"
        if searched.failed < EVERYONE_FAILURES:
            return f"{many} are too few to name a segment"
        return f"{many} are {'' if affected else 'not more than usual, and '}spread like the traffic"
    shares = [
        f"{_words(one.where)} has {percent(one.share_of_failures)} of the {searched.what} and "
        f"{percent(one.share_of_traffic)} of the traffic"
        for one in searched.segments
    ]
    left = max(0.0, 1 - sum(one.share_of_failures for one in searched.segments))
    rest = f"; {percent(left)} of the {searched.what} match no segment" if left >= RADIUS_LEFT else ""
    return "; apart from that, ".join(shares) + rest


def _unnamed(searched: Searched) -> str:
    """What is known of failures without a segment."""
    if searched.mixed:
        return "are at the baseline of each kind of request: the mix of requests changed"
    differ = ", ".join(sorted(searched.apart)[:ALSO_SHOWN])
    return f"differ from working requests by {differ}, but no segment stands out from its past"


def _questions(case: Case, services: tuple[str, ...], parts: tuple[Compared, ...]) -> Iterator[Asked]:
    """Which requests to search, in turn, until something is found."""
    found = case.earlier(Confirmation)
    kind = found.impact.kind if found else None
    if parts and kind is ImpactKind.TRAFFIC_LOSS:
        yield Asked("lg_requests", "operation", "1", "0", {}, _seconds_ratio(case, _requests_are(case)))
    elif parts:
        if kind is ImpactKind.LATENCY:
            yield slow_requests("lg_requests", "operation", "1", parts, {})
        else:
            size = None if case.query(ANSWERED_IN_FRONT).dicts()[0]["n"] else Size.of_failed(parts)
            yield Asked("lg_requests", "operation", REACHED, "failed", {}, size=size)
    elif case.has(Signal.LOGS):
        yield Asked("lg_lines", "''", "1", IS_BAD_LINE, {})
    if parts and services and case.has(Signal.SPANS):
        inside = "service IN {services:Array(String)} AND kind IN ('Server', 'Consumer', 'Unspecified', 'Internal')"
        chosen = {"services": list(services[:SERVICES_REPORTED])}
        if kind is ImpactKind.LATENCY:
            spans, _ = compared_spans(case)
            yield slow_requests("lg_spans", "name", inside, spans, chosen)
        else:
            yield Asked("lg_spans", "name", inside, "failed", chosen)


def _requests_are(case: Case) -> Signal:
    return Signal.SPANS if case.has(Signal.SPANS) else Signal.LOGS


def _seconds_ratio(case: Case, signal: Signal) -> float:
    """The bad window's length over the good one's, as far as there is data of a signal."""
    if case.comparison is None:
        return 0.0
    good = covered_seconds(case, case.comparison.good, signal)
    return covered_seconds(case, case.comparison.bad, signal) / good if good else 0.0


def _searched(case: Case, asked: Asked, parts: tuple[Compared, ...]) -> Searched:
    carried = read(case, asked, RADIUS_FAILURES)
    if asked.which == REACHED:
        whole = together(parts).bad
        carried = replace(
            carried,
            failed=max(carried.failed, whole.failed),
            requests=max(carried.requests, whole.requests),
        )
    found = _found(carried, RADIUS_ALARM)
    if asked.missing or not found.segments:
        return found
    *mine, _ = people(case, asked, [one.where for one in found.segments])
    named = [replace(one, users=users or None) for one, users in zip(found.segments, mine, strict=True)]
    return replace(found, segments=tuple(named))


def _found(carried: Carried, alarm: float) -> Searched:
    if carried.rows is None:
        return Searched((), (), carried.failed, carried.requests, None)
    leaves, values = most_telling(carried)
    found = likely(search(leaves), alarm) if values else ()
    named = (_segment(one, values, carried) for one in found)
    segments = with_siblings(carried, named)
    sure = min(RADIUS_MOST_SURE, found[0].posterior) if found else 0.0
    mixed = not found and bool(values) and _accounted(carried.counts, expected(leaves.merged().counts))
    return Searched(
        segments, carried.tested, carried.failed, carried.requests, carried.rows, round(sure, 3),
        untestable=carried.untestable, apart=differing(carried), mixed=mixed,
    )  # fmt: skip


def _accounted(counts: Counts, to_be: float) -> bool:
    """Whether failures rose, and by no more than the rows' own past leads to expect."""
    failed, requests = float(counts.failed.sum()), float(counts.requests.sum())
    usual = requests * float(counts.failed_before.sum()) / max(float(counts.requests_before.sum()), 1e-9)
    return failed >= MIX_ASKED * usual and failed <= poisson_interval(to_be, COMPARED_LEVEL)[1]


def _segment(one: Found, values: dict[str, tuple[str, ...]], carried: Carried) -> Segment:
    keys = list(values)
    failed, requests = carried.scale * one.failed, carried.scale * one.requests
    others = max(0.0, carried.failed - failed), max(0.0, carried.requests - requests)

    def described(where: Where) -> dict[str, str]:
        return {keys[attribute]: values[keys[attribute]][code] for attribute, code in where}

    # Rows that stand for many are evidence of one each.
    low, high = share_difference(
        (one.failed, one.requests), (others[0] / carried.scale, others[1] / carried.scale), COMPARED_LEVEL
    )
    return Segment(
        where=described(one.where),
        share_of_failures=failed / carried.failed if carried.failed else 0.0,
        share_of_traffic=requests / carried.requests if carried.requests else 0.0,
        failures=round(failed),
        requests=round(requests),
        failure_share=min(1.0, failed / requests) if requests else 0.0,
        also=tuple(described(where) for where in one.also),
        more_low=low,
        more_high=high,
    )


def _services(case: Case) -> tuple[tuple[str, ...], Rows | None]:
    """Services that show symptoms of their own or of their callees, most hit first, and of equals where users feel it."""
    if not case.has(Signal.SPANS) and not case.has(Signal.LOGS):
        return (), None
    parts, rows = compared_spans(case) if case.has(Signal.SPANS) else compared_served(case)
    if not parts:
        return _services_of_lines(case)
    level = 1 - (1 - COMPARED_LEVEL) / len(parts)
    hit: dict[str, float] = {}
    for part in parts:
        service = part.places[0][0]
        much = _how_much(part, level)
        if much > 0:
            hit[service] = max(hit.get(service, 0.0), much)
    confirmed = case.earlier(Confirmation)
    user_visible = f"{confirmed.impact.of} " if confirmed else ""
    ranked = sorted(
        hit,
        key=lambda service: (-round(hit[service], 2), not user_visible.startswith(f"{service} "), service),
    )
    return tuple(ranked[:RADIUS_SERVICES]), rows


def _how_much(part: Compared, level: float) -> float:
    """The share of requests that is affected beyond the usual; 0 when that may be chance."""
    errors = part.bad.share - part.good.share if part.fails_more(level) else 0.0
    shift = part.slower(level)
    if shift is None or part.bad.latency is None or part.good.latency is None:
        return errors
    usual = next(s.good for s in part.shifts() if s.quantile == SLOW_ABOVE)
    edge = int(np.ceil(1 + np.log2(max(usual, 1.0)) * 4))
    slow_bad = float(part.bad.latency[edge:].sum() / part.bad.latency.sum())
    slow_good = float(part.good.latency[edge:].sum() / part.good.latency.sum())
    return max(errors, slow_bad - slow_good, 1e-6)


def _services_of_lines(case: Case) -> tuple[tuple[str, ...], Rows | None]:
    sql = f"""
SELECT service, countIf(phase = 'bad') AS n, countIf(phase = 'bad' AND {IS_BAD_LINE}) AS errors,
       countIf(phase = 'good') AS n_before, countIf(phase = 'good' AND {IS_BAD_LINE}) AS errors_before
FROM lg_lines WHERE phase != '' GROUP BY service ORDER BY service"""
    rows = case.query(sql, window=case.comparison.hull if case.comparison else None)
    if not case.comparison:
        return (), rows
    ratio = covered_seconds(case, case.comparison.bad, Signal.LOGS) / max(
        covered_seconds(case, case.comparison.good, Signal.LOGS), 1e-9
    )
    extra = {}
    for row in rows.dicts():
        usual = row["errors_before"] * ratio
        if row["service"] and row["errors"] >= ERRORS_TIMES * usual + ERRORS_BY:
            extra[row["service"]] = row["errors"] - usual
    return tuple(sorted(extra, key=lambda service: (-extra[service], service))[:RADIUS_SERVICES]), rows


def _words(where: Mapping[str, str]) -> str:
    return " and ".join(f"{key}={value}" for key, value in where.items())


def _segment_table(searched: Searched) -> Table | None:
    if searched.rows is None:
        return None
    rows = tuple(
        (
            _words(s.where), s.failures, s.requests, s.failure_share, s.more_low, s.more_high, s.users,
            s.share_of_failures, s.share_of_traffic, "; ".join(_words(where) for where in s.also[:ALSO_SHOWN]),
        )
        for s in searched.segments
    ) or (("everyone", int(searched.failed), int(searched.requests), None, None, None, None, 1.0, 1.0, ""),)  # fmt: skip
    return Table(
        "Segments",
        (
            "where",
            "failures",
            "requests",
            "failure share",
            "more than the others, at least",
            "at most",
            "users",
            "share of failures",
            "share of traffic",
            "the same requests",
        ),
        rows,
        searched.rows.provenance,
    )


def _service_table(services: tuple[str, ...], rows: Rows) -> Table:
    return Table(
        "Services with symptoms, most hit first", ("service",), tuple((s,) for s in services), rows.provenance
    )
