"""The command line as a process of its own, with a kept store of its own."""

import atexit
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryFile, mkdtemp

from command_client import run


def lastgood(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What a run of the command printed and returned."""
    environment = {
        **os.environ,
        "XDG_DATA_HOME": str(home),
        "NO_COLOR": "1",
        "COLUMNS": "100",
        "TERM": "dumb",
    }
    environment.pop("LASTGOOD_STORE", None)
    return command(words, environment)


def command(
    words: tuple[str, ...], environment: dict[str, str], folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """What a run of the command printed and returned, with this environment, in this folder or the current one."""
    with Path(os.devnull).open() as none, TemporaryFile() as out, TemporaryFile() as err:
        descriptors = (none.fileno(), out.fileno(), err.fileno())
        status = run(server(), words, environment, str(folder or Path.cwd()), descriptors)
        said = []
        for stream in (out, err):
            stream.seek(0)
            said.append(stream.read().decode())
    return subprocess.CompletedProcess(["lastgood", *words], status, *said)


@cache
def server() -> str:
    """The address of the server that forks for commands; it ends with this process."""
    folder = mkdtemp(prefix="lastgood-commands-")
    address = f"{folder}/socket"
    # One thread for matrices: a fork has only the thread that forked.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    command_server = str(Path(__file__).with_name("command_server.py"))
    process = subprocess.Popen(
        [sys.executable, command_server, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env=environment, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    assert "ready\n" == process.stdout.readline()

    stdin = process.stdin

    def end() -> None:
        stdin.close()
        process.wait()
        rmtree(folder, ignore_errors=True)

    atexit.register(end)
    return address
