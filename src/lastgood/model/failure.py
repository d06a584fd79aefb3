"""Failures: the closed lists of classes of failure, of what error texts report, and of causes outside one's changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lastgood.model.change import OUTSIDE, ChangeKind
from lastgood.model.trouble import Trouble


class Cause(StrEnum):
    """What explains an incident when none of your own changes does."""

    TRAFFIC = "traffic"
    CERTIFICATE = "certificate"
    DNS = "dns"
    THIRD_PARTY = "third_party"
    INFRASTRUCTURE = "infrastructure"
    BAD_DATA = "bad_data"


def cause_of(kind: ChangeKind) -> Cause | None:
    """The cause that a change of a kind is by itself; None of those that a team makes."""
    return Cause(kind.value) if kind in OUTSIDE else None


class ErrorKind(StrEnum):
    """What the text of an error reports, deepest first: what stands earlier causes what stands later."""

    DISK_FULL = "disk_full"
    MEMORY = "resource_memory"
    CERTIFICATE = "certificate"
    DNS = "dns"
    CLOCK = "clock_skew"
    HANDLES = "resource_handles"
    LOCKS = "lock_contention"
    RANGE = "range_exhausted"
    CREDENTIALS = "credentials"
    POOL = "pool_starvation"
    RATE_LIMIT = "rate_limit"
    NETWORK = "network"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    DENIED = "denied"
    BAD_DATA = "bad_data"


class FailureKind(StrEnum):
    """The class of a failure: what the signals and the evidence together mean."""

    BAD_DATA = "bad_data"
    BAD_DEPLOY = "bad_deploy"
    CERTIFICATE = "certificate"
    CLOCK_SKEW = "clock_skew"
    CONFIG_ERROR = "config_error"
    CRASH_LOOP = "crash_loop"
    CREDENTIALS = "credentials_refused"
    DEPENDENCY_CONTRACT = "dependency_contract_change"
    DEPENDENCY_DOWN = "dependency_down"
    DEPENDENCY_SLOW = "dependency_slow"
    DISK_FULL = "disk_full"
    DNS = "dns"
    LOCK_CONTENTION = "lock_contention"
    NETWORK = "network"
    NOISY_NEIGHBOUR = "noisy_neighbour"
    OVERLOAD = "overload"
    POOL_STARVATION = "pool_starvation"
    RANGE_EXHAUSTED = "range_exhausted"
    RATE_LIMIT = "rate_limit"
    RESOURCE_CPU = "resource_cpu"
    RESOURCE_DISK = "resource_disk"
    RESOURCE_HANDLES = "resource_handles"
    RESOURCE_MEMORY = "resource_memory"
    RETRY_STORM = "retry_storm"
    SCHEDULED_JOB = "scheduled_job"
    SLOW_DATABASE = "slow_database"
    TRAFFIC_LOSS = "traffic_loss"


@dataclass(frozen=True, slots=True)
class Failure:
    """What is known of a class: its words, its cause when no change of your own explains it, whose trouble it may be."""

    words: str
    cause: Cause | None = None
    of_dependency: bool = False  # a third party's where the first bad hop is external
    seldom_deployed: bool = (
        False  # hardly ever brought about by a release, so its own remedies come before a roll-back
    )
    trouble: Trouble | None = None  # whose runbook checks it


class Broken(StrEnum):
    """What calls do at the first bad hop."""

    FAILING = "failing"
    SLOW = "slow"
    DIVERTED = "diverted"  # neither: they take another path


@dataclass(frozen=True, slots=True)
class FailurePath:
    """The last good hop and the first bad hop, and how many traces say so; requests, where there are no spans."""

    last_good: str | None
    first_bad: str
    traces: int
    agree: int
    external: bool
    how: Broken = Broken.FAILING
    by_requests: bool = False  # counted in lines or access logs
    route: tuple[str, ...] = ()  # services from the entry to the first bad hop, as one failing trace has them
    example: str = ""  # the id of that trace


K, T = FailureKind, Trouble
FAILURES: Mapping[FailureKind, Failure] = {
    K.BAD_DATA: Failure("bad data", Cause.BAD_DATA),
    K.BAD_DEPLOY: Failure("bad deploy"),
    K.CERTIFICATE: Failure("certificate", Cause.CERTIFICATE, seldom_deployed=True, trouble=T.CERTIFICATE),
    K.CLOCK_SKEW: Failure("clock skew", Cause.INFRASTRUCTURE, seldom_deployed=True),
    K.CONFIG_ERROR: Failure("configuration error"),
    K.CRASH_LOOP: Failure("crash loop", trouble=T.MEMORY),
    K.CREDENTIALS: Failure("credentials refused", seldom_deployed=True),
    K.DEPENDENCY_CONTRACT: Failure("dependency contract change", of_dependency=True, trouble=T.EXTERNAL),
    K.DEPENDENCY_DOWN: Failure("dependency down", of_dependency=True, trouble=T.EXTERNAL),
    K.DEPENDENCY_SLOW: Failure("dependency slow", of_dependency=True, trouble=T.EXTERNAL),
    K.DISK_FULL: Failure("disk full", Cause.INFRASTRUCTURE, seldom_deployed=True, trouble=T.DISK),
    K.DNS: Failure("DNS", Cause.DNS, seldom_deployed=True, trouble=T.DNS),
    K.LOCK_CONTENTION: Failure("lock contention", trouble=T.DATABASE),
    K.NETWORK: Failure("network", Cause.INFRASTRUCTURE),
    K.NOISY_NEIGHBOUR: Failure("noisy neighbour", Cause.INFRASTRUCTURE, trouble=T.CPU),
    K.OVERLOAD: Failure("overload", Cause.TRAFFIC, seldom_deployed=True, trouble=T.CPU),
    K.POOL_STARVATION: Failure("pool starvation", trouble=T.CONNECTIONS),
    K.RANGE_EXHAUSTED: Failure(
        "exhausted number range", Cause.BAD_DATA, seldom_deployed=True, trouble=T.DATABASE
    ),
    K.RATE_LIMIT: Failure("rate limit", of_dependency=True, trouble=T.RATE_LIMIT),
    K.RESOURCE_CPU: Failure("CPU saturation", trouble=T.CPU),
    K.RESOURCE_DISK: Failure("disk saturation", Cause.INFRASTRUCTURE, trouble=T.DISK),
    K.RESOURCE_HANDLES: Failure("exhausted file descriptors", trouble=T.CONNECTIONS),
    K.RESOURCE_MEMORY: Failure("memory exhaustion", trouble=T.MEMORY),
    K.RETRY_STORM: Failure("retry storm", trouble=T.EXTERNAL),
    K.SCHEDULED_JOB: Failure("scheduled job"),
    K.SLOW_DATABASE: Failure("slow database", trouble=T.DATABASE),
    K.TRAFFIC_LOSS: Failure("traffic loss", Cause.TRAFFIC),
}
