"""The level of a severity, from what was measured: pure, so that each threshold is one comparison."""

from dataclasses import dataclass

from lastgood.model.answers import Confirmation, ImpactKind, Onset, SeverityLevel, Trend
from lastgood.model.figures import count, duration_between, percent, points
from lastgood.model.judgement import Amount, Count
from lastgood.readings.compared import Compared, binned, together

# fmt: off
SEV1_SHARE = Amount(0.5, "of all requests fail, or of the traffic is gone: SEV1", "judgement: most users cannot work")
SEV2_SHARE = Amount(0.02, "of all requests fail: SEV2", "judgement: users write to support")
SEV2_OPERATION = Amount(0.1, "of an operation's requests fail: SEV2", "judgement: one function is hardly usable")
OPERATION_COUNTS = Amount(0.01, "of the traffic, to be an operation that counts", "judgement: less is a corner")
USERS_LEAST = Count(20, "named users, for their share to count", "judgement: of fewer a tenth is two")
SEV2_USERS = Amount(0.1, "of named users are affected: SEV2", "judgement: one in ten is not a corner")
SEV2_SLOWER = Amount(3.0, "times the median duration: SEV2", "judgement: users leave")
SEV2_SLOWER_BY = Amount(1e9, "ns more of it, likewise", "paper: Nielsen, Usability Engineering (1993): a second breaks the flow of thought")
SEV3_SLOWER = Amount(1.5, "times the median duration: SEV3", "judgement: users notice")
SEV3_SLOWER_BY = Amount(1e8, "ns more of it, likewise", "paper: Nielsen, Usability Engineering (1993): users notice a tenth of a second")
SEVERITY_LEVEL = Amount(0.95, "of confidence, whose upper end counts", "judgement: the usual level")
MEDIAN = Amount(0.5, "of the durations are below the quantile that counts", "judgement: the middle is what most users meet")
# fmt: on


@dataclass(frozen=True, slots=True)
class Level:
    """A level and the reason for it."""

    level: SeverityLevel
    because: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What is affected: of all requests, of the worst operation, of the users named."""

    everything: float
    worst: float
    worst_name: str
    failed: int
    requests: int
    users: tuple[int, int]  # affected, all

    @property
    def users_share(self) -> float | None:
        """Of users that were affected; None when no user is named."""
        return self.users[0] / self.users[1] if self.users[1] else None


def without_a_past(share: float) -> SeverityLevel:
    """Of a share of all requests that fails, with nothing before to compare with."""
    return SeverityLevel.SEV1 if share >= SEV1_SHARE else SeverityLevel.SEV2


def by_share(most: float) -> SeverityLevel:
    """Of a share of all requests that fails at most so much more than before."""
    if most >= SEV1_SHARE:
        return SeverityLevel.SEV1
    return SeverityLevel.SEV2 if most >= SEV2_SHARE else SeverityLevel.SEV3


def measured_of(parts: tuple[Compared, ...], users: tuple[int, int]) -> Measured:
    """What is affected of all requests and of the worst operation that counts; users are those affected, and all."""
    whole = together(parts)
    least = OPERATION_COUNTS * whole.bad.requests
    # An operation with few requests and no failure may fail as often as its interval allows, and is not the worst.
    main = [part for part in parts if part.bad.requests >= least and part.bad.failed] or [whole]
    worst = max(main, key=lambda part: (beyond(part), part.places))
    worst = worst if beyond(worst) >= beyond(whole) else whole  # what fails most may be many small operations
    name = " ".join(worst.places[0]).strip() if len(worst.places) == 1 else "all requests"
    return Measured(
        beyond(whole), beyond(worst), name or "an unnamed operation", int(whole.bad.failed),
        int(whole.bad.requests), users,
    )  # fmt: skip


def beyond(part: Compared) -> float:
    """The most that the failure share may have risen by, at 95 %; the share itself where there is no past."""
    return max(0.0, part.errors(SEVERITY_LEVEL)[1]) if part.good.requests else part.bad.share


def level_of(confirmed: Confirmation, parts: tuple[Compared, ...], measured: Measured) -> Level:
    """The level by what is wrong; of failing and slow the worse."""
    kind = confirmed.impact.kind
    if kind is ImpactKind.TRAFFIC_LOSS:
        return lost(confirmed)
    options = []
    if kind in {ImpactKind.ERRORS, ImpactKind.BOTH}:
        options.append(failing(measured))
    if kind in {ImpactKind.LATENCY, ImpactKind.BOTH}:
        options.append(slow(parts))
    return min(options, key=lambda one: one.level)


def lost(confirmed: Confirmation) -> Level:
    """The level of lost traffic: the interval is what is left of the baseline."""
    low, high = confirmed.low, confirmed.high
    level = SeverityLevel.SEV1 if low < 1 - SEV1_SHARE else SeverityLevel.SEV2
    return Level(level, f"traffic is {percent(low)} to {percent(high)} of baseline")


def failing(measured: Measured) -> Level:
    """The level by the share of failures, of affected users, and of the worst operation."""
    share, (affected, named) = measured.users_share, measured.users
    said = f"{percent(measured.failed / measured.requests)} of all requests fail"
    if measured.worst_name != "all requests":
        more = points(measured.worst).removeprefix("+")
        said += (
            f"; worst operation: {measured.worst_name}, its failing share is at most {more} above baseline"
        )
    if share is not None:
        said += f"; {count(affected)} of {count(named)} identified users are affected"
    if measured.everything >= SEV1_SHARE:
        return Level(SeverityLevel.SEV1, said)
    many = share is not None and named >= USERS_LEAST and share >= SEV2_USERS
    if measured.everything >= SEV2_SHARE or measured.worst >= SEV2_OPERATION or many:
        return Level(SeverityLevel.SEV2, said)
    return Level(SeverityLevel.SEV3, said)


def slow(parts: tuple[Compared, ...]) -> Level:
    """The level by the median of the operation that became slower by most."""
    whole = together(parts)
    medians = [
        (shift.bad / shift.good, shift.bad - shift.good, shift, part)
        for part in parts
        if part.bad.requests >= OPERATION_COUNTS * whole.bad.requests
        for shift in part.shifts()
        if shift.quantile == MEDIAN and shift.low > 0
    ]
    if not medians:
        return Level(SeverityLevel.SEV4, "only the slowest requests are slower; the median is unchanged")
    ratio, longer, shift, part = max(medians, key=lambda one: (one[1], one[3].places))
    said = f"the median of {' '.join(part.places[0]).strip()} is {duration_between(*binned(shift.bad))}, {duration_between(*binned(shift.good))} before"
    return Level(by_slowness(ratio, longer), said)


def by_slowness(ratio: float, longer: float) -> SeverityLevel:
    """Of a median that is so many times as long, and so many ns longer."""
    if ratio >= SEV2_SLOWER and longer >= SEV2_SLOWER_BY:
        return SeverityLevel.SEV2
    return SeverityLevel.SEV3 if ratio >= SEV3_SLOWER and longer >= SEV3_SLOWER_BY else SeverityLevel.SEV4


def raised(weighed: Level, onset: Onset | None) -> Level:
    """One higher while it gets worse, short of a full outage."""
    raised = {SeverityLevel.SEV4: SeverityLevel.SEV3, SeverityLevel.SEV3: SeverityLevel.SEV2}
    if onset is None or onset.trend is not Trend.WORSE or weighed.level not in raised:
        return weighed
    return Level(raised[weighed.level], f"{weighed.because}; worsening")
