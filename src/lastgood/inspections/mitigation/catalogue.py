"""What can be done: what each action destroys, what undoes a change, and what helps against a class of failures."""

from collections.abc import Mapping
from dataclasses import dataclass

from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.model.attributes import CLUSTERS, INSTANCES, NODE, REGIONS, SERVER_ADDRESS, ZONES
from lastgood.model.change import ChangeKind
from lastgood.model.failure import FailureKind


@dataclass(frozen=True, slots=True)
class Usual:
    """Whether an action can be undone, and what it destroys."""

    reversible: bool
    evidence_lost: str | None = None


_PROCESS = "memory, stacks and connections of the stopped processes"
CATALOGUE = {
    "flag_off": Usual(reversible=True),
    "config_revert": Usual(reversible=True),
    "rollback": Usual(reversible=True, evidence_lost=_PROCESS),
    "roll_forward": Usual(reversible=True, evidence_lost=_PROCESS),
    "stop_job": Usual(reversible=True, evidence_lost="the state of the running job"),
    "scale": Usual(reversible=True),
    "failover": Usual(reversible=True),
    "route_away": Usual(reversible=True),
    "shed_load": Usual(reversible=True),
    "rate_limit": Usual(reversible=True),
    "circuit_break": Usual(reversible=True),
    "serve_stale": Usual(reversible=True),
    "restart": Usual(reversible=False, evidence_lost=_PROCESS),
    "reschedule": Usual(reversible=True, evidence_lost=_PROCESS),
    "rotate_certificate": Usual(reversible=True),
    "free_disk": Usual(reversible=False, evidence_lost="the files that are deleted: move them instead"),
    "purge_bad_data": Usual(reversible=False, evidence_lost="the bad records: set them aside instead"),
    "end_blockers": Usual(reversible=False, evidence_lost="who holds which lock: list it first"),
    "revert_dns": Usual(reversible=True),
    "escalate_upstream": Usual(reversible=True),
}

# Attributes that name a part of your own, with what is done about a bad one.
PARTS = dict.fromkeys((*INSTANCES, NODE, SERVER_ADDRESS), "route_away") | dict.fromkeys(
    (*ZONES, *REGIONS, *CLUSTERS), "failover"
)

# What undoes a change of your own.
UNDO: Mapping[ChangeKind, str] = {ChangeKind.DEPLOY: "rollback", ChangeKind.COMMIT: "rollback", ChangeKind.FLAG: "flag_off", ChangeKind.CONFIG: "config_revert", ChangeKind.CRON: "stop_job",
        ChangeKind.SCALING: "scale", ChangeKind.MIGRATION: "roll_forward", ChangeKind.DNS: "revert_dns", ChangeKind.CERTIFICATE: "rotate_certificate"}  # fmt: skip

# What a diff does to the schema, which goes back with no code.
SCHEMA = frozenset(
    kind.value
    for kind in (EffectKind.INDEX_DROPPED, EffectKind.CONSTRAINT_ADDED, EffectKind.LOCKING_MIGRATION)
)

