"""How ready a system is for its next incident: which pieces of instrumentation it has, measured from its telemetry."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from lastgood.model.deploy_practice import PracticeCount
from lastgood.model.window import Window

PROMPT_SECONDS = 60  # within which telemetry is to arrive
PROXY = "proxy"  # in place of a language, of a program that is bought: it has settings, and no code


class Piece(StrEnum):
    """A piece of instrumentation that questions of an incident build on."""

    SPANS = "spans"
    TRACES = "traces"
    USERS = "users"
    VERSIONS = "versions"
    INSTANCES = "instances"
    LINES = "lines"
    TRACE_IDS = "trace_ids"
    LEVELS = "levels"
    METRICS = "metrics"
    DEPLOYS = "deploys"
    FLAGS = "flags"
    HEALTH = "health"
    SWITCHES = "kill_switches"
    VALUES = "order_values"
    ARRIVAL = "arrival"


# How many points each is worth: what more questions need is worth more.
WEIGHTS: Mapping[Piece, float] = {
    Piece.SPANS: 3, Piece.TRACES: 3, Piece.DEPLOYS: 3, Piece.USERS: 2, Piece.VERSIONS: 2, Piece.LINES: 2,
    Piece.TRACE_IDS: 2, Piece.FLAGS: 2, Piece.INSTANCES: 1, Piece.LEVELS: 1, Piece.METRICS: 1, Piece.HEALTH: 1,
    Piece.SWITCHES: 1, Piece.VALUES: 1, Piece.ARRIVAL: 1,
}  # fmt: skip
ENOUGH = 0.5  # with a smaller share than this, the question that builds on it is not answered for most
PROMPTLY = 0.99  # the share of telemetry that has to arrive in time: what comes late is missing for a while, whatever came before


@dataclass(frozen=True, slots=True)
class Measured:
    """How often a piece is there: `there` of `out_of`, for a service, or on the way from it to a peer; '' is all.

    Of kill switches and values of orders the peer is the operation, of flags the file whose history has more changes, of arrival the signal.
    """

    piece: Piece
    there: int
    out_of: int
    service: str = ""
    peer: str = ""
    seconds: float | None = (
        None  # of arrival: within which 99 % arrive; of deploys and flags: how long was looked
    )

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.there / self.out_of

    @property
    def is_gap(self) -> bool:
        """Whether it is missing too often to build on."""
        return self.share < (PROMPTLY if self.piece is Piece.ARRIVAL else ENOUGH)

    def concerns(self, service: str) -> bool:
        """Whether an incident of a service lacks it: its own, that of all, or users and calls: requests enter and pass there."""
        return self.piece in {Piece.USERS, Piece.TRACES} or self.service in {"", service}


@dataclass(frozen=True, slots=True)
class Lacked:
    """An incident of the record in which questions had no answer, and the pieces that these need."""

    incident: int
    services: tuple[str, ...]  # at fault, or with symptoms; none: not known
    pieces: tuple[Piece, ...]
    seconds: float | None  # that users were affected; None where that is not known

    def is_of(self, gap: Measured) -> bool:
        """Whether it lacked what this gap lacks; the users of a request are named where it enters."""
        anywhere = not gap.service or gap.piece is Piece.USERS or not self.services
        return gap.piece in self.pieces and (anywhere or bool({gap.service, gap.peer} & {*self.services}))


@dataclass(frozen=True)  # without slots: what is computed of it once is kept in it
class Readiness:
    """Everything measured, over a window; what is not measurable there has no entry."""

    window: Window
    measured: tuple[Measured, ...]
    languages: Mapping[str, str] = field(default_factory=dict)  # of services that show theirs
    deploys: tuple[PracticeCount, ...] = ()  # what deploys to production had; not part of the score

    def language_of(self, gap: Measured) -> str:
        """That of its service, else the one that all services share; empty where it is not known."""
        if gap.service:
            return self.languages.get(gap.service, "")
        every = set(self.languages.values()) - {PROXY}
        return every.pop() if len(every) == 1 else ""

    @cached_property
    def gaps(self) -> tuple[Measured, ...]:
        """What is missing, what costs the most points first."""
        found = (one for one in self.measured if one.is_gap)
        return tuple(sorted(found, key=lambda one: (-self.cost(one), one.piece, one.service, one.peer)))

    def missing_for(self, service: str) -> tuple[Measured, ...]:
        """The gaps for which questions have no answer when a service breaks; of broken traces those on the way to it."""
        return tuple(
            one
            for one in self.gaps
            if one.concerns(service) and (one.piece is not Piece.TRACES or service in self._reached(one.peer))
        )

    def hiding(self, service: str) -> tuple[Measured, ...]:
        """Services without spans that may call a service: requests enter elsewhere, and no call to it is seen."""
        entries, called = (
            {one.service for one in self._of(Piece.USERS)},
            {one.peer for one in self._of(Piece.TRACES)},
        )
        if not entries or service in entries | called:
            return ()
        return tuple(one for one in self.gaps if one.piece is Piece.SPANS and one.service != service)

    def _reached(self, service: str) -> set[str]:
        """A service, and all that it calls, directly or through others."""
        reached, calls = {service}, [(one.service, one.peer) for one in self._of(Piece.TRACES)]
        while more := {peer for caller, peer in calls if caller in reached} - reached:
            reached |= more
        return reached

    @property
    def unmeasured(self) -> tuple[Piece, ...]:
        """Pieces about which these data say nothing."""
        return tuple(piece for piece in Piece if not self._of(piece))

    @property
    def services(self) -> tuple[str, ...]:
        """All that something was measured of, in order of name."""
        return tuple(sorted({one.service for one in self.measured if one.service}))

    def of_service(self, service: str) -> "Readiness":
        """What was measured of one service alone; '' is what belongs to no service."""
        return replace(self, measured=tuple(one for one in self.measured if one.service == service))

    @property
    def score(self) -> float:
        """From 0 to 100: the share of each piece, by its weight, over what could be measured."""
        parts = self.parts
        return 100 * sum(WEIGHTS[piece] * share for piece, share in parts.items()) / self._weight

    @cached_property
    def parts(self) -> Mapping[Piece, float]:
        """The mean share of each piece that could be measured."""
        found = {piece: [one.share for one in self._of(piece)] for piece in Piece}
        return {piece: sum(shares) / len(shares) for piece, shares in found.items() if shares}

    def cost(self, one: Measured) -> float:
        """Points that this entry costs."""
        return 100 * WEIGHTS[one.piece] * (1 - one.share) / len(self._of(one.piece)) / self._weight

    @cached_property
    def _weight(self) -> float:
        return sum(WEIGHTS[piece] for piece in self.parts)

    def _of(self, piece: Piece) -> Sequence[Measured]:
        return self._by_piece.get(piece, ())

    @cached_property
    def _by_piece(self) -> Mapping[Piece, Sequence[Measured]]:
        found = defaultdict[Piece, list[Measured]](list)
        for one in self.measured:
            found[one.piece].append(one)
        return dict(found)


@dataclass(frozen=True, slots=True)
class KeptGap:
    """What was missing, and where; '' is all."""

    piece: Piece
    service: str
    peer: str


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A measurement that was kept: enough to compare it with a later one."""

    at: datetime
    score: float
    parts: Mapping[Piece, float]
    services: tuple[str, ...]
    gaps: tuple[KeptGap, ...]

    def mended_since(self, earlier: "KeptRun") -> tuple[KeptGap, ...]:
        """Gaps of an earlier run that are closed; those of services that are gone do not count."""
        return tuple(
            one
            for one in earlier.gaps
            if one not in self.gaps and (not one.service or one.service in self.services)
        )

    def new_since(self, earlier: "KeptRun") -> tuple[KeptGap, ...]:
        """Gaps that an earlier run did not have."""
        return tuple(one for one in self.gaps if one not in earlier.gaps)


def kept_run(found: Readiness, at: datetime) -> KeptRun:
    """What is kept of a measurement."""
    gaps = tuple(KeptGap(one.piece, one.service, one.peer) for one in found.gaps)
    return KeptRun(at, round(found.score, 2), {**found.parts}, found.services, gaps)
