"""Once: what several threads want at the same time is made by the first, and the others wait for it."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Values by key, each made once, failures too. Safe to call from any thread."""

    def __init__(self, keeps: Callable[[T], bool] = lambda _: True) -> None:
        self._keeps = keeps
        self._made: dict[Hashable, Future[T]] = {}
        self._guard = Lock()

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of a key, made now by whoever asks first; what is not kept is made anew when asked for later.

        Raises whatever making it raised, for everybody who waits.
        """
        with self._guard:
            first = key not in self._made
            value = self._made.setdefault(key, Future())
        if first:
            try:
                value.set_result(make())
            except BaseException as problem:
                value.set_exception(problem)
                raise
            if not self._keeps(value.result()):
                with self._guard:
                    del self._made[key]
        return value.result()
