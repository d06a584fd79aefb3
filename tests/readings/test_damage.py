"""Damage: what no callee accounts for, what reaches those who ask, edges that wait, callees that starve."""

from typing import Any

from lastgood.model.figures import spaced
from lastgood.readings.damage import damaged, gaps, starved
from lastgood.readings.measured import Measured, measured

CALLEES = {"front": {"checkout"}, "checkout": {"payments", "mail"}}


def series(
    service: str, metric: str, good: float, bad: float, unit: str = "", samples: int = 20, **other: Any
) -> Measured:
    """A series that was level on both sides, a sample a minute."""
    at = {"good_at": [60_000 * i for i in range(samples)], "bad_at": [10**7 + 60_000 * i for i in range(5)]}
    (found,) = measured(
        [{"service": service, "instance": "", "metric": metric, "unit": unit, "counter": 0, "labels": "{}",
          "good": [good] * samples, "bad": [bad] * 5, **at, **other}]
    )  # fmt: skip
    return found


def flow(service: str, requests: float, latency: tuple[float, float]) -> list[Measured]:
    """Requests and latency of one service."""
    return [
        series(service, "http.server.requests", requests, requests),
        series(service, "latency_avg", *latency, "s"),
    ]


def test_a_caller_is_not_guilty_of_its_callees_latency() -> None:
    """Payments takes a second more, and so do those who wait for it."""
    slow = [series(s, "latency_avg", 0.1, 1.1, "s") for s in ("front", "checkout", "payments")]

    assert ["payments"] == [s.service for s in damaged(slow, CALLEES)]


def test_failures_begin_where_no_callee_fails_as_often() -> None:
    """Every failure of payments fails whoever waits for it."""
    failing = [series(s, "errors", 0, 20) for s in ("front", "checkout", "payments")]

    assert ["payments"] == [s.service for s in damaged(failing, CALLEES)]


def test_without_a_call_graph_the_largest_growth_is_the_likeliest() -> None:
    """The same 200 ms are much of 10 ms, and little of what waits for it; who fails most is not who fails for others."""
    slow = [
        series("front", "latency_avg", 0.1, 0.3, "s"),
        series("stock", "latency_avg", 0.01, 0.21, "s"),
        series("cart", "latency_avg", 0.04, 0.24, "s"),
    ]
    failing = [
        series("front", "errors", 0, 5),
        series("stock", "errors", 0, 20),
        series("cart", "errors", 0, 8),
    ]

    for reported in (slow, failing):
        found = sorted(damaged(reported, {}), key=lambda s: -s.strength)
        assert ["stock", "cart", "front"] == [s.service for s in found]
        assert found[0].strength < 0.5


def test_a_little_of_much_outweighs_much_of_a_little() -> None:
    """12 ms more over a thousand calls a request is what users feel; a nightly job's second is not."""
    reported = [
        *flow("front", 100, (0.1, 0.19)),
        *flow("checkout", 700, (0.006, 0.018)),
        *flow("payments", 1, (1.0, 1.4)),
    ]

    assert "checkout" == max(damaged(reported, CALLEES), key=lambda s: s.strength).service


def test_damage_that_reaches_nobody_counts_half() -> None:
    """A job that no one waits for is twice as slow; so is the shop, and less is lost there."""
    job = {"nightly": {"report"}}
    reported = [
        *flow("front", 100, (0.1, 0.4)),
        *flow("checkout", 100, (0.1, 0.4)),
        *flow("nightly", 10, (5.0, 9.0)),
        *flow("report", 10, (5.0, 9.0)),
    ]

    assert "checkout" == max(damaged(reported, CALLEES | job), key=lambda s: s.strength).service


def test_what_a_new_callee_costs_stays_with_its_caller() -> None:
    """Mail was never asked before, so it has no past; payments has, and took no longer."""
    reported = [
        *flow("front", 10, (0.1, 1.1)),
        *flow("checkout", 10, (0.1, 1.1)),
        *flow("payments", 10, (0.05, 0.05)),
    ]

    assert ["checkout"] == [s.service for s in damaged(reported, CALLEES)]


def test_an_edge_whose_ends_disagree_is_the_network_of_its_callee() -> None:
    """Front waits 300 ms more than checkout works; an edge that both ends find slow is none."""
    client, server = "rpc.client.duration.p50", "rpc.server.duration.p50"
    reported = [
        series("front", client, 0.2, 0.5, "s", callee="checkout"),
        series("checkout", server, 0.19, 0.19, "s", caller="front"),
        series("front", client, 0.2, 0.9, "s", callee="cart"),
        series("cart", server, 0.19, 0.89, "s", caller="front"),
    ]

    (found,) = gaps(reported)

    assert ("checkout", "network") == (found.service, found.component)


def test_a_caller_whose_callees_starve_is_suspected() -> None:
    """Checkout still gets its requests; payments and mail get none."""
    flows = [series(s, "http.server.requests", 10, 10) for s in ("front", "checkout")]
    flows += [series(s, "http.server.requests", 10, 0) for s in ("payments", "mail")]

    (found,) = starved(flows, CALLEES)

    assert "checkout" == found.service
    assert "payments 0 %" in spaced(found.because)


def test_a_callee_that_was_hardly_asked_does_not_starve() -> None:
    """Two in a hundred of its caller's requests, or one sample of many, tell no usual level."""
    rare = [
        series("checkout", "http.server.requests", 100, 100),
        series("mail", "http.server.requests", 2, 0),
    ]
    once = [
        series("checkout", "http.server.requests", 100, 100),
        series("mail", "http.server.requests", 90, 0, samples=1),
    ]

    assert [] == starved(rare, CALLEES)
    assert [] == starved(once, CALLEES)


def test_the_way_to_a_callee_is_not_the_callers_own_time() -> None:
    """The front waits half a second longer for payments, which works as fast as ever: no one loses time inside."""
    reported = [
        *flow("front", 10, (0.1, 0.6)),
        *flow("payments", 10, (0.05, 0.05)),
        series("front", "rpc.client.duration", 0.05, 0.55, "s", caller="front", callee="payments"),
        series("payments", "rpc.server.duration", 0.05, 0.05, "s", caller="front", callee="payments"),
    ]

    assert [] == damaged(reported, {"front": {"payments"}})
    assert ["payments"] == [s.service for s in gaps(reported)]


def test_what_only_the_entry_measures_says_who_is_affected_and_not_by_whom() -> None:
    """The front's success falls, no one else measures theirs: it may be caught."""
    reported = [
        *flow("front", 10, (0.1, 0.1)),
        *flow("checkout", 10, (0.1, 0.1)),
        series("front", "availability", 1, 0.8),
    ]

    (found,) = damaged(reported, CALLEES)

    assert found.caught
