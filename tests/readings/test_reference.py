"""A good window that a person gave a minute too long does not hide what is in its end."""

from pathlib import Path

from lastgood.workbench.store import Store
from reported import asked

LATE = """
scenario  noticed late
seed      5
time      2026-11-20 10:00 .. 10:20
spans     web "POST /pay"  rate=2/s latency=8ms
call      web "POST /pay" -> payments Charge  latency=10ms then errors=30% at 10:15
"""


def test_what_is_dated_late_is_not_compared_with_itself(store: Store, tmp_path: Path) -> None:
    """It began at 10:15 and is said to be bad from 10:16: none of the good traces counted fails."""
    assert " (0 of " in asked(store, tmp_path, LATE, "path", 16).because


def test_a_window_that_is_far_too_long_is_taken_as_it_is(store: Store, tmp_path: Path) -> None:
    """Said to be bad from 10:19 only: four minutes too late, and failures of before are reported."""
    assert " (0 of " not in asked(store, tmp_path, LATE, "path", 19).because
