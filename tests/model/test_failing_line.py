"""A line that reports a failure."""

import pytest

from lastgood.model.failing_line import reports_failure


@pytest.mark.parametrize(
    ("expected", "level", "text"),
    [
        (True, "error", "x"),
        (True, "fatal", "x"),
        (False, "info", "the last error is gone"),
        (True, "", "Delivery TIMED OUT"),
        (False, "", "queue length 7"),
    ],
)
def test_by_level_or_without_one_by_words(expected: bool, level: str, text: str) -> None:
    """What has a level is believed."""
    assert expected is reports_failure(level, text)
