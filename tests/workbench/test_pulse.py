"""The pulse of a system, for charts."""

from datetime import timedelta

from lastgood.model.window import Window
from lastgood.workbench.pulse import pulse
from lastgood.workbench.store import Store
from lives import after, write_lines, write_spans


def test_requests_have_errors_latency_and_traffic(store: Store) -> None:
    """Two requests in the first second, one of which fails; nothing afterwards is a rate of zero alone."""
    write_spans(
        store, ("a" * 16, "", "web", "GET /", 0, 20, False), ("b" * 16, "", "web", "GET /", 10, 20, True)
    )

    errors, latency, traffic = pulse(store, Window(after(0), after(0) + timedelta(seconds=3)))

    assert (0.5, None, None) == errors.values
    assert (20.0, None, None) == latency.values
    assert (2.0, 0.0, 0.0) == traffic.values


def test_without_requests_log_lines_are_counted(store: Store) -> None:
    """Lines have no duration, so there is no latency to draw."""
    write_lines(store, (after(0), "web", 17, "failed"), (after(1), "web", 9, "fine"))

    errors, traffic = pulse(store, Window(after(0), after(0) + timedelta(seconds=1)))

    assert (0.5,) == errors.values
    assert "traffic: log lines a second" == traffic.title
