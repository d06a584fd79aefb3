"""Triage: every question of the first five minutes, folded into the sitrep."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from statistics import median_high
from time import perf_counter

from lastgood.config import RHYTHM
from lastgood.incidents.cadence import next_update
from lastgood.inspections._registry import inspections
from lastgood.inspections.confirm import confirm
from lastgood.model.answers import (
    Answer,
    BlastRadius,
    ChangesWeighed,
    Confirmation,
    Culprits,
    FailureClass,
    FirstOccurrence,
    GoldenSignals,
    Mitigations,
    NoChange,
    Onset,
    PatternChanges,
    Severity,
)
from lastgood.model.failure import FailurePath
from lastgood.model.figures import count, counted, duration, percent
from lastgood.model.finding import Check, Finding, Verdict
from lastgood.model.loading import AHEAD, Aside, LoadReport
from lastgood.model.message import Rhythm
from lastgood.model.scope import Scope
from lastgood.model.signal import TELEMETRY
from lastgood.model.sitrep import Sitrep
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.readings.doubts.firing import firing
from lastgood.workbench.audit import audited
from lastgood.workbench.investigate import investigate
from lastgood.workbench.limits import limits_of
from lastgood.workbench.store import Store

TRIAGE_FEWEST = 5  # failures of a part of the requests, to count
BAD = 0.05  # of them
SAMPLED_SHARE = 0.99  # of spans that were kept: what is below changes a count
CERTAIN = 30.0  # rows that are missing: no chance leaves so many out
REGULAR, LONGER = 3, 3.0  # pauses, and how much longer than usual one of them is a hole
MOST_HOLES = 3  # of a signal
ANOTHER_DAY = "compare the same part of the requests on another day; it would show whether that is usual"


def triage(  # noqa: PLR0913 - of a case each has a default
    store: Store,
    *,
    now: datetime,
    window: Window | None = None,
    comparison: Comparison | None = None,
    scope: Scope = Scope(),  # noqa: B008 - frozen, so shared safely
    loaded: LoadReport | None = None,
    handed: tuple[Answer, ...] = (),
) -> Sitrep:
    """The sitrep of what the store holds; `loaded` is what has just come in, for what it lacks, `handed` what the record keeps."""
    started = perf_counter()
    case, findings = investigate(
        store, now=now, window=window, comparison=comparison, scope=scope, handed=handed
    )
    composed = Sitrep(
        asked_at=now,
        seconds=perf_counter() - started,
        window=case.window,
        comparison=case.comparison,
        holdings=case.holdings,
        findings=findings,
        confirmed=decided(findings),
        onset=case.earlier(Onset),
        confirmation=case.earlier(Confirmation),
        signals=case.earlier(GoldenSignals),
        blast_radius=case.earlier(BlastRadius),
        path=case.earlier(FailurePath),
        culprits=case.earlier(Culprits),
        changes=case.earlier(ChangesWeighed),
        patterns=case.earlier(PatternChanges),
        first_occurrence=case.earlier(FirstOccurrence),
        severity=case.earlier(Severity),
        failure_class=case.earlier(FailureClass),
        no_change=_said(findings, NoChange),
        mitigations=case.earlier(Mitigations),
        unknown=(*_untaken(loaded), *_holes(case), *_sampled(case), *_unknown(findings)),
        alerts=rung.alerts if (rung := firing(case)) else (),
    )
    return updated_by(audited(composed), RHYTHM)


def updated_by(sitrep: Sitrep, rhythm: Rhythm) -> Sitrep:
    """The sitrep with the time of the next update, by the rhythm of a team."""
    proposed = sitrep.severity.proposed if sitrep.severity else None
    return replace(sitrep, next_update=next_update(sitrep.asked_at, proposed, rhythm))


def decided(findings: tuple[Finding, ...]) -> Finding | None:
    """Whether it is real; where nothing began, there is nothing to confirm, and that decides it."""
    onset, confirmation = _said(findings, Onset), _said(findings, Confirmation)
    quiet = onset is not None and onset.verdict is Verdict.NO
    undecided = confirmation is None or confirmation.verdict is Verdict.UNKNOWN
    found = onset if quiet and undecided else confirmation
    if found is None or found.verdict is not Verdict.NO:
        return found
    return _impact_of_some(findings) or found


def _impact_of_some(findings: tuple[Finding, ...]) -> Finding | None:
    """That a part of the requests fails much more than the rest, though all together are as before; None without."""
    found = _said(findings, BlastRadius)
    segments = found.answer.segments if found and isinstance(found.answer, BlastRadius) else ()
    for one in segments:
        sure = one.failures >= TRIAGE_FEWEST and one.failure_share >= BAD and (one.more_low or 0.0) > 0
        if found and sure and (one.users is None or one.users > 1):
            which = " and ".join(f"{name}={value}" for name, value in sorted(one.where.items()))
            return confirm.signed(
                Finding(
                    Verdict.UNKNOWN,
                    f"{count(one.failures)} of {count(one.requests)} requests with {which} fail, "
                    "while all requests together fail as before",
                    evidence=found.evidence,
                    limits=(Check(ANOTHER_DAY),),
                )
            )
    return None


def _holes(case: Case) -> Iterator[str]:
    """Stretches without any data inside those of a signal, longer than chance explains."""
    for holding in case.holdings.items:
        if holding.signal not in TELEMETRY or holding.window is None:
            continue
        often = holding.rows / max(holding.covered_seconds(holding.window), 1.0)
        gaps = [gap for gap in holding.gaps if often * gap.seconds >= CERTAIN and gap.overlaps(case.window)]
        lengths = [gap.seconds for gap in gaps]
        if len(gaps) >= REGULAR and max(lengths) < LONGER * median_high(lengths):
            continue  # pauses as usual
        for gap in sorted(gaps, key=lambda one: one.seconds)[-MOST_HOLES:]:
            yield (
                f"no {holding.signal} from {gap.start:%H:%M:%S} to {gap.end:%H:%M:%S} UTC "
                f"({duration(gap.seconds)}; about {count(often * gap.seconds)} expected)"
            )


def _sampled(case: Case) -> Iterator[str]:
    """That only a share of the spans was kept where they were made: shares hold, counts do not."""
    for holding in case.holdings.items:
        if holding.sampled is not None and holding.sampled < SAMPLED_SHARE:
            yield f"only {percent(holding.sampled)} of {holding.signal} were kept by a sampler: counts are of those"


def _said(findings: tuple[Finding, ...], kind: type) -> Finding | None:
    """The finding of the question that gives a kind of answer."""
    names = {inspection.name for inspection in inspections() if inspection.gives is kind}
    return next((finding for finding in findings if finding.name in names), None)


def _unknown(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """What could not be answered and why; where nothing began, the questions about it are moot."""
    confirmed = decided(findings)
    moot = confirmed is not None and confirmed.verdict is Verdict.NO
    tell = confirmed.limits if confirmed and confirmed.verdict is Verdict.UNKNOWN else ()
    return tuple(dict.fromkeys((*tell, *limits_of(findings, moot=moot))))


def _untaken(loaded: LoadReport | None) -> Iterator[str]:
    """What was given and is not in the answer."""
    yield from loaded.missing if loaded else ()
    inputs = loaded.read if loaded else ()
    links = loaded.left_aside(Aside.LINK) if loaded else ()
    if links:
        yield f"{counted(len(links), 'link')} out of the named folders not followed; pass --follow-links"
    unread = ["/".join(given.name.split("/")[-2:]) for given in inputs if not (given.source or given.failure)]
    if unread:
        named = ", ".join(unread[:4])
        yield f"{counted(len(unread), 'input')} of unknown format: {named}{', …' if len(unread) > 4 else ''}"
    for given in inputs:
        if given.source and given.problem:
            yield f"the rest of {given.name}: {given.problem}"
    for failure in dict.fromkeys(given.failure for given in inputs if given.failure):
        names = [given.name for given in inputs if given.failure == failure]
        yield f"not read: {', '.join(names[:4])}{', …' if len(names) > 4 else ''}: {failure}"
    yield from (f"{given.name}: {AHEAD}" for given in inputs if given.ahead)
    if loaded and loaded.copies:
        first = loaded.copies[0]
        more = (
            f" (and {counted(len(loaded.copies) - 1, 'more pair')} of inputs)"
            if len(loaded.copies) > 1
            else ""
        )
        yield f"{first.name} holds the same events as {first.of}{more}: they are counted twice"
    rejects = sum(given.rejects for given in inputs)
    if rejects:
        yield f"{rejects} of {sum(given.lines for given in inputs)} lines could not be read"
