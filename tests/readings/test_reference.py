"""A good window that a person gave a minute too long does not hide what is in its end."""

from datetime import timedelta
from pathlib import Path

import pytest

from cases import case_of
from lastgood.model.answers import Onset
from lastgood.model.window import Comparison, Window
from lastgood.readings.reference import DATED_LATE, LEFT_OUT_MOST, surely_good
from lastgood.workbench.store import Store
from reported import asked
from worlds import START, World

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


SHORTEST = DATED_LATE / LEFT_OUT_MOST


@pytest.mark.parametrize(
    ("faint", "length", "cut"),
    [
        (True, SHORTEST, True),
        (True, SHORTEST - timedelta(seconds=1), False),
        (False, SHORTEST, False),
    ],
)
def test_what_was_found_by_faint_evidence_may_have_begun_before_it_showed(
    store: Store, faint: bool, length: timedelta, cut: bool
) -> None:
    """As much is left out as of what a person dates; nothing where that is too much of it, or where the evidence is sure."""
    World(rate=2.0).store_spans(store)
    good = Window(START, START + length)
    compared = Comparison(good, Window(good.end + timedelta(seconds=5), START + timedelta(minutes=20)))
    at = compared.bad.start
    onset = Onset(at, at, at, None, None, "errors", compared, faint=faint)

    found = surely_good(case_of(store, compared, onset)).comparison

    assert found is not None
    assert good.end - (DATED_LATE if cut else timedelta()) == found.good.end
    assert (compared.bad, compared.given) == (found.bad, found.given)
