"""Messages: when a person should have been notified by now."""

from datetime import timedelta

from lastgood.model.message import Recipient
from records import START


def test_who_was_notified_is_never_late() -> None:
    """Nor is who has no time."""
    after = START + timedelta(seconds=1)

    assert Recipient("CTO", due=START).late(after)
    assert not Recipient("CTO", due=START).late(START)
    assert not Recipient("CTO", due=START, at=after).late(after)
    assert not Recipient("CTO").late(after)
