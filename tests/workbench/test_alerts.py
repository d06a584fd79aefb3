"""What rang since the onset."""

from datetime import datetime, timedelta

from lastgood.model.answers import Onset
from lastgood.model.entry import FiredAlert
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.tables import ALERTS
from lastgood.workbench.alerts import fired, first_of
from lastgood.workbench.store import Store
from lives import NOW

ONSET = NOW - timedelta(minutes=15)


def onset() -> Onset:
    """At a quarter to three, give or take a minute."""
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    windows = Comparison(Window(ONSET - hour, ONSET), Window(ONSET, NOW))
    return Onset(ONSET, ONSET - minute, ONSET + minute, None, None, "errors", windows)


def write_alerts(store: Store, *rows: tuple[str, datetime]) -> None:
    """Add alerts of a service."""
    columns = {
        "Id": [name for name, _ in rows],
        "Timestamp": [at for _, at in rows],
        "EndTimestamp": [at for _, at in rows],
        "Service": ["checkout"] * len(rows),
        "Name": [name for name, _ in rows],
    }
    store.engine.insert("lg_alerts", ALERTS.rows(columns), token=repr(rows)).result()


def test_the_first_is_the_first_since_the_earliest_possible_onset(store: Store) -> None:
    """What rang before is of something else; the order is that of the alerts."""
    write_alerts(
        store,
        ("later", ONSET + timedelta(minutes=5)),
        ("before", ONSET - timedelta(minutes=2)),
        ("first", ONSET - timedelta(seconds=50)),
    )

    rows = fired(store, onset(), Window(ONSET - timedelta(hours=1), NOW))

    assert ["first", "later"] == [row["name"] for row in rows.dicts()]
    assert FiredAlert("first", "checkout", ONSET - timedelta(seconds=50)) == first_of(rows)


def test_where_nothing_rang_there_is_no_first(store: Store) -> None:
    """Nothing is made up."""
    rows = fired(store, onset(), Window(ONSET - timedelta(hours=1), NOW))

    assert (0, None) == (len(rows), first_of(rows))
