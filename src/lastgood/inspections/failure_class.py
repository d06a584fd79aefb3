"""Which class of failure is it?

What it asks
    What the four signals, the words of the errors and the evidence against the suspect together mean: a
    full disk, an expired certificate, a pool that starves, a dependency that is slow, down or answers
    differently, overload, a bad deploy …
Why on-call asks it
    The class says what helps at once, often before the cause is understood: what stops a retry storm
    makes a full disk no better.
Reads
    lg_hops, lg_spans and lg_lines in both windows; the golden signals, the culprits, the path, the changes
    and the confirmation.
How
    Errors that became more frequent (twice what the good window leads to expect, and by two of its Poisson
    spreads) are read for
    words that every system has for a trouble: errno names, TLS, DNS, pools, locks, limits. A tenth of what
    fails anew must speak of it, and three events; of a full disk, exhausted memory or a certificate, one is
    enough. Errors are taken where they begin, not from the callers that pass them on. Beside the words: the
    dependency that fails most, by status; calls repeated for one request (twice as often, a third failing);
    the resource that stands out of the culprit. The rules are one sentence each, tried from the deepest
    trouble to the most general, and the first that holds names the class (algorithms/failure_classes.py);
    the others that hold are said beside it. Confidences are set by judgement.
Stays silent when
    There is no comparison, nothing is confirmed, or no rule holds.
Known traps
    What is loudest may be a consequence: timeouts come of nearly everything, and are asked last. A class
    says what kind of trouble it is, never whose fault. Other languages have other words.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import sqrt
from typing import Any

from lastgood.algorithms.failure_classes import Classed, Dependency, Repeated, Signs, Told, classes
from lastgood.algorithms.metric_meaning import Role, meaning
from lastgood.algorithms.trouble_words import trouble_kinds
from lastgood.inspections._calls import CHOSEN, one_in, sampled
from lastgood.inspections._registry import Case, Stage, inspection
from lastgood.model.answers import (
    ChangesWeighed,
    ChangeVerdict,
    Confirmation,
    Culprits,
    FailureClass,
    FailurePath,
    GoldenSignals,
    ImpactKind,
    Onset,
    Shape,
)
from lastgood.model.evidence import Evidence, Table
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.telemetry.reader import Rows

QUESTION = "Which class of failure is it?"
SAMPLE = 80  # characters of an error that are shown
FEWEST_CALLS = 20
SURE = 0.5  # to be said beside the first

ERRORS = f"""
SELECT service, if(kind = 'Client', peer, '') AS peer, http_status AS status,
       substring(trim(concat(error_type, ' ', message)), 1, 300) AS text,
       countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad
FROM lg_hops WHERE {CHOSEN} AND failed AND NOT children_failed
GROUP BY service, peer, status, text ORDER BY bad DESC, service, peer, status, text LIMIT 500"""
CALLS = f"""
SELECT service, if(kind = 'Client', peer, '') AS peer, name, phase, count() AS calls, countIf(failed) AS failed,
       uniq(trace_id) AS traces
FROM lg_spans WHERE {CHOSEN} AND parent_id != ''
GROUP BY service, peer, name, phase ORDER BY calls DESC, service, peer, name, phase LIMIT 2000"""
LINES = """
SELECT service, '' AS peer, 0 AS status, substring(argMin(body, ts), 1, 400) AS text,
       countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad
