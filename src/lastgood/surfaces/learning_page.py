"""A month's learning as a page: what happened, what came back, what fixed it, what was noise, and what was left undone."""

from collections.abc import Iterator

from lastgood.model import figures
from lastgood.model.learning import SMALL_SAMPLE, Learning, Month, ServiceMemory, Tried
from lastgood.surfaces.learning import case_lines, interval
from lastgood.surfaces.postmortem.document import Block, Bullets, Chapter, Document, Grid, Paragraph
from lastgood.surfaces.postmortem.html import drawn_page
from lastgood.surfaces.postmortem.sentences import LAPSES
from lastgood.workbench.track_record import Spread, TrackRecord

UNKNOWN = "not known"


def learning_html(month: Month, found: Learning, track: TrackRecord) -> str:
    """One HTML file that needs nothing else."""
    return drawn_page(learning_paper(month, found, track))


def learning_paper(month: Month, found: Learning, track: TrackRecord) -> Document:
    """The document: each count with what it is of, and its interval."""
    return Document(
        f"Learning {month.name}",
        {"schema": "lastgood.learning/1", "month": month.name},
        (("Incidents this month", figures.count(len(month.incidents))), ("Incidents on record", figures.count(found.incidents))),
        (
            *([Chapter("On record", tuple(_cases(found)))] if found.cases else []),
            Chapter("This month", tuple(_incidents(month))),
            Chapter("Noise last time", tuple(_noise(month, found))),
            Chapter("What fixed it", tuple(_tried([(one, one.fixes) for one in found.services], "measured actions"))),
            Chapter("What came back", tuple(_recurring(month))),
            Chapter("Time to detect and to mitigate", tuple(_trends(track))),
            Chapter("Left undone before the last incidents", tuple(_undone(month))),
        ),
    )  # fmt: skip


def _cases(found: Learning) -> Iterator[Block]:
    """Each incident as it was, where there are too few to compare."""
    yield Paragraph("Small sample: it shows what happened, not what is usual.", quiet=True)
    for one in found.cases:
        title, *lines = case_lines(one)
        yield Paragraph(title)
        yield Bullets(tuple(f"{line[2:12].strip().capitalize() or 'Also'}: {line[12:]}" for line in lines))


def _incidents(month: Month) -> Iterator[Block]:
    rows = tuple(
        (
            f"#{one.number}", one.title, one.severity or "not set", one.service or UNKNOWN, _class(one.failure_class),
            _duration(one.detect), _duration(one.mitigate), ", ".join(one.fixed_by) or UNKNOWN,
        )
        for one in month.incidents
    )  # fmt: skip
    columns = (
        "",
        "Title",
        "Severity",
        "Service",
        "Class",
        "Detected after",
        "Mitigated after",
        "Fixed by, as measured",
    )
    yield Grid(columns, rows) if rows else Paragraph("No incident was opened.", quiet=True)


def _noise(month: Month, found: Learning) -> Iterator[Block]:
    quiet = tuple(
        f"#{one.number} {one.title}: no impact was confirmed{f'; first alert {one.alert}' if one.alert else ''}"
        for one in month.incidents
        if one.over and not one.confirmed
    )
    if quiet:
        yield Bullets(quiet)
    yield from _tried([(one, one.alerts) for one in found.services], "with confirmed impact")


def _tried(of: list[tuple[ServiceMemory, tuple[Tried, ...]]], what: str) -> Iterator[Block]:
    rows = tuple(
        (
            service.service or "no service named",
            one.name.replace("_", " "),
            f"{one.true} of {one.of} {what}",
            interval(one),
        )
        for service, found in of
        for one in found
    )
    yield (
        Grid(("Service", "What", "Counted", "95 % interval"), rows)
        if rows
        else Paragraph("Nothing is on record.", quiet=True)
    )


def _recurring(month: Month) -> Iterator[Block]:
    rows = tuple(
        (
            one.service,
            _class(one.failure_class),
            figures.count(len(one.incidents)),
            ", ".join(f"#{number}" for number in one.incidents),
        )
        for one in month.recurring
    )
    yield (
        Grid(("Service", "Class", "Times", "Incidents"), rows)
        if rows
        else Paragraph("No class came back at the same service.", quiet=True)
    )


def _trends(track: TrackRecord) -> Iterator[Block]:
    rows = tuple((LAPSES[one.lapse], *_spread(one)) for one in track.whole.spreads)
    yield Grid(("", "Incidents", "Median", "Trend a month", "95 % interval"), rows)
    months = tuple(
        (one.name, figures.count(one.incidents), *map(_median, one.spreads)) for one in track.months
    )
    if months:
        columns = ("Month", "Incidents", *(f"Median {LAPSES[one.lapse]}" for one in track.whole.spreads))
        yield Grid(columns, months)
    if all(one.trend is None for one in track.whole.spreads):
        yield Paragraph("Too few incidents: a trend takes ten with a known duration.", quiet=True)


def _spread(one: Spread) -> tuple[str, str, str, str]:
    trend = one.trend
    if trend is None or trend.low is None or trend.high is None:
        return figures.count(one.known), _median(one), UNKNOWN, UNKNOWN
    between = f"{_signed(trend.low)} to {_signed(trend.high)}"
    return figures.count(one.known), _median(one), _signed(trend.slope), between


def _median(one: Spread) -> str:
    """Of one or two incidents there is none; each is shown by itself."""
    return "too few" if 0 < one.known <= SMALL_SAMPLE else _duration(one.median)


def _undone(month: Month) -> Iterator[Block]:
    asked = ", ".join(f"#{number}" for number in month.looked_at)
    yield Paragraph(
        f"Follow-ups that were open when an incident of the same class and service happened again; looked at: {asked or 'none'}.",
        quiet=True,
    )
    again: dict[tuple[str, str, str], list[str]] = {}
    for one in month.undone:
        row = f"{one.follow_up} {one.text}", f"would {one.type} it", f"#{one.since}"
        again.setdefault(row, []).append(f"#{one.incident}")
    rows = tuple((*row, ", ".join(numbers)) for row, numbers in again.items())
    yield (
        Grid(("Open follow-up", "Meant to", "From", "Before"), rows)
        if rows
        else Paragraph("None.", quiet=True)
    )


def _class(name: str) -> str:
    return name.replace("_", " ") or UNKNOWN


def _duration(seconds: float | None) -> str:
    return figures.duration(seconds) if seconds is not None else UNKNOWN


def _signed(seconds: float) -> str:
    return f"{'+' if seconds > 0 else '-' if seconds < 0 else ''}{figures.duration(abs(seconds))}"
