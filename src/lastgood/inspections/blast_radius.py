"""Who is hurt: which services, and which requests, by any of their attributes and combinations of them?

What it asks
    The services that show symptoms, and the shortest description of the requests that fail: one attribute's
    value, or up to three together; which attributes were tested and are not it; or that everyone is hit.
Why on-call asks it
    "Only ANZ cards through Stripe" names the cause faster than any dashboard, and says whom to tell.
Reads
    lg_requests, lg_spans; without them lg_lines.
How
    All attributes of requests (then of spans at the services that show symptoms), the resource's too. Each
    combination of their values is compared with its own past, and each description, of one value or up to
    three together, by all the rows it holds (lastgood.algorithms.segments): the best one covers what is hit and
    little else, and is told when chance, over everything tried, gives it less than once in 1,000 if everyone
    is hit equally. What it explains is taken out before another cause is looked for. Of more than ten
    attributes the ten are combined that tell most alone. Failing means an error, or slower than nineteen in
    twenty of the same operation's good requests when latency is what hurts, or missing when traffic is. Beyond
    a hundred thousand rows that fail, and as many that do not, a sample by hash is read, weighted.
Stays silent when
    There is no comparison, or fewer than ten requests fail.
Known traps
    What describes the failure itself (status, error type, duration, and what only failing requests carry)
    is no explanation and is left out. Ids that are nearly unique are left out. Attributes that always go
    together are listed as the same description. A description is correlation: the cause may be behind it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from lastgood.algorithms.segments import Found, Where, likely, search
from lastgood.inspections._carried import Asked, Carried, most_telling, read
from lastgood.inspections._compared import LEVEL, Compared, compared_requests, compared_spans, covered_seconds
from lastgood.inspections._registry import Case, Stage, inspection
from lastgood.inspections._series import IS_BAD_LINE
from lastgood.model.answers import BlastRadius, Confirmation, ImpactKind, Onset, Segment
from lastgood.model.evidence import Table
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.telemetry.reader import Rows

QUESTION = "Who is hurt?"

FEWEST = 10  # failing requests
ALARM = 0.001  # chance of the best description, over everything searched
POWER = 30  # failing requests, before "everyone" can be said
SERVICES = 50


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search gave: segments, what was tested, and how many failed."""

    segments: tuple[Segment, ...]
    tested: tuple[str, ...]
    failed: float
    requests: float
    rows: Rows | None


@inspection(
    QUESTION,
    stage=Stage.SCOPE,
    needs={Signal.LOGS, Signal.SPANS},
    uses=(Onset, Confirmation),
    gives=BlastRadius,
)
def blast_radius(case: Case) -> Iterator[Finding]:
    """The services and segments that are hit."""
    if case.comparison is None:
        yield Finding(QUESTION, Verdict.UNKNOWN, "there is no good time to compare the bad one with")
        return
    services, hit_rows = _services(case)
    searched = _nothing_searched()
    for asked in _questions(case, services):
        searched = _searched(case, asked)
        if searched.segments:
            break
    found = case.earlier(Confirmation)
    yield _finding(services, searched, hit_rows, hurt=found is not None and found.impact.kind is not None)


def _finding(services: tuple[str, ...], searched: Searched, hit_rows: Rows | None, *, hurt: bool) -> Finding:
    everyone = hurt and not searched.segments and searched.failed >= POWER and bool(searched.tested)
    named = {
        key for segment in searched.segments for where in (segment.where, *segment.also) for key in where
    }
    answer = BlastRadius(
        services, searched.segments, tuple(key for key in searched.tested if key not in named), everyone
    )
    evidence = tuple(
        table
        for table in (
            _segment_table(searched) if searched.rows else None,
            _service_table(services, hit_rows) if hit_rows and services else None,
        )
        if table is not None
    )
    if searched.segments:
        first = searched.segments[0]
        said = (
            f"{_described(first)} has {first.share_of_failures:.1%} of the failures and "
            f"{first.share_of_traffic:.1%} of the traffic"
        )
    elif everyone:
        said = (
            f"{searched.failed:,.0f} failures are spread like the traffic over all {len(searched.tested)} attributes "
            "tested: everyone is hit equally"
        )
    elif searched.failed >= POWER:
        said = f"{searched.failed:,.0f} failures are no more than usual, and spread like the traffic"
    else:
        said = f"{searched.failed:,.0f} failing requests are too few to tell who is hit"
    if services and not searched.segments:
        said = f"{', '.join(services[:3])} show symptoms; {said}"
    decided = bool(searched.segments) or everyone or bool(services)
    return Finding(
        QUESTION,
        Verdict.YES if decided and evidence else Verdict.UNKNOWN,
        said,
        confidence=(0.95 if searched.segments else 0.85) if decided and evidence else None,
        answer=answer if decided else None,
        evidence=evidence,
        limits=() if searched.tested else ("requests carry no attributes to tell them apart by",),
    )


