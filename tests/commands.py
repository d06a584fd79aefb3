"""The command line as a process of its own, with a kept store of its own."""

import os
import subprocess
import sys
from pathlib import Path


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
    command = [sys.executable, "-m", "lastgood", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=120)
