"""The typed content of answers: one class per question, values in numbers with units.

Fields are those of docs/reference/sitrep.schema.json. Times are aware UTC, shares 0..1, durations say their unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lastgood.model.action import ActionEffect, Deed
from lastgood.model.boundary import Layers, ProbesSeen, UsOrThem
from lastgood.model.canary import CanaryAsked, CanaryVerdict
from lastgood.model.change import ChangeKind, bare_title, named, title_in_sentence
from lastgood.model.episode import Episode
from lastgood.model.failure import Cause, FailureKind, FailurePath
from lastgood.model.rollback import RollBack, RollBackOf
from lastgood.model.trouble import Runbook, TroublesAsked
from lastgood.model.window import Comparison, Window


class ImpactKind(StrEnum):
    """How users are affected."""

    ERRORS = "errors"
    LATENCY = "latency"
    BOTH = "both"
    TRAFFIC_LOSS = "traffic_loss"


class Trend(StrEnum):
    """Where an ongoing problem is going."""

    WORSE = "worse"
    STEADY = "steady"
    BETTER = "better"


class Shape(StrEnum):
    """What a golden signal did, bad window against good."""

    FLAT = "flat"
    UP = "up"
    DOWN = "down"


class ChangeVerdict(StrEnum):
    """How strongly a change is suspected."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"
    RULED_OUT = "ruled_out"


class SeverityLevel(StrEnum):
    """How bad it is: 1 is a full outage for all, 2 a large part or a main operation, 3 a small part, 4 cosmetic."""

    SEV1 = "SEV1"
    SEV2 = "SEV2"
    SEV3 = "SEV3"
    SEV4 = "SEV4"


@dataclass(frozen=True, slots=True)
class Onset:
    """When it started: the best time, and the interval that holds it."""

    at: datetime
    low: datetime
    high: datetime
    ended: datetime | None  # None while ongoing
    trend: Trend | None
    first_symptom: str
    comparison: Comparison | None  # that every later question compares; None: no good window is there
    others: tuple[Episode, ...] = ()  # of the same window, in order of time
    faint: bool = False  # by evidence that is not sure by itself: it may have started before it showed
    stale: bool = False  # faint, and over for long: whoever asks may mean something else

    @property
    def ongoing(self) -> bool:
        """Whether the data end before the problem does."""
        return self.ended is None

    @property
    def quiet(self) -> bool:
        """Whether this and all others of the window are over."""
        return not self.ongoing and not any(other.ongoing for other in self.others)


@dataclass(frozen=True, slots=True)
class Impact:
    """How many requests are affected. Counts are of the bad window; users is None when no user is named."""

    requests: int | None
    failed: int | None
    failure_share: float | None
    baseline_share: float | None
    users: int | None
    kind: ImpactKind | None
    of: str = ""  # which requests were counted, for people: `web POST /order`
    unnamed: int = 0  # affected requests that name no user: there may be more users than counted
    identified: int = 0  # users named by the requests that were counted, affected or not
    refused: bool = False  # affected are those refused (4xx) or redirected: later they count as failed
    attempts: bool = False  # no requests were counted, but attempts whose outcome is stated, such as payments
    slower: str = ""  # how much, for people: `median 268 to 319 ms, 14 to 17 ms before`
    others_slower: bool | None = None  # those that did not fail; no: the failing ones take so long

    @property
    def counted(self) -> bool:
        """Whether any requests or users were: metrics and logs can show harm without saying how much."""
        return self.requests is not None or self.failure_share is not None or self.users is not None


@dataclass(frozen=True, slots=True)
class Sibling:
    """Requests beside a segment, with another value of one of its attributes and the others unchanged, that work."""

    where: Mapping[str, str]
    attribute: str  # which has another value
    failures: int
    requests: int
    most: float  # upper end of the 95 % interval of its failure share