def _questions(case: Case, services: tuple[str, ...]) -> Iterator[Asked]:
    """What to search, in turn, until something is found."""
    parts, _ = compared_requests(case)
    found = case.earlier(Confirmation)
    kind = found.impact.kind if found else None
    if parts and kind is ImpactKind.TRAFFIC_LOSS:
        yield Asked("lg_requests", "operation", "1", "0", {}, _seconds_ratio(case))
    elif parts:
        if kind is ImpactKind.LATENCY:
            yield _slow("lg_requests", "operation", "1", parts, {})
        else:
            yield Asked("lg_requests", "operation", "1", "failed", {})
    elif case.has(Signal.LOGS):
        yield Asked("lg_lines", "''", "1", IS_BAD_LINE, {})
    if parts and services and case.has(Signal.SPANS):
        inside = "service IN {services:Array(String)} AND kind IN ('Server', 'Consumer', 'Unspecified', 'Internal')"
        chosen = {"services": list(services[:3])}
        if kind is ImpactKind.LATENCY:
            spans, _ = compared_spans(case)
            yield _slow("lg_spans", "name", inside, spans, chosen)
        else:
            yield Asked("lg_spans", "name", inside, "failed", chosen)


def _slow(
    relation: str, operation: str, which: str, parts: tuple[Compared, ...], parameters: dict[str, Any]
) -> Asked:
    """Slower than nineteen in twenty of the same operation's good ones."""
    usual = {
        f"{service}\n{name}": shift.good
        for part in parts
        for service, name in part.places
        for shift in part.shifts()
        if shift.quantile == 0.95
    }
    hit = (
        f"duration_ns > transform(concat(service, '\\n', {operation}), "
        "{places:Array(String)}, {limits:Array(Float64)}, inf)"
    )
    bound = {**parameters, "places": list(usual) or [""], "limits": list(usual.values()) or [float("inf")]}
    return Asked(relation, operation, which, hit, bound)


def _seconds_ratio(case: Case) -> float:
    signal = Signal.SPANS if case.has(Signal.SPANS) else Signal.LOGS
    if case.comparison is None:
        return 0.0
    good = covered_seconds(case, case.comparison.good, signal)
    return covered_seconds(case, case.comparison.bad, signal) / good if good else 0.0


def _searched(case: Case, asked: Asked) -> Searched:
    carried = read(case, asked, FEWEST)
    if carried.rows is None:
        return Searched((), (), carried.failed, carried.requests, None)
    leaves, values = most_telling(carried)
    found = likely(search(leaves), ALARM) if values else ()
    segments = tuple(_segment(one, values, carried) for one in found)
    return Searched(segments, carried.tested, carried.failed, carried.requests, carried.rows)


def _segment(one: Found, values: dict[str, tuple[str, ...]], carried: Carried) -> Segment:
    keys = list(values)
    failed, requests = carried.scale * one.failed, carried.scale * one.requests

    def described(where: Where) -> dict[str, str]:
        return {keys[attribute]: values[keys[attribute]][code] for attribute, code in where}

    return Segment(
        where=described(one.where),
        share_of_failures=failed / carried.failed if carried.failed else 0.0,
        share_of_traffic=requests / carried.requests if carried.requests else 0.0,
        failures=round(failed),
        requests=round(requests),
        failure_share=min(1.0, failed / requests) if requests else 0.0,
        also=tuple(described(where) for where in one.also),
    )


def _services(case: Case) -> tuple[tuple[str, ...], Rows | None]:
    """Services that show symptoms of their own or of their callees, most hit first."""
    if not case.has(Signal.SPANS) and not case.has(Signal.LOGS):
        return (), None
    parts, rows = compared_spans(case) if case.has(Signal.SPANS) else compared_requests(case)
    if not parts:
        return _services_of_lines(case)
    level = 1 - (1 - LEVEL) / len(parts)
    hit: dict[str, float] = {}
    for part in parts:
        service = part.places[0][0]
        much = _how_much(part, level)
        if much > 0:
            hit[service] = max(hit.get(service, 0.0), much)
    ranked = sorted(hit, key=lambda service: (-hit[service], service))
    return tuple(ranked[:SERVICES]), rows


def _how_much(part: Compared, level: float) -> float:
    """The share of requests that is hurt beyond the usual; 0 when that may be chance."""
    errors = part.bad.share - part.good.share if part.fails_more(level) else 0.0
    shift = part.slower(level)
    if shift is None or part.bad.latency is None or part.good.latency is None:
        return errors
    usual = next(s.good for s in part.shifts() if s.quantile == 0.95)
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
        if row["service"] and row["errors"] >= 2 * usual + 5:
            extra[row["service"]] = row["errors"] - usual
    return tuple(sorted(extra, key=lambda service: (-extra[service], service))[:SERVICES]), rows


def _described(segment: Segment) -> str:
    return " and ".join(f"{key}={value}" for key, value in segment.where.items())


def _segment_table(searched: Searched) -> Table | None:
    if searched.rows is None:
        return None
    rows = tuple(
        (_described(s), s.failures, s.requests, s.failure_share, s.share_of_failures, s.share_of_traffic)
        for s in searched.segments
    ) or (("everyone", int(searched.failed), int(searched.requests), None, 1.0, 1.0),)
    return Table(
        "Segments",
        ("where", "failures", "requests", "failure share", "share of failures", "share of traffic"),
        rows,
        searched.rows.provenance,
    )


def _service_table(services: tuple[str, ...], rows: Rows) -> Table:
    return Table(
        "Services with symptoms, most hit first", ("service",), tuple((s,) for s in services), rows.provenance
    )


def _nothing_searched() -> Searched:
    return Searched((), (), 0.0, 0.0, None)
