"""What probing an address showed, layer by layer, and where the fault is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Place(StrEnum):
    """Where the fault is."""

    NONE = "no fault seen"
    DNS = "DNS"
    NETWORK = "network"
    TLS = "TLS"
    ONE_ADDRESS = "one address"
    PROTOCOL = "HTTP/2"
    REDIRECTS = "redirects"
    EDGE = "edge"
    ORIGIN = "origin"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Resolved:
    """What one resolver answers for a name."""

    resolver: str
    addresses: tuple[str, ...]
    ttl: int | None
    problem: str  # empty: it answered
    seconds: float


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate that a server shows, and those it sends along."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    chain: tuple[str, ...]  # subjects, the server's own first


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer over one version of HTTP."""

    version: str  # 1.1 or 2
    status: int | None = None
    first_byte: float | None = None  # seconds from the request to the answer's first byte
    total: float = 0.0
    size: int = 0  # bytes of the body that were read
    ended: bool = False  # the answer is whole
    headers: Mapping[str, str] | None = None  # those about caches, edges and redirects
    problem: str = ""
    body: str = ""  # its start, redacted, where it was asked for
    digest: str = ""  # of the whole body, to be compared


@dataclass(frozen=True, slots=True)
class Attempt:
    """One address, layer by layer; a layer that was not reached is None."""

    address: str
    connected: float | None = None  # seconds
    network_problem: str = ""
    secured: float | None = None  # seconds
    tls_version: str = ""
    certificate: Certificate | None = None
    tls_problem: str = ""
    exchanges: tuple[Exchange, ...] = ()
    not_tried: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What another machine saw of the same address."""

    host: str
    status: int | None = None
    total: float = 0.0  # seconds
    layer: Place | None = None  # in which it failed there
    problem: str = ""  # without a layer: why it could not be asked


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect."""

    url: str
    status: int | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """Everything that a probe saw, and what it comes to."""

    url: str
    at: datetime
    resolved: tuple[Resolved, ...]
    attempts: tuple[Attempt, ...]
    hops: tuple[Hop, ...]
    place: Place
    because: str
    notes: tuple[str, ...]
    elsewhere: tuple[Elsewhere, ...] = ()
    origin: Attempt | None = None  # the server behind the edge, where it was named
