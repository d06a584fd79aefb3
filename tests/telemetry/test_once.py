"""Made once, for everybody who wants it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from lastgood.telemetry.once import Once


def counted(made: list[int], value: int) -> Callable[[], int]:
    """Makes the value, and says so."""

    def make() -> int:
        made.append(value)
        return value

    return make


def test_who_asks_meanwhile_waits_for_the_first() -> None:
    """Four threads at once: one makes it."""
    made, once, together = list[int](), Once[int](), Barrier(4)

    def asked(_: int) -> int:
        together.wait()
        return once.of("key", counted(made, 7))

    with ThreadPoolExecutor(4) as pool:
        assert [7] * 4 == list(pool.map(asked, range(4)))
    assert [7] == made


def test_what_is_not_kept_is_made_anew() -> None:
    """A large value, say; a small one stays."""
    made, once = list[int](), Once[int](keeps=lambda value: value < 10)
    for value in (3, 3, 30, 30):
        assert value == once.of(value, counted(made, value))
    assert [3, 30, 30] == made


def test_a_failure_is_everybodys() -> None:
    """It is not tried again."""
    once = Once[float]()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            once.of("key", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        once.of("key", lambda: 1.0)


def test_a_failure_that_is_forgotten_is_made_anew() -> None:
    """Who asks later may fare better."""
    once = Once[float](forgets=ZeroDivisionError)
    with pytest.raises(ZeroDivisionError):
        once.of("key", lambda: 1 / 0)

    assert 1.0 == once.of("key", lambda: 1.0)
