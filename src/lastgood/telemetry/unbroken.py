"""Unbroken: what must come to its end once it began, such as closing a store; Ctrl-C waits for it."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread

INTERRUPTED = 130  # exit status


@contextmanager
def unbroken() -> Iterator[None]:
    """Run to the end in spite of Ctrl-C, which is raised afterwards; a second one ends the process at once."""
    if current_thread() is not main_thread():  # others are not interrupted
        yield
        return
    pressed = 0

    def waits(_number: int, _frame: object) -> None:
        nonlocal pressed
        pressed += 1
        if pressed > 1:
            os._exit(INTERRUPTED)

    before = signal.signal(signal.SIGINT, waits)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
    if pressed:
        raise KeyboardInterrupt