# What helps against a class, best first. DEPENDENCY is who is called, OUTSIDE the same where it is not your own,
# CULPRIT who is at fault, OWNER whose the certificate is, STORE the database, LOCKED the same where locks were seen.
DEPENDENCY, OUTSIDE, CULPRIT, OWNER = "dependency", "outside", "culprit", "owner"
STORE, LOCKED = "store", "locked"
K = FailureKind
AGAINST: Mapping[FailureKind, tuple[tuple[str, str, str], ...]] = {
    K.DEPENDENCY_CONTRACT: (
        ("failover", OUTSIDE, "fail over to another provider, if you have one"),
        ("circuit_break", DEPENDENCY, "hide the broken option for affected users instead of failing"),
        ("escalate_upstream", OUTSIDE, "ask the provider what changed"),
        ("roll_forward", CULPRIT, "adapt the call to the new response format"),
    ),
    K.DEPENDENCY_DOWN: (
        ("failover", OUTSIDE, "fail over to another provider or replica, if you have one"),
        ("failover", DEPENDENCY, "fail over to a replica, if you have one"),
        ("circuit_break", DEPENDENCY, "calls fail fast, and callers do not queue"),
        ("serve_stale", CULPRIT, "serve cached answers"),
        ("escalate_upstream", OUTSIDE, "report it to the provider"),
    ),
    K.DEPENDENCY_SLOW: (
        ("circuit_break", DEPENDENCY, "a short deadline protects the callers"),
        ("serve_stale", CULPRIT, "serve cached answers"),
        ("escalate_upstream", OUTSIDE, "report it to the provider"),
    ),
    K.SLOW_DATABASE: (
        ("end_blockers", LOCKED, "end the blocking query"),
        ("shed_load", STORE, "reduce queries until the database recovers"),
        ("failover", STORE, "fail over to a replica, if the machine is the cause"),
    ),
    K.LOCK_CONTENTION: (
        ("end_blockers", LOCKED, "end the transaction that holds the lock"),
        ("stop_job", CULPRIT, "stop the batch job: long locks usually come from one"),
    ),
    K.RANGE_EXHAUSTED: (
        ("roll_forward", CULPRIT, "widen the column, or continue in an unused part of the range"),
    ),
    K.POOL_STARVATION: (
        ("restart", CULPRIT, "restart to free the connections"),
        ("shed_load", CULPRIT, "fewer requests need fewer connections"),
        ("scale", CULPRIT, "a larger pool helps only if the database has spare capacity"),
    ),
    K.OVERLOAD: (
        ("shed_load", CULPRIT, "reject excess requests early to protect the rest"),
        ("scale", CULPRIT, "more instances carry more requests"),
        ("rate_limit", CULPRIT, "if few callers send most of it"),
    ),
    K.RETRY_STORM: (
        ("circuit_break", CULPRIT, "stop retries at the caller"),
        ("shed_load", CULPRIT, "let the callee recover"),
        ("rate_limit", CULPRIT, "limit calls until it recovers"),
    ),
    K.RATE_LIMIT: (
        ("rate_limit", CULPRIT, "stay under the rate limit"),
        ("serve_stale", CULPRIT, "cache answers"),
        ("escalate_upstream", OUTSIDE, "they can raise the limit"),
    ),
    K.RESOURCE_CPU: (
        ("scale", CULPRIT, "add instances"),
        ("shed_load", CULPRIT, "reduce load until the cause is known"),
        ("restart", CULPRIT, "if one instance spins"),
    ),
    K.RESOURCE_HANDLES: (("restart", CULPRIT, "frees the descriptors until they run out again"), ("scale", CULPRIT, "more instances share the connections")),
    K.RESOURCE_MEMORY: (("restart", CULPRIT, "frees the memory until it is full again"), ("scale", CULPRIT, "more memory buys time")),
    K.CLOCK_SKEW: (("route_away", CULPRIT, "send no requests to the machine with the wrong clock, then set it"), ("reschedule", CULPRIT, "move to a host with the right time")),
    K.CREDENTIALS: (("restart", CULPRIT, "if credentials were rotated: it reads the present ones at its start"), ("config_revert", CULPRIT, "put back the credentials that worked")),
    K.CRASH_LOOP: (("reschedule", CULPRIT, "move to another host, if the host is the cause"),),
    K.DISK_FULL: (("free_disk", CULPRIT, "free disk space"), ("scale", CULPRIT, "a larger volume keeps the evidence")),
    K.RESOURCE_DISK: (("free_disk", CULPRIT, "free disk space before it is full"), ("scale", CULPRIT, "a larger volume")),
    K.CERTIFICATE: (("rotate_certificate", OWNER, "renew the certificate: only its owner can"),),
    K.DNS: (("revert_dns", CULPRIT, "if a record was changed"), ("failover", CULPRIT, "use another resolver or a fixed address")),
    K.NETWORK: (("route_away", CULPRIT, "route traffic away from the affected network"), ("reschedule", CULPRIT, "move to a host with a working network")),
    K.NOISY_NEIGHBOUR: (("reschedule", CULPRIT, "move to a host without the noisy neighbour"),),
    K.BAD_DATA: (("purge_bad_data", CULPRIT, "one unreadable record blocks those behind it"),),
    K.TRAFFIC_LOSS: (("escalate_upstream", CULPRIT, "check upstream of the first measured service"),),
}  # fmt: skip

# Of a disk that is busy, which has space enough.
AGAINST_DISK_WORK = (
    ("shed_load", CULPRIT, "less to read and write until the disk keeps up"),
    ("scale", CULPRIT, "a faster disk, or more of them"),
)
