"""The lines that a filter finds."""

from datetime import UTC

import pytest

from lastgood.model.scope import Scope
from lastgood.readings.views.lines import Lines
from lastgood.telemetry.logfilter import log_filter
from lastgood.workbench.store import Store
from lives import DAY, NOW, after, write_lines


@pytest.fixture
def errors(store: Store) -> Lines:
    """Those of ten lines, of which every fifth is an error."""
    lines = ((after(n * 1000), "web", 17 if n % 5 == 4 else 9, f"job {n} took {n} ms") for n in range(10))
    write_lines(store, *lines)
    return Lines(store.survey()[1], log_filter("level:error", now=NOW, zone=UTC), DAY, Scope())


def test_the_newest_and_what_is_around_them(errors: Lines) -> None:
    """A line around a match is given too, and is no match."""
    assert ["job 9 took 9 ms"] == [line.body for line in errors.newest(1)[0]]
    assert [(3, False), (4, True), (5, False), (8, False), (9, True)] == [
        (int(line.body.split()[1]), line.matched) for line in errors.newest(9, around=1)[0]
    ]


def test_they_are_counted_of_all(errors: Lines) -> None:
    """How many lines there are, and how many are found; each level in its stretch of time."""
    assert (10, 2) == errors.counts()
    assert [("error", 1), ("error", 1)] == [(row["level"], row["lines"]) for row in errors.levels(5)]


def test_they_have_patterns(errors: Lines) -> None:
    """Both are one pattern."""
    patterns, total = errors.patterns(5)

    assert (1, 2, "error") == (total, patterns[0].count, patterns[0].level)
    assert (after(4000), after(9000)) == (patterns[0].first, patterns[0].last)


def test_facets_count_what_the_filter_finds(errors: Lines) -> None:
    """The field without a value counts too."""
    found = {facet.name: facet.values for facet in errors.facets(3)}

    assert (("error", 2),) == found["level"]
    assert (("web", 2),) == found["service"]
    assert (("", 2),) == found["version"]
    assert (("none", 2),) == found["trace"]


def test_neighbours_that_are_far_away_are_found(store: Store) -> None:
    """Of a service that seldom writes: an hour before its match, while another writes all the time."""
    seldom = ((after(n * 3_600_000), "batch", 17 if n == 1 else 9, f"run {n}") for n in range(3))
    often = ((after(n * 60_000), "web", 9, f"job {n}") for n in range(120))
    write_lines(store, *seldom, *often)
    lines = Lines(store.survey()[1], log_filter("level:error", now=NOW, zone=UTC), DAY, Scope())

    assert ["run 0", "run 1", "run 2"] == [line.body for line in lines.newest(9, around=1)[0]]
