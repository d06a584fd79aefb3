"""Resources that several metrics tell together."""

from datetime import timedelta

import numpy as np
import pytest

from lastgood.model.window import Window
from lastgood.readings.resource_use import Use, uses
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from readings.exporters import gauge, line
from worlds import START

TIMES = np.arange(0, 1800, 15.0)
NODE = {"service.instance.id": "db-1:9100"}


def read(store: Store) -> list[Use]:
    """Every use of the store."""
    case, _ = investigate(store, now=START, only="onset")
    return uses(case)


def level(value: float) -> list[tuple[float, float]]:
    """A metric that stays as it is."""
    return [(t, value) for t in TIMES]


def last(use: Use) -> float:
    """The last value that is known."""
    return float(use.values[np.isfinite(use.values)][-1])


def test_what_is_left_of_a_disk_by_mount_point(store: Store) -> None:
    """1 - avail / size, of real file systems, in the service that runs on the host."""
    line(store, "orders-db", {"host.name": "db-1"})
    for mount, kind, avail in (("/", "ext4", 25.0), ("/data", "xfs", 10.0), ("/run", "tmpfs", 0.0)):
        labels = {"mountpoint": mount, "fstype": kind, "device": "d"}
        gauge(store, "node", "node_filesystem_avail_bytes", labels, level(avail), NODE)
        gauge(store, "node", "node_filesystem_free_bytes", labels, level(avail + 5), NODE)
        gauge(store, "node", "node_filesystem_size_bytes", labels, level(100.0), NODE)

    found = read(store)

    assert {"disk utilization /": 0.75, "disk utilization /data": 0.9} == pytest.approx(
        {one.name: last(one) for one in found}
    )
    assert {("orders-db",)} == {one.services for one in found}
    assert {"db-1"} == {one.instance for one in found}
    assert all(one.tied for one in found)


def test_a_processor_is_busy_when_it_is_not_idle(store: Store) -> None:
    """Over all cores and modes, as rates; steal by itself."""
    for core in "01":
        for mode, part in (("idle", 0.2), ("user", 0.7), ("steal", 0.1)):
            total = [(t, 1000 + part * t) for t in TIMES]
            gauge(
                store,
                "node",
                "node_cpu_seconds_total",
                {"cpu": core, "mode": mode},
                total,
                NODE,
                counter=True,
            )

    assert not any(one.tied for one in read(store))
    assert {"cpu utilization": 0.8, "cpu steal utilization": 0.1} == pytest.approx(
        {one.name: last(one) for one in read(store)}
    )


def test_a_container_against_the_limit_that_another_exporter_tells(store: Store) -> None:
    """The pod's memory by cAdvisor, its limit by kube-state-metrics, which has limits of other resources too."""
    pod = {"k8s.pod.name": "cart-5f66d8c6b9-x7k2p", "k8s.container.name": "app"}
    gauge(
        store,
        "cart",
        "container_memory_working_set_bytes",
        {},
        level(3e8),
        pod | {"service.instance.id": "10.0.0.1:10250"},
    )
    for resource, limit in (("memory", 4e8), ("cpu", 2.0)):
        labels = {"resource": resource}
        gauge(
            store,
            "cart",
            "kube_pod_container_resource_limits",
            labels,
            level(limit),
            pod | {"service.instance.id": "10.0.0.9:8080"},
        )

    (found,) = read(store)

    assert ("container memory utilization", ("cart",), pod["k8s.pod.name"]) == (
        found.name,
        found.services,
        found.instance,
    )
    assert 0.75 == pytest.approx(last(found))


def test_connections_of_all_states_against_the_most_that_are_allowed(store: Store) -> None:
    """The sum over states; a limit that is scraped once is known for a while only."""
    for state, n in (("active", 60.0), ("idle", 30.0)):
        gauge(store, "postgres", "pg_stat_activity_count", {"state": state}, level(n), NODE)
    gauge(store, "postgres", "pg_settings_max_connections", {}, level(100.0), NODE)

    (found,) = read(store)

    assert 0.9 == pytest.approx(last(found))
    assert found.family.caught


def test_a_lag_is_the_consumers(store: Store) -> None:
    """Summed over partitions, of the service that its group is named after."""
    line(store, "billing", {})
    for partition in "012":
        labels = {"consumergroup": "billing-worker", "topic": "orders", "partition": partition}
        gauge(store, "kafka-exporter", "kafka_consumergroup_lag", labels, level(200.0))

    (found,) = read(store)

    assert (("billing",), "consumer lag billing-worker orders", 600.0) == (
        found.services,
        found.name,
        last(found),
    )


def test_a_limit_of_nothing_is_none(store: Store) -> None:
    """Redis without maxmemory, a container without a limit."""
    gauge(store, "redis", "redis_memory_used_bytes", {}, level(3e8), NODE)
    gauge(store, "redis", "redis_memory_max_bytes", {}, level(0.0), NODE)

    assert [] == read(store)


def test_the_time_to_full(store: Store) -> None:
    """At the pace of a window."""
    gauge(store, "node", "node_filefd_allocated", {}, [(t, 500 + t / 6) for t in TIMES], NODE)
    gauge(store, "node", "node_filefd_maximum", {}, level(1000.0), NODE)

    (found,) = read(store)

    left = found.full_in(Window(START + timedelta(minutes=15), START + timedelta(minutes=30)))
    assert 1200 == pytest.approx(left, abs=60)
