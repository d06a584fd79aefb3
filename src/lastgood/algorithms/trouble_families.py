"""Metrics that only the checks of known troubles read, in the form of the table of metric families.

They say what a store, a pool or a resolver is busy with. No other question reads them, so none changes by them.
"""

from dataclasses import replace

from lastgood.algorithms.metric_families import FAMILIES, Family, Form, Scope

_DATABASE = Family("", "database", Form.AMOUNT, "", scope=Scope.PROCESS)
_WAITING = replace(_DATABASE, name="requests that wait for a connection", kind="pool")

# fmt: off
TROUBLE_FAMILIES: tuple[Family, ...] = (
    replace(_DATABASE, name="replication lag", used="pg_replication_lag(_seconds)?|postgresql_(replication|wal)_lag|mysql_replica_time_behind_source|pg_stat_replication_replay_lag(_seconds)?|mysql_slave_status_seconds_behind_master|mysql_replica_status_seconds_behind_source|(aws_rds_)?(aurora_?)?replica_?lag(_average|_maximum)?", source="postgres_exporter, mysqld_exporter, OpenTelemetry receivers, Amazon CloudWatch"),
    replace(_DATABASE, name="longest transaction", used="pg_stat_activity_max_tx_duration", source="postgres_exporter"),
    replace(_DATABASE, name="sessions that wait for a row lock", used="mysql_global_status_innodb_row_lock_current_waits|pg_stat_activity_waiting|pg_blocked_queries", source="mysqld_exporter"),
    replace(_DATABASE, name="slow statements a second", used="mysql_global_status_slow_queries", source="mysqld_exporter"),
    replace(_DATABASE, name="deadlocks a second", used="pg_stat_database_deadlocks(_total)?|mysql_global_status_innodb_deadlocks", source="postgres_exporter, mysqld_exporter"),
    replace(_WAITING, used="hikaricp_connections_pending|jdbc_connections_pending|db_client_connections?_pending_requests", source="Micrometer; OpenTelemetry semantic conventions"),
    replace(_WAITING, used="pgbouncer_pools_client_waiting_connections", source="pgbouncer_exporter"),
    replace(_WAITING, name="connections refused a second", used="redis_rejected_connections_total|mysql_global_status_connection_errors_total|node_netstat_tcpext_listenoverflows|mysql_global_status_aborted_connects", source="redis_exporter, mysqld_exporter, node_exporter"),
    replace(_DATABASE, name="evicted keys a second", kind="memory", used="redis_evicted_keys_total", source="redis_exporter"),
    replace(_DATABASE, name="pages swapped in a second", kind="memory", used="node_vmstat_pswpin", scope=Scope.MACHINE, source="node_exporter"),
    Family("gc time ratio", "gc", Form.SHARE, "go_gc_duration_seconds_sum|jvm_gc_collection_seconds_sum", 1.0, source="client libraries of Prometheus"),
    Family("failed lookups a second", "dns", Form.AMOUNT, "coredns_dns_responses(_rcode_count)?_total", only={"rcode": "SERVFAIL|REFUSED"}, source="CoreDNS: plugin metrics"),
    Family("certificate expiry", "certificate", Form.TOTAL, "probe_ssl_earliest_cert_expiry|ssl_cert_not_after|x509_cert_not_after|certmanager_certificate_expiration_timestamp_seconds", by=("instance|subject_cn|cn|name",), source="blackbox_exporter, ssl_exporter, cert-manager"),
)
# fmt: on
ALL_FAMILIES = FAMILIES + TROUBLE_FAMILIES
