"""Charts of the sitrep: evidence over time with the onset and the changes, as Vega-Lite and as SVG."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from lastgood.model import figures
from lastgood.model.answers import ChangeVerdict
from lastgood.model.evidence import Series
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces import weighed

MOST = 6
WIDTH, HEIGHT = 460, 130
MOST_MARKS, ROWS, ROW_HEIGHT = 8, 6, 14  # of each kind; of labels above a drawing; in pixels
CHARACTER, LONGEST = 7.5, 24  # pixels of a wide character at the size of labels; characters
LINE, BAD, CHANGE, MOMENT = "#3b82c4", "#d9534f", "#b7791f", "#2f855a"  # clear on white and on black


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawn series: its title, what it shows in words, and the drawing."""

    title: str
    description: str
    svg: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What a chart shows besides its series: the onset with its interval, the bad stretch, changes and moments."""

    onset: datetime | None = None
    low: datetime | None = None
    high: datetime | None = None
    ended: datetime | None = None
    changes: tuple[tuple[datetime, str], ...] = ()  # with the label of each
    moments: tuple[tuple[datetime, str], ...] = ()


def charts_of(sitrep: Sitrep, pulse: tuple[Series, ...] = ()) -> tuple[Chart, ...]:
    """The pulse and the series that the findings rest on, drawn; each title once."""
    series = {one.title: one for one in (*pulse, *_series(sitrep))}
    marks = marks_of(sitrep)
    return tuple(drawn(one, marks) for one in list(series.values())[:MOST])


def marks_of(sitrep: Sitrep) -> Marks:
    """What the charts of a sitrep show besides their series."""
    ranked = weighed.ranked(sitrep.changes) if sitrep.changes else ()
    changes = tuple(
        (change.at, str(place))
        for place, change in enumerate(ranked, 1)
        if change.verdict is not ChangeVerdict.RULED_OUT
    )
    onset = sitrep.began
    if onset is None:
        return Marks(changes=changes)
    return Marks(onset.at, onset.low, onset.high, onset.ended, changes)


def specification(series: Series, marks: Marks) -> dict[str, Any]:
    """The Vega-Lite specification of a series, with the onset's interval and the changes in its time."""
    start, end = series.times[0], series.times[-1]
    layers: list[dict[str, Any]] = []
    layers += _onset_layers(marks, start, end)
    labels = placed(marks, start, end)
    layers += [
        _ruled([one for one in labels if one.color == color], start, end) for color in (CHANGE, MOMENT)
    ]
    points = [
        {"t": _millis(time), "v": value} for time, value in zip(series.times, series.values, strict=True)
    ]
    layers.append(
        {
            "data": {"values": points},
            "mark": {"type": "line", "color": LINE, "strokeWidth": 1.8, "interpolate": "step-after"},
            "encoding": {
                "x": {
                    "field": "t",
                    "type": "temporal",
                    # As wide as the series: labels are placed by it.
                    "scale": {"type": "utc", "nice": False, "domain": [_millis(start), _millis(end)]},
                    "axis": _time_axis(start, end),
                },
                "y": {"field": "v", "type": "quantitative", "axis": _value_axis(series)},
            },
        }
    )
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": HEIGHT,
        "background": "transparent",
        "layer": [layer for layer in layers if layer],
        "config": _config(),
    }


def _series(sitrep: Sitrep) -> Iterator[Series]:
    for finding in sitrep.findings:
        for evidence in finding.evidence:
            if isinstance(evidence, Series) and sum(v is not None for v in evidence.values) > 1:
                yield evidence


def drawn(series: Series, marks: Marks) -> Chart:
    """A series with its marks."""
    import vl_convert  # noqa: PLC0415 - starts a JavaScript engine: half a second that only HTML pays

    svg = vl_convert.vegalite_to_svg(json.dumps(specification(series, marks)))
    return Chart(series.title, _description(series, marks), svg)


def _description(series: Series, marks: Marks) -> str:
    """What the drawing shows, for a person who does not see it."""
    known = [
        (value, time) for value, time in zip(series.values, series.times, strict=True) if value is not None
    ]
    low, high = min(known, key=itemgetter(0)), max(known, key=itemgetter(0))
    share, near = _is_share(series), series.times[-1]
    text = (
        f"from {_value(low[0], series.unit, share=share)} at {figures.clock(low[1], near)} "
        f"to {_value(high[0], series.unit, share=share)} at {figures.clock(high[1], near)} UTC"
    )
    return f"{text}; onset {figures.clock(marks.onset, near)}" if marks.onset else text