FROM lg_lines WHERE phase != '' AND (severity >= 13 OR severity = 0)
GROUP BY service, shape ORDER BY bad DESC, service, text LIMIT 500"""

Risen = list[tuple[dict[str, Any], float]]  # rows of errors, and how many more than expected


@inspection(
    QUESTION,
    stage=Stage.EXPLAIN,
    needs={Signal.SPANS, Signal.LOGS, Signal.METRICS},
    uses=(Onset, Confirmation, GoldenSignals, Culprits, FailurePath, ChangesWeighed),
    gives=FailureClass,
)
def failure_class(case: Case) -> Iterator[Finding]:
    """The class that the deepest rule names, with those that hold beside it."""
    confirmed = case.earlier(Confirmation)
    if case.comparison is None or (confirmed and confirmed.impact.kind is None):
        yield Finding(QUESTION, Verdict.UNKNOWN, "it is not confirmed that anything fails")
        return
    signs, evidence, limits = _signs(case)
    found = classes(signs)
    if not found or not evidence:
        why = f"no rule holds: {_seen(signs)}" if evidence else "nothing was measured in both windows"
        yield Finding(QUESTION, Verdict.UNKNOWN, why, evidence=evidence, limits=limits)
        return
    yield _named(found, evidence, limits)


def _named(found: tuple[Classed, ...], evidence: tuple[Evidence, ...], limits: tuple[str, ...]) -> Finding:
    first = found[0]
    also = tuple(other.name for other in found[1:] if other.confidence >= SURE)[:3]
    answer = FailureClass(first.name, first.subject, first.confidence, first.because, also)
    return Finding(
        QUESTION, Verdict.YES, f"{first.name}: {first.because}", first.confidence, answer, evidence, limits
    )


def _seen(signs: Signs) -> str:
    shapes = [
        f"{name} {shape}"
        for name in ("errors", "latency", "traffic", "saturation")
        if (shape := getattr(signs, name)) is not None
    ]
    return f"{', '.join(shapes) or 'no signal has data'}, and errors use no word that tells"


def _signs(case: Case) -> tuple[Signs, tuple[Evidence, ...], tuple[str, ...]]:
    spans = case.has(Signal.SPANS)
    every = one_in(case) if spans else 1
    errors = case.query(ERRORS, every=every) if spans else None
    calls = case.query(CALLS, every=every) if spans else None
    lines = case.query(LINES) if case.has(Signal.LOGS) else None
    risen = {
        "spans": _risen(case, errors.dicts()) if errors else [],
        "lines": _risen(case, lines.dicts()) if lines else [],
    }
    called = calls.dicts() if calls else []
    signs = _with_answers(case, _words(risen), _dependency(risen["spans"], called), _repeated(called))
    tables = [
        _table(title, rows, found)
        for title, rows, found in (
            ("Errors that spans begin with", errors, risen["spans"]),
            ("Error lines that became more", lines, risen["lines"]),
        )
        if rows is not None
    ]
    return signs, tuple(tables or _of_metrics(case)), sampled(every)


def _risen(case: Case, rows: list[dict[str, Any]]) -> Risen:
    """Errors that became more frequent, with how many more than the good window leads to expect."""
    if case.comparison is None or not case.comparison.good.seconds:
        return []
    scale = case.comparison.bad.seconds / case.comparison.good.seconds
    found = ((row, row["bad"] - row["good"] * scale) for row in rows)
    return [
        (row, more)
        for row, more in found
        if more >= max(1.0, row["good"] * scale, 2 * sqrt(row["bad"] - more))
    ]


def _words(risen: Mapping[str, Risen]) -> dict[str, Told]:
    """What the errors speak of; the share is of the spans' or of that service's lines, whichever says more."""
    counted: dict[str, Told] = {}
    for source, rows in risen.items():
        for (kind, service), (events, sample) in _by_kind(rows).items():
            all_of = sum(extra for row, extra in rows if source == "spans" or row["service"] == service)
            told = Told(events, events / all_of, service, sample)
            if kind not in counted or told.events > counted[kind].events:
                counted[kind] = told
    return counted


def _by_kind(rows: Risen) -> dict[tuple[str, str], tuple[float, str]]:
    """Events and the most frequent example by kind of trouble and service."""
    found: dict[tuple[str, str], tuple[float, str]] = {}
    for row, extra in sorted(rows, key=lambda pair: -pair[1]):
        for kind in trouble_kinds(row["text"]):
            before, sample = found.get((kind, row["service"]), (0.0, row["text"]))
            found[kind, row["service"]] = before + extra, " ".join(sample.split())[:SAMPLE]
    return found


def _dependency(risen: Risen, called: list[dict[str, Any]]) -> Dependency | None:
    """The peer whose calls fail most, when most of what fails begins there."""
    by_peer: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for row, extra in risen:
        by_peer[row["peer"]][row["status"]] += extra
    worst = max(by_peer, key=lambda peer: (sum(by_peer[peer].values()), peer), default="")
    if not worst:
        return None
    statuses = by_peer[worst]
    failed = sum(statuses.values())
    status = max(statuses, key=lambda one: (statuses[one], one))
    calls = sum(row["calls"] for row in called if row["phase"] == "bad" and row["peer"] == worst)
    return Dependency(worst, calls, failed, status, statuses[status] / failed)


def _repeated(called: list[dict[str, Any]]) -> Repeated | None:
    """The call whose number in one request grew most, of those made often enough."""
    past = {(row["service"], row["peer"], row["name"]): row for row in called if row["phase"] == "good"}
    found = []
    for row in called:
        before = past.get((row["service"], row["peer"], row["name"]))
        if row["phase"] != "bad" or before is None or min(row["calls"], before["calls"]) < FEWEST_CALLS:
            continue
        now, then = row["calls"] / row["traces"], before["calls"] / before["traces"]
        name = f"{row['name']} of {row['peer'] or row['service']}"
        found.append(Repeated(name, then, now, row["failed"] / row["calls"]))
    return max(found, key=lambda one: (one.now / one.before, one.name), default=None)


def _with_answers(
    case: Case, words: dict[str, Told], dependency: Dependency | None, repeated: Repeated | None
) -> Signs:
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
        words=words,
        dependency=dependency,
        repeated=repeated,
        first_bad=path.first_bad if path else None,
        last_good=path.last_good if path else None,
        external=bool(path and path.external),
        culprit=first.service if first else None,
        culprit_kind=first.kind if first else None,
        component=first.component if first else None,
        risen=_resources(signals) if signals and signals.saturation is Shape.UP else (),
        change=(likely.kind, likely.title or likely.change_id) if likely else None,
    )


def _resources(signals: GoldenSignals) -> tuple[str, ...]:
    """The names of the metrics of resources among the figures: when saturation is up, those that rose."""
    meant = {name: meaning(name) for name in signals.details}
    return tuple(name for name, found in meant.items() if found and found.role is Role.RESOURCE)


def _table(title: str, read: Rows, risen: Risen) -> Table:
    most = sorted(risen, key=lambda pair: -pair[1])[:10]
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
