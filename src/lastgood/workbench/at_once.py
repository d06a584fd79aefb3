"""Several things that mostly wait, at once: on threads that hold no one up who stops the whole."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def at_once(ask: Callable[[T], R], of: Iterable[T]) -> tuple[R, ...]:
    """What comes of each, in their order; the first error in that order is raised, and the others are left to end."""
    waiting: list[Future[R]] = []
    for one in of:
        given: Future[R] = Future()
        waiting.append(given)
        Thread(target=_told, args=(given, ask, one), name="lastgood-at-once", daemon=True).start()
    return tuple(one.result() for one in waiting)


def _told(given: Future[R], ask: Callable[[T], R], one: T) -> None:
    try:
        given.set_result(ask(one))
    except BaseException as problem:  # noqa: BLE001 - raised again by who waits
        given.set_exception(problem)
