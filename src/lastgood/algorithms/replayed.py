"""Replayed: which stretch of recorded telemetry plays when a drill is an own incident.

Up to the page it plays as it was. From then on the time in which the fault lasted repeats, until the right action works;
then the time after the recovery repeats, or the time before the fault where too little was recorded after it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lastgood.model.drill import Course
from lastgood.model.window import Window

SHORTEST_LAP = timedelta(minutes=5)  # of the fault, and of the time after it, while both are that long


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the recording, how far it is moved to the player's clock, and how often something was played before."""

    source: Window
    shift: timedelta
    lap: int  # 0 up to the page, 1 the first time of the fault; more for what repeats


def pieces(
    course: Course, paged_at: datetime, since: datetime | None, until: datetime, fixed: datetime | None
) -> Iterator[Piece]:
    """What plays from a time (the start, where none is given) until another, by the player's clock.

    `fixed` is when the right action works; None while it was not taken.
    """
    begin = since or paged_at - (course.page - course.start)
    for lap, (start, source) in enumerate(_laps(course, paged_at, fixed)):
        if start >= until:
            return
        low, high = max(start, begin), min(start + source.length, until)
        if low < high:
            shift = start - source.start
            yield Piece(Window(low - shift, high - shift), shift, lap)


def _laps(course: Course, paged_at: datetime, fixed: datetime | None) -> Iterator[tuple[datetime, Window]]:
    yield paged_at - (course.page - course.start), Window(course.start, course.page)
    at, source = paged_at, Window(course.page, course.turned)
    while fixed is None or at < fixed:
        length = source.length if fixed is None else min(source.length, fixed - at)
        yield at, Window(source.start, source.start + length)
        at += length
        source = Window(max(course.onset, min(course.page, course.turned - SHORTEST_LAP)), course.turned)
    after = Window(course.back, course.end) if course.end - course.back >= SHORTEST_LAP else None
    well = after or Window(course.start, course.onset)
    while True:
        yield at, well
        at += well.length
