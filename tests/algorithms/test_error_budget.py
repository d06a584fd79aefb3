"""How much of an error budget was burnt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.error_budget import burnt

DAY = 86_400.0


def test_everything_failing_for_the_allowed_time_burns_all_of_it() -> None:
    """99.9 % over 30 days allows 43.2 minutes of it."""
    assert 1.0 == pytest.approx(burnt(1.0, 43.2 * 60, 0.999, 30 * DAY))
    assert 0.5 == pytest.approx(burnt(0.5, 43.2 * 60, 0.999, 30 * DAY))


@given(
    st.floats(0, 1),
    st.floats(0, DAY),
    st.floats(0.5, 0.9999),
    st.integers(1, 90).map(lambda days: days * DAY),
)
def test_what_fails_at_the_allowed_share_never_burns_more_than_its_time(
    share: float, seconds: float, target: float, period: float
) -> None:
    """Twice the time burns twice as much; nothing failing burns nothing."""
    whole = burnt(share, seconds, target, period)

    assert 2 * whole == pytest.approx(burnt(share, 2 * seconds, target, period))
    assert 0 == burnt(0.0, seconds, target, period)
    assert seconds / period == pytest.approx(burnt(1 - target, seconds, target, period))
