"""Triage: every question of the first five minutes, folded into the sitrep."""

from collections.abc import Iterator
from datetime import datetime
from time import perf_counter

from lastgood.inspections._registry import inspections
from lastgood.model.answers import (
    BlastRadius,
    ChangesWeighed,
    Confirmation,
    Culprits,
    FailureClass,
    FailurePath,
    FirstOccurrence,
    GoldenSignals,
    Mitigations,
    NoChange,
    Onset,
    PatternChanges,
    Severity,
)
from lastgood.model.finding import Finding, Verdict
from lastgood.model.loading import LoadReport
from lastgood.model.scope import Scope
from lastgood.model.sitrep import Sitrep
from lastgood.model.window import Comparison, Window
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store


def triage(
    store: Store,
    *,
    now: datetime,
    window: Window | None = None,
    comparison: Comparison | None = None,
    scope: Scope = Scope(),  # noqa: B008 - frozen, so shared safely
    loaded: LoadReport | None = None,
) -> Sitrep:
    """The sitrep of what the store holds; `loaded` is what has just come in, for what it lacks."""
    started = perf_counter()
    case, findings = investigate(store, now=now, window=window, comparison=comparison, scope=scope)
    return Sitrep(
        asked_at=now,
        seconds=perf_counter() - started,
        window=case.window,
        comparison=case.comparison,
        holdings=case.holdings,
        findings=findings,
        confirmed=_confirmed(findings),
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
        unknown=(*_untaken(loaded), *_unknown(findings)),
    )


def _confirmed(findings: tuple[Finding, ...]) -> Finding | None:
    """Whether it is real; where nothing began, there is nothing to confirm, and that decides it."""
    onset, confirmation = _said(findings, Onset), _said(findings, Confirmation)
    quiet = onset is not None and onset.verdict is Verdict.NO
    undecided = confirmation is None or confirmation.verdict is Verdict.UNKNOWN
    return onset if quiet and undecided else confirmation


def _said(findings: tuple[Finding, ...], kind: type) -> Finding | None:
    """The finding of the question that gives a kind of answer."""
    words = {inspection.question for inspection in inspections() if inspection.gives is kind}
    return next((finding for finding in findings if finding.question in words), None)


def _unknown(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """What could not be answered and why; where nothing began, the questions about it are moot."""
    confirmed = _confirmed(findings)
    moot = confirmed is not None and confirmed.verdict is Verdict.NO
    open_ones = [f for f in findings if f.verdict is Verdict.UNKNOWN and not moot]
    reasons = [f"{f.question} {f.because}" for f in open_ones]
    limits = [limit for f in findings for limit in f.limits]
    return tuple(dict.fromkeys(reasons + limits))


def _untaken(loaded: LoadReport | None) -> Iterator[str]:
    """What was given and is not in the answer."""
    inputs = loaded.inputs if loaded else ()
    unread = ["/".join(given.name.split("/")[-2:]) for given in inputs if not (given.source or given.failure)]
    if unread:
        named = ", ".join(unread[:4])
        yield f"what is in {len(unread)} inputs that nothing recognises: {named}{', …' if len(unread) > 4 else ''}"
    for given in inputs:
        if given.source and given.problem:
            yield f"the rest of {given.name}: {given.problem}"
    for failure in dict.fromkeys(given.failure for given in inputs if given.failure):
        names = [given.name for given in inputs if given.failure == failure]
        yield f"what is in {', '.join(names[:4])}{', …' if len(names) > 4 else ''}: {failure}"
    rejects = sum(given.rejects for given in inputs)
    if rejects:
        yield f"{rejects} of {sum(given.lines for given in inputs)} lines, which could not be read"
