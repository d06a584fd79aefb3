"""Where peers are, and settings: files that the platform keeps up to date while services run."""

import json
import os
import random
import socket
from pathlib import Path
from typing import Any


def address(peer: str) -> str:
    """One instance of another service, as a resolver answers: a deploy moves it.

    Raises:
        socket.gaierror: there is no such name.
    """
    known: dict[str, list[str]] = json.loads(Path(os.environ["ADDRESSES"]).read_text())
    if not known.get(peer):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return random.choice(known[peer])


def setting(name: str) -> Any:
    """A setting as it is now, so that a change needs no restart."""
    return json.loads(Path(os.environ["SETTINGS"]).read_text())[name]