@dataclass(frozen=True, slots=True)
class Segment:
    """A description that holds most failures: attribute values, all of which must match."""

    where: Mapping[str, str]
    share_of_failures: float
    share_of_traffic: float
    failures: int
    requests: int
    failure_share: float
    also: tuple[Mapping[str, str], ...] = ()  # descriptions of exactly the same rows
    more_low: float | None = None  # interval of how much more often it fails than everybody else does
    more_high: float | None = None
    users: int | None = None  # named ones who are affected; None when no user is named
    siblings: tuple[Sibling, ...] = ()
    of_route: tuple[str, ...] = ()  # attributes that all requests of a route share: no user's choice


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Whether the problem is real, against the system's own past."""

    impact: Impact
    low: float  # interval of the change in failure share, or of the log of the latency ratio
    high: float
    part: Segment | None = None  # that alone is affected, where no request names it
    refused_at: tuple[str, ...] = ()  # operations ('': all) where 401, 403, 404, 410 and 429 count too
    decided: bool = True  # False: counted, but the counts neither show an impact nor exclude one


@dataclass(frozen=True, slots=True)
class GoldenSignals:
    """The four signals, bad against good; None where there is no data."""

    latency: Shape | None
    traffic: Shape | None
    errors: Shape | None
    saturation: Shape | None
    details: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # name: good, bad


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """Who is affected: services that show symptoms, segments, and attributes tested and not it."""

    services: tuple[str, ...]
    segments: tuple[Segment, ...]
    exonerated: tuple[str, ...]
    everyone: bool  # tested, and no one is affected more than anyone else
    untestable: tuple[str, ...] = ()  # attributes that hardly any failing request carries


@dataclass(frozen=True, slots=True)
class InCommon:
    """Something on failing requests and not on working ones, or the other way round. Shares are of requests."""

    service: str
    key: str  # an attribute, or span, peer, line, error type, error line
    value: str
    failing: float
    working: float
    low: float  # interval of the distance between the two
    high: float
    says_failing: bool  # it names the failure rather than a reason
    also: tuple[str, ...] = ()  # what is on exactly the same requests


@dataclass(frozen=True, slots=True)
class RequestsCompared:
    """What failing requests have in common, the clearest first."""

    traits: tuple[InCommon, ...]


@dataclass(frozen=True, slots=True)
class Culprit:
    """A suspected component, with the evidence that is its own rather than its callers'."""

    service: str
    instance: str | None
    component: str | None
    kind: str  # cpu memory disk network code config data database cache queue external …
    confidence: float
    because: str


@dataclass(frozen=True, slots=True)
class Culprits:
    """Suspects in strict order; empty when inconclusive."""

    ranked: tuple[Culprit, ...]


@dataclass(frozen=True, slots=True)
class WeighedChange:
    """One change as a suspect with its defence."""

    change_id: str
    kind: ChangeKind
    service: str | None
    at: datetime
    title: str
    verdict: ChangeVerdict
    confidence: float
    for_it: tuple[str, ...]
    against_it: tuple[str, ...]
    within: str | None = None  # the deploy that carried this commit
    flag: str | None = None  # the key of the flag that was changed
    effects: tuple[str, ...] = ()  # what its diff does, as lastgood.algorithms.diffs.kinds words it

    @property
    def name(self) -> str:
        """`deploy payments v2.46.0`: its kind, whose it is unless the title says so, and the title."""
        return named(self.kind, self.service, self.bare)

    @property
    def bare(self) -> str:
        """`payments v2.46.0` of `Deploy payments v2.46.0`: its title without its kind, else its id."""
        return bare_title(self.kind, self.title) or self.change_id

    @property
    def cited(self) -> str:
        """`commit orders “Retry calls of pricing”`: the same with its short title, for a sentence."""
        return named(self.kind, self.service, title_in_sentence(self.kind, self.bare))


@dataclass(frozen=True, slots=True)
class OtherCause:
    """What could explain it without a change of your own, and how well: 1 as well as a change that fits in all."""

    cause: Cause
    weight: float
    because: str
    shown: bool = True  # by evidence of its own; not of a mere place or symptom, which any change may lead to
    subject: str = ""  # whom to act on, where it is one: `tenant=hooli`


