"""Stances: what one prediction says of another, that is, whether both can hold."""

from enum import Enum
from math import inf

from lastgood.algorithms.predictions.expression import (
    Expected,
    Limit,
    OnsetAfter,
    Prediction,
    Quantity,
    Trend,
)


class Stance(Enum):
    """What holds of a prediction where another one holds."""

    SAME = "same"  # it holds as well
    CONTRARY = "contrary"  # it cannot hold
    SILENT = "silent"


def stance(of: Prediction, on: Prediction) -> Stance:
    """What the first says of the second."""
    if isinstance(of, OnsetAfter) and isinstance(on, OnsetAfter):
        return Stance.SAME if of.moment >= on.moment else Stance.SILENT
    if isinstance(of, OnsetAfter) or isinstance(on, OnsetAfter) or _named(of.quantity) != _named(on.quantity):
        return Stance.SILENT
    return _of_one_quantity(of, on)


def _named(quantity: Quantity) -> tuple[object, ...]:
    """A quantity whatever the order of its filters."""
    return tuple((m.name, frozenset(m.filters), m.subject, m.percentile, m.when) for m in quantity.measures)


def _of_one_quantity(of: Expected, on: Expected) -> Stance:
    match of.rule, on.rule:
        case Trend(), Trend():
            return Stance.SAME if of.rule is on.rule else Stance.CONTRARY
        case Limit(), Limit():
            one, other = _passing(of.rule, of), _passing(on.rule, on)
            if one[0] >= other[0] and one[1] <= other[1]:
                return Stance.SAME
            return Stance.CONTRARY if one[1] <= other[0] or other[1] <= one[0] else Stance.SILENT
        case _:
            return Stance.SILENT


def _passing(limit: Limit, expected: Expected) -> tuple[float, float]:
    """The values that pass, ends and all: the difference that they make is none."""
    value = limit.value(expected.quantity.kind)
    return (value, inf) if limit.sign[0] == ">" else (-inf, value)
