"""What the record taught, in words and as JSON: each count with what it is of, and its interval."""

from collections.abc import Iterator
from typing import Any

from lastgood.model import figures
from lastgood.model.learning import SMALL_SAMPLE, Case, Learning, ServiceMemory, Tried
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
    for case in found.cases:
        yield ""
        yield from case_lines(case)
    for one in found.services:
        yield ""
        yield f"{one.service or 'no service named'}: {figures.counted(len(one.incidents), 'incident')} ({_numbers(one)})"
        recurs = any(each.true > 1 for each in one.classes)
        yield from _rows("RECURS" if recurs else "CLASS", one.classes, "incidents with a failure class")
        yield from _rows("FIXED BY", one.fixes, "measured actions")
        yield from _rows("ALERTS", one.alerts, "with confirmed impact")
        if one.unconfirmed.true:
            yield from _rows("NOISE", (one.unconfirmed,), "ended incidents")
        yield from _rows("SUSPECTS", one.suspects, "ruled out")
        for text in one.open_follow_ups:
            yield f"  OPEN      {text}"
        if len(one.incidents) <= SMALL_SAMPLE:
            yield "  small sample: it shows what happened, not what is usual"
        elif len(one.incidents) < FEW_INCIDENTS:
            yield "  few incidents: the intervals are wide"


def case_lines(one: Case) -> Iterator[str]:
    """An incident as it was: what it was, how long it took, what was done, and what was promised."""
    incident = one.incident
    about = (
        incident.severity or "severity not set",
        incident.service or "service not known",
        incident.failure_class.replace("_", " ") or "class not known",
    )
    yield f"#{incident.number} {incident.title} · {' · '.join(about)}"
    times = [
        f"{name} {figures.duration(seconds) if seconds is not None else 'not known'}"
        for name, seconds in (("detected after", incident.detect), ("mitigated after", incident.mitigate))
    ]
    yield f"  TIMES     {', '.join(times)}"
    yield f"  FIXED BY  {', '.join(incident.fixed_by) or 'no action was measured to end it'}"
    for title, actions in (("IN VAIN", one.in_vain), ("TAKEN", one.unmeasured)):
        if actions:
            yield f"  {title:<9} {', '.join(actions)}{', not measured' if title == 'TAKEN' else ''}"
    yield f"  RESOLVED  {one.because or 'not yet'}"
    for title, text in zip(
        ("PROMISED", *[""] * len(one.follow_ups)), one.follow_ups or ("no follow-up",), strict=False
    ):
        yield f"  {title:<9} {text}"


def _rows(title: str, found: tuple[Tried, ...], what: str) -> Iterator[str]:
    for one in found:
        yield f"  {title:<9} {one.name.replace('_', ' ')}: {one.true} of {one.of} {what} ({interval(one)})"
        title = ""


def interval(one: Tried) -> str:
    """`20 % to 94 %`, the interval of its share; of one or two there is none."""
    if one.of <= SMALL_SAMPLE:
        return "too few for a share"
    return f"{figures.percent(one.low)} to {figures.percent(one.high)}"


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
