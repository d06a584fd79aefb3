"""What telemetry shows before anything is done."""

from datetime import timedelta

from lastgood.model.window import Comparison, Window
from lastgood.readings.views.scene import SCENE_CHANGES, Look, parts
from lastgood.workbench.store import Store
from lives import after, request_with_spans, write_changes


def test_each_part_is_of_what_is_held(store: Store) -> None:
    """Of spans, lines and changes, and of no metrics, since there are none; the traces are those of the requests."""
    request_with_spans(store)
    write_changes(store, ("d1", after(-1000), "deploy", "web"))
    holdings, reader = store.survey()
    minute = timedelta(minutes=1)
    comparison = Comparison(Window(after(0) - minute, after(0)), Window(after(0), after(0) + minute))

    found = dict(parts(Look(reader, holdings, comparison, 100)))

    assert {"requests, failures and latency over time", "failing and working requests", "the slowest requests",
            "the spans of these requests", "the log lines of these requests", "changes until now",
            "log lines of kinds that the good window has not"} == set(found)  # fmt: skip
    assert {"web", "orders", "payments", "mail"} >= {
        row["service"] for row in found["the spans of these requests"].dicts()
    }
    assert ["d1"] == [row["id"] for row in found["changes until now"].dicts()]


def test_changes_are_listed_from_before_the_comparison(store: Store) -> None:
    """As far back as the row says."""
    request_with_spans(store)
    minute = timedelta(minutes=1)
    comparison = Comparison(Window(after(0) - minute, after(0)), Window(after(0), after(0) + minute))
    back = (minute + SCENE_CHANGES).total_seconds()
    write_changes(
        store,
        ("in", after(1000 * (1 - back)), "deploy", "web"),
        ("out", after(1000 * (-1 - back)), "deploy", "web"),
    )
    holdings, reader = store.survey()

    found = dict(parts(Look(reader, holdings, comparison, 100)))

    assert ["in"] == [row["id"] for row in found["changes until now"].dicts()]
