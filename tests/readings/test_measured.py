"""What is read of a metric: its edge, whose it is, and its mean; nothing of what is not a use of something."""

from typing import Any

import pytest

from lastgood.algorithms.metric_meaning import Role, meaning
from lastgood.readings.measured import USED_BEYOND, USED_FULL, measured, ran_out, reported_apart, used_share


def row(metric: str, **other: Any) -> dict[str, Any]:
    """A line of the query's answer, level at 1 and then at 3, once at 7."""
    return {
        "service": "web", "instance": "", "metric": metric, "unit": "s", "counter": 0, "labels": "{}", "caller": "",
        "callee": "", "good": [1.0] * 4, "bad": [3.0, 3.0, 7.0, 3.0], "good_at": [], "bad_at": [], **other,
    }  # fmt: skip


def test_damage_adds_up_so_the_mean_counts_its_spikes() -> None:
    """Median 3 and mean 4 of the bad window."""
    (found,) = measured([row("http.server.request.duration")])

    assert (3.0, 4.0, 4) == (found.shift.bad, found.mean, found.samples)


def test_time_that_a_caller_waits_is_about_its_edge_only() -> None:
    """A client's latency towards a named peer is kept with its edge; without a peer it says nothing."""
    at = {"good_at": [0, 60, 120, 180], "bad_at": [240, 300, 360, 420]}
    (found,) = measured([row("rpc.client.duration"), row("rpc.client.duration", callee="cart", **at)])

    assert found.client
    assert found.edge is not None
    assert ("web", "cart") == found.edge.ends
    assert 7.0 == found.edge.bad[360]


@pytest.mark.parametrize(
    ("metric", "ended", "failures"),
    [
        ("seat_lookups_total", "timeout", True), ("seat_lookups_total", "ok", False), ("seat_lookups", "timeout", False),
        ("node_lookups_total", "timeout", False), ("http_requests_total", "503", True),
    ],
)  # fmt: skip
def test_what_is_counted_apart_because_it_failed_are_failures(
    metric: str, ended: str, *, failures: bool
) -> None:
    """Whatever is counted; what only has such a label counts nothing, and a machine's is not the service's."""
    found = reported_apart(metric, "", ended)

    assert failures == (found is not None and found.role is Role.FAILURES)


def test_what_is_free_is_no_use() -> None:
    """Labels that say so leave a series out."""
    assert [] == measured([row("memory", labels="{'state':'free'}")])


def test_seconds_of_a_processor_are_read_as_cores_whoever_says_that_they_add_up() -> None:
    """Three seconds in fifteen, then fifteen: a fifth of a core, then all of it; a flag or the name tells."""
    reported = {"good": [3.0, 6.0, 9.0, 12.0], "bad": [27.0, 42.0, 57.0], "good_at": [0, 15_000, 30_000, 45_000],
            "bad_at": [60_000, 75_000, 90_000]}  # fmt: skip
    for metric, counter in (("container_cpu_usage_seconds", 1), ("container_cpu_usage_seconds_total", 0)):
        (found,) = measured([row(metric, counter=counter, **reported)])

        assert (0.2, 1.0) == (found.shift.good, found.shift.bad)


def test_percent_without_a_unit_do_not_use_up_a_ratio() -> None:
    """A rise from 4 to 10 of what must be at most 1 shows that its limit is another; a share a little above 1 is used up."""
    share = meaning("pod_cpu_utilization")

    assert share is not None
    assert not ran_out(share, 4.0, 10.0)
    assert not ran_out(share, 0.5, 10.0)
    assert ran_out(share, 0.4, USED_BEYOND)
    assert not ran_out(share, 0.4, USED_FULL - 0.01)
    assert (USED_BEYOND, None) == (used_share(share, USED_BEYOND), used_share(share, USED_BEYOND + 0.01))
