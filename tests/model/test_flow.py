"""What comes in, and since when nothing does."""

from datetime import timedelta

import pytest

from lastgood.model.flow import Flow
from lastgood.model.signal import Signal
from records import START

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("rows", "gap", "silent"),
    [(3600, 20, False), (3600, 60, True), (60, 300, False), (60, 900, True), (1, 3000, False)],
)
def test_a_flow_is_silent_when_many_more_rows_should_have_come(rows: int, gap: int, silent: bool) -> None:
    """What comes seldom may pause."""
    now = START + HOUR + timedelta(seconds=gap)
    flow = Flow(Signal.LOGS, "web", rows, 0, START, START + HOUR)

    assert (timedelta(seconds=gap) if silent else None) == flow.silent_for(now)


def test_one_row_says_nothing_about_the_next() -> None:
    """There is no usual interval."""
    assert Flow(Signal.LOGS, "web", 5, 0, START, START).silent_for(START + HOUR) is None
