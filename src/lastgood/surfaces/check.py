"""What is wrong in lastgood.toml, in words and as JSON."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lastgood.surfaces.wording import PLAIN
from lastgood.workbench.check import ConfigFlaw


def check_text(path: Path, flaws: Sequence[ConfigFlaw]) -> str:
    """A line for each flaw; one line where there is none."""
    if not flaws:
        return f"{path}: fine\n"
    return "".join(
        f"{path}: {'error' if one.fatal else 'warning'}: {one.where}: {one.problem}\n" for one in flaws
    ).translate(PLAIN)


def check_document(path: Path, flaws: Sequence[ConfigFlaw]) -> dict[str, Any]:
    """The same as JSON values."""
    listed = [{"where": one.where, "problem": one.problem, "fatal": one.fatal} for one in flaws]
    return {"file": str(path), "usable": not check_exit(flaws), "flaws": listed}


def check_exit(flaws: Sequence[ConfigFlaw]) -> int:
    """1 where one is an error."""
    return int(any(one.fatal for one in flaws))
