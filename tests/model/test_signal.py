"""What a store holds, per signal."""

from datetime import UTC, datetime, timedelta

from lastgood.model.signal import Holding, Holdings, Signal
from lastgood.model.window import Window

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def window(start: int, end: int) -> Window:
    """Minutes after noon."""
    return Window(NOON + timedelta(minutes=start), NOON + timedelta(minutes=end))


HOLDINGS = Holdings(
    (
        Holding(Signal.LOGS, 5, window(0, 10), ("orders",)),
        Holding(Signal.SPANS, 0, None, ()),
        Holding(Signal.METRICS, 3, window(20, 30), ("orders",)),
        Holding(Signal.CHANGES, 1, window(-600, -599), ("payments-repo",)),
    )
)


def test_a_signal_without_a_row_is_not_there() -> None:
    """No rows is no holding."""
    assert frozenset({Signal.LOGS, Signal.METRICS, Signal.CHANGES}) == HOLDINGS.signals
    assert HOLDINGS.of(Signal.SPANS) is None


def test_the_time_of_telemetry_leaves_changes_out() -> None:
    """A deploy of last night does not stretch what was observed."""
    assert window(0, 30) == HOLDINGS.telemetry_window


def test_who_sends_telemetry() -> None:
    """Each once; whatever only changes name is not among them."""
    assert ("orders",) == HOLDINGS.telemetry_services


def test_no_telemetry_no_window() -> None:
    """Nothing observed, nothing to look at."""
    assert Holdings(HOLDINGS.items[3:]).telemetry_window is None


def test_how_much_of_a_window_has_data() -> None:
    """Its part within the data; gaps in that part are taken off."""
    one = Holding(Signal.LOGS, 5, window(0, 60), (), gaps=(window(10, 20), window(55, 60)))

    assert (window(5, 15), 300.0) == (one.part_of(window(5, 15)), one.covered_seconds(window(5, 15)))
    assert 300.0 == one.covered_seconds(window(50, 90))
    assert (None, 0.0) == (one.part_of(window(60, 90)), one.covered_seconds(window(60, 90)))
    assert 0.0 == Holding(Signal.SPANS, 0, None, ()).covered_seconds(window(0, 60))
