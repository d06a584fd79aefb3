"""Failures that no segment explains, where the impact is confirmed and where it is not."""

from inspections.test_blast_radius import FAILING, ROWS
from lastgood.inspections.blast_radius import Searched, _finding
from lastgood.inspections.blast_radius.weights import EVERYONE_FAILURES


def test_failures_beyond_the_usual_are_not_said_to_be_usual() -> None:
    """Where the impact is confirmed, the same failures are only spread like the traffic."""
    searched = Searched((), (), float(EVERYONE_FAILURES), 1000.0, ROWS)
    said = [_finding((), searched, None, impact).because for impact in (FAILING.impact, None)]

    assert [False, True] == ["not more than usual" in one for one in said]
    assert all("spread like the traffic" in one for one in said)
