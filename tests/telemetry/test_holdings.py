"""Holdings: what is there, of whom, from when to when."""

from datetime import timedelta

import pytest

from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.workbench.store import Store
from telemetry.rows import START, put_lines, put_lines_from, put_spans


def test_an_empty_store_holds_nothing(store: Store) -> None:
    """Every signal is listed, none has rows."""
    holdings, _ = store.survey()
    assert frozenset() == holdings.signals
    assert set(Signal) == {holding.signal for holding in holdings.items}
    assert holdings.telemetry_window is None


def test_logs_are_counted_with_their_services_and_time(store: Store) -> None:
    """The window ends just after the last line."""
    put_lines(store, 5, "pay")
    put_lines(store, 3, "web")
    logs = store.survey()[0].of(Signal.LOGS)
    assert logs is not None
    assert (8, ("pay", "web")) == (logs.rows, logs.services)
    assert Window(START, START + timedelta(seconds=4, microseconds=1)) == logs.window


def test_a_gap_in_the_logs(store: Store) -> None:
    """A line a second for a minute, nothing for ten, and again."""
    put_lines(store, 60)
    put_lines_from(store, START + timedelta(minutes=11), 60)
    logs = store.survey()[0].of(Signal.LOGS)
    assert logs is not None
    assert (Window(START + timedelta(minutes=1), START + timedelta(minutes=11)),) == logs.gaps


@pytest.mark.parametrize(
    ("state", "rate", "expected"),
    [
        ("ot=th:8", "", 0.5),
        ("vendor=1,ot=rv:0123;th:c", "", 0.25),
        ("ot=p:3", "", 0.125),
        ("", "10", 0.1),
        ("vendor=th:8", "", None),
        ("", "", None),
    ],
)
def test_the_share_that_a_sampler_kept(store: Store, state: str, rate: str, expected: float | None) -> None:
    """From thresholds and powers in the trace state, or from how many spans one stands for."""
    put_spans(store, 4, state, **({"SampleRate": rate} if rate else {}))
    spans = store.survey()[0].of(Signal.SPANS)
    assert spans is not None
    assert expected == spans.sampled
