"""What the record taught, in words and as JSON: each count with what it is of, and its interval."""

from collections.abc import Iterator
from typing import Any

from lastgood.model import figures
from lastgood.model.learning import Learning, ServiceMemory, Tried
from lastgood.surfaces.findings import plain_values
from lastgood.surfaces.wording import PLAIN
from lastgood.workbench.track_record import TrackRecord

MONTHLY = 60  # seconds: a trend of less in a month is not shown
FEW_INCIDENTS = 5


def learning_text(found: Learning, track: TrackRecord) -> str:
    """A part for each service, then the trends of all."""
    return "".join(f"{line}\n" for line in (*_lines(found), *_trends(track))).translate(PLAIN)


def learning_document(found: Learning, track: TrackRecord) -> dict[str, Any]:
    """The same as JSON values."""
    values: dict[str, Any] = plain_values(found)
    return {**values, "times": plain_values(track.whole)}


def _lines(found: Learning) -> Iterator[str]:
    yield f"{figures.counted(found.incidents, 'incident')} on record"
    for one in found.services:
        yield ""
        yield f"{one.service or 'no service named'}: {figures.counted(len(one.incidents), 'incident')} ({_numbers(one)})"
        yield from _rows("RECURS", one.classes, "incidents with a failure class")
        yield from _rows("FIXED BY", one.fixes, "measured actions")
        yield from _rows("ALERTS", one.alerts, "with confirmed impact")
        if one.unconfirmed.true:
            yield from _rows("NOISE", (one.unconfirmed,), "ended incidents")
        yield from _rows("SUSPECTS", one.suspects, "ruled out")
        for text in one.open_follow_ups:
            yield f"  OPEN      {text}"
        if len(one.incidents) < FEW_INCIDENTS:
            yield "  few incidents: the intervals are wide"


def _rows(title: str, found: tuple[Tried, ...], what: str) -> Iterator[str]:
    for one in found:
        share = f"{figures.percent(one.low)} to {figures.percent(one.high)}"
        yield f"  {title:<9} {one.name.replace('_', ' ')}: {one.true} of {one.of} {what} ({share})"
        title = ""


def _numbers(one: ServiceMemory) -> str:
    return ", ".join(f"#{number}" for number in one.incidents[-10:])


def _trends(track: TrackRecord) -> Iterator[str]:
    for spread in track.whole.spreads:
        trend = spread.trend
        if trend is None or trend.low is None or trend.high is None:
            continue
        ends = " to ".join(_signed(value) for value in (trend.low, trend.high))
        yield f"TREND     {spread.lapse.name}: {_signed(trend.slope)} a month ({ends}), of {spread.known}"
    if track.whole.incidents and all(spread.trend is None for spread in track.whole.spreads):
        yield "TREND     too few incidents: a trend takes ten with a known duration"


def _signed(seconds: float) -> str:
    if abs(seconds) < MONTHLY:
        return "0 min"
    return f"{'+' if seconds > 0 else '-'}{figures.duration(abs(seconds))}"
