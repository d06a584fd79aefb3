"""The one rule of all checks: over the row and above the baseline. Each look over worlds: inspections/test_trouble."""

import pytest

from lastgood.inspections.trouble.seen import CANNOT_TELL, NO, YES, judged
from lastgood.model.trouble import CheckVerdict


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
