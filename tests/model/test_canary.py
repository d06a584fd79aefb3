"""How the sides of a canary are written."""

from lastgood.model.canary import Selector


def test_a_selector_is_written_as_it_is_given() -> None:
    """With its key."""
    assert "track=canary" == str(Selector("track", "canary"))
