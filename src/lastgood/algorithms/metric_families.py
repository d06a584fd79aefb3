"""Families of machine and exporter metrics: what several metrics mean together, as a table.

One row is one resource. Its use is a share: what is used of a limit, or what is left of a total. Names are regular
expressions over the metric's name in lower case, in which dots and colons are underscores.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from lastgood.algorithms.metric_meaning import Meaning, Role


class Form(StrEnum):
    """How the value of a resource comes from its metrics; counters are rates a second, unless they are totals."""

    SHARE = "share"  # used / of
    LEFT = "left"  # 1 - left / of; without `of`, of the most that was ever left
    AMOUNT = "amount"  # as it is
    TOTAL = "total"  # a counter as it stands


class Scope(StrEnum):
    """Whose a resource is."""

    MACHINE = "machine"  # of a host, and of whoever runs there
    CONTAINER = "container"  # of a pod
    PROCESS = "process"  # of who reports it
    OWNER = "owner"  # of whom the first label of `by` names


@dataclass(frozen=True, slots=True)
class Family:
    """One resource: its metrics, the labels that part one place from another, and what a rise means.

    `only` and `of_only` keep series with these label values (regular expressions), `without` leaves series out.
    `floor` is the least rise that counts, in shares of the limit or in the metric's own unit.
    """

    name: str
    kind: str
    form: Form
    used: str
    of: str | float | None = None
    by: tuple[str, ...] = ()
    only: Mapping[str, str] = field(default_factory=dict)
    of_only: Mapping[str, str] | None = None  # None: as `only`
    without: Mapping[str, str] = field(default_factory=dict)
    scope: Scope = Scope.PROCESS
    floor: float = 0.1
    ratio: float = 1.1
    weight: float = 0.8
    caught: bool = False
    full: float = 1.0  # the share at which it is used up
    source: str = ""

    @property
    def share(self) -> bool:
        """Whether its values are shares of a limit."""
        return self.form is Form.LEFT or self.form is Form.SHARE

    @property
    def meaning(self) -> Meaning:
        """The same as a metric's meaning."""
        return Meaning(
            Role.RESOURCE, self.kind, self.floor, self.ratio, self.weight, self.caught,
            limit=self.full if self.share else None,
        )  # fmt: skip


_NODE, _CADVISOR = "node_exporter: collectors", "cAdvisor: docs/storage/prometheus.md"
_STATE, _OTEL = (
    "kube-state-metrics: docs/metrics",
    "OpenTelemetry semantic conventions: system, jvm, db metrics",
)
_JVM, _CLOUD, _WINDOWS = (
    "Micrometer: binders",
    "Amazon CloudWatch: metrics of services",
    "windows_exporter: collectors",
)
_M, _C, _P, _O = Scope.MACHINE, Scope.CONTAINER, Scope.PROCESS, Scope.OWNER
_PSEUDO = {"fstype": "tmpfs|devtmpfs|overlay|squashfs|ramfs|iso9660|fuse.*|autofs|proc|sysfs|cgroup.*"}
_IDLE, _POD = {"mode": "idle"}, ("k8s.pod.name", "k8s.container.name")
_HEAP = {"area|jvm.memory.type": "heap"}
S, L, A, T = Form.SHARE, Form.LEFT, Form.AMOUNT, Form.TOTAL
# Connections and threads fill because of what they wait for, too; whose lag grows is the one that consumes.
_CONNECTIONS = Family(
    "connection utilization", "database", S, "", floor=0.3, ratio=1.3, weight=0.5, caught=True
)
_POOL = replace(_CONNECTIONS, name="connection pool utilization")
_THREADS = replace(_CONNECTIONS, name="thread utilization", kind="queue")
_LAG = Family("consumer lag", "queue", A, "", scope=_O, floor=50.0, ratio=3.0, weight=0.6)

