"""What came of asking a team's own systems for a window."""

import re
from dataclasses import dataclass

from lastgood.model.window import Window

_ADDRESS = re.compile(r"https?:/{1,2}")


@dataclass(frozen=True, slots=True)
class Asked:
    """One system: what it gave, and what is missing."""

    kind: str
    place: str  # its address without secrets, or what kubectl was asked for
    files: tuple[str, ...]  # under the folder
    requests: int
    seconds: float
    limits: tuple[str, ...] = ()  # what was cut off or left out
    problem: str = ""  # why it gave nothing, or stopped


@dataclass(frozen=True, slots=True)
class Fetched:
    """The folder with all answers of one window."""

    name: str  # of the source in the settings, or an address
    window: Window
    folder: str  # its path
    asked: tuple[Asked, ...]
    again: bool = False  # it was there already, and nothing was asked

    @property
    def missing(self) -> tuple[str, ...]:
        """What an answer from this folder cannot know, as sentences for the card."""
        return tuple(
            f"{one.kind}: {sentence}"
            for one in self.asked
            for sentence in (*((one.problem,) if one.problem else ()), *one.limits)
        )


def is_address(text: str) -> bool:
    """Whether it is a URL; also one that went through a path and lost a slash."""
    return bool(_ADDRESS.match(text))


def plain(name: str) -> str:
    """A name in letters that any file system takes, and without a way out of its folder."""
    return "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in name)
