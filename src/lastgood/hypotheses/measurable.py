"""Measurable: predictions of calls as the data can test them; where no span shows a call, by what a proxy handed on."""

from dataclasses import replace

from lastgood.algorithms.predictions.expression import Filter, Measure, OnsetAfter
from lastgood.algorithms.predictions.language import Slot, parse
from lastgood.algorithms.upstream_names import upstream_names
from lastgood.hypotheses.predictions import missing
from lastgood.model.attributes import UPSTREAMS
from lastgood.model.hypothesis import HypothesisAdded, Predicted
from lastgood.telemetry.measuring import Measuring


def measurable(one: HypothesisAdded, measuring: Measuring) -> HypothesisAdded:
    """The hypothesis with what the data can test; where that is nothing, each prediction with why they cannot."""
    found = [_measurable(each, measuring) for each in one.predictions]
    return replace(one, predictions=tuple([p for p in found if not p.lacks] or found))


def _measurable(one: Predicted, measuring: Measuring) -> Predicted:
    lacks = missing(parse(one.normal), measuring)
    told = _at_the_proxy(one, measuring) if lacks else one.normal
    if told != one.normal and not missing(parse(told), measuring):
        return replace(one, text=told, normal=told)
    return replace(one, lacks=lacks or "")


def _at_the_proxy(one: Predicted, measuring: Measuring) -> str:
    """The prediction of requests that a proxy handed on, by the name that it gives the one who is called."""
    prediction, told = parse(one.normal), one.normal
    for measure in () if isinstance(prediction, OnsetAfter) else prediction.quantity.measures:
        if measure.named("peer"):
            told = told.replace(str(measure), str(_handed_on(measure, measuring)))
    return told


def _handed_on(measure: Measure, measuring: Measuring) -> Measure:
    name = "fails" if measure.name == "errors" else measure.name
    return replace(measure, name=name, filters=tuple(_upstream(one, measuring) for one in measure.filters))


def _upstream(one: Filter, measuring: Measuring) -> Filter:
    """The filter by the one name that access logs have for a peer; as it is where they have none, or several.

    Where there is no other upstream, its requests are all requests: that these fail is known.
    """
    for attribute in UPSTREAMS if one.name == "peer" else ():
        there = measuring.known(Slot(of="value", measure="fails", attribute=attribute))
        meant = [raw for raw, name in upstream_names(there, [one.value]).items() if name == one.value]
        if len(meant) == 1 < len(there):
            return replace(one, name=attribute, value=meant[0])
    return one