# fmt: off
FAMILIES: tuple[Family, ...] = (
    # Disks.
    Family("disk utilization", "disk", L, "node_filesystem_(avail|free)(_bytes)?", "node_filesystem_size(_bytes)?", ("mountpoint",), without=_PSEUDO, scope=_M, source=_NODE),
    Family("inode disk utilization", "disk", L, "node_filesystem_files_free", "node_filesystem_files", ("mountpoint",), without=_PSEUDO, scope=_M, source=_NODE),
    Family("disk utilization", "disk", S, "system_filesystem_usage", "system_filesystem_usage", ("mountpoint",), {"state": "used"}, {}, scope=_M, source=_OTEL),
    Family("disk utilization", "disk", S, "system_filesystem_utilization", 1.0, ("mountpoint|system.filesystem.mountpoint",), without=_PSEUDO, scope=_M, source=_OTEL),
    Family("inode disk utilization", "disk", S, "system_filesystem_inodes_utilization", 1.0, ("mountpoint|system.filesystem.mountpoint",), scope=_M, source="df -i"),
    Family("disk utilization", "disk", L, "windows_logical_disk_free_bytes", "windows_logical_disk_size_bytes", ("volume",), scope=_M, source=_WINDOWS),
    Family("volume disk utilization", "disk", L, "kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes", ("persistentvolumeclaim",), scope=_O, source="kubelet: /metrics"),
    Family("disk utilization", "disk", L, "(aws_rds_)?free_?storage_?space(_average|_minimum)?", scope=_P, floor=0.5, source=_CLOUD),
    Family("burst credit disk utilization", "disk", L, "(aws_\\w+_)?burst_?balance(_average|_minimum)?", 100.0, scope=_P, floor=0.5, source=_CLOUD),
    Family("disk busy utilization", "disk", S, "node_disk_io_time_seconds_total|system_disk_io_time", 1.0, ("device",), scope=_M, floor=0.3, ratio=1.5, weight=0.7, source=_NODE),
    # Memory.
    Family("memory utilization", "memory", L, "node_memory_(MemAvailable)(_bytes)?", "node_memory_MemTotal(_bytes)?", scope=_M, source=_NODE),
    Family("memory utilization", "memory", S, "system_memory_usage", "system_memory_usage", (), {"state": "used"}, {}, scope=_M, source=_OTEL),
    Family("memory utilization", "memory", L, "windows_os_physical_memory_free_bytes", "windows_cs_physical_memory_bytes", scope=_M, source=_WINDOWS),
    Family("memory utilization", "memory", L, "(aws_\\w+_)?freeable_?memory(_average|_minimum)?", scope=_P, floor=0.5, source=_CLOUD),
    Family("container memory utilization", "memory", S, "container_memory_working_set_bytes", "container_spec_memory_limit_bytes", _POD, scope=_C, source=_CADVISOR),
    Family("container memory utilization", "memory", S, "container_memory_working_set_bytes", "kube_pod_container_resource_limits(_memory_bytes)?", _POD, {}, {"resource|": "memory|"}, scope=_C, source=_STATE),
    Family("heap memory utilization", "memory", S, "jvm_memory_used(_bytes)?", "jvm_memory_(max|limit)(_bytes)?", (), _HEAP, scope=_P, ratio=1.3, floor=0.2, weight=0.6, source=_JVM),
    Family("gc pause memory ratio", "memory", S, "jvm_gc_pause_seconds_sum", 1.0, scope=_P, floor=0.05, ratio=3.0, weight=0.7, full=0.3, source=_JVM),
    Family("memory utilization", "memory", S, "redis_memory_used(_bytes)?", "redis_(memory_max_bytes|maxmemory)", scope=_P, source="redis_exporter: README"),
    Family("out-of-memory kills", "memory", T, "node_vmstat_oom_kill", scope=_M, floor=1.0, weight=0.7, source=_NODE),
    Family("out-of-memory kills", "memory", A, "kube_pod_container_status_last_terminated_reason", None, _POD, {"reason": "OOMKilled"}, scope=_C, floor=0.5, weight=0.8, source=_STATE),
    Family("memory pressure", "memory", A, "kube_node_status_condition", None, (), {"condition": "MemoryPressure", "status": "true"}, scope=_M, floor=0.5, weight=0.7, source=_STATE),
    # Processors.
    Family("cpu utilization", "cpu", L, "node_cpu(_seconds_total)?|windows_cpu_time_total", "node_cpu(_seconds_total)?|windows_cpu_time_total", (), _IDLE, {}, scope=_M, floor=0.15, ratio=1.5, source=_NODE),
    Family("cpu utilization", "cpu", L, "system_cpu_time", "system_cpu_time", (), {"state|cpu.mode": "idle"}, {}, scope=_M, floor=0.15, ratio=1.5, source=_OTEL),
    Family("cpu utilization", "cpu", S, "(node|host|machine|kubelet_node)_cpu_(used|busy|usage|utili[sz]ation)_(percent|pct)", 100.0, scope=_M, floor=0.15, ratio=1.5, source="recording rules"),
    Family("cpu utilization", "cpu", S, "(node|host|machine|kubelet_node)_cpu_(used|busy|usage|utili[sz]ation)(_ratio)?", 1.0, scope=_M, floor=0.15, ratio=1.5, source="recording rules"),
    Family("cpu steal utilization", "cpu", S, "node_cpu(_seconds_total)?", "node_cpu(_seconds_total)?", (), {"mode": "steal"}, {}, scope=_M, weight=0.7, source=_NODE),
    Family("cpu load", "cpu", A, "node_load1", scope=_M, floor=4.0, ratio=2.0, weight=0.4, source=_NODE),
    Family("container cpu utilization", "cpu", S, "container_cpu_usage_seconds_total", "kube_pod_container_resource_limits(_cpu_cores)?", _POD, {}, {"resource|": "cpu|"}, scope=_C, floor=0.15, ratio=1.5, source=_STATE),
    Family("throttled cpu ratio", "cpu", S, "container_cpu_cfs_throttled_periods_total", "container_cpu_cfs_periods_total", _POD, scope=_C, floor=0.2, ratio=1.5, full=0.3, source=_CADVISOR),
    Family("cpu credits utilization", "cpu", L, "(aws_\\w+_)?cpu_?credit_?balance(_average|_minimum)?", scope=_P, floor=0.5, source=_CLOUD),
    # Descriptors, connections in the kernel, network.
    Family("file descriptor utilization", "handles", S, "node_filefd_allocated", "node_filefd_maximum", scope=_M, source=_NODE),
    Family("file descriptor utilization", "handles", S, "process_open_fds|process_files_open(_files)?", "process_max_fds|process_files_max(_files)?", scope=_P, source="Prometheus client libraries"),
    Family("tracked connections utilization", "handles", S, "node_nf_conntrack_entries", "node_nf_conntrack_entries_limit", scope=_M, source=_NODE),
    Family("network drops", "network", A, "node_network_(receive|transmit)_(drop|errs)_total", None, ("device",), without={"device": "lo|veth.*|cali.*|docker.*|br-.*"}, scope=_M, floor=5.0, ratio=3.0, weight=0.6, source=_NODE),
    # Kubernetes.
    Family("missing replicas ratio", "infrastructure", L, "kube_(deployment|statefulset|daemonset)_status_(replicas_available|replicas_ready|number_ready)", "kube_(deployment_spec_replicas|statefulset_replicas|daemonset_status_desired_number_scheduled)", scope=_C, floor=0.25, weight=0.6, caught=True, source=_STATE),
    Family("disk pressure", "disk", A, "kube_node_status_condition", None, (), {"condition": "DiskPressure", "status": "true"}, scope=_M, floor=0.5, weight=0.7, source=_STATE),
    Family("node not ready", "infrastructure", A, "kube_node_status_condition", None, (), {"condition": "Ready", "status": "false|unknown"}, scope=_M, floor=0.5, weight=0.7, source=_STATE),
    # Connections of stores, pools, threads.
    replace(_CONNECTIONS, used="pg_stat_activity_count|pg_stat_database_numbackends", of="pg_settings_max_connections", source="postgres_exporter"),
    replace(_CONNECTIONS, used="mysql_global_status_threads_connected", of="mysql_global_variables_max_connections", source="mysqld_exporter"),
    replace(_CONNECTIONS, used="redis_connected_clients", of="redis_config_maxclients", source="redis_exporter"),
    replace(_POOL, used="hikaricp_connections_active|jdbc_connections_active", of="hikaricp_connections_max|jdbc_connections_max", by=("pool", "name"), source=_JVM),
    replace(_POOL, used="db_client_connections?_(count|usage)", of="db_client_connections?_max", by=("db.client.connection.pool.name", "pool.name", "pool_name"), only={"state|db.client.connection.state": "used"}, of_only={}, source=_OTEL),
    replace(_POOL, used="pgxpool_acquired_conns|go_sql_in_use_connections|go_sql_stats_connections_in_use", of="pgxpool_max_conns|go_sql_max_open_connections|go_sql_stats_connections_max_open", by=("db_name",), source="pgx, database/sql"),
    replace(_THREADS, used="tomcat_threads_busy_threads|jetty_threads_busy|executor_active_threads", of="tomcat_threads_config_max_threads|jetty_threads_config_max|executor_pool_max_threads", by=("name",), source=_JVM),
    # Queues.
    replace(_LAG, used="kafka_consumer_?group_lag(_sum)?", by=("consumergroup|group|consumer_group", "topic"), source="kafka_exporter"),
    replace(_LAG, name="queue backlog", used="rabbitmq_queue_messages_ready|rabbitmq_detailed_queue_messages_ready", by=("queue",), source="RabbitMQ: Prometheus plugin"),
    replace(_LAG, name="queue backlog", used="(aws_sqs_)?approximate_?number_?of_?messages_?visible(_average|_maximum)?", by=("queuename|queue_name|dimension_QueueName",), source=_CLOUD),
)
# fmt: on
# Who reports on others, by the names of jobs and services.
_REPORTERS = re.compile(
    r"exporter|kube-state-metrics|kubelet|cadvisor|^node$|^kube-proxy$|prometheus|telegraf|otel-?col",
    re.IGNORECASE,
)
_APART = re.compile(r"[.:\s]+")


def spelt(name: str) -> str:
    """A metric's name as the table's expressions know it."""
    return _APART.sub("_", name.strip())


def named(pattern: str, metrics: Mapping[str, str]) -> tuple[str, ...]:
    """The metrics that a pattern means, of names with their spelling here."""
    form = re.compile(pattern, re.IGNORECASE)
    return tuple(name for name, known in metrics.items() if form.fullmatch(known))


def reports_others(service: str) -> bool:
    """Whether a service is an agent that reports on machines and others, by its name."""
    return bool(_REPORTERS.search(service))
