"""The services that one failing request passed, from its entry to the first bad hop."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from lastgood.model.evidence import TraceExcerpt
from lastgood.model.failure import FailurePath

Spans = Sequence[tuple[int, str, str, float, bool]]


def routed(found: FailurePath, shown: Sequence[TraceExcerpt]) -> FailurePath:
    """The path with the services of the trace that is shown; as it was where that trace does not lead to the break.

    Of several ways to the first bad hop: one that failed, then the slowest.
    """
    for one in shown:
        ways = [(failed, ms, way) for failed, ms, way in _ways(one.spans, found) if _ends_at(way, found)]
        if ways:
            return replace(found, route=max(ways)[2], example=one.trace_id)
    return found


def _ways(spans: Spans, found: FailurePath) -> Iterator[tuple[bool, float, tuple[str, ...]]]:
    """Of each span at the break: whether it failed, its milliseconds, the services above it and its own."""
    outside = (found.first_bad,) if found.external else ()
    last = found.last_good if found.external else found.first_bad
    above = list[str]()
    for depth, service, _, ms, failed in spans:
        above = [*above[:depth], service]
        if service == last:
            yield failed, ms, tuple(name for name, _ in groupby((*above, *outside)))


def _ends_at(way: tuple[str, ...], found: FailurePath) -> bool:
    if found.last_good is None:
        return way[-1] == found.first_bad
    return way[-2:] == (found.last_good, found.first_bad)
