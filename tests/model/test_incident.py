"""What is read off an incident."""

from dataclasses import replace

from incidents.test_state import folded
from lastgood.model.entry import Triaged
from lastgood.model.finding import Verdict
from records import START


def test_users_are_affected_since_the_telemetry_says_so() -> None:
    """Not since it was opened; nothing is said where nothing was measured."""
    said = Triaged("", Verdict.YES, "5 % fail", since=START)

    assert (None, None) == (folded().since, folded(replace(said, since=None)).since)
    assert ("Checkout failing", START) == (folded(said).title, folded(said).since)
