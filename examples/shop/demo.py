"""`make demo`: the shop's incident, made as files and triaged."""

import shutil
import subprocess
import sys
from pathlib import Path

from examples.shop.files import write
from scenario_language.grammar import parse
from scenario_language.world import make

INCIDENT = Path(__file__).with_name("incident.txt")
FOLDER = Path("build") / "shop"


def generate(folder: Path) -> None:
    """The files of the incident, the same on every run."""
    write(make(parse(INCIDENT)), folder)


def command() -> list[str]:
    """The triage of those files, as it was on that afternoon."""
    end = parse(INCIDENT).whole.end
    return ["lastgood", "triage", str(FOLDER), "--now", f"{end:%Y-%m-%dT%H:%MZ}"]


def main() -> int:
    """0 when the triage could answer: that something is wrong is what it is meant to find."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    generate(FOLDER)
    print(f"$ {' '.join(command())}", flush=True)
    status = subprocess.run([sys.executable, "-m", *command()], check=False).returncode
    return 0 if status == 1 else status


if __name__ == "__main__":
    sys.exit(main())
