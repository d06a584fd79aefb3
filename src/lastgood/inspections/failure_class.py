"""Which class of failure is it?

What it asks
    What the four signals, the words of the errors and the evidence against the suspect together mean: a
    full disk, an expired certificate, a pool that starves, a dependency that is slow, down or answers
    differently, overload, a bad deploy …
Why on-call asks it
    The class shows what helps at once, often before the cause is understood: what stops a retry storm
    makes a full disk no better.
Reads
    lg_sample and lg_lines in both windows; the golden signals, the culprits, the path, the changes
    and the confirmation.
How
    Errors that became more frequent (twice what the good window leads to expect, and by two of its Poisson
    spreads) are read for
    words that every system has for a trouble: errno names, TLS, DNS, pools, locks, limits. A tenth of what
    fails anew must speak of it, and three events; of a full disk, exhausted memory or a certificate, one is
    enough. Of access logs it is read from how requests ended: too late (504, 499), refused (502, 503), turned away (429),
    no free connection. Errors are taken where they begin, not from the callers that pass them on. Beside the words: the
    dependency that fails most, by status; calls repeated for one request (twice as often, a third failing);
    the abnormal resource of the culprit. A full pool whose connections are held by slow statements is a slow
    database. The rules are one sentence each, tried from the deepest
    trouble to the most general, and the first that holds names the class (algorithms/failure_classes.py);
    a resource of the suspect that reached its limit by the onset comes before what its callers see;
    the others that match are listed with it. Confidences are set by judgement.
Stays silent when
    There is no comparison, nothing is confirmed, or no rule holds. While it is not decided whether requests are
    affected, the class is stated as what it would be.
Known traps
    What is loudest may be a consequence: timeouts come of nearly everything, and are asked last. A class
    states the kind of failure, never whose fault it is. Other languages have other words.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from lastgood.algorithms.failure_classes import CLASS_OF_ERRORS, RESOURCES, Classed, Exhausted, Signs, classes
from lastgood.algorithms.metric_meaning import DISK_AT_WORK, Role, meaning, words
from lastgood.algorithms.trouble_words import error_kinds
from lastgood.inspections._registry import Stage, inspection
from lastgood.model.answers import (
    ChangesWeighed,
    ChangeVerdict,
    Confirmation,
    Culprit,
    Culprits,
    FailureClass,
    GoldenSignals,
    ImpactKind,
    Onset,
    Shape,
)
from lastgood.model.evidence import Evidence, Table
from lastgood.model.failure import FAILURES, ErrorKind, FailurePath
from lastgood.model.figures import percent
from lastgood.model.finding import Finding, Verdict
from lastgood.model.judgement import Amount, Count
from lastgood.model.signal import Signal
from lastgood.readings.case import UNDECIDED, Case
from lastgood.readings.levels import Change, changes
from lastgood.readings.measured import USED_FULL
from lastgood.readings.risen import Found, Risen, read_risen
from lastgood.readings.slow_statements import slowed
from lastgood.readings.traces import sampled
from lastgood.telemetry.reader import Rows

# fmt: off
CLASS_BESIDE = Amount(0.5, "of confidence, for a class to be named beside the first", "judgement: as likely as not")
CLASSES_BESIDE = Count(3, "classes that are named beside the first", "judgement: so that a line stays readable")
ERRORS_SHOWN = Count(10, "errors in the table", "judgement: so that a table stays readable")
# fmt: on
RAN_OUT = frozenset({ErrorKind.DISK_FULL, ErrorKind.MEMORY, ErrorKind.HANDLES})


@inspection(
    "Which class of failure is it?",
    stage=Stage.EXPLAIN,
    needs={Signal.SPANS, Signal.LOGS, Signal.METRICS},
    uses=(Onset, Confirmation, GoldenSignals, Culprits, FailurePath, ChangesWeighed),
    gives=FailureClass,
)
def failure_class(case: Case) -> Iterator[Finding]:
    """The class that the deepest rule names, with those that hold beside it."""
    if case.comparison is None or case.unharmed:
        yield Finding(Verdict.UNKNOWN, "there is no confirmed failure to compare with a baseline")
        return
    signs, evidence, limits = _signs(case)
    found = classes(signs)
    if not found or not evidence:
        why = (
            f"no failure class matches: {_seen(signs)}"
            if evidence
            else "nothing was measured in both windows"
        )
        yield Finding(Verdict.UNKNOWN, why, evidence=evidence, limits=limits)
        return
    named = _named(found, evidence, limits)
    yield named.if_decided(UNDECIDED) if case.undecided else named


def _named(found: tuple[Classed, ...], evidence: tuple[Evidence, ...], limits: tuple[str, ...]) -> Finding:
    first = found[0]
    also = tuple(other.name for other in found[1:] if other.confidence >= CLASS_BESIDE)[:CLASSES_BESIDE]
    answer = FailureClass(first.name, first.subject, first.confidence, first.because, also)
    return Finding(
        Verdict.YES,
        f"{FAILURES[first.name].words}: {first.because}",
        first.confidence,
        answer,
        evidence,
        limits,
    )


def _seen(signs: Signs) -> str:
    shapes = [
        f"{name} {shape}"
        for name in ("errors", "latency", "traffic", "saturation")
        if (shape := getattr(signs, name)) is not None
    ]
    return f"{', '.join(shapes) or 'no signal has data'}; error texts match no known failure class"


def _signs(case: Case) -> tuple[Signs, tuple[Evidence, ...], tuple[str, ...]]:
    found = read_risen(case)
    signs = _with_answers(case, found)
    tables = [
        _table(title, rows, risen)
        for title, rows, risen in (
            ("Errors that start in spans, or how proxies ended requests", found.errors_read, found.spans),
            ("Error lines that became more", found.lines_read, found.lines),
        )
        if rows is not None
    ]
    return signs, tuple(tables or _of_metrics(case)), sampled(found.every)


def _with_answers(case: Case, risen: Risen) -> Signs:
    signals, path, confirmed = (
        case.earlier(GoldenSignals), case.earlier(FailurePath), case.earlier(Confirmation),
    )  # fmt: skip
    culprits, changes = case.earlier(Culprits), case.earlier(ChangesWeighed)
    first = culprits.ranked[0] if culprits and culprits.ranked else None
    likely = next((c for c in changes.ranked if c.verdict is ChangeVerdict.LIKELY), None) if changes else None
    return Signs(
        errors=signals.errors if signals else None,
        latency=signals.latency if signals else None,
        traffic=signals.traffic if signals else None,
        saturation=signals.saturation if signals else None,
        traffic_lost=bool(confirmed and confirmed.impact.kind is ImpactKind.TRAFFIC_LOSS),
        words=risen.words,
        dependency=risen.dependency,
        repeated=risen.repeated,
        first_bad=path.first_bad if path else None,
        last_good=path.last_good if path else None,
        external=bool(path and path.external),
        culprit=first.service if first else None,
        culprit_kind=first.kind if first else None,
        component=first.component if first else None,
        exhausted=(*_exhausted(case), *(_reported_of(first) if first else ())),
        slowed=slowed(case),
        risen=_resources(signals) if signals and signals.saturation is Shape.UP else (),
        change=(likely.kind, likely.cited) if likely else None,
        changed=changes.owner(likely) if changes and likely else None,
    )


def _exhausted(case: Case) -> Iterator[Exhausted]:
    """Resources of a service itself that had reached their limit by the onset, not those that fill while it waits."""
    onset = case.earlier(Onset)
    if case.comparison is None or not case.has(Signal.METRICS):
        return
    for one in changes(case, case.comparison):
        meant = one.level.meant
        kind = (
            CLASS_OF_ERRORS[ErrorKind.DISK_FULL]
            if meant.kind == "disk" and not DISK_AT_WORK & set(words(one.level.metric))
            else RESOURCES.get(meant.kind)
        )
        if kind is None or meant.caught or not one.used_up or (onset and not _reached_by(one, onset.high)):
            continue
        whole = meant.limit or 1.0
        because = f"{one.level.series.place} rose from {percent(one.usual / whole)} to {percent(one.now / whole)} before requests were affected"
        yield Exhausted(kind, one.level.series.service, because)


def _reported_of(suspect: Culprit) -> Iterator[Exhausted]:
    """That what is known against a suspect speaks of a resource that ran out, such as kills for want of memory."""
    for kind in (kind for kind in error_kinds(suspect.because) if kind in RAN_OUT):
        yield Exhausted(CLASS_OF_ERRORS[kind], suspect.service, f"{suspect.service}: {suspect.because}")


def _reached_by(one: Change, latest: datetime) -> bool:
    """Whether a resource was used up by a time, give or take the distance of two of its values."""
    grid, values = one.level.series.grid, one.level.series.observed
    known = np.flatnonzero(np.isfinite(values))
    full = known[values[known] >= USED_FULL * (one.level.meant.limit or np.inf)]
    between = (
        timedelta(seconds=float(np.median(np.diff(known))) * grid.step) if len(known) > 1 else timedelta(0)
    )
    return bool(len(full)) and any(grid.begin(int(place)) <= latest + between for place in full)


def _resources(signals: GoldenSignals) -> tuple[str, ...]:
    """The names of the metrics of resources among the figures: when saturation is up, those that rose."""
    meant = {name: meaning(name) for name in signals.details}
    return tuple(name for name, found in meant.items() if found and found.role is Role.RESOURCE)


def _table(title: str, read: Rows, risen: Found) -> Table:
    most = sorted(risen, key=lambda pair: -pair[1])[:ERRORS_SHOWN]
    return Table(
        title,
        ("service", "peer", "status", "text", "good", "bad", "more than expected"),
        tuple(
            (
                r["service"],
                r["peer"],
                r["status"] or None,
                r["text"][:160],
                r["good"],
                r["bad"],
                round(extra, 1),
            )
            for r, extra in most
        ),
        read.provenance,
    )


def _of_metrics(case: Case) -> Iterator[Table]:
    """Where metrics are all there is: which there are, so that the class rests on something shown."""
    read = case.query(
        "SELECT service, metric, count() AS points FROM lg_points WHERE phase = 'bad' "
        "GROUP BY service, metric ORDER BY points DESC, service, metric LIMIT 20"
    )
    if len(read):
        rows = tuple((r["service"], r["metric"], r["points"]) for r in read.dicts())
        yield Table("Metrics of the bad window", ("service", "metric", "points"), rows, read.provenance)
