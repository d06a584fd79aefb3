"""What deviates beside requests that are as before: "no" is not said then, but what would tell.

A resource alone is no reason: what users notice, and errors that are new, are.
"""

from dataclasses import replace

from lastgood.inspections.confirm.affected import by_metrics
from lastgood.inspections.confirm.louder import by_lines
from lastgood.inspections.confirm.weights import METRICS_USER_VISIBLE
from lastgood.model.finding import Check, Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison
from lastgood.readings.case import Case


def beside(case: Case, comparison: Comparison, said: Finding) -> Finding:
    """The same, or unknown where new error lines or metrics of what users see deviate though the requests that were counted do not."""
    if said.verdict is not Verdict.NO:
        return said
    found = by_lines(case, comparison) if case.has(Signal.LOGS) else None
    if found is None or found.verdict is not Verdict.YES:
        found = by_metrics(case, comparison)
    if found is None or (found.confidence or 0.0) < METRICS_USER_VISIBLE:
        return said
    return replace(
        said,
        verdict=Verdict.UNKNOWN,
        because=f"{found.because}; but {said.because}",
        confidence=None,
        evidence=(*found.evidence, *said.evidence),
        limits=(
            Check("ask support for complaints since then, and whether all requests are in these data"),
            *said.limits,
        ),
    )
