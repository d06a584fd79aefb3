"""Moments in what programs print."""

from datetime import UTC, datetime

import pytest

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.moments import age, moment

REFERENCE = Reference(UTC, int(datetime(2026, 11, 22, 15, tzinfo=UTC).timestamp()) * 1_000_000_000)


@pytest.mark.parametrize(
    "text", ["2026-11-22 14:41:00 +0000 UTC", "Sun, 22 Nov 2026 14:41:00 +0000", "Sun Nov 22 14:41:00 2026"]
)
def test_a_date_in_any_layout_is_a_moment(text: str) -> None:
    """Also with a zone said twice, as Go does."""
    assert 1795358460_000_000_000 == moment(text, REFERENCE)


@pytest.mark.parametrize(
    ("text", "seconds"), [("12m", 720), ("2d3h", 183_600), ("45s", 45), ("1y", 31_536_000), ("5m30s", 330)]
)
def test_an_age_is_a_length(text: str, seconds: int) -> None:
    """In kubectl's units."""
    assert seconds * 1_000_000_000 == age(text)


@pytest.mark.parametrize("text", ["", "<unknown>", "soon", "12"])
def test_what_is_neither_is_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="not an age"):
        age(text)
    with pytest.raises(ValueError, match="not a time"):
        moment(text, REFERENCE)
