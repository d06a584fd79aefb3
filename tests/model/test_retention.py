"""Limits as people write them."""

from datetime import timedelta

import pytest

from lastgood.errors import UsageError
from lastgood.model.retention import Keep, keep_of, size_of


@pytest.mark.parametrize(
    ("text", "keep"),
    [
        ("", Keep()),
        ("14d", Keep(timedelta(days=14))),
        ("50GB", Keep(None, 50 * 10**9)),
        ("14d 1.5TB", Keep(timedelta(days=14), 1500 * 10**9)),
        ("500MB 2w", Keep(timedelta(days=14), 500 * 10**6)),
    ],
)
def test_days_bytes_or_both(text: str, keep: Keep) -> None:
    """In any order."""
    assert keep == keep_of(text)


@pytest.mark.parametrize("text", ["14", "5h", "0GB", "14d 7d", "1GB 2GB", "all", "-3d", "1gb"])
def test_what_keeps_nothing_or_cannot_be_read_is_refused(text: str) -> None:
    """Less than a day is refused too: it would drop the incident of this morning."""
    with pytest.raises(UsageError):
        keep_of(text)


def test_a_size_has_a_unit() -> None:
    """A bare number could be anything."""
    assert (0, 2 * 10**9) == (size_of(""), size_of("2GB"))
    with pytest.raises(UsageError):
        size_of("5%")
