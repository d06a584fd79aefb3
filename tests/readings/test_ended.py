"""How requests ended at the upstreams of a proxy."""

from typing import Any

from lastgood.readings.ended import UPSTREAM_REQUESTS, Ends, read_ends, with_unserved


def row(ended: str, address: str, good: int, bad: int, upstream: str = "wares") -> dict[str, Any]:
    """Requests that ended alike."""
    return {
        "service": "door", "upstream": upstream, "address": address, "status": 503, "ended": ended, "good": good, "bad": bad,
    }  # fmt: skip


def test_refused_by_no_server_where_others_name_theirs_found_none() -> None:
    """Where no line of an upstream names a server, nothing is known of it."""
    rows = [
        row("served", "w1", 90, 50),
        row("refused", "", 0, 40),
        row("refused", "w1", 0, 5),
        row("refused", "", 0, 7, "till"),
    ]

    assert ["served", "unserved", "refused", "refused"] == [one["ended"] for one in with_unserved(rows)]


def test_what_is_answered_without_a_server_is_the_proxys_own_answer() -> None:
    """Where no line of an upstream names a server, nothing is known of it."""
    rows = [
        row("served", "w1", 90, 50),
        row("answered", "", 0, 40),
        row("answered", "w1", 0, 5),
        row("answered", "", 0, 7, "till"),
    ]

    assert ["served", "own", "answered", "answered"] == [one["ended"] for one in with_unserved(rows)]


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
