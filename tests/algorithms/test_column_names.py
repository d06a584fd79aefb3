"""Columns that are called by both what was measured and of whom."""

import pytest

from lastgood.algorithms.column_names import measures, owned, parted

SHOP = ("cart", "front_end", "db-1")


def crossed(pattern: str, services: tuple[str, ...], metrics: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    return {pattern.format(s=s, m=m): (s, m) for s in services for m in metrics}


@pytest.mark.parametrize(
    "expected",
    [
        crossed("{s}_{m}", SHOP, ("cpu", "mem", "latency_p99", "error")),
        crossed("{s}_{m}", SHOP, ("cpu", "lat_50", "lat_90", "err")),
        crossed("{m}.{s}", SHOP, ("cpu", "memory", "requests")),
        crossed("{s}|{m}", ("a_b", "c_d", "e_f"), ("container-cpu-usage-seconds-total", "requests_total")),
        crossed("{s}_{m}", ("adservice", "cartservice", "redis"), ("latency-90", "cpu", "workload")),
        crossed("{s}-{m}", ("ts-order-service", "ts-travel-service", "ts-user-service"), ("cpu", "diskio")),
    ],
)
def test_services_and_metrics_are_reported_apart(expected: dict[str, tuple[str, str]]) -> None:
    """Whichever comes first, whatever separates them, and when both are of several words."""
    assert expected == parted(list(expected))


def test_a_service_may_lack_a_metric_and_a_column_may_be_something_else() -> None:
    """Holes are no obstacle; what is not so stays as it is called."""
    expected = crossed("{s}_{m}", SHOP, ("cpu", "mem", "latency"))
    del expected["db-1_latency"]
    assert expected == parted([*expected, "temperature"])


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["cpu"],
        ["web_cpu", "web_mem", "db_cpu", "db_mem"],
        ["read_latency", "write_latency", "delete_latency", "read_errors", "write_errors", "delete_errors"],
        ["jvm_memory", "jvm_threads", "http_requests", "http_errors", "tomcat_threads", "process_cpu"],
        ["cpu0_user", "cpu0_idle", "cpu1_user", "cpu1_idle", "cpu2_user", "cpu2_idle"],
        ["eu_orders", "eu_refunds", "us_orders", "us_refunds", "asia_orders", "asia_refunds"],
    ],
)
def test_what_is_no_table_of_services(names: list[str]) -> None:
    """Two are too few; operations, subsystems and processors are no services; nor is what no word says is measured."""
    assert {} == parted(names)


def test_one_name_alone() -> None:
    """A service and what is measured of it; and whether a name says what is measured at all."""
    assert ("cart", "cpu") == owned("cart cpu")
    assert ("cart", "latency") == owned("latency cart")
    assert None is owned("cpu %")
    assert None is owned("heap used")
    assert measures("CPUUtilization")
    assert not measures("checkout")


@pytest.mark.parametrize(
    "name",
    "queue_depth disk_queue_length failed_requests connections_active http_requests 5xx_errors jvm_memory requests_inflight".split(),
)
def test_what_is_said_of_a_measure_is_no_service(name: str) -> None:
    """Alone, a name is parted only where a name is left."""
    assert owned(name) is None
    assert ("cart", "requests") == owned("cart_requests")
    assert ("http-gateway", "requests") == owned("http-gateway_requests")
