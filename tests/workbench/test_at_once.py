"""Several things at once: in their order, and without waiting for one that is left."""

import subprocess
import sys
from threading import Barrier
from time import monotonic

import pytest

from lastgood.workbench.at_once import at_once

LEFT = """
from time import sleep
from lastgood.workbench.at_once import at_once

def ask(seconds):
    sleep(seconds)
    raise ValueError(str(seconds))

at_once(ask, [0.01, 60])
"""


def test_all_are_asked_before_one_has_ended() -> None:
    """Each waits for the others; the answers are in the order of the questions."""
    all_there = Barrier(3)

    def ask(number: int) -> int:
        all_there.wait(timeout=20)
        return number * 2

    assert (2, 4, 6) == at_once(ask, [1, 2, 3])
    assert () == at_once(ask, [])


def test_an_error_is_raised_where_it_is_waited_for() -> None:
    """As it is."""

    def ask(number: int) -> float:
        return 1 / number

    with pytest.raises(ZeroDivisionError):
        at_once(ask, [1, 0])


def test_a_program_ends_without_what_was_left() -> None:
    """A system that does not answer holds up neither an error nor a person who stops."""
    began = monotonic()
    ended = subprocess.run([sys.executable, "-c", LEFT], capture_output=True, timeout=50, check=False)

    assert b"ValueError: 0.01" in ended.stderr
    assert monotonic() - began < 45
