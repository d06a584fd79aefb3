"""The kinds of effect that a diff can have, and what each could make trouble with.

Which trouble follows from which effect was written down from how such systems work, not fitted to data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """What a symptom looks like: the kinds of failure that telemetry can tell apart."""

    ERRORS = "errors"
    LATENCY = "latency"
    CPU = "cpu"
    MEMORY = "memory"
    CONNECTIONS = "connections"  # a pool is used up, or what it leads to
    QUEUE = "queue"
    DISK = "disk"
    LOCKS = "locks"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    DENIED = "denied"
    RATE_LIMIT = "rate_limit"
    CONTRACT = "contract"  # one side sends what the other does not take, or asks for what is not there
    BAD_DATA = "bad_data"
    CODE = "code"  # an exception of the code itself
    CRASH = "crash"
    REPEATED = "repeated"  # more calls for one request
    STORE = "store"  # the time goes into a database
    SILENCE = "silence"  # what used to happen does not
    CERTIFICATE = "certificate"
    DNS = "dns"
    NETWORK = "network"


# What is caused, in the words of an engineer.
CAUSED = {one: one.value.replace("_", " ") for one in Trouble} | {
    Trouble.CPU: "a busy processor", Trouble.CONNECTIONS: "a full pool of connections", Trouble.QUEUE: "a growing queue",
    Trouble.DISK: "a full or busy disk", Trouble.TIMEOUT: "timeouts", Trouble.REFUSED: "refused connections",
    Trouble.DENIED: "denied requests", Trouble.RATE_LIMIT: "rate limiting", Trouble.CONTRACT: "requests that the callee rejects",
    Trouble.CODE: "exceptions in the code", Trouble.CRASH: "crashes", Trouble.REPEATED: "repeated calls", Trouble.STORE: "slow database statements",
    Trouble.SILENCE: "work that is no longer done", Trouble.CERTIFICATE: "certificate errors", Trouble.DNS: "DNS errors", Trouble.NETWORK: "network errors",
}  # fmt: skip


class EffectKind(StrEnum):
    """What a change does, in the words of an engineer."""

    POOL_LOWERED = "lowers a pool or a number of workers"
    POOL_RAISED = "raises a pool or a number of workers"
    MEMORY_LOWERED = "lowers a limit of memory"
    CPU_LOWERED = "lowers a limit of the processor"
    MACHINE_LOWERED = "takes a smaller machine or a slower disk"
    REPLICAS_LOWERED = "lowers the number of replicas"
    RATE_LOWERED = "lowers a rate limit"
    RATE_RAISED = "raises or removes a rate limit"
    SIZE_LOWERED = "lowers a limit of size"
    SIZE_RAISED = "raises a limit of size"
    BATCH_RAISED = "takes more at once"
    SIZE_UNLIMITED = "removes a limit of size"
    AMOUNT_CHANGED = "changes an amount"  # of what, its name does not tell
    TIMEOUT_SHORTENED = "shortens a timeout"
    TIMEOUT_LENGTHENED = "lengthens or removes a timeout"
    TTL_SHORTENED = "shortens a lifetime"
    TTL_LENGTHENED = "lengthens or removes a lifetime"
    RETRY_ADDED = "adds retries"
    RETRY_REMOVED = "removes retries"
    CACHE_REMOVED = "removes or shrinks a cache"
    CACHE_UNBOUNDED = "keeps things without a bound"
    CACHE_KEY_CHANGED = "changes the key of a cache"
    TOLERANCE_CHANGED = "changes a tolerance or a threshold"
    CONCURRENCY_RAISED = "does at once what it did one after another"
    CALLS_IN_LOOP = "makes a call for each of several things"
    WORK_ADDED = "adds work for the processor"
    WAIT_ADDED = "waits"
    CHECK_REMOVED = "removes a check"
    CHECK_ADDED = "refuses what it took before"
    CONDITION_CHANGED = "changes a condition or a sum"
    HANDLER_REMOVED = "removes the handling of an error"
    BRANCH_REMOVED = "removes a case"
    LOCK_REMOVED = "removes a lock"
    LOCK_ADDED = "adds a lock"
    TRANSACTION_REMOVED = "removes a transaction"
    TRANSACTION_ADDED = "widens a transaction"
    RELEASE_REMOVED = "no longer releases what it holds"
    REGISTRATION_REMOVED = "removes a registration"
    FIELD_RENAMED = "renames a field"
    FIELD_REMOVED = "removes a field"
    INDEX_DROPPED = "drops an index"
    COLUMN_DROPPED = "drops or renames a column or table"
    CONSTRAINT_ADDED = "adds a constraint"
    LOCKING_MIGRATION = "locks a table"
    QUERY_CHANGED = "changes a query"
    LOG_LEVEL_RAISED = "writes more log lines"
    LOG_LEVEL_LOWERED = "writes fewer log lines"
    ENDPOINT_CHANGED = "changes where it connects to"
    CREDENTIAL_CHANGED = "changes a credential"
    CERTIFICATE_CHANGED = "changes a certificate or how it is checked"
    LIBRARY_CHANGED = "changes the version of a library"
    FLAG_FLIPPED = "switches something on or off"
    SCHEDULE_CHANGED = "changes when a job runs"
    LOCALE_CHANGED = "changes a time zone, a locale or an encoding"
    CLEARING_REMOVED = "clears away less or less often"
    PROBE_TIGHTENED = "changes a health check, which may be stricter now"
    ACCESS_CHANGED = "changes who may connect to whom"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an effect can cause: surely of its kind, or at times; and whether it may take hours to show."""

    typical: frozenset[Trouble]
    at_times: frozenset[Trouble] = frozenset()
    slow: bool = False  # something fills up, or waits for its hour


