"""Plots: a series as a small SVG, with its usual band, the onset, the bad stretch and the changes as marks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from markupsafe import Markup, escape

from lastgood.model import figures
from lastgood.model.evidence import Series

WIDTH, HEIGHT = 760, 100
ROOM = 1.3  # of the largest value: the line stays below the number at the top of the axis
TICKS = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """A change on the time axis."""

    at: datetime
    label: str
    title: str
    hot: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is known of the trouble, to be drawn behind the line."""

    low: datetime | None = None  # the interval that holds the onset
    high: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """What is read and marked on a chart by pointer and keys: one value in words for each bucket."""

    start: str  # of the axis
    end: str
    first: str  # bucket
    step: float  # seconds
    values: tuple[str, ...]
    bars: bool = False  # a value is of a whole bucket, and drawn as wide


@dataclass(frozen=True, slots=True)
class Plot:
    """One chart as the page shows it."""

    name: str
    now: str
    word: str
    of: str  # what the values are of
    base: str  # `baseline 0.1 %`
    top: str
    svg: Markup
    cursor: Cursor
    badges: tuple[tuple[str, int, bool], ...]  # number, percent along the axis, whether it is likely
    ticks: tuple[str, ...]
    up: bool


def plot(name: str, series: Series, stretch: Stretch, marks: Sequence[Mark], *, up: bool, word: str) -> Plot:
    """A series drawn; its numbers are of the time before and since the onset."""
    usual, since = _parts(series, stretch)
    known = [value for value in series.values if value is not None]
    top = max([*known, 1e-9]) * ROOM
    return Plot(
        name,
        _worded(_middle(since or usual), series.unit) if known else "",
        word,
        _of(series),
        f"baseline {_worded(_middle(usual), series.unit)}" if usual else "",
        _worded(top, series.unit),
        _svg(series, stretch, marks, usual, top),
        _cursor(series),
        tuple(_badges(series, marks)),
        _ticks(series),
        up,
    )


def _cursor(series: Series) -> Cursor:
    first, last = series.times[0], series.times[-1]
    values = ("no data" if value is None else _worded(value, series.unit) for value in series.values)
    step = (last - first).total_seconds() / max(len(series.times) - 1, 1)
    return Cursor(figures.stamp(first), figures.stamp(last), figures.stamp(first), step, tuple(values))


def spark(before: Sequence[int], since: Sequence[int]) -> Markup:
    """Counts as small bars, those since the onset behind a line; nothing where there are none."""
    if not (before and since):
        return Markup()
    top = max(*before, *since, 1)
    bars = [
        f'<rect class="{("before", "since")[place >= len(before)]}" x="{place * 2}" y="{_n(18 - 18 * n / top)}" width="1.5" height="{_n(18 * n / top)}"/>'
        for place, n in enumerate((*before, *since))
        if n
    ]
    label = f"{sum(before)} before the onset, {sum(since)} since"
    return Markup(  # noqa: S704 - numbers of ours
        f'<svg class="spark" viewBox="0 0 {2 * (len(before) + len(since))} 18" preserveAspectRatio="none" role="img" aria-label="{label}">'
        f'{"".join(bars)}<path class="m" d="M{2 * len(before) - 0.25} 18V0"/></svg>'
    )


def _of(series: Series) -> str:
    """What the values are of, short: `of all requests`, `p95`, `requests`."""
    what = series.title.partition(": ")[2] or series.title
    return what.replace("failing share of", "of all").removesuffix(" a second").partition(" of ")[0]


def _parts(series: Series, stretch: Stretch) -> tuple[list[float], list[float]]:
    """The known values before the onset, and those from when it had surely begun to its end."""
    before, since = list[float](), list[float]()
    for time, value in zip(series.times, series.values, strict=True):
        if value is None:
            continue
        if stretch.low is None or stretch.high is None or time < stretch.low:
            before.append(value)
        elif time >= stretch.high and (stretch.ended is None or time <= stretch.ended):
            since.append(value)
    return before, since


def _middle(values: list[float]) -> float:
    return sum(values) / len(values)


def _worded(value: float, unit: str) -> str:
    match unit:
        case "share":
            return figures.percent(min(value, 1.0))
        case "ms":
            return figures.duration(value / 1e3)
        case "1/s":
            return f"{figures.amount(value, digits=2)}{figures.NBSP}/s"
        case _:
            return figures.amount(value, unit)


def _badges(series: Series, marks: Sequence[Mark]) -> Iterator[tuple[str, int, bool]]:
    for mark in marks:
        along = shown_at(series, mark.at)
        if along is not None:
            yield mark.label, round(along), mark.hot


def _ticks(series: Series) -> tuple[str, ...]:
    start, length = series.times[0], series.times[-1] - series.times[0]
    return tuple(f"{start + length * part / TICKS:%H:%M}" for part in range(TICKS + 1))


def _svg(series: Series, stretch: Stretch, marks: Sequence[Mark], usual: list[float], top: float) -> Markup:
    start = series.times[0]
    length = max((series.times[-1] - start).total_seconds(), 1.0)

    def x(time: datetime) -> float:
        return max(0.0, min(1.0, (time - start).total_seconds() / length)) * WIDTH

    def y(value: float) -> float:
        return HEIGHT - min(value / top, 1.0) * HEIGHT

    parts = list[str]()
    if usual:
        low, high = _band(usual)
        parts.append(_rect("usual", 0, WIDTH, y(high), max(y(low) - y(high), 1.0)))
    if stretch.low is not None and stretch.high is not None:
        end = x(stretch.ended or series.times[-1])
        parts.append(_rect("badwin", x(stretch.high), max(end - x(stretch.high), 0.0), 0, HEIGHT))
        parts.append(_rect("onset", x(stretch.low), max(x(stretch.high) - x(stretch.low), 3.0), 0, HEIGHT))
    parts += [_change(mark, x(mark.at)) for mark in marks if start <= mark.at <= series.times[-1]]
    for known, points in groupby(
        zip(series.times, series.values, strict=True), key=lambda p: p[1] is not None
    ):
        if known:
            drawn = [f"{_n(x(time))},{_n(y(value))}" for time, value in points if value is not None]
            parts.append(f'<polyline class="l" points="{" ".join(drawn)}"/>')
    label = escape(f"{series.title}, from {start:%H:%M} to {series.times[-1]:%H:%M} UTC")
    return Markup(  # noqa: S704 - numbers of ours, texts escaped
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg>"
    )


def _band(values: list[float]) -> tuple[float, float]:
    """Where nine of ten usual values lie."""
    ordered = sorted(values)
    edge = len(ordered) // 20
    return ordered[edge], ordered[-1 - edge]


def _rect(kind: str, x: float, width: float, y: float, height: float) -> str:
    return f'<rect class="{kind}" x="{_n(x)}" width="{_n(width)}" y="{_n(y)}" height="{_n(height)}"/>'


def _change(mark: Mark, x: float) -> str:
    hot = " hot" if mark.hot else ""
    top = 0 if mark.hot else 62
    return f'<path class="m{hot}" d="M{_n(x)} {HEIGHT}V{top}"><title>{escape(mark.title)}</title></path>'


def _n(value: float) -> str:
    return str(round(value, 1))


def shown_at(series: Series, time: datetime) -> float | None:
    """How far along the axis a time is, in percent; None outside."""
    start, length = series.times[0], series.times[-1] - series.times[0]
    if not start <= time <= series.times[-1] or length <= timedelta(0):
        return None
    return 100 * (time - start) / length
