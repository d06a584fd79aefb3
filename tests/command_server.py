"""The command line in processes that need not import it first: each is forked from one that has.

Most of a short command is imports. This server imports what commands use, and forks for each: the child has the
caller's folder, environment and file descriptors, and runs `lastgood.__main__.main` from its start. The store's engine is
not imported before: it starts threads, and those do not live on in a child.

`python command_server.py SOCKET` serves until its standard input ends.
"""

import atexit
import json
import os
import pkgutil
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module

import lastgood
from lastgood.__main__ import WithoutPandas, main

# Few commands import these; they start threads, or run when they are imported.
APART = ("__main__", "incidents.migrations", "surfaces.server", "surfaces.api", "surfaces.web")


def serve(address: str) -> None:
    """Import, then listen; a line on stdout says when."""
    sys.meta_path.insert(0, WithoutPandas())
    for module in pkgutil.walk_packages(lastgood.__path__, "lastgood."):
        if not module.name.removeprefix("lastgood.").startswith(APART):
            import_module(module.name)
    for name in ("clickhouse_connect.driver.httpclient", "sqlglot"):
        import_module(name)
    sys.meta_path.pop(0)  # main puts it there again
    assert "chdb" not in sys.modules
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no one waits for those that wait for commands
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen(64)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while sys.stdin not in select.select([listening, sys.stdin], [], [])[0]:
            caller, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _run_one(caller)
            caller.close()


def _run_one(caller: socket.socket) -> None:
    """Run what a caller asks for in a child, and tell the caller how it ended; does not return."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, descriptors, _, _ = socket.recv_fds(caller, 4, 3)
    with caller.makefile("rb") as reader:
        words, environment, folder = json.loads(reader.read(int.from_bytes(size, "big")))
    child = os.fork()
    if child == 0:
        caller.close()
        _be_in(environment, folder, descriptors)
        _be(words)
    caller.sendall(b"%d\n" % child)
    _, status = os.waitpid(child, 0)
    with suppress(OSError):  # the caller has gone
        caller.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _be_in(environment: Mapping[str, str], folder: str, descriptors: Sequence[int]) -> None:
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _be(words: Sequence[str]) -> None:
    """Be the command, and end as an interpreter does; does not return."""
    sys.argv = ["lastgood", *words]
    status = 1
    try:
        main()
        status = 0
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else int(left.code is not None)
    finally:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    serve(sys.argv[1])
