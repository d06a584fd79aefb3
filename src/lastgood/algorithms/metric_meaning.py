"""What a metric measures, from its name and unit: the resource, the scale, and what counts as a rise."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

_WORDS = re.compile(r"[1-5](?:XX|xx)(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|%")


class Role(StrEnum):
    """How a metric is used: a resource's level, how long requests take, how many there are, succeed or fail."""

    RESOURCE = "resource"
    LATENCY = "latency"
    TRAFFIC = "traffic"
    SUCCESS = "success"
    FAILURES = "failures"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A recognised metric.

    A rise of less than `floor` (in the metric's own unit), or to less than `ratio` times the past, is not
    one. `weight` is how much a large rise says against the service (0..1); `caught` that it may come
    from a callee. `scale` turns values into seconds, requests per second or shares (0..1). `limit` is the
    value at which a resource is used up, where the metric is a share of it.
    """

    role: Role
    kind: str
    floor: float
    ratio: float = 1.5
    weight: float = 0.95
    caught: bool = False
    scale: float = 1.0
    limit: float | None = None


FAILED = Meaning(Role.FAILURES, "errors", 0.02, 2.0, 0.75)
# Capacity is not use; a machine is not the service; an idle processor is not a busy one.
_NOT_USE = {
    "idle",
    "free",
    "freeable",
    "available",
    "limit",
    "limits",
    "capacity",
    "quota",
    "allocatable",
    "requested",
    "max",
}
_SHARE = {"utilization", "utilisation", "ratio", "percent", "percentage"}  # of a limit is use
FAILURES = {"err", "error", "errors", "failed", "failure", "failures", "exception", "exceptions", "5xx"}
DISK_AT_WORK = frozenset(
    {"busy", "io", "iops", "wait", "await", "latency"}
)  # how much a disk does, not how full it is
_OF_CLOUDWATCH = re.compile(r"[A-Za-z]Utili[sz]ation")
_QUANTILES = {"50", "75", "90", "95", "99"}
NOT_OURS = {"node", "host", "machine"}
_SECONDS = {"s": 1.0, "sec": 1.0, "second": 1.0, "seconds": 1.0, "ms": 1e-3, "millis": 1e-3, "milliseconds": 1e-3,
            "us": 1e-6, "µs": 1e-6, "microseconds": 1e-6, "ns": 1e-9, "nanoseconds": 1e-9}  # fmt: skip
_BYTES = {"b": 1.0, "by": 1.0, "byte": 1.0, "bytes": 1.0, "ki": 2**10, "kib": 2**10, "kb": 1e3, "mi": 2**20,
          "mib": 2**20, "mb": 1e6, "mbytes": 1e6, "gi": 2**30, "gib": 2**30, "gb": 1e9}  # fmt: skip
SHARES = 1.5  # no share of a whole is larger, but by what is measured inexactly
_PERCENT = ("%", "percent", "percentage", "pct")
_USES = frozenset(["utilization", "utilisation", "util"])
# Metrics of latency, from the one that adds up over calls to those that do not.
PREFERRED = ("average", "avg", "mean", "p50", "median", "p90", "p95", "p99")


def words(text: str) -> list[str]:
    """The words of a name, lower case: camel case, underscores, dots and brackets all part them."""
    return [word.lower() for word in _WORDS.findall(text)]


def meaning(name: str, unit: str = "") -> Meaning | None:
    """What a metric measures; None when its name does not tell, or it is not a use of something."""
    reported = words(name)
    said = set(reported)
    if reported[-1:] == ["bucket"]:
        return None  # how many of a histogram took no longer than a limit
    if not reported or said & NOT_OURS or (said & _NOT_USE and not said & _SHARE):
        return None
    return _resource(name, unit.strip().lower()) or _requests(name, unit.strip().lower())


def stated_unit(name: str, unit: str, most: float) -> str:
    """The unit of a metric: `%` however percent is spelled, and of a use without a unit whose figures go up to `most`, beyond any share."""
    if unit.strip().lower() in _PERCENT:
        return "%"
    used = not unit and most > SHARES and not _USES.isdisjoint(words(name))
    return "%" if used else unit


def waiting(name: str, unit: str = "") -> Meaning | None:
    """What a caller's metric of the time it waits for others measures; None when it is not one."""
    reported = words(name)
    return _latency(set(reported), reported, unit.strip().lower()) if "client" in reported else None


def preference(name: str) -> int:
    """The rank of a latency metric among several of one service: 0 is the one to use."""
    spelt = "".join(words(name))
    return next((rank for rank, word in enumerate(PREFERRED) if word in spelt), len(PREFERRED))


def _scale(name: str, unit: str) -> str:
    """'percent', 'ratio' or 'amount'; CloudWatch's CPUUtilization is in percent (its user guide, metrics of EC2)."""
    reported = words(name)
    if not unit and _OF_CLOUDWATCH.search(name):
        return "percent"
    if unit in _PERCENT or "%" in reported or "percent" in reported or "percentage" in reported:
        return "percent"
    if unit == "1" or reported[-1:] == ["ratio"] or "utilization" in reported or "utilisation" in reported:
        return "ratio"
    return "amount"


def _resource(name: str, unit: str) -> Meaning | None:
    reported, scale = words(name), _scale(name, unit)
    said = set(reported)
    share = scale != "amount"
    if "load" in said and "average" in said:
        return None  # of a machine
    if said & {"cpu", "processor"}:
        milli = unit == "m" or reported[-1:] == ["m"] or "millicores" in said
        floor = {"percent": 15.0, "ratio": 0.15}.get(scale, 100.0 if milli else 0.2)
        limit = {"percent": 100.0, "ratio": 1.0}.get(scale)
        return Meaning(Role.RESOURCE, "cpu", floor, 1.5 if share else 3.0, limit=limit)
    if said & {"memory", "mem", "heap", "rss"}:
        size = _BYTES.get(unit) or _BYTES.get(reported[-1]) or 1.0
        floor = {"percent": 10.0, "ratio": 0.1}.get(scale, 64 * 2**20 / size)
        return Meaning(Role.RESOURCE, "memory", floor, 1.1 if share else 1.5, 0.8)
    return next(
        (meant for named, shares, meant in _others(scale) if said & named and (share or not shares)), None
    )


def _others(scale: str) -> tuple[tuple[set[str], bool, Meaning], ...]:
    """Words, whether only a share counts, and what they mean."""
    used = 10.0 if scale == "percent" else 0.1
    lost = {"percent": 1.0, "ratio": 0.01}.get(scale, 10.0)
    return (
        ({"disk", "filesystem", "volume", "inode", "inodes"}, True, Meaning(Role.RESOURCE, "disk", used, 1.1, 0.8)),
        ({"retransmits", "retransmit", "drops", "dropped"}, False, Meaning(Role.RESOURCE, "network", lost, 2.0, 0.7)),
        ({"loss"}, True, Meaning(Role.RESOURCE, "network", lost, 2.0, 0.7)),
        ({"restarts", "restart", "oom"}, False, Meaning(Role.RESOURCE, "infrastructure", 1.0, 1.0, 0.7)),
        ({"replication", "replica"}, False, Meaning(Role.RESOURCE, "database", 5.0, 2.0, 0.6)),
        ({"evicted", "evictions"}, False, Meaning(Role.RESOURCE, "cache", 10.0, 3.0, 0.5)),
        ({"threads", "thread", "executor"}, False, Meaning(Role.RESOURCE, "queue", 5.0, 2.0, 0.5, caught=True)),
        ({"pool", "connections"}, False, Meaning(Role.RESOURCE, "database", 5.0, 2.0, 0.5, caught=True)),
        ({"fd", "fds", "descriptor", "descriptors", "handles", "sockets"}, False,
         Meaning(Role.RESOURCE, "handles", used if scale != "amount" else 50.0, 1.5, 0.8)),
        ({"goroutines"}, False, Meaning(Role.RESOURCE, "queue", 100.0, 2.0, 0.5, caught=True)),
        ({"queue", "backlog", "lag", "pending"}, False,
         Meaning(Role.RESOURCE, "queue", 5.0, 2.0, 0.5, caught=True)),
    )  # fmt: skip


def _latency(said: set[str], reported: list[str], unit: str) -> Meaning | None:
    short = "lat" in said and said & _QUANTILES  # or it is a place on earth
    if not (said & {"latency", "duration", "elapsed"} or {"response", "time"} <= said or short):
        return None
    seconds = _SECONDS.get(unit) or _SECONDS.get(reported[-1]) or 1.0
    return Meaning(Role.LATENCY, "latency", 0.02 / seconds, 1.5, 0.75, scale=seconds)


def _requests(name: str, unit: str) -> Meaning | None:
    reported = words(name)
    said = set(reported)
    if "client" in said and said & {"latency", "duration"}:
        return None  # time spent waiting for others
    latency = _latency(said, reported, unit)
    if latency is not None:
        return latency
    if said & {"availability", "success"}:
        percent = _scale(name, unit) == "percent"
        return Meaning(Role.SUCCESS, "errors", 1.0 if percent else 0.01, scale=0.01 if percent else 1.0)
    if said & {"workload", "requests", "request", "rps", "qps", "throughput"} and not said & {
        "bytes", "size", "failed", "errors", "error", "active",
    }:  # fmt: skip
        return Meaning(Role.TRAFFIC, "traffic", 0.5)
    if said & FAILURES:  # each is a symptom, however few; of a client they may be the fault of whom it asks
        return replace(FAILED, caught="client" in said)
    return None
