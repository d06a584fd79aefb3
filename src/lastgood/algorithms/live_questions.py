"""What is asked of a running database about known troubles, as a table: one read-only question a row.

SQL follows the rules of `lastgood sql` (docs/decisions/0018). Of several statements the first that the server knows is
used: MariaDB and MySQL keep the same facts in different tables. Redis is asked INFO and SLOWLOG GET only.
A row `<insufficient privilege>` says that the role may not see the sessions of others.
"""

from dataclasses import dataclass

from lastgood.model.trouble import System

HIDDEN = "<insufficient privilege>"  # PostgreSQL's own words (pg_stat_activity)


@dataclass(frozen=True, slots=True)
class LiveQuestion:
    """One question to one system, and where its facts are described.

    Of several statements of SQL the first that runs is used; paths of an endpoint are read together.
    """

    name: str
    system: System
    statements: tuple[str, ...]
    source: str


_PG_MONITORING = "PostgreSQL manual: monitoring statistics"
_PG = System.POSTGRESQL
_MY_MONITORING = "MariaDB and MySQL manuals: information_schema, performance_schema, sys"
_MY = System.MYSQL
_REDIS = System.REDIS
_NO_PROCESS = (
    f"UNION ALL SELECT NULL, NULL, NULL, '{HIDDEN}' FROM (SELECT count(*) AS held "
    "FROM information_schema.user_privileges WHERE privilege_type = 'PROCESS') AS own WHERE own.held = 0"
)
# fmt: off
LIVE_QUESTIONS: tuple[LiveQuestion, ...] = (
    LiveQuestion("pg-connections", _PG, (
        """SELECT count(*) AS used, (SELECT CAST(setting AS int) FROM pg_settings WHERE name = 'max_connections')
            - (SELECT CAST(setting AS int) FROM pg_settings WHERE name = 'superuser_reserved_connections') AS most,
            count(*) FILTER (WHERE state = 'active') AS active, count(*) FILTER (WHERE state = 'idle') AS idle
            FROM pg_stat_activity WHERE datid IS NOT NULL AND COALESCE(backend_type, 'client backend') = 'client backend'
            AND COALESCE(application_name, '') <> 'lastgood'""",
    ), _PG_MONITORING),
    LiveQuestion("pg-idle-in-transaction", _PG, (
        f"""SELECT pid, application_name AS application, EXTRACT(epoch FROM CURRENT_TIMESTAMP - state_change) AS seconds, LEFT(query, 200) AS query
            FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' OR query = '{HIDDEN}' ORDER BY 3 DESC NULLS LAST LIMIT 20""",
    ), _PG_MONITORING),
    LiveQuestion("pg-blocked", _PG, (
        f"""SELECT w.pid AS pid, b.pid AS blocked_by, EXTRACT(epoch FROM CURRENT_TIMESTAMP - w.query_start) AS seconds,
            b.state AS blocker_state, LEFT(w.query, 200) AS query, LEFT(b.query, 200) AS blocker_query
            FROM pg_stat_activity AS w JOIN pg_stat_activity AS b ON b.pid = ANY(pg_blocking_pids(w.pid))
            WHERE w.wait_event_type = 'Lock' OR w.query = '{HIDDEN}' ORDER BY 3 DESC NULLS LAST LIMIT 20""",
    ), _PG_MONITORING),
    LiveQuestion("pg-statements", _PG, (
        f"""SELECT pid, COALESCE(wait_event_type, 'CPU') AS waits, EXTRACT(epoch FROM CURRENT_TIMESTAMP - query_start) AS seconds, LEFT(query, 200) AS query
            FROM pg_stat_activity WHERE (state = 'active' AND backend_type = 'client backend' AND COALESCE(application_name, '') <> 'lastgood')
            OR query = '{HIDDEN}' ORDER BY 3 DESC NULLS LAST LIMIT 20""",
    ), _PG_MONITORING),
    LiveQuestion("pg-replication", _PG, (
        """SELECT application_name AS replica, CASE WHEN state IS NULL THEN NULL ELSE COALESCE(EXTRACT(epoch FROM replay_lag), 0) END AS seconds,
            pg_wal_lsn_diff(sent_lsn, replay_lsn) AS bytes FROM pg_stat_replication
            UNION ALL SELECT 'this server', CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
            ELSE EXTRACT(epoch FROM CURRENT_TIMESTAMP - pg_last_xact_replay_timestamp()) END,
            pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) WHERE pg_is_in_recovery()""",
    ), _PG_MONITORING),
    LiveQuestion("my-connections", _MY, tuple(
        f"""SELECT CAST(s.variable_value AS SIGNED) AS used, CAST(v.variable_value AS SIGNED) AS most
            FROM {schema}.global_status AS s JOIN {schema}.global_variables AS v ON v.variable_name = 'max_connections'
            WHERE s.variable_name = 'Threads_connected'"""
        for schema in ("information_schema", "performance_schema")
    ), _MY_MONITORING),
    LiveQuestion("my-statements", _MY, (
        f"""SELECT p.id AS pid, p.state AS waits, p.time AS seconds, LEFT(p.info, 200) AS query FROM information_schema.processlist AS p
            WHERE p.command NOT IN ('Sleep', 'Daemon', 'Binlog Dump') AND p.info IS NOT NULL
            AND p.info NOT LIKE '%information_schema.processlist AS p%' {_NO_PROCESS} ORDER BY 3 DESC LIMIT 20""",
    ), _MY_MONITORING),
    LiveQuestion("my-blocked", _MY, (
        """SELECT r.trx_mysql_thread_id AS pid, b.trx_mysql_thread_id AS blocked_by, TIMESTAMPDIFF(SECOND, r.trx_wait_started, CURRENT_TIMESTAMP) AS seconds,
            LEFT(r.trx_query, 200) AS query, LEFT(b.trx_query, 200) AS blocker_query FROM information_schema.innodb_lock_waits AS w
            JOIN information_schema.innodb_trx AS r ON r.trx_id = w.requesting_trx_id
            JOIN information_schema.innodb_trx AS b ON b.trx_id = w.blocking_trx_id ORDER BY 3 DESC LIMIT 20""",
        """SELECT waiting_pid AS pid, blocking_pid AS blocked_by, TIMESTAMPDIFF(SECOND, wait_started, CURRENT_TIMESTAMP) AS seconds,
            LEFT(waiting_query, 200) AS query, LEFT(blocking_query, 200) AS blocker_query FROM sys.innodb_lock_waits ORDER BY 3 DESC LIMIT 20""",
    ), _MY_MONITORING),
    LiveQuestion("my-idle-in-transaction", _MY, (
        """SELECT trx_mysql_thread_id AS pid, trx_state AS state, TIMESTAMPDIFF(SECOND, trx_started, CURRENT_TIMESTAMP) AS seconds, LEFT(trx_query, 200) AS query
            FROM information_schema.innodb_trx WHERE trx_query IS NULL ORDER BY 3 DESC LIMIT 20""",
    ), _MY_MONITORING),
    LiveQuestion("redis-info", _REDIS, ("INFO",), "Redis: commands INFO"),
    LiveQuestion("redis-slow", _REDIS, ("SLOWLOG GET 20",), "Redis: commands SLOWLOG GET"),
    LiveQuestion("rabbitmq-queues", System.RABBITMQ, ("api/queues?page=1&page_size=500&columns=name,messages_ready,messages_unacknowledged,consumers",), "RabbitMQ: HTTP API reference"),
    LiveQuestion("go-memory", System.GO, ("debug/vars",), "Go: packages expvar and runtime (MemStats)"),
    LiveQuestion("go-goroutines", System.GO, ("debug/pprof/goroutine?debug=1",), "Go: package net/http/pprof"),
    LiveQuestion("jvm-heap", System.JVM, ("metrics/jvm.memory.used?tag=area:heap", "metrics/jvm.memory.max?tag=area:heap"), "Spring Boot: actuator metrics"),
    LiveQuestion("jvm-pool", System.JVM, ("metrics/hikaricp.connections.active", "metrics/hikaricp.connections.max", "metrics/hikaricp.connections.pending"), "Spring Boot: actuator metrics; HikariCP"),
    LiveQuestion("jvm-gc", System.JVM, ("metrics/jvm.gc.pause",), "Spring Boot: actuator metrics; Micrometer: JvmGcMetrics"),
)
# fmt: on


def live_questions(system: System) -> tuple[LiveQuestion, ...]:
    """What can be asked of a system."""
    return tuple(one for one in LIVE_QUESTIONS if one.system is system)
