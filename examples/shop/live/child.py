"""`python -m examples.shop.live.child MODULE`: run a module, and end when the process that started it is gone.

CLOCK_OFFSET is by how many seconds the clock of this process is wrong, as that of a host can be.
"""

import os
import runpy
import signal
import sys
import threading
import time

GRACE = 15.0  # seconds to end in order


def follow(parent: int) -> None:
    """End this process soon after its parent; one that waits for a server which is gone as well is killed."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os.kill(os.getpid(), signal.SIGKILL)


def set_wrong(seconds: float) -> None:
    """Let everything in this process that asks for the time get a wrong one."""
    true, true_ns = time.time, time.time_ns  # noqa: TID251
    time.time = lambda: true() + seconds  # noqa: TID251
    time.time_ns = lambda: true_ns() + int(seconds * 1e9)


if __name__ == "__main__":
    if offset := float(os.environ.get("CLOCK_OFFSET", "0")):
        set_wrong(offset)
    threading.Thread(target=follow, args=(int(os.environ["SUPERVISOR"]),), daemon=True).start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
