"""Which traces are read: all of a small window."""

from pathlib import Path

from lastgood.readings.traces import MOST_SPANS, sampled
from lastgood.workbench.store import Store
from reported import asked

WORLD = """
scenario  little
seed      5
time      2026-11-20 10:00 .. 10:04
spans     web "GET /"  rate=2/s latency=8ms then errors=50% at 10:02
"""


def test_of_a_small_window_all_are_read_and_nothing_is_said(store: Store, tmp_path: Path) -> None:
    """A few hundred spans are below what is read."""
    finding = asked(store, tmp_path, WORLD, "path", 2)

    assert MOST_SPANS > 1000
    assert not any("one trace in" in limit for limit in finding.limits)


def test_that_not_all_were_read_is_said() -> None:
    """One trace in four."""
    assert () == sampled(1)
    (limit,) = sampled(4)
    assert "one trace in 4" in limit
