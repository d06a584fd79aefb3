"""The table of metric families."""

import re

import pytest

from lastgood.algorithms.metric_families import FAMILIES, Family, Form, Scope, named, reports_others, spelt
from lastgood.algorithms.metric_meaning import Role, meaning


@pytest.mark.parametrize(
    ("metric", "names"),
    [
        ("node_filesystem_avail_bytes", {"disk utilization"}),
        ("node_memory_MemAvailable_bytes", {"memory utilization"}),
        ("node_cpu_seconds_total", {"cpu utilization", "cpu steal utilization"}),
        ("container_memory_working_set_bytes", {"container memory utilization"}),
        ("hikaricp_connections_active", {"connection pool utilization"}),
        ("pg_stat_activity_count", {"connection utilization"}),
        ("kafka_consumergroup_lag", {"consumer lag"}),
        ("rabbitmq_queue_messages_ready", {"queue backlog"}),
        ("jvm.memory.used", {"heap memory utilization"}),
        ("system.filesystem.usage", {"disk utilization"}),
        ("system.filesystem.utilization", {"disk utilization"}),
        ("system.filesystem.inodes.utilization", {"inode disk utilization"}),
        ("FreeStorageSpace", {"disk utilization"}),
        ("BurstBalance", {"burst credit disk utilization"}),
        ("node_nf_conntrack_entries", {"tracked connections utilization"}),
        ("node_cpu_busy_percent", {"cpu utilization"}),
        ("orders_total", set()),
        ("node_filesystem_size_bytes", set()),
    ],
)
def test_exporters_metrics_are_known(metric: str, names: set[str]) -> None:
    """By the names that exporters give them, dots or underscores."""
    known = {metric: spelt(metric)}

    assert names == {one.name for one in FAMILIES if named(one.used, known)}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda one: f"{one.name}-{one.used}-{one.of}-{one.only}")
def test_every_row_can_be_read(family: Family) -> None:
    """Expressions compile, values have a source, an owner has a label, and a share has something that it is of."""
    for pattern in (family.used, family.of, *family.only.values(), *family.without.values()):
        re.compile(str(pattern))
    assert family.source
    assert family.scope is not Scope.OWNER or family.by
    assert family.form is not Form.SHARE or family.of is not None
    assert not set(family.only) & set(family.without)


def test_shares_are_resources_by_their_names_too() -> None:
    """Whoever knows a reading by its name only takes it for the same kind."""
    for family in (one for one in FAMILIES if one.share and one.kind in {"cpu", "memory", "disk"}):
        found = meaning(family.name)

        assert found is not None
        assert (Role.RESOURCE, family.kind) == (found.role, found.kind)


def test_agents_report_on_others() -> None:
    """By their names."""
    assert reports_others("kube-state-metrics")
    assert reports_others("node-exporter")
    assert not reports_others("orders")
