"""How requests ended at the upstreams of a proxy."""

from typing import Any

import pytest

from lastgood.readings.ended import UPSTREAM_REQUESTS, Ends, read_ends, with_unserved


def row(ended: str, address: str, good: int, bad: int, upstream: str = "wares") -> dict[str, Any]:
    """Requests that ended alike."""
    return {
        "service": "door", "upstream": upstream, "address": address, "status": 503, "ended": ended, "good": good, "bad": bad,
    }  # fmt: skip


@pytest.mark.parametrize(("ended", "meant"), [("refused", "unserved"), ("answered", "own")])
def test_without_a_server_where_others_name_theirs_it_found_none_or_the_proxy_answers(
    ended: str, meant: str
) -> None:
    """Where no line of an upstream names a server, nothing is known of it."""
    rows = [
        row("served", "w1", 90, 50),
        row(ended, "", 0, 40),
        row(ended, "w1", 0, 5),
        row(ended, "", 0, 7, "till"),
    ]

    assert ["served", meant, ended, ended] == [one["ended"] for one in with_unserved(rows)]


def test_those_that_reach_a_server_fare_well() -> None:
    """As long as there are enough of them, and no more fail than did."""
    rows = [row("served", "w1", 90, UPSTREAM_REQUESTS), row("unserved", "", 0, 40)]
    few = [row("served", "w1", 90, UPSTREAM_REQUESTS - 1), row("unserved", "", 0, 40)]
    ill = [row("served", "w1", 90, 50), row("late", "w1", 0, 50), row("unserved", "", 0, 90)]

    assert [True, False, False] == [next(read_ends(one)).well for one in (rows, few, ill)]
    assert "unserved" == next(read_ends(rows)).mostly
    assert Ends(
        "door",
        "wares",
        {"served": (90, UPSTREAM_REQUESTS), "unserved": (0, 40)},
        {"w1": (0, UPSTREAM_REQUESTS)},
    ) == next(read_ends(rows))
