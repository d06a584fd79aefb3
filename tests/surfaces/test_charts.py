"""Charts: what is drawn, and what it says to those who do not see it."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from lastgood.surfaces.charts import WIDTH, Marks, charts_of, drawn, marks_of, placed, specification
from sitreps import REQUESTS, broken, nothing


def test_the_onset_and_the_changes_are_marked() -> None:
    """The bad stretch, the interval, the onset, the change that is not ruled out, and the line."""
    layers = specification(REQUESTS, marks_of(broken()))["layer"]

    marks = [layer["mark"]["type"] if "mark" in layer else "changes" for layer in layers]
    assert ["rect", "rect", "rule", "changes", "line"] == marks


def test_without_an_onset_only_the_line_is_drawn() -> None:
    """Nothing is marked that was not found."""
    layers = specification(REQUESTS, marks_of(nothing()))["layer"]

    assert ["line"] == [layer["mark"]["type"] for layer in layers]
    assert None in [point["v"] for point in layers[0]["data"]["values"]]


def test_a_drawing_describes_itself() -> None:
    """The lowest and highest value and the onset are reported in words."""
    (chart,) = charts_of(broken())

    assert chart.svg.startswith("<svg")
    assert "from 0.2\u00a0% at 13:00:00 to 4.9\u00a0% at 14:45:00 UTC; onset 14:45:20" == chart.description


def test_a_series_of_one_value_is_not_drawn() -> None:
    """A line needs two points."""
    point = replace(REQUESTS, times=REQUESTS.times[:1], values=REQUESTS.values[:1])
    sitrep = broken()
    lonely = replace(sitrep.findings[0], evidence=(point,))

    assert () == charts_of(replace(sitrep, findings=(lonely,)))


def test_moments_are_marked_where_they_are_in_the_time_of_the_series() -> None:
    """Those before and after it are left out."""
    start, end = REQUESTS.times[0], REQUESTS.times[-1]
    marks = Marks(moments=((start - (end - start), "opened"), (start, "mitigated")))

    layers = specification(REQUESTS, marks)["layer"]

    assert [["mitigated"]] == [
        [mark["label"] for mark in layer["data"]["values"]] for layer in layers if "layer" in layer
    ]
    assert "onset" not in drawn(REQUESTS, marks).description


START, END = REQUESTS.times[0], REQUESTS.times[-1]
MARKED = st.lists(
    st.builds(
        lambda share, label: (START + share * (END - START), label),
        st.floats(0, 1),
        st.text("abcdefgh ", min_size=1, max_size=60),
    ),
    max_size=12,
)


@given(MARKED, MARKED)
def test_no_label_is_over_another_or_beyond_an_edge(
    changes: list[tuple[datetime, str]], moments: list[tuple[datetime, str]]
) -> None:
    """However close the marks are and however long their names."""
    labels = placed(Marks(changes=tuple(changes), moments=tuple(moments)), START, END)

    assert min(8, len(changes)) + min(8, len(moments)) == len(labels)
    assert all(0 <= one.left <= one.left + one.width <= WIDTH for one in labels)
    for one, other in combinations(labels, 2):
        apart = one.left + one.width <= other.left or other.left + other.width <= one.left
        assert one.row != other.row or apart


def test_labels_close_together_are_drawn_one_above_the_other() -> None:
    """A deploy, the alert and the discovery within a minute at the right edge; far from them one that has the lowest row."""
    near = END - timedelta(seconds=20)
    marks = Marks(
        changes=((START, "change 2"), (near, "change 1")),
        moments=((near, "alert"), (END, "detected by a customer who called")),
    )

    labels = {one.text: one.row for one in placed(marks, START, END)}

    assert {"change 2": 0, "alert": 0, "change 1": 1, "detected by a customer …": 2} == labels
    svg = drawn(REQUESTS, marks).svg
    assert all(f">{text}<" in svg for text in labels)
