"""Windows and comparisons from options."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lastgood.errors import QuerySyntaxError, UsageError
from lastgood.model.window import Comparison, Window
from lastgood.surfaces.cli._options import comparison_of, now_of, window_of
from lastgood.workbench.windows import EARLIEST

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
HOUR = Window(NOW - timedelta(hours=1), NOW)


def window(since: str | None = None, start: str | None = None, end: str | None = None) -> Window | None:
    """The window of these options, now."""
    return window_of(since, start, end, now=NOW, zone=UTC)


def test_windows() -> None:
    """Since counts back from the end, which is now when none is given."""
    assert window() is None
    assert HOUR == window("1h")
    assert HOUR == window(start="now-1h")
    assert Window(NOW - timedelta(hours=2), NOW - timedelta(hours=1)) == window("1h", end="now-1h")
    assert Window(EARLIEST, NOW) == window(end="now")


def test_now_may_be_said() -> None:
    """In the zone of times that do not say theirs; else it is the clock's."""
    assert datetime(2026, 11, 20, 14, 16, tzinfo=UTC) == now_of("2026-11-20 15:16", ZoneInfo("Europe/Berlin"))
    assert now_of(None, UTC) > NOW - timedelta(days=1)


def test_two_starts_are_refused() -> None:
    """--since with --from is a contradiction."""
    with pytest.raises(UsageError, match="both say where to start"):
        window("1h", "now-1h")


def test_a_mistake_has_its_position() -> None:
    """A time that cannot be read is pointed at."""
    with pytest.raises(QuerySyntaxError) as refused:
        window(start="now-1x")

    assert 4 == refused.value.position


@pytest.mark.parametrize("baseline", ["now-3h..now-2h", "2026-11-22T12:00Z/2026-11-22T13:00Z"])
def test_a_baseline_makes_a_comparison(baseline: str) -> None:
    """FROM..TO, with a slash as well."""
    expected = Comparison(Window(NOW - timedelta(hours=3), NOW - timedelta(hours=2)), HOUR, given=True)

    assert expected == comparison_of(baseline, HOUR, now=NOW, zone=UTC)


def test_a_baseline_needs_a_bad_window_and_two_ends() -> None:
    """What is incomplete is refused, with what to do."""
    with pytest.raises(UsageError, match="needs the bad window"):
        comparison_of("now-3h..now-2h", None, now=NOW, zone=UTC)
    with pytest.raises(UsageError, match=r"FROM\.\.TO"):
        comparison_of("now-3h", HOUR, now=NOW, zone=UTC)
