"""Changes and alerts as they were recorded."""

from datetime import timedelta

from lastgood.model.window import Window
from lastgood.readings.views.history import fired_alerts, newest_changes
from lastgood.telemetry.tables import ALERTS
from lastgood.workbench.store import Store
from lives import DAY, NOW, after, write_changes
from worlds import put


def test_the_newest_changes_in_their_order(store: Store) -> None:
    """The oldest is left out, and that is said; of one service there are no more."""
    write_changes(store, *((f"d{n}", after(n), "deploy", "web" if n else "pay") for n in range(3)))
    reader = store.survey()[1]

    changes, more = newest_changes(reader, DAY, (), 2)

    assert (["d1", "d2"], True) == ([change.change_id for change in changes], more)
    changes, more = newest_changes(reader, DAY, ("pay",), 2)
    assert (["d0"], False) == ([change.change_id for change in changes], more)


def test_alerts_of_a_window(store: Store) -> None:
    """What fired before is of something else."""
    times = [NOW - timedelta(minutes=n) for n in (5, 20, 10)]
    put(
        store,
        ALERTS,
        {"Id": ["a", "b", "c"], "Name": ["a", "b", "c"], "Timestamp": times, "EndTimestamp": times},
        "",
    )

    rows = fired_alerts(store.survey()[1], Window(NOW - timedelta(minutes=15), NOW))

    assert ["c", "a"] == [row["name"] for row in rows.dicts()]
