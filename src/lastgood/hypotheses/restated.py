"""Restated: predictions that only repeat the incident's own symptom, which is true whatever the cause is."""

from collections.abc import Mapping

from lastgood.algorithms.predictions.expression import Expected, Limit, Measure, Prediction, Trend
from lastgood.model.answers import ImpactKind
from lastgood.model.attributes import SERVICE_NAME
from lastgood.model.entry import Triaged

RESTATES = "it restates the incident, so it supports no cause"
_FAILING, _SLOW = frozenset({"fails", "errors"}), frozenset({"latency"})
_MEASURED: Mapping[ImpactKind, frozenset[str]] = {
    ImpactKind.ERRORS: _FAILING, ImpactKind.LATENCY: _SLOW, ImpactKind.BOTH: _FAILING | _SLOW,
}  # fmt: skip


def restates(prediction: Prediction, said: Triaged) -> bool:
    """Whether a prediction says no more than that the affected requests are affected.

    It does if it is about the impact's own measure, rises or exceeds a number, and describes no other requests than
    those whose impact was measured: all, or those of the affected service or operation.
    """
    kind = said.impact.kind if said.impact else None
    if not isinstance(prediction, Expected) or len(prediction.quantity.measures) != 1 or kind is None:
        return False
    (measure,), rule = prediction.quantity.measures, prediction.rule
    worse = rule is Trend.RISES or (isinstance(rule, Limit) and rule.sign.startswith(">"))
    return worse and measure.name in _MEASURED.get(kind, ()) and _same_requests(measure, said)


def _same_requests(measure: Measure, said: Triaged) -> bool:
    of = said.impact.of if said.impact else ""
    service, _, operation = of.partition(" ")
    service = service or next(iter(said.services), "")
    affected = {"service": service, SERVICE_NAME: service, "operation": operation}
    return all(one.equal and one.value == affected.get(one.name) for one in measure.filters)
