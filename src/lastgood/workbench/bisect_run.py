"""One run of a bisection: a command whose status decides, or a server that the command starts, asked at an address."""

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, sleep

import httpx

from lastgood.errors import CannotRunError, UsageError
from lastgood.model.action import RunEnd
from lastgood.model.bisection import RunOutcome, TestRun
from lastgood.model.reproduction import UNFILLED
from lastgood.outside.deadline import Deadline
from lastgood.workbench.running import Started, run, started

SKIP = 125  # as for `git bisect run`
NOT_FOUND = {126, 127}  # of a shell: the command itself cannot be run
POLL_SECONDS = 0.1
ASK_SECONDS = 10.0  # for one answer of the server
STARTING_UP = 503  # "service unavailable": not ready yet
LONGEST_SAID = 200  # characters of the last line that was printed


def by_status(
    sha: str, command: Sequence[str], seconds: float, environment: Sequence[str], folder: Path
) -> TestRun:
    """What came of the command: 0 is good, 125 asks to skip, anything else is bad.

    Raises:
        CannotRunError: it cannot be run at all.
        UsageError: it is a test skeleton that no one has completed: it fails on any commit.
        KeyboardInterrupt: it was interrupted.
    """
    ended, printed, interrupt = run(
        command, seconds=seconds, environment=environment, folder=folder, alone=True
    )
    if interrupt is not None:
        raise interrupt
    if UNFILLED in printed:
        raise UsageError(
            "The test is a skeleton of lastgood reproduce that is not filled in.",
            hint="It fails on any commit. Complete its call, and remove the line that reports this.",
        )
    last = _last(printed) or ended.problem
    if ended.how is RunEnd.NOT_STARTED or ended.status in NOT_FOUND:
        raise _not_run(ended.problem or last or f"status {ended.status}")
    status = ended.status if ended.status is not None else 1
    outcome = {0: RunOutcome.GOOD, SKIP: RunOutcome.SKIP}.get(status, RunOutcome.BAD)
    return TestRun(sha, outcome, ended.seconds, last)


def by_address(
    sha: str, command: Sequence[str], url: str, seconds: float, environment: Sequence[str], folder: Path
) -> TestRun:
    """What the server answers that the command starts: below 400 is good. One that does not come up is skipped.

    Raises:
        CannotRunError: the command cannot be run at all.
        UsageError: something else answers at the address, or it cannot be asked.
    """
    begun = perf_counter()
    with httpx.Client(follow_redirects=False, trust_env=False) as client:
        if _status(client, url, ASK_SECONDS) is not None:
            raise UsageError(
                f"Something already answers at {url}.", hint="Stop it, or let the command listen elsewhere."
            )
        with started(command, environment=environment, folder=folder) as server:
            if server.problem:
                raise _not_run(server.problem)
            outcome, said = _came_up(client, url, server, begun + seconds)
    return TestRun(sha, outcome, round(perf_counter() - begun, 3), said)


def _came_up(client: httpx.Client, url: str, server: Started, latest: float) -> tuple[RunOutcome, str]:
    status: int | None = None
    while perf_counter() < latest:
        status = _status(client, url, min(ASK_SECONDS, latest - perf_counter()))
        if status is not None and status != STARTING_UP:
            return RunOutcome.GOOD if status < 400 else RunOutcome.BAD, f"{url} answers {status}"
        if (ended := server.ended()) is not None:
            if ended in NOT_FOUND:
                raise _not_run(_last(server.printed.text) or f"status {ended}")
            return RunOutcome.SKIP, _last(server.printed.text) or f"it ended with status {ended}"
        sleep(POLL_SECONDS)
    if status == STARTING_UP:
        return RunOutcome.BAD, f"{url} still answers {STARTING_UP}"
    return RunOutcome.SKIP, f"{url} did not answer in time"


def _status(client: httpx.Client, url: str, seconds: float) -> int | None:
    """The status of the answer; None without one within so long."""
    deadline = Deadline()
    try:
        with (
            deadline.within(seconds),
            client.stream("GET", url, timeout=max(seconds, 0.001), extensions=deadline.extensions) as answer,
        ):
            return answer.status_code
    except httpx.UnsupportedProtocol as problem:
        raise UsageError(
            f"{url} is not an address of HTTP.", hint="Write it as http://localhost:PORT/path."
        ) from problem
    except httpx.InvalidURL as problem:
        raise UsageError(
            "The address cannot be read.", hint="Write it as http://localhost:PORT/path."
        ) from problem
    except httpx.HTTPError:
        return None


def _last(printed: str) -> str:
    lines = printed.strip().splitlines()
    return lines[-1].strip()[:LONGEST_SAID] if lines else ""


def _not_run(why: str) -> CannotRunError:
    return CannotRunError(
        f"The command cannot be run: {why}",
        hint="Paths are those of the commit: name scripts outside it in full.",
    )
