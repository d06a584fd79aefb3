"""A change of the way to what is not reached."""

import pytest

from inspections.scenes import change
from lastgood.inspections.what_changed.way_out import closing_way, unreached
from lastgood.inspections.what_changed.weights import CLOSES_WAY, ON_THE_WAY

HOST = "smtp.mailhub.example"


def test_the_first_host_that_is_not_reached() -> None:
    """Of errors that became more frequent, most first."""
    assert HOST == unreached(
        ["no seat", f"timed out connecting to {HOST}:587", "connect ECONNREFUSED redis:6379"]
    )
    assert "" == unreached(["no seat"])


@pytest.mark.parametrize(
    ("kind", "title", "host", "tied"),
    [
        ("infrastructure", "firewall: egress rules tidied up", HOST, True),
        ("commit", "security group of the workers", HOST, True),
        ("infrastructure", "firewall: egress rules tidied up", "", False),
        ("infrastructure", "more memory for the workers", HOST, False),
        ("flag", "egress", HOST, False),
    ],
)
def test_a_change_of_the_way_is_tied_to_whom_it_leads(
    kind: str, title: str, host: str, *, tied: bool
) -> None:
    """By what it is about, where no connection is made."""
    found = [reason.row for reason in closing_way(change("c", kind, 5, title=title), host)]

    assert ([ON_THE_WAY, CLOSES_WAY] if tied else []) == found