T, K = Trouble, EffectKind


def _means(*typical: Trouble, at_times: tuple[Trouble, ...] = (), slow: bool = False) -> Meaning:
    return Meaning(frozenset(typical), frozenset(at_times), slow)


_STARVED = (T.CONNECTIONS, T.QUEUE)
_BUSY = (T.LATENCY, T.CPU)
MEANINGS: Mapping[EffectKind, Meaning] = {
    K.POOL_LOWERED: _means(*_STARVED, T.TIMEOUT, at_times=(T.LATENCY, T.ERRORS)),
    K.POOL_RAISED: _means(T.CONNECTIONS, T.STORE, at_times=(T.MEMORY, T.LATENCY, T.ERRORS, T.CPU)),
    K.MEMORY_LOWERED: _means(T.MEMORY, T.CRASH, at_times=(T.LATENCY, T.ERRORS), slow=True),
    K.CPU_LOWERED: _means(T.CPU, at_times=(T.LATENCY, T.TIMEOUT)),
    K.MACHINE_LOWERED: _means(T.STORE, T.CPU, T.LATENCY, at_times=(T.TIMEOUT, T.MEMORY, *_STARVED)),
    K.REPLICAS_LOWERED: _means(T.CPU, *_STARVED, at_times=(T.LATENCY, T.ERRORS, T.REFUSED)),
    K.RATE_LOWERED: _means(T.RATE_LIMIT, at_times=(T.ERRORS, T.CONTRACT)),
    K.RATE_RAISED: _means(T.CPU, *_STARVED, at_times=(T.LATENCY, T.MEMORY, T.RATE_LIMIT, T.TIMEOUT)),
    K.SIZE_LOWERED: _means(T.CONTRACT, T.BAD_DATA, T.QUEUE, at_times=(T.ERRORS, T.REPEATED)),
    K.SIZE_RAISED: _means(T.MEMORY, T.STORE, at_times=(T.LATENCY, T.CPU, T.TIMEOUT, T.DISK)),
    # It bites when so many wait.
    K.BATCH_RAISED: _means(T.MEMORY, T.QUEUE, T.TIMEOUT, T.STORE, at_times=(T.LATENCY, T.CPU, T.LOCKS, T.CRASH, T.ERRORS, T.REPEATED), slow=True),
    K.SIZE_UNLIMITED: _means(T.MEMORY, T.STORE, T.LATENCY, at_times=(T.CPU, T.TIMEOUT, T.DISK, T.QUEUE), slow=True),
    K.AMOUNT_CHANGED: _means(at_times=(T.ERRORS, T.LATENCY, T.MEMORY, T.CPU, T.TIMEOUT, T.CONTRACT, *_STARVED)),
    K.TIMEOUT_SHORTENED: _means(T.TIMEOUT, at_times=(T.ERRORS, T.REFUSED)),
    K.TIMEOUT_LENGTHENED: _means(*_STARVED, at_times=(T.LATENCY, T.TIMEOUT)),
    K.TTL_SHORTENED: _means(T.REPEATED, T.DENIED, T.STORE, at_times=(T.LATENCY, T.CPU, T.RATE_LIMIT, T.ERRORS), slow=True),
    K.TTL_LENGTHENED: _means(T.MEMORY, T.DISK, at_times=(T.BAD_DATA, T.CONNECTIONS), slow=True),
    K.RETRY_ADDED: _means(T.REPEATED, T.RATE_LIMIT, at_times=(T.LATENCY, T.CPU, T.CONNECTIONS, T.TIMEOUT)),
    K.RETRY_REMOVED: _means(T.ERRORS, at_times=(T.REFUSED, T.TIMEOUT, T.NETWORK)),
    K.CACHE_REMOVED: _means(T.REPEATED, T.STORE, *_BUSY, at_times=(T.CONNECTIONS, T.RATE_LIMIT, T.TIMEOUT)),
    K.CACHE_UNBOUNDED: _means(T.MEMORY, at_times=(T.CRASH, T.LATENCY), slow=True),
    K.CACHE_KEY_CHANGED: _means(T.REPEATED, T.STORE, T.BAD_DATA, at_times=(T.LATENCY, T.CPU, T.MEMORY, T.ERRORS), slow=True),
    K.TOLERANCE_CHANGED: _means(at_times=(T.ERRORS, T.BAD_DATA, T.CONTRACT, T.DENIED, T.REFUSED, T.SILENCE)),
    K.CONCURRENCY_RAISED: _means(*_STARVED, T.RATE_LIMIT, at_times=(T.CPU, T.MEMORY, T.LATENCY, T.TIMEOUT, T.LOCKS, T.CODE)),
    K.CALLS_IN_LOOP: _means(T.REPEATED, T.STORE, T.LATENCY, at_times=(T.CPU, T.CONNECTIONS, T.TIMEOUT, T.RATE_LIMIT)),
    K.WORK_ADDED: _means(*_BUSY, at_times=(T.TIMEOUT,)),
    K.WAIT_ADDED: _means(T.LATENCY, at_times=(T.TIMEOUT, T.QUEUE, T.CONNECTIONS)),
    K.CHECK_REMOVED: _means(T.CODE, T.BAD_DATA, T.CRASH, at_times=(T.ERRORS, T.DENIED, T.CONTRACT)),
    K.CHECK_ADDED: _means(T.ERRORS, T.CONTRACT, T.BAD_DATA, at_times=(T.DENIED, T.CODE, T.SILENCE)),
    K.CONDITION_CHANGED: _means(at_times=(T.ERRORS, T.CODE, T.LATENCY, T.REPEATED, T.DENIED, T.CPU, T.CONTRACT, T.BAD_DATA)),
    K.HANDLER_REMOVED: _means(T.ERRORS, T.CODE, T.CRASH, at_times=(T.TIMEOUT, T.REFUSED)),
    K.BRANCH_REMOVED: _means(T.CODE, T.CONTRACT, at_times=(T.ERRORS, T.BAD_DATA, T.SILENCE)),
    K.LOCK_REMOVED: _means(T.CODE, T.BAD_DATA, at_times=(T.ERRORS, T.CRASH)),
    K.LOCK_ADDED: _means(T.LOCKS, T.LATENCY, at_times=(T.TIMEOUT, T.QUEUE, T.CONNECTIONS)),
    K.TRANSACTION_REMOVED: _means(T.BAD_DATA, at_times=(T.ERRORS, T.CODE)),
    K.TRANSACTION_ADDED: _means(T.LOCKS, T.CONNECTIONS, at_times=(T.LATENCY, T.TIMEOUT, T.STORE)),
    K.RELEASE_REMOVED: _means(T.MEMORY, T.CONNECTIONS, at_times=(T.DISK, T.CRASH, T.LATENCY, T.LOCKS, T.TIMEOUT), slow=True),
    K.REGISTRATION_REMOVED: _means(T.SILENCE, T.CONTRACT, at_times=(T.ERRORS, T.CODE, T.QUEUE)),
    K.FIELD_RENAMED: _means(T.CONTRACT, T.CODE, T.BAD_DATA, at_times=(T.ERRORS,)),
    K.FIELD_REMOVED: _means(T.CONTRACT, T.CODE, T.BAD_DATA, at_times=(T.ERRORS, T.DENIED)),
    K.INDEX_DROPPED: _means(T.STORE, T.LATENCY, at_times=(T.CPU, T.TIMEOUT, T.LOCKS, T.CONNECTIONS)),
    K.COLUMN_DROPPED: _means(T.CODE, T.CONTRACT, T.BAD_DATA, at_times=(T.ERRORS, T.STORE)),
    K.CONSTRAINT_ADDED: _means(T.BAD_DATA, T.ERRORS, at_times=(T.CONTRACT, T.LOCKS, T.CODE)),
    K.LOCKING_MIGRATION: _means(T.LOCKS, T.STORE, T.LATENCY, at_times=(T.TIMEOUT, T.CONNECTIONS, T.ERRORS)),
    K.QUERY_CHANGED: _means(T.STORE, at_times=(T.LATENCY, T.ERRORS, T.CODE, T.TIMEOUT, T.BAD_DATA)),
    K.LOG_LEVEL_RAISED: _means(T.DISK, at_times=(T.CPU, T.LATENCY), slow=True),
    K.LOG_LEVEL_LOWERED: _means(at_times=(T.SILENCE,)),
    K.ENDPOINT_CHANGED: _means(T.REFUSED, T.DNS, T.NETWORK, T.CONTRACT, at_times=(T.TIMEOUT, T.ERRORS, T.DENIED, T.LATENCY, T.CERTIFICATE)),
    K.CREDENTIAL_CHANGED: _means(T.DENIED, at_times=(T.ERRORS, T.CONTRACT, T.CERTIFICATE), slow=True),  # open connections and cached tokens go on until they end
    K.CERTIFICATE_CHANGED: _means(T.CERTIFICATE, at_times=(T.ERRORS, T.REFUSED, T.DENIED, T.NETWORK)),
    K.LIBRARY_CHANGED: _means(at_times=(T.ERRORS, T.CODE, T.CONTRACT, T.LATENCY, T.MEMORY, T.CPU, T.CRASH, T.CONNECTIONS, T.BAD_DATA, T.CERTIFICATE, T.STORE, T.TIMEOUT)),
    K.FLAG_FLIPPED: _means(at_times=(T.ERRORS, T.CODE, T.LATENCY, T.CPU, T.STORE, T.REPEATED, T.CONTRACT, T.DENIED, T.MEMORY, T.SILENCE)),
    K.LOCALE_CHANGED: _means(T.BAD_DATA, T.CODE, at_times=(T.ERRORS, T.CONTRACT, T.DENIED, T.SILENCE)),
    K.CLEARING_REMOVED: _means(T.DISK, at_times=(T.MEMORY, T.QUEUE, T.STORE, T.LATENCY), slow=True),
    K.PROBE_TIGHTENED: _means(T.CRASH, T.REFUSED, at_times=(T.ERRORS, T.LATENCY, T.CONNECTIONS, T.SILENCE), slow=True),  # it waits until what it asks for is slow
    K.ACCESS_CHANGED: _means(T.REFUSED, T.TIMEOUT, T.NETWORK, at_times=(T.ERRORS, T.CONNECTIONS, T.DENIED, T.SILENCE), slow=True),  # open connections stay
    K.SCHEDULE_CHANGED: _means(at_times=(T.LOCKS, T.STORE, T.CPU, T.LATENCY, T.RATE_LIMIT, T.QUEUE), slow=True),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that a diff does, with the line it rests on."""

    kind: EffectKind
    path: str
    line: str
    number: int | None = None
    what: str = ""  # the setting, field or statement, and its values: `pool.size 50 → 5`
    seconds: float | None = None  # of a lifetime: how long until it bites
    subject: str = ""  # of a library: its name
    function: str = ""  # around the line, where it is known

    @property
    def meaning(self) -> Meaning:
        """What it can cause."""
        return MEANINGS[self.kind]


# Where an effect shows, beside the place of the change: at those that it calls, at a party outside, or nowhere else.
ON_CALLEES = frozenset(
    {
        K.CALLS_IN_LOOP, K.CONCURRENCY_RAISED, K.RETRY_ADDED, K.CACHE_REMOVED, K.CACHE_KEY_CHANGED, K.TTL_SHORTENED,
        K.RATE_RAISED, K.POOL_RAISED, K.FIELD_RENAMED, K.FIELD_REMOVED, K.SIZE_RAISED, K.BATCH_RAISED, K.SIZE_UNLIMITED,
        K.QUERY_CHANGED, K.RELEASE_REMOVED, K.TRANSACTION_ADDED, K.ENDPOINT_CHANGED, K.CREDENTIAL_CHANGED,
        K.TIMEOUT_SHORTENED, K.TIMEOUT_LENGTHENED,
    }
)  # fmt: skip
# What is done to a store by whom it belongs to, and makes it slow or refuse: the store fails, and the change is its owner's.
ON_STORES = frozenset(
    {K.INDEX_DROPPED, K.COLUMN_DROPPED, K.CONSTRAINT_ADDED, K.LOCKING_MIGRATION, K.QUERY_CHANGED}
)
# What makes a party outside refuse or fail: of load, only more calls at once than it admits.
ON_PARTIES_OUTSIDE = frozenset(
    {K.ENDPOINT_CHANGED, K.CREDENTIAL_CHANGED, K.CERTIFICATE_CHANGED, K.LIBRARY_CHANGED, K.CONCURRENCY_RAISED}
)
ON_ITSELF = frozenset(
    {
        K.POOL_LOWERED, K.MEMORY_LOWERED, K.CPU_LOWERED, K.MACHINE_LOWERED, K.REPLICAS_LOWERED, K.RATE_LOWERED,
        K.SIZE_LOWERED, K.AMOUNT_CHANGED, K.TTL_LENGTHENED, K.RETRY_REMOVED, K.CACHE_UNBOUNDED, K.TOLERANCE_CHANGED,
        K.WORK_ADDED, K.WAIT_ADDED, K.CHECK_REMOVED, K.CHECK_ADDED, K.CONDITION_CHANGED, K.HANDLER_REMOVED,
        K.BRANCH_REMOVED, K.LOCK_REMOVED, K.LOCK_ADDED, K.TRANSACTION_REMOVED, K.REGISTRATION_REMOVED,
        K.INDEX_DROPPED, K.COLUMN_DROPPED, K.CONSTRAINT_ADDED, K.LOCKING_MIGRATION, K.LOG_LEVEL_RAISED,
        K.LOG_LEVEL_LOWERED, K.FLAG_FLIPPED, K.SCHEDULE_CHANGED, K.LOCALE_CHANGED, K.PROBE_TIGHTENED,
        K.ACCESS_CHANGED, K.CLEARING_REMOVED,
    }
)  # fmt: skip
