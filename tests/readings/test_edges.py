"""Edges: who alone is refused, and who asks many times as often."""

from typing import Any

from lastgood.readings.edges import Edge, multiplied, refused


def edge(caller: str, **other: Any) -> Edge:
    """Two hundred calls of `seats Assign` in each window, none of which fails."""
    usual = {"callee": "seats", "name": "Assign", "outside": False, "good": 200, "bad": 200,
             "good_failed": 0, "bad_failed": 0, "bad_s": 2.0}  # fmt: skip
    return Edge(caller, **{**usual, **other})


def test_the_one_caller_that_fails_is_named() -> None:
    """The desk fails, the kiosk does not."""
    assert "desk" == refused([edge("desk", bad_failed=120), edge("kiosk")], "seats", "Assign")


def test_nobody_is_named_where_all_fail_or_nobody_else_asks() -> None:
    """Then it is who answers, or it is not known."""
    desk = edge("desk", bad_failed=120)

    assert refused([desk, edge("kiosk", bad_failed=110)], "seats", "Assign") is None
    assert refused([desk], "seats", "Assign") is None
    assert refused([desk, edge("kiosk", bad=5)], "seats", "Assign") is None


def test_calls_that_multiply_are_found_by_what_they_cost() -> None:
    """Ten for each request instead of one, at 10 ms each: 90 ms more for each of 200 requests."""
    (found,) = multiplied([edge("desk", bad=2000, bad_s=20.0)], {"desk": (200, 200)})

    assert (10.0, 18.0) == (found.growth, found.extra_s)


def test_repeats_of_failures_and_more_requests_are_no_multiplying() -> None:
    """They are asked again because they fail; or everything is asked ten times as often."""
    assert [] == multiplied([edge("desk", bad=2000, bad_s=20.0, bad_failed=1500)], {"desk": (200, 200)})
    assert [] == multiplied([edge("desk", bad=2000, bad_s=20.0)], {"desk": (200, 2000)})
