"""What goes, and what never does."""

from datetime import UTC, datetime, timedelta

import pytest

from lastgood.config import Retention
from lastgood.errors import UsageError
from lastgood.model.retention import Division
from lastgood.model.signal import Signal
from lastgood.workbench.retention import Limits, beyond, limits_of, retain
from lastgood.workbench.store import Store
from lives import after, write_changes, write_lines

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
PLENTY = 10**15


def day(ago: int, size: int = 100, signal: Signal = Signal.LOGS) -> Division:
    end = NOW - timedelta(days=ago)
    return Division(signal, f"otel_{signal.value}", f"{end:%Y%m%d}", end - timedelta(days=1), end, 10, size)


def going(held: list[Division], limits: Limits, free: int = PLENTY) -> list[tuple[str, str]]:
    return [(one.division.identity, one.why) for one in beyond(held, limits, NOW, free)]


def test_old_days_go_by_the_age_of_their_signal() -> None:
    """A partition goes once its last row is too old; other signals have limits of their own."""
    held = [day(9), day(9, signal=Signal.SPANS), day(7), day(6), day(0), day(0, signal=Signal.SPANS)]
    limits = limits_of(Retention(logs="7d", spans="30d"))

    assert [("20261113", "older than 7\u00a0d")] == going(held, limits)


def test_the_oldest_goes_until_the_signal_is_small_enough() -> None:
    """Not one more."""
    held = [day(ago, 10**9) for ago in (4, 3, 2, 1, 0)]
    found = going(held, limits_of(Retention(logs="3GB")))

    assert ["20261118", "20261119"] == [name for name, _ in found]
    assert "take more than 3\u00a0GB" in found[0][1]


def test_the_newest_of_a_table_stays_whatever_the_limits() -> None:
    """It is what tonight's incident is asked of; where nothing can go, telemetry is refused instead."""
    held = [day(400, 10**12), day(390, 10**12, Signal.SPANS)]

    assert [] == going(held, limits_of(Retention(logs="1d 1MB", spans="1d")), free=0)


def test_before_the_disk_is_full_the_oldest_of_all_signals_goes() -> None:
    """Until enough is free, whatever the limits of its signal."""
    spans = [day(ago, 10**9, Signal.SPANS) for ago in (5, 0)]
    held = sorted([*spans, *[day(ago, 10**9) for ago in (6, 4, 3, 0)]], key=lambda one: one.last)
    found = going(held, limits_of(Retention()), free=int(0.5e9))

    assert ["20261116", "20261117"] == [name for name, _ in found]
    assert [] == going(held, limits_of(Retention(disk_free="")), free=0)


def test_what_a_signal_lost_for_the_disk_counts_for_its_size() -> None:
    """A partition that goes anyway is not missed twice."""
    held = [day(ago, 10**9) for ago in (3, 2, 1, 0)]

    assert 1 == len(going(held, limits_of(Retention(logs="3GB")), free=int(1.5e9)))


@pytest.mark.parametrize("said", [Retention(logs="soon"), Retention(disk_free="5%"), Retention(metrics="1h")])
def test_a_wrong_limit_says_where_it_stands(said: Retention) -> None:
    """Before anything is dropped."""
    with pytest.raises(UsageError, match=r"^retention\.(logs|disk_free|metrics): "):
        limits_of(said)


def test_rows_are_gone_changes_stay_and_a_dry_run_drops_nothing(store: Store) -> None:
    """Over a real store; once more drops nothing more."""
    write_lines(store, (NOW - timedelta(days=60), "web", 9, "old"), (after(0), "web", 9, "new"))
    write_changes(store, ("d1", NOW - timedelta(days=300), "deploy", "web"))
    limits = limits_of(Retention(logs="7d"))

    assert 1 == len(retain(store, limits, NOW, dry=True).dropped)
    held = {one.signal: one.rows for one in store.survey()[0].items}
    assert (2, 1) == (held[Signal.LOGS], held[Signal.CHANGES])
    assert 1 == len(retain(store, limits, NOW).dropped)
    held = {one.signal: one.rows for one in store.survey()[0].items}
    assert (1, 1) == (held[Signal.LOGS], held[Signal.CHANGES])
    found = retain(store, limits, NOW)
    assert (0, False) == (len(found.dropped), found.full)
    assert found.free > 0
