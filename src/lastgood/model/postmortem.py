"""Postmortem: what people add to it, and how it ends. Everything else of it is folded from the record."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Part(StrEnum):
    """The parts that people write."""

    SUMMARY = "summary"
    IMPACT = "impact"
    MECHANISM = "mechanism"
    WENT_WELL = "went-well"
    COULD_BE_BETTER = "could-be-better"
    LUCKY = "lucky"
    LESSONS = "lessons"
    AGAIN = "again"  # could it happen again next month?


@dataclass(frozen=True, slots=True)
class Written:
    """A part in a person's words, in the place of what was there; nothing where there are no words."""

    kind: ClassVar[str] = "written"
    part: Part
    text: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The postmortem as it then was is what the team has to say."""

    kind: ClassVar[str] = "accepted"
    document: str  # hash of it as Markdown


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing more is to be found out; the follow-ups go on."""

    kind: ClassVar[str] = "closed"
    because: str
    without_postmortem: bool = False  # where one is required: a person decided so, and says why