def _value(value: float, unit: str, *, share: bool) -> str:
    if share:
        return figures.percent(value)
    return figures.amount(value, unit).strip()


def _is_share(series: Series) -> bool:
    return series.unit in {"share", "1"} and max(v for v in series.values if v is not None) <= 1


def _onset_layers(marks: Marks, start: datetime, end: datetime) -> Iterator[dict[str, Any]]:
    if marks.onset is None or not start <= marks.onset <= end:
        return
    low, high = marks.low or marks.onset, marks.high or marks.onset
    interval = [{"a": _millis(max(low, start)), "b": _millis(min(high, end))}]
    bad = [{"a": _millis(marks.onset), "b": _millis(min(marks.ended or end, end))}]
    for values, opacity in ((bad, 0.08), (interval, 0.3)):
        yield {
            "data": {"values": values},
            "mark": {"type": "rect", "color": BAD, "opacity": opacity},
            "encoding": {"x": _x("a"), "x2": {"field": "b"}},
        }
    yield {
        "data": {"values": [{"a": _millis(marks.onset)}]},
        "mark": {"type": "rule", "color": BAD, "strokeWidth": 1.4},
        "encoding": {"x": _x("a")},
    }


@dataclass(frozen=True, slots=True)
class Label:
    """The label of a mark: its text, where the mark is, and where the text is, in pixels from the left; row 0 is lowest."""

    at: datetime
    text: str
    color: str
    left: float
    width: float
    row: int


def placed(marks: Marks, start: datetime, end: datetime) -> list[Label]:
    """The labels of marks between two times, none over another or beyond an edge: in rows above the drawing.

    Long ones are shortened, and those for which no row is left are only lines; the text beside a chart has all.
    """
    marked = [(at, label, CHANGE) for at, label in marks.changes if start <= at <= end][:MOST_MARKS]
    marked += [(at, label, MOMENT) for at, label in marks.moments if start <= at <= end][:MOST_MARKS]
    filled: list[float] = []  # where each row ends
    labels = []
    for at, label, color in sorted(marked):
        text = label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"
        width = len(text) * CHARACTER
        middle = WIDTH * ((at - start) / (end - start))
        left = min(max(0.0, middle - width / 2), max(0.0, WIDTH - width))
        row = next((n for n, taken in enumerate(filled) if taken <= left), len(filled))
        filled[row : row + 1] = [left + width + CHARACTER]
        labels.append(Label(at, text if row < ROWS else "", color, left, width, row))
    return labels


def _ruled(labels: list[Label], start: datetime, end: datetime) -> dict[str, Any]:
    """Dashed lines with their labels, row by row from the top of the drawing upwards."""
    if not labels:
        return {}
    across = _millis(end) - _millis(start)
    values = [
        {
            "a": _millis(one.at),
            "b": _millis(start) + across * (one.left + one.width / 2) / WIDTH,
            "label": one.text,
            "row": one.row,
        }
        for one in labels
    ]
    color = labels[0].color
    texts = [
        {
            "transform": [{"filter": f"datum.row == {row} && datum.label != ''"}],
            "mark": {"type": "text", "color": color, "y": -6 - ROW_HEIGHT * row, "fontSize": 12},
            "encoding": {"x": _x("b"), "text": {"field": "label"}},
        }
        for row in sorted({one.row for one in labels})
    ]
    rule = {"mark": {"type": "rule", "color": color, "strokeDash": [4, 3]}, "encoding": {"x": _x("a")}}
    return {"data": {"values": values}, "layer": [rule, *texts]}


def _x(name: str) -> dict[str, Any]:
    return {"field": name, "type": "temporal", "scale": {"type": "utc"}}


def _time_axis(start: datetime, end: datetime) -> dict[str, Any]:
    days = (end - start).total_seconds() > 36 * 3600
    return {"title": None, "format": "%d %b" if days else "%H:%M", "tickCount": 6, "labelOverlap": True}


def _value_axis(series: Series) -> dict[str, Any]:
    return {"title": None, "tickCount": 4, "format": "~%" if _is_share(series) else "~s"}


def _config() -> dict[str, Any]:
    # The page's own colour, so that one drawing reads in the light and in the dark.
    return {
        "view": {"stroke": None},
        "axis": {
            "labelColor": "currentColor", "tickColor": "currentColor", "domainColor": "currentColor",
            "gridColor": "currentColor", "gridOpacity": 0.12, "domainOpacity": 0.4, "tickOpacity": 0.4, "labelFontSize": 12,
        },
        "font": "sans-serif",
    }  # fmt: skip


def _millis(time: datetime) -> int:
    return round(time.timestamp() * 1000)
