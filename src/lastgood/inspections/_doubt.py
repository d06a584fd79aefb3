"""What keeps "no incident" from being said though nothing departs from its past, and what is an outage without one."""

from dataclasses import replace

from lastgood.inspections._blind import blind
from lastgood.inspections._few import few
from lastgood.inspections._firing import alarmed
from lastgood.inspections._registry import Case
from lastgood.inspections._standing import standing
from lastgood.model.answers import Onset
from lastgood.model.finding import Finding, Verdict


def doubt(case: Case) -> Finding | None:
    """The weightiest reason, with the others among its limits; None when there is none, and no may be said."""
    found = [one for one in (ask(case) for ask in (standing, few, blind, alarmed)) if one is not None]
    if not found:
        return None
    first, *others = found
    more = (limit for one in others for limit in (one.because, *one.limits))
    return replace(
        first, evidence=tuple(e for one in found for e in one.evidence), limits=(*first.limits, *more)
    )


def started_before(case: Case, outage: Finding, question: str) -> Finding:
    """When an outage without a past started: at a time that the data do not reach back to."""
    start = case.window.start
    symptom = outage.because.split(";")[0]
    return Finding(
        question,
        Verdict.YES,
        f"{symptom}: it started before {start:%Y-%m-%d %H:%M:%S} UTC, the start of the data",
        confidence=outage.confidence,
        answer=Onset(start, start, start, None, None, symptom, None),
        evidence=outage.evidence,
    )
