"""Programs that are run because they know how to reach a system: only their read-only commands, never through a shell of this machine."""

import subprocess
from collections.abc import Sequence

from lastgood.algorithms.secrets import without_secrets
from lastgood.errors import NotFetchedError

PROGRAM_SECONDS = 25.0
_REPORTED = 200  # characters of what a program says when it fails


def printed(
    command: Sequence[str], *, shown: str = "", seconds: float = PROGRAM_SECONDS, both: bool = False
) -> bytes:
    """What a command prints; with `both` what it prints as errors too, in its place.

    Raises:
        NotFetchedError: it is not there, has no answer in time, or ends with an error; `shown` says which command in words.
    """
    errors = subprocess.STDOUT if both else subprocess.PIPE
    try:
        ended = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            stdin=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError as problem:
        raise NotFetchedError(f"There is no {command[0]} here.") from problem
    except subprocess.TimeoutExpired as problem:
        raise NotFetchedError(f"{command[0]} gave no answer within {seconds:g} s.") from problem
    if ended.returncode:
        said = (ended.stdout if both else ended.stderr).decode("utf-8", "replace")
        raise NotFetchedError(f"{shown or command[0]}: {without_secrets(' '.join(said.split())[:_REPORTED])}")
    return ended.stdout
