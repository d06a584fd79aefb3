"""The one rule of all checks: over the row and above the baseline. Each look over worlds: inspections/test_trouble."""

from datetime import timedelta

import numpy as np
import pytest

from lastgood.algorithms.metric_families import Family, Form
from lastgood.inspections.trouble.seen import CANNOT_TELL, NO, YES, _climbs, _milliseconds, _short, judged
from lastgood.inspections.trouble.weights import ERROR_LETTERS, TOTAL_STEPS
from lastgood.model.evidence import Provenance
from lastgood.model.trouble import CheckVerdict
from lastgood.model.window import Window
from lastgood.readings.grid import Grid
from lastgood.readings.resource_use import Use
from records import START


@pytest.mark.parametrize(
    ("over", "fresh", "past", "verdict"),
    [
        (False, False, True, NO), (False, True, False, NO), (True, True, True, YES), (True, True, False, YES),
        (True, False, True, NO), (True, False, False, CANNOT_TELL),
    ],
)  # fmt: skip
def test_what_was_so_before_is_no_news(*, over: bool, fresh: bool, past: bool, verdict: CheckVerdict) -> None:
    """A no where a good window is known; else it cannot tell."""
    assert verdict is judged("5 of 6", over=over, fresh=fresh, past=past, evidence=()).verdict


def use(values: list[float]) -> Use:
    """Amounts a second of one place."""
    family = Family("requests a second", "rate", next(iter(Form)), "requests")
    grid = Grid(Window(START, START + timedelta(minutes=len(values))), 60)
    none = Provenance("", {}, None, 0, 0.0)
    return Use(family, ("shop",), "shop-1", "", np.array(values), grid, none, tied=False, metrics=frozenset())


def test_a_running_total_never_falls() -> None:
    """In so many steps, most of which grow."""
    rising = [float(n) for n in range(TOTAL_STEPS + 1)]

    assert _climbs(use(rising))
    assert not _climbs(use(rising[1:]))
    assert not _climbs(use([*rising, 0.0]))
    assert not _climbs(use([1.0] * len(rising)))


def test_a_long_error_is_cut() -> None:
    """With an ellipsis, on one line."""
    assert "a b" == _short("a\n b")
    assert "x" * ERROR_LETTERS == _short("x" * ERROR_LETTERS)
    assert "x" * (ERROR_LETTERS - 1) + "…" == _short("x" * (ERROR_LETTERS + 1))


def test_a_table_has_milliseconds() -> None:
    """Raw nanoseconds are read by no one; without calls there is no duration."""
    assert (12.3, None) == (_milliseconds(12_345_678.0), _milliseconds(float("nan")))
