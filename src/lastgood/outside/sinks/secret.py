"""Secrets of sinks: settings name the variable or the file that holds one; they are read when they are needed."""

import os
from pathlib import Path

from lastgood.outside.sinks.failure import NotSentError

OF_FILE = "file:"


def secret(setting: str) -> str:
    """What `$NAME` of the environment or `file:/path` holds; empty for an empty setting.

    Raises:
        NotSentError: there is nothing in it; says where it should be.
    """
    if setting.startswith("$"):
        held = os.environ.get(setting[1:], "")
        problem = f"the environment variable {setting[1:]} is not set"
    elif setting.startswith(OF_FILE) and not setting.startswith(f"{OF_FILE}//"):  # an address is none
        held, problem = (
            _of_file(Path(setting.removeprefix(OF_FILE))),
            f"{setting} cannot be read, or is empty",
        )
    else:
        return setting
    held = held.strip()
    if not held:
        raise NotSentError(problem)
    if not held.isascii() or not held.isprintable():
        raise NotSentError(f"what {setting} holds cannot be sent: it has characters that no key has")
    return held


def _of_file(path: Path) -> str:
    try:
        return path.expanduser().read_text("utf-8")
    except (OSError, UnicodeDecodeError, RuntimeError):  # RuntimeError: ~ without a home
        return ""
