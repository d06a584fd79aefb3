"""Several questions to one system at once, over a few connections: far away, each answer takes its way there and back."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TypeVar

from lastgood.errors import NotFetchedError
from lastgood.outside.connectors.limits import CONNECTIONS
from lastgood.outside.connectors.wire import Wire

T = TypeVar("T")
R = TypeVar("R")


def at_once(
    wire: Wire, ask: Callable[[Wire, T], R], items: Sequence[T]
) -> tuple[list[R], NotFetchedError | None]:
    """What is answered to each, in their order, and the first problem; a connection with a problem asks no more.

    The connections share what is left of the requests and of the time of the wire.
    """
    number = min(int(CONNECTIONS), len(items), wire.left)
    if number < 2 or wire.left < len(items):
        return _in_turn(wire, ask, items)
    with ExitStack() as stack, ThreadPoolExecutor(number, thread_name_prefix="lastgood-fetch") as pool:
        wires = [stack.enter_context(one) for one in wire.beside(number)]
        asked = [pool.submit(_in_turn, one, ask, items[start::number]) for start, one in enumerate(wires)]
        found = [one.result() for one in asked]
        wire.asked += sum(one.asked for one in wires)
    each = [
        found[n % number][0][n // number]
        for n in range(len(items))
        if n // number < len(found[n % number][0])
    ]
    return each, next((problem for _, problem in found if problem), None)


def _in_turn(
    wire: Wire, ask: Callable[[Wire, T], R], items: Sequence[T]
) -> tuple[list[R], NotFetchedError | None]:
    found: list[R] = []
    try:
        for one in items:
            found.append(ask(wire, one))  # noqa: PERF401 - those before a failure stay
    except NotFetchedError as problem:
        return found, problem
    return found, None
