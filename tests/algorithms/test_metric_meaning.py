"""What metrics mean, by names of several worlds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.metric_meaning import SHARES, Role, meaning, preference, stated_unit, words


@pytest.mark.parametrize(
    ("name", "unit", "kind", "floor"),
    [
        ("CpuUsageRate(%)", "", "cpu", 15.0),
        ("k8s.pod.cpu_limit_utilization", "1", "cpu", 0.15),
        ("CPUUtilization", "", "cpu", 15.0),
        ("pg_cpu_utilisation", "", "cpu", 0.15),
        ("container_cpu_usage_millicores", "", "cpu", 100.0),
        ("process.runtime.jvm.memory.usage", "By", "memory", 64 * 2**20),
        ("system.filesystem.utilization", "1", "disk", 0.1),
        ("db.client.connections.usage", "{connection}", "database", 5.0),
        ("kafka_consumer_lag", "", "queue", 5.0),
        ("thread_pool_queue_size", "", "queue", 5.0),
        ("pg_replication_lag_seconds", "s", "database", 5.0),
        ("network_packet_loss_percent", "", "network", 1.0),
        ("redis_evicted_keys_total", "", "cache", 10.0),
        ("process_open_fds", "", "handles", 50.0),
        ("process.open_file_descriptor.count", "", "handles", 50.0),
        ("go_goroutines", "", "queue", 100.0),
    ],
)
def test_resources_by_name_and_unit(name: str, unit: str, kind: str, floor: float) -> None:
    """The kind and the least rise that counts, in the metric's own unit."""
    found = meaning(name, unit)

    assert found is not None
    assert kind == found.kind
    assert found.floor == pytest.approx(floor)


@pytest.mark.parametrize(
    "name",
    [
        "node_cpu_utilization",
        "memory_free_bytes",
        "FreeableMemory",
        "system.cpu.load_average.1m",
        "kube_pod_resource_limits_cpu",
        "process_max_fds",
        "uptime",
        "request_duration_ms_bucket",
        "lat",
        "",
    ],
)
def test_not_a_use_of_the_service(name: str) -> None:
    """Hosts, what is free, what is allowed, and what says nothing."""
    assert meaning(name) is None


@pytest.mark.parametrize(
    ("name", "unit", "role"),
    [
        ("http.server.request.duration.p90", "s", Role.LATENCY),
        ("latency_Average", "s", Role.LATENCY),
        ("http.server.requests", "{request}/s", Role.TRAFFIC),
        ("availability_Average", "%", Role.SUCCESS),
        ("http_server_errors_total", "", Role.FAILURES),
        ("error", "", Role.FAILURES),
        ("lat_90", "", Role.LATENCY),
    ],
)
def test_requests(name: str, unit: str, role: Role) -> None:
    """How long, how many, how many succeed."""
    found = meaning(name, unit)

    assert found is not None
    assert role is found.role


def test_averages_add_up_and_are_preferred() -> None:
    """Of several latencies the mean comes first, then the lower quantiles."""
    names = ["latency_p99", "latency_p50", "latency_Average"]

    assert names[::-1] == sorted(names, key=preference)


@pytest.mark.parametrize(
    ("name", "unit", "most", "told"),
    [
        ("CPUUtilization", "Percent", 10.0, "%"), ("ErrorRate", "percentage", 0.4, "%"), ("memory_utilization", "", 4.0, "%"),
        ("memory_utilization", "", SHARES, ""), ("process.cpu.utilization", "1", 4.0, "1"), ("compression_ratio", "", 4.0, ""),
        ("queue_depth", "", 4.0, ""),
    ],
)  # fmt: skip
def test_percent_is_told_by_the_unit_or_by_the_figures(name: str, unit: str, most: float, told: str) -> None:
    """A use that goes beyond one whole is no share; a stated unit stays."""
    assert told == stated_unit(name, unit, most)


def test_words_of_all_spellings() -> None:
    """Camel case, dots, underscores and brackets."""
    assert ["pod", "server", "latency", "p", "90", "s"] == words("PodServerLatencyP90(s)")
    assert ["http", "code", "target", "5xx", "count"] == words("HTTPCode_Target_5XX_Count")
    assert ["5xx", "error"] == words("5XXError")


@pytest.mark.parametrize(
    "name", ["HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count", "http_5xx", "responses.5xx"]
)
def test_a_class_of_statuses_tells_failures(name: str) -> None:
    """However it is spelled; what callers did wrong is none."""
    found = meaning(name)

    assert found is not None
    assert Role.FAILURES is found.role
    assert meaning(name.replace("5", "4")) is None


@given(st.text(max_size=60), st.text(max_size=8))
def test_no_name_breaks_it(name: str, unit: str) -> None:
    """Any text is understood or not."""
    found = meaning(name, unit)

    assert found is None or found.floor > 0
