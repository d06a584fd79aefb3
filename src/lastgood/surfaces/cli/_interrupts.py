"""Ctrl-C, and other ends from outside: silent, status 130, and never in the middle of an import."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

SOON = 0.02  # seconds until another look
_IMPORTS = "<frozen importlib"


def interrupted(_number: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt; after the import that is going on, for half a module can be anything to who needs it."""
    while frame is not None:
        if frame.f_code.co_filename.startswith(_IMPORTS):
            _again()
            return
        frame = frame.f_back
    raise KeyboardInterrupt


@contextmanager
def ended_as_well() -> Iterator[None]:
    """Within the block whoever ends the program or closes its terminal interrupts it: what it began is cleared away.

    A signal that is ignored, as under nohup, stays ignored.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    heeded = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in heeded:
        signal.signal(number, interrupted)
    try:
        yield
    finally:
        for number in heeded:
            signal.signal(number, signal.SIG_DFL if before[number] is None else before[number])


def unraisable(problem: Any) -> None:
    """Where Python would print an interrupt and go on, such as in a finaliser: interrupt again."""
    if problem.exc_type is KeyboardInterrupt:
        _again()
    else:
        sys.__unraisablehook__(problem)


def _again() -> None:
    signal.signal(signal.SIGALRM, interrupted)
    signal.setitimer(signal.ITIMER_REAL, SOON)
