"""What keeps "no incident" from being said though nothing departs from its past, and what is an outage without one."""

from dataclasses import replace

from lastgood.readings.case import Case
from lastgood.readings.doubts.blind import blind
from lastgood.readings.doubts.doubt import Doubt
from lastgood.readings.doubts.emptied import emptied
from lastgood.readings.doubts.few import few
from lastgood.readings.doubts.firing import alarmed
from lastgood.readings.doubts.masked import masked
from lastgood.readings.doubts.standing import standing
from lastgood.readings.doubts.tickets import complaints


def doubt(case: Case) -> Doubt | None:
    """The weightiest reason, with the others among its limits; None when there is none, and no may be said."""
    found = [
        one
        for one in (ask(case) for ask in (standing, few, emptied, masked, blind, alarmed, complaints))
        if one is not None
    ]
    if not found:
        return None
    first, *others = found
    more = (limit for one in others for limit in (one.because, *one.limits))
    return replace(
        first, evidence=tuple(e for one in found for e in one.evidence), limits=(*first.limits, *more)
    )
