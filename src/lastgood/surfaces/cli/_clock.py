"""The clock of a command: the machine's, or in a drill its own, which is stopped while the drill is paused."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lastgood.model.clock import system_clock

if TYPE_CHECKING:
    from lastgood.workbench.drill_clock import DrillClock


def now() -> datetime:
    """The time, in UTC."""
    drill = drill_clock()
    return drill() if drill else system_clock()


def recording() -> datetime:
    """The time of what is recorded now.

    Raises:
        UsageError: the clock of a drill is stopped.
    """
    drill = drill_clock()
    return drill.going() if drill else system_clock()


def drill_clock(folder: Path | None = None) -> "DrillClock | None":
    """The clock of the drill in a folder, else of the one whose store and record the environment names."""
    from lastgood.config import drill_folder

    found = folder or drill_folder()
    if found is None:
        return None  # a real incident is never dated by a drill
    from lastgood.workbench.drill_clock import DrillClock

    return DrillClock(found.absolute(), system_clock)
