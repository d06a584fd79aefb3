"""Once: what several threads want at the same time is made by the first, and the others wait for it."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Values by key, each made once, failures too. Safe to call from any thread."""

    def __init__(
        self,
        keeps: Callable[[T], bool] = lambda _: True,
        forgets: type[BaseException] | tuple[type[BaseException], ...] = (),
    ) -> None:
        """`forgets` are failures after which whoever asks later has it made anew."""
        self._keeps, self._forgets = keeps, forgets
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
                if isinstance(problem, self._forgets):
                    self._forget(key)
                value.set_exception(problem)
                raise
            if not self._keeps(value.result()):
                self._forget(key)
        return value.result()

    def _forget(self, key: Hashable) -> None:
        with self._guard:
            del self._made[key]
