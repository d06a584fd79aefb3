"""Traces that are asked for service by service, each trace once: the newest of every part of the window."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lastgood.errors import NotFetchedError
from lastgood.model.fetching import plain
from lastgood.model.figures import counted
from lastgood.model.window import Window
from lastgood.outside.connectors._registry import Asking, Document, Fetched, Limit
from lastgood.outside.connectors.limits import PARTS, SERVICES, TRACES
from lastgood.outside.connectors.wire import Wire


@dataclass(frozen=True, slots=True)
class Traces:
    """How a kind of system is asked for traces."""

    ask: Callable[[Wire, str, Window], list[Any]]  # TRACES of a service at most
    identity: Callable[[Any], str]
    written: Callable[[list[Any]], bytes]


def by_service(wire: Wire, asking: Asking, known: Sequence[str], traces: Traces) -> Fetched:
    """A file of traces for each service, of those that are asked about.

    Raises:
        NotFetchedError: there is no such service.
    """
    names = [name for name in sorted(set(known)) if not asking.services or name in asking.services]
    if not names:
        raise NotFetchedError(f"{wire.url} has no traces of such services.")
    if len(names) > SERVICES:
        yield Limit(
            f"traces of {counted(len(names) - SERVICES, 'service')} were left out: name some with --service"
        )
    slices = asking.window.parts(max(1, min(PARTS, wire.left // len(names[:SERVICES]) - 1)))
    seen: set[str] = set()
    for name in names[:SERVICES]:
        try:
            parts = [traces.ask(wire, name, window) for window in slices]
        except NotFetchedError as problem:
            yield Limit(f"traces of {name} did not come: {problem.message}")
            continue
        fresh = {traces.identity(one): one for part in parts for one in part}
        fresh = {identity: one for identity, one in fresh.items() if identity not in seen}
        seen |= fresh.keys()
        if fresh:
            yield Document(f"traces-{plain(name)}.json", traces.written(list(fresh.values())))
        if any(len(part) >= TRACES for part in parts):
            yield Limit(
                f"traces of {name} are cut off, {TRACES} in each of {counted(len(slices), 'part')} of the window: "
                "counts and rates from spans are too low"
            )
