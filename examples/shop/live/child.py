"""`python -m examples.shop.live.child MODULE`: run a module, and end when the process that started it is gone."""

import os
import runpy
import signal
import sys
import threading
import time


def follow(parent: int) -> None:
    """End this process soon after its parent."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=follow, args=(int(os.environ["SUPERVISOR"]),), daemon=True).start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
