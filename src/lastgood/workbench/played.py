"""Played: which drills a person has played to their score. Only these come back in reviews: the others stay unspoilt."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from lastgood.config import data_home
from lastgood.errors import UsageError
from lastgood.model.drill import DrillScore, Played
from lastgood.workbench.whole_file import whole_file


def drills_home() -> Path:
    """Where own drills are, and what was played: a folder of this person's data."""
    return data_home() / "lastgood-drills"


def played() -> Mapping[str, Played]:
    """By the name of the drill.

    Raises:
        UsageError: what was saved cannot be read.
    """
    file = _file()
    if not file.is_file():
        return {}
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Played])
    except (OSError, msgspec.MsgspecError) as problem:
        raise UsageError(
            f"{file} cannot be read: {problem}.", hint="Move it away to start anew."
        ) from problem


def note_played(score: DrillScore, saw: tuple[str, ...], now: datetime) -> None:
    """Save that a drill was played; the best score of all runs stays.

    Raises:
        UsageError: what was saved before cannot be read.
        CannotRunError: it cannot be saved.
    """
    before = played()
    best = max(score.percent, before[score.drill].percent if score.drill in before else 0.0)
    drills_home().mkdir(parents=True, exist_ok=True)
    with whole_file(_file()) as saved:
        saved.write(msgspec.json.encode({**before, score.drill: Played(best, now, saw)}))


def _file() -> Path:
    return drills_home() / "played.json"
