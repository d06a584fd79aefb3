"""The kit's clock."""

from datetime import UTC

from lastgood_kit.clock import now


def test_the_time_is_in_utc() -> None:
    """Aware, and it does not run backwards."""
    first, second = now(), now()

    assert UTC is first.tzinfo
    assert first <= second
