"""Running: one command as a list of arguments, with a time limit, a bound on what it prints, and a bare environment."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from time import perf_counter
from typing import IO

from lastgood.algorithms.secrets import without_secrets
from lastgood.model.action import Run, RunEnd

MOST_OUTPUT = 1_000_000  # bytes kept: half from the beginning, half from the end
STOP_GRACE = 3.0  # seconds from being asked to end until being killed
DRAIN = 2.0  # seconds that output is waited for when the command is gone, but not who inherited its output
# What programs need to find themselves; nothing else of ours, for it may hold secrets.
ENVIRONMENT = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR")


@dataclass(slots=True)
class Printed:
    """What a command prints: its beginning and its end, within a bound."""

    most: int = MOST_OUTPUT
    size: int = 0
    head: bytearray = field(default_factory=bytearray)
    tail: bytearray = field(default_factory=bytearray)

    def add(self, piece: bytes) -> None:
        """Take more of it."""
        self.size += len(piece)
        room = self.most // 2 - len(self.head)
        self.head += piece[:room] if room > 0 else b""
        self.tail += piece[max(room, 0) :]
        del self.tail[: max(0, len(self.tail) - self.most // 2)]

    @property
    def cut_off(self) -> bool:
        """Whether its middle is missing."""
        return self.size > len(self.head) + len(self.tail)

    @property
    def text(self) -> str:
        """It as text without obvious secrets; says where the middle is missing."""
        left_out = self.size - len(self.head) - len(self.tail)
        between = f"\n… {left_out} bytes left out …\n".encode() if left_out else b""
        return without_secrets((bytes(self.head) + between + bytes(self.tail)).decode("utf-8", "replace"))


@dataclass(slots=True)
class Started:
    """A command that runs, and what it has printed; or why it does not."""

    printed: Printed
    problem: str = ""
    process: "subprocess.Popen[bytes] | None" = None
    reader: Thread | None = None

    def ended(self) -> int | None:
        """Its status, once it has ended and all that it printed was read."""
        status = self.process.poll() if self.process else None
        if status is not None and self.reader:
            self.reader.join(DRAIN)
        return status


@contextlib.contextmanager
def started(
    command: Sequence[str], *, environment: Sequence[str] = (), folder: Path | None = None
) -> Iterator[Started]:
    """A command that runs until the block ends, with everything that it started; as `run` otherwise."""
    process, problem = _start(command, environment, folder)
    found = Started(Printed(), problem, process)
    if process is None:
        yield found
        return
    found.reader = Thread(target=_read, args=(process.stdout, found.printed), daemon=True)
    found.reader.start()
    try:
        yield found
    finally:
        _end(process)
        found.reader.join(DRAIN)


def run(
    command: Sequence[str],
    *,
    seconds: float,
    environment: Sequence[str] = (),
    folder: Path | None = None,
    alone: bool = False,
) -> tuple[Run, str, BaseException | None]:
    """How the command ended, what it printed, and what interrupted it: whoever calls records first, then raises.

    `environment` names variables that are passed on besides ENVIRONMENT. Standard input is empty.
    With `alone`, what the command left running is ended as well.
    """
    begun = perf_counter()
    process, refused = _start(command, environment, folder)
    if process is None:
        return Run(RunEnd.NOT_STARTED, None, 0.0, 0, cut_off=False, problem=refused), "", None
    printed = Printed()
    reader = Thread(target=_read, args=(process.stdout, printed), daemon=True)
    reader.start()
    how, problem, interrupt = RunEnd.EXITED, "", None
    try:
        process.wait(seconds)
        if alone:
            _signal(process.pid, signal.SIGKILL)
    except subprocess.TimeoutExpired:
        how, problem = RunEnd.TIMED_OUT, f"it was ended after {seconds:g} s"
        _end(process)
    except BaseException as stop:  # noqa: BLE001 - handed back: what was begun must be recorded as ended
        how, problem, interrupt = RunEnd.INTERRUPTED, "it was interrupted", stop
        _end(process)
    reader.join(DRAIN)
    status = process.returncode if how is RunEnd.EXITED else None
    took = round(perf_counter() - begun, 3)
    return Run(how, status, took, printed.size, printed.cut_off, problem), printed.text, interrupt


def _start(
    command: Sequence[str], environment: Sequence[str], folder: Path | None
) -> tuple["subprocess.Popen[bytes] | None", str]:
    """The process, or why there is none."""
    passed = {name: os.environ[name] for name in (*ENVIRONMENT, *environment) if name in os.environ}
    try:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=passed,
            start_new_session=True, cwd=folder,
        ), ""  # fmt: skip
    except OSError as refused:
        return None, f"{command[0]}: {refused.strerror or refused}"
    except ValueError as refused:
        return None, str(refused)


def _read(stream: IO[bytes] | None, printed: Printed) -> None:
    if stream is None:
        return
    with stream, contextlib.suppress(ValueError):
        while piece := os.read(stream.fileno(), 65536):
            printed.add(piece)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the command with everything that it started: asked first, then killed."""
    _signal(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_GRACE)
    _signal(process.pid, signal.SIGKILL)
    process.wait()


def _signal(group: int, how: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, how)
