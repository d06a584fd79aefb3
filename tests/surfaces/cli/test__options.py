"""Windows and comparisons from options."""

import io
import sys
from datetime import UTC, datetime, timedelta
from time import sleep
from zoneinfo import ZoneInfo

import pytest

from lastgood.errors import QuerySyntaxError, UsageError
from lastgood.model.window import Comparison, Window
from lastgood.surfaces.cli._options import comparison_of, now_of, till, watching, window_of
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
    with pytest.raises(UsageError, match="both set the start"):
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


class Terminal(io.StringIO):
    """A standard error that a person looks at."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_a_bar_is_gone_when_the_last_input_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only when all is done: a prompt or a message may follow, and the bar draws itself anew all the time."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")

    with watching() as watch:
        assert watch is not None
        assert "" == screen.getvalue()
        watch("a.log", 1, 2)
        watch("folder/b.log", 2, 2)
        shown = screen.getvalue()
        sleep(0.3)
        assert shown == screen.getvalue()

    assert shown == screen.getvalue()
    assert "loading b.log" in shown
    assert shown.rpartition("loading b.log")[2].endswith("\x1b[2K")  # the line is empty again


def test_without_a_terminal_there_is_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is drawn into a file."""
    monkeypatch.setattr(sys, "stderr", io.StringIO())

    with watching(at_once=True) as watch:
        assert watch is None


def test_what_came_after_a_given_now_is_left_out() -> None:
    """Without it everything that is there is looked at, whatever its clock said."""
    assert Window(EARLIEST, NOW) == window(end=till("2026-11-22T15:00Z"))
    assert None is window(end=till(None))
