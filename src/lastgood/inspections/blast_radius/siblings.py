"""Siblings: requests beside an affected segment that differ from it in one attribute only, and work."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from lastgood.algorithms.counts import wilson
from lastgood.inspections.blast_radius.weights import SIBLING_LEVEL, SIBLING_REQUESTS, SIBLING_SPARED
from lastgood.model.answers import Segment, Sibling
from lastgood.model.attributes import SERVICE_NAME
from lastgood.readings.carried import Carried, of_route

_ROUTE = frozenset({SERVICE_NAME, "operation"})


def with_siblings(carried: Carried, segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """The segments with what works beside each, and which of its attributes a user cannot choose."""
    shared = of_route(carried)
    return tuple(
        replace(
            one, of_route=tuple(sorted(shared & one.where.keys())), siblings=siblings(carried, one, shared)
        )
        for one in segments
    )


def siblings(carried: Carried, segment: Segment, of_route: Collection[str] = ()) -> tuple[Sibling, ...]:
    """For each attribute of a segment the value that works best with its other attributes unchanged, if one does.

    Another route or method is another request, so what requests `of_route` share is left as it is. A sibling works when even the upper end of its failure share is far below that of the segment.
    """
    reported = (
        {name: value for name, value in where.items() if name not in of_route or name in _ROUTE}
        for where in (segment.where, *segment.also)
    )
    found = (
        _best(carried, where, name, segment) for where in reported for name in where if name not in of_route
    )
    by_name: dict[str, Sibling] = {}
    for one in found:
        if one is not None:
            by_name.setdefault(one.attribute, one)
    return tuple(by_name.values())


def _best(carried: Carried, where: Mapping[str, str], name: str, segment: Segment) -> Sibling | None:
    """The sibling with another value of one attribute of which the fewest can fail."""
    found = [one for one in _beside(carried, where, name) if one.requests >= SIBLING_REQUESTS * carried.scale]
    works = [one for one in found if one.most <= SIBLING_SPARED * segment.failure_share]
    return min(works, key=lambda one: (one.most, one.where[name]), default=None)


def _beside(carried: Carried, where: Mapping[str, str], name: str) -> Iterator[Sibling]:
    """All siblings with another value of one attribute."""
    if any(key not in carried.values for key in where):
        return
    same = np.ones(len(carried.counts.requests), bool)
    for key, value in where.items():
        coded = carried.values[key]
        if key != name:
            same &= coded.codes == (coded.values.index(value) if value in coded.values else len(coded.values))
    coded = carried.values[name]
    inside = same & (coded.codes >= 0)
    size = len(coded.values)
    failed = np.bincount(coded.codes[inside], carried.counts.failed[inside], size)
    requests = np.bincount(coded.codes[inside], carried.counts.requests[inside], size)
    for code in np.flatnonzero(requests):
        if coded.values[code] == where[name]:
            continue
        _, most = wilson(float(failed[code]), float(requests[code]), SIBLING_LEVEL)
        yield Sibling(
            {**where, name: coded.values[code]},
            name,
            round(carried.scale * failed[code]),
            round(carried.scale * requests[code]),
            most,
        )
