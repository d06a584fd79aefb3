"""Drill clock: the time of a drill. It is stopped while the drill is paused, and then continues from there."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from lastgood.errors import UsageError
from lastgood.model.clock import Clock
from lastgood.workbench.whole_file import whole_file

FILE = "clock.json"


@dataclass(frozen=True, slots=True)
class Hands:
    """How a clock is set."""

    behind: float = 0.0  # seconds that it is behind the machine's, from all pauses that are over
    since: datetime | None = None  # since when it stands, by the machine's clock; None: it goes
    pauses: int = 0


@dataclass(frozen=True, slots=True)
class DrillClock:
    """The clock of the drill in a folder. Every call reads the file: other processes pause and resume it too."""

    folder: Path
    machine: Clock

    def __call__(self) -> datetime:
        """The time of the drill, in UTC."""
        hands = self.hands()
        return (hands.since or self.machine()) - timedelta(seconds=hands.behind)

    def going(self) -> datetime:
        """The time of the drill, for whoever records something.

        Raises:
            UsageError: it is stopped.
        """
        if self.hands().since is not None:
            raise UsageError("The clock of the drill is stopped.", hint="Continue: lastgood drill resume")
        return self()

    def pause(self) -> datetime:
        """The time at which it stands from now on, or already stood."""
        hands = self.hands()
        if hands.since is None:
            self._set(replace(hands, since=self.machine(), pauses=hands.pauses + 1))
        return self()

    def resume(self) -> timedelta:
        """How long it stood still; it goes on from now."""
        hands = self.hands()
        if hands.since is None:
            return timedelta()
        stood = self.machine() - hands.since
        self._set(replace(hands, since=None, behind=hands.behind + stood.total_seconds()))
        return stood

    def back_to(self, time: datetime) -> None:
        """Let it stand at a time that it has passed: no one was there since."""
        hands = self.hands()
        if hands.since is None and self() > time:
            since = time + timedelta(seconds=hands.behind)
            self._set(replace(hands, since=since, pauses=hands.pauses + 1))

    def hands(self) -> Hands:
        """How it is set.

        Raises:
            UsageError: the file was edited, and cannot be read.
        """
        file = self.folder / FILE
        try:
            return msgspec.json.decode(file.read_bytes(), type=Hands)
        except FileNotFoundError:
            return Hands()
        except (OSError, msgspec.MsgspecError) as problem:
            raise UsageError(f"{file} cannot be read: {problem}.", hint="Start the drill anew.") from problem

    def _set(self, hands: Hands) -> None:
        with whole_file(self.folder / FILE) as file:
            file.write(msgspec.json.encode(hands))
