"""What must come to its end comes to it."""

import os
import signal
import subprocess
import sys
from threading import Thread

import pytest

from lastgood.telemetry.unbroken import unbroken


def test_an_interrupt_waits_for_the_end() -> None:
    """It is raised after the block, and the handler is that of before."""
    before, done = signal.getsignal(signal.SIGINT), []

    def closes() -> None:
        with unbroken():
            os.kill(os.getpid(), signal.SIGINT)
            done.append(1)

    with pytest.raises(KeyboardInterrupt):
        closes()

    assert [1] == done
    assert before == signal.getsignal(signal.SIGINT)


def test_a_second_interrupt_ends_the_process() -> None:
    """For a person who does not want to wait."""
    code = (
        "import os, signal\nfrom lastgood.telemetry.unbroken import unbroken\n"
        "with unbroken():\n    for _ in range(2): os.kill(os.getpid(), signal.SIGINT)\n    print('waited')"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (130, "", "") == (ended.returncode, ended.stdout, ended.stderr)


def test_threads_are_not_interrupted_anyway() -> None:
    """A handler can be set on the main thread only."""
    done = []

    def closes() -> None:
        with unbroken():
            done.append(1)

    thread = Thread(target=closes)
    thread.start()
    thread.join()

    assert [1] == done
