"""Run a command of `command_server`, from Python or from a shell: `python command_client.py SOCKET WORDS …`.

For a shell it must start at once, so it imports little.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

TIMEOUT_SECONDS = 120


def run(
    address: str,
    words: Sequence[str],
    environment: Mapping[str, str],
    folder: str,
    descriptors: Sequence[int] = (0, 1, 2),
) -> int:
    """The exit status of a command, negative where a signal ended it, with these as its stdin, stdout and stderr.

    Raises:
        subprocess.TimeoutExpired: it took too long and was killed.
    """
    asked = json.dumps([list(words), dict(environment), folder]).encode()
    with socket.socket(socket.AF_UNIX) as server:
        server.settimeout(TIMEOUT_SECONDS)
        server.connect(address)
        socket.send_fds(server, [len(asked).to_bytes(4, "big")], list(descriptors))
        server.sendall(asked)
        with server.makefile("rb") as answers:
            child = int(answers.readline())
            try:
                return int(answers.readline())
            except TimeoutError:
                os.kill(child, signal.SIGKILL)
                raise subprocess.TimeoutExpired(list(words), TIMEOUT_SECONDS) from None


if __name__ == "__main__":
    sys.exit(run(sys.argv[1], sys.argv[2:], os.environ, str(Path.cwd())))