@dataclass(frozen=True, slots=True)
class ChangesWeighed:
    """Every change weighed, most suspect first, and what else could explain it."""

    ranked: tuple[WeighedChange, ...]
    others: tuple[OtherCause, ...] = ()  # heaviest first
    unexplained: float | None = None  # 0..1: how likely it is that none of the changes is the cause
    growth: str = ""  # what had been growing before anyone was affected, and since when

    def owner(self, change: WeighedChange) -> str:
        """The service that a change is of; a commit's is that of the deploy which carried it: its repository may be called otherwise."""
        carrier = next((one for one in self.ranked if one.change_id == change.within), None)
        return (carrier.service if carrier else None) or change.service or ""


@dataclass(frozen=True, slots=True)
class PatternCount:
    """A log pattern in the bad window, against the good one."""

    pattern_id: str
    template: str
    service: str
    level: str
    count: int
    expected: float  # from the good window's rate
    first: datetime  # in the bad window; of a pattern that is gone, its last line before
    sample: str
    over_time: tuple[tuple[int, ...], ...] = ()  # counts in parts of the good and of the bad window


@dataclass(frozen=True, slots=True)
class PatternChanges:
    """Log patterns that are new, louder, gone, or at their usual rate."""

    new: tuple[PatternCount, ...]
    more: tuple[PatternCount, ...]
    gone: tuple[PatternCount, ...]
    churn: tuple[PatternCount, ...]


@dataclass(frozen=True, slots=True)
class FirstOccurrence:
    """The first bad line, what came just before it, and how it spread."""

    at: datetime
    service: str
    text: str
    spread: tuple[tuple[str, datetime], ...]  # service, first seen


@dataclass(frozen=True, slots=True)
class Severity:
    """The severity proposed from the measured impact; a person decides."""

    proposed: SeverityLevel
    because: str
    requests_share: float  # of all requests, that are affected more than usual (upper end of the interval)
    worst_share: float  # the same of the entry operation that is hit most
    users_share: float | None  # of the users named, that were affected
    failing_share: float | None = None  # of all requests, that fail


@dataclass(frozen=True, slots=True)
class FailureClass:
    """The kind of trouble that the signals and the evidence together mean."""

    name: FailureKind
    subject: str | None  # the service, dependency or edge that it is about
    confidence: float
    because: str
    also: tuple[FailureKind, ...] = ()  # classes of which there are signs too, less telling


@dataclass(frozen=True, slots=True)
class Joined:
    """How the likeliest change and the first suspect go together: `called`, `through`, `calls` or `apart`."""

    change_id: str
    changed: str  # the service
    suspect: str
    how: str


@dataclass(frozen=True, slots=True)
class NoChange:
    """What, other than a change of your own, explains it; None when that is not known."""

    cause: Cause | None
    why: str = ""  # what shows that cause


@dataclass(frozen=True, slots=True)
class Mitigation:
    """One thing that can be done now. Minutes are usual ones, not measured."""

    kind: str
    target: str
    minutes: float | None
    reversible: bool
    evidence_lost: str | None
    because: str
    one_back: str = ""  # of a roll-back: where one deploy back ends, if that is another version


@dataclass(frozen=True, slots=True)
class Mitigations:
    """What can be done, best first, and why a roll-back is not among it."""

    ranked: tuple[Mitigation, ...]
    not_roll_back: str | None = None
    workaround: str | None = None  # for those who are affected


@dataclass(frozen=True, slots=True)
class Intervention:
    """What a question about an action needs to know: the bad time before it, and how users were affected."""

    before: Window
    kind: ImpactKind | None
    deed: Deed = Deed()  # noqa: RUF009 - frozen


Answer = (
    Onset | Confirmation | GoldenSignals | BlastRadius | RequestsCompared | FailurePath | Culprits | ChangesWeighed | Joined
    | PatternChanges | FirstOccurrence | Severity | FailureClass | CanaryAsked | CanaryVerdict | NoChange | Mitigations
    | Intervention | RollBackOf | RollBack | ActionEffect | Runbook | TroublesAsked | UsOrThem | Layers | ProbesSeen
)  # fmt: skip
