"""A series as a small SVG."""

import xml.etree.ElementTree as ET
from datetime import timedelta

from lastgood.model.evidence import Provenance, Series
from lastgood.model.window import Window
from lastgood.surfaces.web.plots import Mark, Stretch, plot, shown_at, spark
from records import START

MINUTE = timedelta(minutes=1)
TIMES = tuple(START + n * MINUTE for n in range(60))
STRETCH = Stretch(START + 39 * MINUTE, START + 40 * MINUTE)
SVG = "{http://www.w3.org/2000/svg}"


def series(values: tuple[float | None, ...], unit: str = "share") -> Series:
    asked = Provenance("SELECT 1", {}, Window(START, START + 60 * MINUTE), 60, 0.0)
    return Series("errors: failing share of requests", unit, TIMES, values, asked)


def drawn(svg: str) -> ET.Element:
    svg = str(svg)
    return ET.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314 - ours


def test_numbers_are_of_the_time_before_and_since_the_onset() -> None:
    """In the words of the page."""
    one = plot("Errors", series((*[0.0] * 40, *[0.5] * 20)), STRETCH, (), up=True, word="up")

    assert ("50\u00a0%", "of all requests", "baseline 0\u00a0%") == (one.now, one.of, one.base)
    assert ("14:45", "15:44") == (one.ticks[0], one.ticks[-1])


def test_a_gap_is_no_line() -> None:
    """What is not known is not drawn."""
    values = (*[0.1] * 10, *[None] * 20, *[0.1] * 30)
    root = drawn(plot("Errors", series(values), Stretch(), (), up=False, word="flat").svg)

    assert 2 == len(root.findall("polyline") or root.findall(f"{SVG}polyline"))


def test_each_value_can_be_read() -> None:
    """One in words for each bucket, with the axis that they are on; a gap is no zero."""
    cursor = plot("Errors", series((*[0.1] * 59, None)), Stretch(), (), up=False, word="flat").cursor

    assert (60, "10\u00a0%", "no data") == (len(cursor.values), cursor.values[0], cursor.values[-1])
    assert ("2026-11-22T14:45:00Z", "2026-11-22T15:44:00Z", 60.0) == (cursor.start, cursor.end, cursor.step)


def test_texts_in_a_drawing_are_escaped() -> None:
    """A change may be called anything."""
    mark = Mark(START + 5 * MINUTE, "1", '<script>alert("1")</script>', hot=True)
    one = plot("Errors", series((0.1,) * 60), STRETCH, [mark], up=True, word="up")

    assert "<script" not in one.svg
    assert "&lt;script&gt;" in one.svg
    drawn(one.svg)


def test_a_series_of_nothing_has_no_numbers() -> None:
    """And no line."""
    one = plot("Errors", series((None,) * 60), Stretch(), (), up=False, word="")

    assert ("", "of all requests", "") == (one.now, one.of, one.base)
    assert "polyline" not in one.svg


def test_marks_outside_of_the_time_are_not_shown() -> None:
    """In percent of the axis otherwise."""
    one = series((0.1,) * 60)
    assert 0.0 == shown_at(one, START)
    assert 100.0 == shown_at(one, TIMES[-1])
    assert shown_at(one, START - MINUTE) is None


def test_a_spark_has_a_bar_for_each_count_and_a_line_at_the_onset() -> None:
    """The highest fills it; without counts nothing is drawn."""
    root = drawn(spark((0, 1), (3, 6)))
    bars = root.findall(f"{SVG}rect")

    assert ["before", "since", "since"] == [one.get("class") for one in bars]
    assert ["3.0", "9.0", "18.0"] == [one.get("height") for one in bars]
    assert "1 before the onset, 9 since" == root.get("aria-label")
    assert not spark((), ())
