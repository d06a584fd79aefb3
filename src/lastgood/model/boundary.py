"""The boundary of a system: whether trouble is its own or an outside host's, and in which layer it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Side(StrEnum):
    """Whose trouble it is."""

    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"  # both have trouble of their own: which of them affects users is open
    INCONCLUSIVE = "inconclusive"
    NO_CALLS = "no_calls"  # no outside host is called, as far as telemetry shows


@dataclass(frozen=True, slots=True)
class HostFares:
    """How calls to an outside host fare, bad window against good; None where only failures are logged."""

    host: str
    callers: tuple[str, ...]  # whose calls fail or are slow
    well: tuple[str, ...]  # callers whose calls do not
    failed: int
    calls: int | None
    failed_before: int
    calls_before: int | None
    since: datetime | None  # of its first failure in the bad window


@dataclass(frozen=True, slots=True)
class UsOrThem:
    """Whose trouble it is, with what supports either side and the one check that decides."""

    side: Side
    host: str | None  # the outside host in question
    theirs: tuple[str, ...] = ()  # what points at the host
    ours: tuple[str, ...] = ()  # what points at the system itself
    check: str = ""
    hosts: tuple[HostFares, ...] = ()  # that fail or are slow, most failures first
    fine: int = 0  # outside hosts that are called as before
    sure: bool = False  # enough to name the host to the public


class Layer(StrEnum):
    """The layers that a request passes, from the user on."""

    CLIENT = "client"
    EDGE = "edge"
    BALANCER = "balancer"
    APPLICATION = "application"
    STORE = "store"  # database, cache or queue
    EXTERNAL = "external"


class LayerState(StrEnum):
    """What is known of a layer."""

    FAILS = "fails"
    FINE = "fine"
    NOT_SEEN = "not_seen"


@dataclass(frozen=True, slots=True)
class LayerSeen:
    """What was seen at one layer; counts are of requests, calls or error lines, as the sentence says."""

    layer: Layer
    state: LayerState
    because: str
    failed: int = 0
    of: int = 0
    failed_before: int = 0
    of_before: int = 0


@dataclass(frozen=True, slots=True)
class Layers:
    """Every layer in the order of the path; `verdict` is the one that fails by itself, None where that is open."""

    seen: tuple[LayerSeen, ...]
    verdict: Layer | None = None
    why: str = ""  # in one sentence, where the verdict is not read from the path of calls


@dataclass(frozen=True, slots=True)
class ProbeSeen:
    """A probe that is kept in the record of an incident."""

    url: str
    place: str  # of the fault, as the probe says; `no fault seen`
    said: str
    compared: bool = False  # an edge with its origin


@dataclass(frozen=True, slots=True)
class ProbesSeen:
    """The probes of the record, by the host that was asked; the last of each."""

    by_host: Mapping[str, ProbeSeen]
