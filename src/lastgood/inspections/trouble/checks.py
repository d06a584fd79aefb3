"""The table of checks: what each looks at, from which value on it says yes, and how the running system is asked.

A check of a running system asks the question of its name in lastgood.algorithms.live_questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lastgood.inspections.trouble import weights as w
from lastgood.model.change import ChangeKind
from lastgood.model.failure import ErrorKind
from lastgood.model.judgement import Amount, Count, Time
from lastgood.model.trouble import System, Trouble

T, E = Trouble, ErrorKind


class Unit(StrEnum):
    """What the values of a resource are."""

    SHARE = "share"
    SECONDS = "seconds"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Use:
    """The fullest of some resources of the families, by their names; `sure`: full enough whatever it was before."""

    names: tuple[str, ...]
    at: Amount
    lacking: str  # who would report it
    unit: Unit = Unit.SHARE
    sure: Amount | None = None

    @property
    def reads(self) -> str:
        """What it looks at, in words."""
        return f"metrics: {', '.join(self.names)}"


@dataclass(frozen=True, slots=True)
class Fills:
    """A resource that will be full soon, at its present pace."""

    names: tuple[str, ...]
    at: Time
    lacking: str

    @property
    def reads(self) -> str:
        """What it looks at, in words."""
        return f"metrics: {', '.join(self.names)}"


@dataclass(frozen=True, slots=True)
class Expires:
    """The certificate that expires first, by metrics of their expiry."""

    at: Time
    lacking: str

    @property
    def reads(self) -> str:
        """What it looks at, in words."""
        return "metrics: certificate expiry"


@dataclass(frozen=True, slots=True)
class Rose:
    """Metrics of a kind that rose beyond all of their past, whoever reports them."""

    kind: str
    at: Count
    lacking: str

    @property
    def reads(self) -> str:
        """What it looks at, in words."""
        return f"metrics of {self.kind} against their past"


@dataclass(frozen=True, slots=True)
class Texts:
    """Errors of log lines and spans whose text reports one of these kinds, or matches."""

    kinds: tuple[ErrorKind, ...]
    at: Count
    pattern: str = ""
    of: str = "error"  # what is counted: errors, or slow statements, which are logged at any level

    @property
    def reads(self) -> str:
        """What it looks at, in words."""
        return f"{self.of} texts: {', '.join(self.kinds) or 'own words'}"


@dataclass(frozen=True, slots=True)
class Calls:
    """The worst dependency by the spans of its callers: `measure` is fails, slower, or a share of statuses."""

    measure: str
    at: Amount
    statuses: tuple[int, ...] = ()
    stores: bool | None = None  # databases only, all but databases, or all

    @property
    def reads(self) -> str:
        """What it looks at, in words."""
        return f"calls by dependency: {', '.join(map(str, self.statuses)) or self.measure}"


@dataclass(frozen=True, slots=True)
class Answered:
    """The share of all requests that end with one of these statuses."""

    statuses: tuple[int, ...]
    at: Amount

    @property
    def reads(self) -> str:
        """What it looks at, in words."""
        return f"requests: {', '.join(map(str, self.statuses))}"


@dataclass(frozen=True, slots=True)
class Recorded:
    """Changes of some kinds in both windows; with a pattern, those whose title matches, more often than before."""

    kinds: tuple[ChangeKind, ...]
    at: Count
    pattern: str = ""

    @property
    def reads(self) -> str:
        """What it looks at, in words."""
        return f"changes: {', '.join(self.kinds)}"


@dataclass(frozen=True, slots=True)
class Live:
    """The largest `measure` (of `of`, where it is a share) among the rows that a running system gives.

    `finds` and `none` are the sentences of the largest row, and of no row.
    """

    system: System
    question: str
    measure: str
    at: Amount
    finds: str
    none: str = ""
    lacking: str = ""  # instead of `none`, where no row decides nothing
    of: str = ""
    refused: bool = False  # that it refuses a connection for want of one says yes

    @property
    def reads(self) -> str:
        """What it looks at, in words."""
        return f"running system: {self.question}"


@dataclass(frozen=True, slots=True)
class Paste:
    """A command for a person to run where the trouble is; what it shows is read by that person."""

    command: tuple[str, ...]
    because: str

    @property
    def reads(self) -> str:
        """What it looks at, in words."""
        return f"a person runs `{' '.join(self.command)}`"


Look = Use | Fills | Expires | Rose | Texts | Calls | Answered | Recorded | Live | Paste


@dataclass(frozen=True, slots=True)
class Check:
    """One row: its name, the trouble, the question, what is looked at; `decides`: a yes alone shows the trouble."""

    name: str
    trouble: Trouble
    question: str
    look: Look
    decides: bool = field(default=True, kw_only=True)


_PG, _MY, _REDIS = System.POSTGRESQL, System.MYSQL, System.REDIS
_CONFLICTS = (
    r"deadlock|could not serialize|serialization failure|write conflict|optimistic ?lock|stale ?object|StaleDataError"
    r"|ConcurrentModification|concurrent (update|modification|map)|DATA RACE|race condition|version (conflict|mismatch)"
    r"|duplicate key|unique constraint|already (exists|processed)"
)
_LAGS = r"replica(tion)? (is )?lag|replica is .{1,20} behind|conflict with recovery|replica is stale|seconds behind|cannot execute .{3,20} in a read-only transaction"
SLOW_STATEMENT = "slow statement"
SLOW_LOGGED = "^duration: [0-9.]+ ms"  # PostgreSQL, with log_min_duration_statement
_PAUSES = r"GC overhead|full GC|Pause (Full|Young|Remark)|long GC|gc pause|stop-the-world|JvmGcMonitor|allocation failure"
_BROKER = r"queue (is )?full|backlog|consumer lag|max\.poll\.interval|flow control|not enough (in-sync )?replicas|lag(ged|ging) behind"
_WAITS = "{seconds:duration}, session {pid}: {query}"

# fmt: off
CHECKS: tuple[Check, ...] = (
    # Memory.
    Check("memory-limit", T.MEMORY, "Is a memory limit reached?", Use(("memory utilization", "container memory utilization", "heap memory utilization"), w.MEMORY_FULL, "node_exporter, cAdvisor or a runtime's metrics of memory and its limit")),
    Check("memory-kills", T.MEMORY, "Are processes killed for memory?", Use(("out-of-memory kills",), w.KILLS, "kube-state-metrics or node_exporter", Unit.NUMBER)),
    Check("memory-events", T.MEMORY, "Does the platform report kills for memory?", Recorded((ChangeKind.INFRASTRUCTURE,), w.CHANGES_RECORDED, r"\bOOM|out of memory")),
    Check("memory-errors", T.MEMORY, "Do errors report exhausted memory?", Texts((E.MEMORY,), w.TEXTS_ONE)),
    Check("memory-rises", T.MEMORY, "Does the use of memory rise beyond its past?", Rose("memory", w.RESOURCES_ROSE, "a metric of memory"), decides=False),
    Check("memory-swaps", T.MEMORY, "Does a machine swap?", Use(("pages swapped in a second",), w.SWAPPED_IN, "node_exporter", Unit.NUMBER), decides=False),
    Check("memory-evicts", T.MEMORY, "Does a cache evict keys?", Use(("evicted keys a second",), w.EVICTED_KEYS, "redis_exporter", Unit.NUMBER), decides=False),
    Check("redis-memory", T.MEMORY, "Is the memory of Redis used up?", Live(_REDIS, "redis-info", "used_memory", w.MEMORY_FULL, "{used_memory:size} of {maxmemory:size} are used, {evicted_keys:count} keys evicted since its start", of="maxmemory")),
    Check("go-goroutines", T.MEMORY, "Does a Go process leak goroutines?", Live(System.GO, "go-goroutines", "goroutines", w.GOROUTINES, "{goroutines:count} goroutines"), decides=False),
    # Garbage collection.
    Check("gc-time", T.GC, "Does garbage collection take the time?", Use(("gc pause memory ratio", "gc time ratio"), w.GC_SHARE, "jvm_gc_pause_seconds or go_gc_duration_seconds")),
    Check("gc-heap", T.GC, "Is a heap full?", Use(("heap memory utilization",), w.MEMORY_FULL, "jvm_memory_used with its limit")),
    Check("gc-texts", T.GC, "Do logs report long collections?", Texts((), w.TEXTS_LEAST, _PAUSES)),
    Check("go-gc", T.GC, "Did a Go process spend its time in garbage collection?", Live(System.GO, "go-memory", "gc_share", w.GC_SHARE, "{gc_share:percent} of the time since its start, heap {heap:size}"), decides=False),
    Check("jvm-heap", T.GC, "Is the heap of a JVM full now?", Live(System.JVM, "jvm-heap", "used", w.MEMORY_FULL, "{used:size} of {most:size} are used", of="most"), decides=False),
    Check("jvm-pause", T.GC, "Did a JVM pause for long in the last minutes?", Live(System.JVM, "jvm-gc", "seconds", w.GC_PAUSE, "the longest pause took {seconds:duration}")),
    # Processors.
    Check("cpu-busy", T.CPU, "Are the processors busy?", Use(("cpu utilization", "container cpu utilization"), w.CPU_BUSY, "node_exporter, cAdvisor with limits, or OpenTelemetry's host metrics")),
    Check("cpu-throttled", T.CPU, "Is a container throttled at its limit?", Use(("throttled cpu ratio",), w.CPU_THROTTLED, "cAdvisor: container_cpu_cfs_*")),
    Check("cpu-stolen", T.CPU, "Does the host take time away?", Use(("cpu steal utilization",), w.CPU_STOLEN, "node_exporter: node_cpu_seconds_total, mode steal")),
    Check("cpu-rises", T.CPU, "Does the use of CPU rise beyond its past?", Rose("cpu", w.RESOURCES_ROSE, "a metric of CPU"), decides=False),
    # Disks.
    Check("disk-full", T.DISK, "Is a file system full?", Use(("disk utilization", "volume disk utilization"), w.DISK_NEARLY_FULL, "node_exporter, kubelet or OpenTelemetry's host metrics", sure=w.DISK_AT_LIMIT)),
    Check("disk-inodes", T.DISK, "Are the inodes used up?", Use(("inode disk utilization",), w.DISK_NEARLY_FULL, "node_exporter: node_filesystem_files", sure=w.DISK_AT_LIMIT)),
    Check("disk-errors", T.DISK, "Do errors report a full or read-only disk?", Texts((E.DISK_FULL,), w.TEXTS_ONE)),
    Check("disk-fills", T.DISK, "Will a file system be full soon?", Fills(("disk utilization", "volume disk utilization", "inode disk utilization"), w.DISK_FILLS, "node_exporter, kubelet or OpenTelemetry's host metrics"), decides=False),
    Check("disk-busy", T.DISK, "Is a disk busy all the time?", Use(("disk busy utilization",), w.DISK_BUSY, "node_exporter: node_disk_io_time_seconds_total")),
    # Connections.
    Check("connections-limit", T.CONNECTIONS, "Is a limit of connections or a pool reached?", Use(("connection utilization", "connection pool utilization"), w.CONNECTIONS_USED, "an exporter of the store, or a pool's metrics with its maximum")),
    Check("connections-wait", T.CONNECTIONS, "Do requests wait for a connection, or are connections refused?", Use(("requests that wait for a connection", "connections refused a second"), w.CONNECTIONS_WAITING, "a pool's pending requests, or rejected connections", Unit.NUMBER)),
    Check("connections-errors", T.CONNECTIONS, "Do errors report exhausted connections?", Texts((E.POOL, E.HANDLES), w.TEXTS_LEAST)),
    Check("handles-limit", T.CONNECTIONS, "Are file descriptors, tracked connections or threads used up?", Use(("file descriptor utilization", "tracked connections utilization", "thread utilization"), w.CONNECTIONS_USED, "process_open_fds, node_nf_conntrack or a thread pool's metrics")),
    Check("pg-connections", T.CONNECTIONS, "Are the connections of PostgreSQL used up?", Live(_PG, "pg-connections", "used", w.CONNECTIONS_USED, "{used} of {most} connections are in use ({active} active, {idle} idle)", of="most", refused=True)),
    Check("pg-idle", T.CONNECTIONS, "Do idle transactions hold connections of PostgreSQL?", Live(_PG, "pg-idle-in-transaction", "seconds", w.TRANSACTION_IDLE, "the longest idle transaction is open for " + _WAITS, "no transaction is idle"), decides=False),
    Check("my-connections", T.CONNECTIONS, "Are the connections of MySQL used up?", Live(_MY, "my-connections", "used", w.CONNECTIONS_USED, "{used} of {most} connections are in use", of="most", refused=True)),
    Check("redis-clients", T.CONNECTIONS, "Are the connections of Redis used up?", Live(_REDIS, "redis-info", "connected_clients", w.CONNECTIONS_USED, "{connected_clients} of {maxclients} connections are in use, {blocked_clients} blocked", of="maxclients", refused=True)),
    Check("jvm-pool", T.CONNECTIONS, "Do requests of a JVM wait for a connection?", Live(System.JVM, "jvm-pool", "pending", w.CONNECTIONS_WAITING, "{active} of {most} connections are in use, {pending} requests wait")),
    Check("sockets", T.CONNECTIONS, "Are the sockets of the machine used up?", Paste(("ss", "-s"), "run it where the service runs: many in timewait or orphaned use up ports"), decides=False),
    # Databases.
    Check("database-slower", T.DATABASE, "Do calls to a database take longer than usual?", Calls("slower", w.PEER_SLOWER, stores=True)),
    Check("database-locks", T.DATABASE, "Do errors report locks or deadlocks?", Texts((E.LOCKS,), w.TEXTS_LEAST)),
    Check("database-lag", T.DATABASE, "Does a replica lag behind?", Use(("replication lag",), w.REPLICATION_LAG, "an exporter: pg_replication_lag, seconds_behind_master", Unit.SECONDS)),
    Check("database-lag-texts", T.DATABASE, "Do logs report replication lag?", Texts((), w.TEXTS_LEAST, _LAGS), decides=False),
    Check("database-slow-texts", T.DATABASE, "Does PostgreSQL log more slow statements?", Texts((), w.TEXTS_LEAST, SLOW_LOGGED, SLOW_STATEMENT)),
    Check("database-slow-rate", T.DATABASE, "Are more statements slow than usual?", Use(("slow statements a second",), w.STATEMENTS_SLOW, "mysqld_exporter", Unit.NUMBER)),
    Check("database-waits", T.DATABASE, "Do sessions wait for row locks?", Use(("sessions that wait for a row lock",), w.ROW_WAITS, "mysqld_exporter", Unit.NUMBER)),
    Check("database-transaction", T.DATABASE, "Is a transaction open for long?", Use(("longest transaction",), w.TRANSACTION_LONG, "postgres_exporter", Unit.SECONDS), decides=False),
    Check("pg-blocked", T.DATABASE, "Do sessions of PostgreSQL wait for locks?", Live(_PG, "pg-blocked", "seconds", w.LOCK_WAITED, "the longest waits for " + _WAITS + "; session {blocked_by} blocks it, {blocker_state}: {blocker_query}", "no session waits for a lock")),
    Check("pg-statements", T.DATABASE, "Do statements of PostgreSQL run for long?", Live(_PG, "pg-statements", "seconds", w.STATEMENT_RUNS, "the longest runs for " + _WAITS + "; it waits for {waits}", "no statement runs")),
    Check("pg-replication", T.DATABASE, "Does a replica of PostgreSQL lag behind?", Live(_PG, "pg-replication", "seconds", w.REPLICATION_LAG, "{replica} is {seconds:duration} behind", lacking="no replica is connected to it")),
    Check("my-blocked", T.DATABASE, "Do sessions of MySQL wait for locks?", Live(_MY, "my-blocked", "seconds", w.LOCK_WAITED, "the longest waits for " + _WAITS + "; session {blocked_by} blocks it: {blocker_query}", "no session waits for a lock of InnoDB")),
    Check("my-statements", T.DATABASE, "Do statements of MySQL run for long?", Live(_MY, "my-statements", "seconds", w.STATEMENT_RUNS, "the longest runs for " + _WAITS + "; state: {waits}", "no statement runs")),
    Check("my-idle", T.DATABASE, "Is a transaction of MySQL open and idle?", Live(_MY, "my-idle-in-transaction", "seconds", w.TRANSACTION_IDLE, "the longest idle transaction is open for {seconds:duration}, session {pid}", "no transaction is idle"), decides=False),
    Check("redis-slow", T.DATABASE, "Are commands of Redis slow?", Live(_REDIS, "redis-slow", "seconds", w.REDIS_SLOW, "{command} took {seconds:duration} at {at}", "its slow log is empty"), decides=False),
    # Queues.
    Check("queue-backlog", T.QUEUE, "Do messages pile up?", Use(("queue backlog", "consumer lag"), w.QUEUE_BACKLOG, "kafka_exporter, RabbitMQ's Prometheus plugin or SQS metrics", Unit.NUMBER)),
    Check("queue-rises", T.QUEUE, "Does the length of a queue rise beyond its past?", Rose("queue", w.RESOURCES_ROSE, "a metric of a queue"), decides=False),
    Check("queue-texts", T.QUEUE, "Do errors report a full queue or a lagging consumer?", Texts((), w.TEXTS_LEAST, _BROKER)),
    Check("rabbitmq-backlog", T.QUEUE, "Do messages pile up in RabbitMQ?", Live(System.RABBITMQ, "rabbitmq-queues", "ready", w.QUEUE_BACKLOG, "{queue} has {ready} messages ready, {unacknowledged} unacknowledged and {consumers} consumers", "it has no queue")),
    Check("rabbitmq-unread", T.QUEUE, "Has a queue of RabbitMQ no consumer?", Live(System.RABBITMQ, "rabbitmq-queues", "unread", w.QUEUE_UNREAD, "{queue} has {ready} messages ready and {consumers} consumers", "it has no queue"), decides=False),
    # External services.
    Check("external-fails", T.EXTERNAL, "Do calls to a dependency fail?", Calls("fails", w.PEER_FAILS, stores=False)),
    Check("external-slower", T.EXTERNAL, "Do calls to a dependency take longer than usual?", Calls("slower", w.PEER_SLOWER, stores=False)),
    Check("external-errors", T.EXTERNAL, "Do errors report a dependency that is down?", Texts((E.REFUSED,), w.TEXTS_LEAST), decides=False),
    Check("external-timeouts", T.EXTERNAL, "Do errors report time-outs?", Texts((E.TIMEOUT,), w.TEXTS_LEAST), decides=False),
    Check("external-status", T.EXTERNAL, "Did a third party report a change?", Recorded((ChangeKind.THIRD_PARTY,), w.CHANGES_RECORDED), decides=False),
    Check("external-probe", T.EXTERNAL, "Does the dependency answer from here?", Paste(("lastgood", "probe", "PEER"), "it shows the first layer that fails"), decides=False),
    # Rate limits.
    Check("rate-limited", T.RATE_LIMIT, "Does a dependency return 429?", Calls("statuses", w.PEER_LIMITED, (429,))),
    Check("rate-answers", T.RATE_LIMIT, "Are requests of users refused with 429?", Answered((429,), w.PEER_LIMITED)),
    Check("rate-errors", T.RATE_LIMIT, "Do errors report a rate limit or quota?", Texts((E.RATE_LIMIT,), w.TEXTS_LEAST)),
    # DNS.
    Check("dns-errors", T.DNS, "Do errors report names that do not resolve?", Texts((E.DNS,), w.TEXTS_LEAST)),
    Check("dns-failures", T.DNS, "Do lookups fail at the resolver?", Use(("failed lookups a second",), w.LOOKUPS_FAIL, "CoreDNS: coredns_dns_responses_total", Unit.NUMBER)),
    Check("dns-changes", T.DNS, "Did DNS change?", Recorded((ChangeKind.DNS,), w.CHANGES_RECORDED), decides=False),
    Check("dns-probe", T.DNS, "Does the name resolve from here?", Paste(("lastgood", "probe", "PEER"), "it asks each resolver"), decides=False),
    # Certificates.
    Check("certificate-errors", T.CERTIFICATE, "Do errors report an invalid certificate?", Texts((E.CERTIFICATE,), w.TEXTS_ONE)),
    Check("certificate-expires", T.CERTIFICATE, "Does a certificate expire soon?", Expires(w.CERTIFICATE_LEFT, "blackbox_exporter: probe_ssl_earliest_cert_expiry")),
    Check("certificate-changes", T.CERTIFICATE, "Was a certificate changed?", Recorded((ChangeKind.CERTIFICATE,), w.CHANGES_RECORDED), decides=False),
    Check("certificate-probe", T.CERTIFICATE, "Is the certificate valid from here?", Paste(("lastgood", "probe", "PEER"), "it shows the chain and its expiry"), decides=False),
    # Races.
    Check("race-errors", T.RACE, "Do errors report conflicting writes?", Texts((), w.TEXTS_LEAST, _CONFLICTS)),
    Check("race-statuses", T.RACE, "Do calls return 409 or 412?", Calls("statuses", w.PEER_CONFLICTS, (409, 412)), decides=False),
    Check("race-deadlocks", T.RACE, "Does a database count deadlocks?", Use(("deadlocks a second",), w.DEADLOCKS, "postgres_exporter or mysqld_exporter", Unit.NUMBER)),
)
# fmt: on


def checks_of(troubles: Sequence[Trouble]) -> tuple[Check, ...]:
    """The rows of some troubles, in the order of the table; of all, where none is named."""
    return tuple(one for one in CHECKS if not troubles or one.trouble in troubles)
