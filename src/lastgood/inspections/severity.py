"""How severe is it: what severity does the measured impact propose?

What it asks
    SEV1 (full outage, all users) to SEV4 (cosmetic), from requests, the worst operation, users and trend.
Why on-call asks it
    The severity decides who is paged and who is informed. It is proposed here and decided by a person.
Reads
    lg_requests in both windows; the onset; the confirmation, whose count of users it takes.
How
    Shares are of affected requests above their baseline, and the upper end of the 95 % interval counts:
    where the numbers leave it open, the higher severity is proposed. SEV1: half of all requests fail, or
    half of the traffic is gone. SEV2: 2 % of all requests fail, or 10 % of one entry operation that has a
    hundredth of the traffic, or a tenth of at least 20 identified users is affected; or the median of such an
    operation is three times what it was and a second longer; or traffic is lost at all. SEV3: anything else
    that fails, or a median that is slower by half and by 0.1 s. SEV4: only the tail is slower. Getting
    worse raises by one, from SEV4 to SEV3 and from SEV3 to SEV2. The thresholds are this tool's
    convention, not a standard: a team's own come first.
Stays silent when
    There is no comparison, nothing is confirmed, or there are no requests: error lines and metrics do not
    show how many users are affected.
Known traps
    What a request is worth is not known here: one failing payment outweighs a thousand failing
    thumbnails. A problem that is over keeps the severity it had.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lastgood.inspections._registry import Stage, inspection
from lastgood.model.answers import Confirmation, ImpactKind, Onset, Severity, SeverityLevel, Trend
from lastgood.model.evidence import Evidence, Table
from lastgood.model.figures import count, duration_between, percent
from lastgood.model.finding import Finding, Verdict
from lastgood.model.judgement import Amount, Count
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.compared import Compared, binned, compared_requests, together
from lastgood.readings.counters import counted_by_metrics

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
SEVERITY_SURE = Amount(0.7, "of confidence in a level", "judgement: levels are a team's, not ours")
SEVERITY_LEVEL = Amount(0.95, "of confidence, whose upper end counts", "judgement: the usual level")
MEDIAN = Amount(0.5, "of the durations are below the quantile that counts", "judgement: the middle is what most users meet")
# fmt: on

_ALL = "SELECT count() AS n, countIf(failed) AS failures FROM lg_requests"


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A level and the reason for it."""

    level: SeverityLevel
    because: str


@dataclass(frozen=True, slots=True)
class _Measured:
    """What is hurt: of all requests, of the worst operation, of the users named."""

    everything: float
    worst: float
    worst_name: str
    failed: int
    requests: int
    users: tuple[int, int]  # hurt, all

    @property
    def users_share(self) -> float | None:
        """Of users that were hurt; None when nobody is named."""
        return self.users[0] / self.users[1] if self.users[1] else None


@inspection(
    "How severe is it?",
    stage=Stage.SCOPE,
    needs={Signal.LOGS, Signal.SPANS, Signal.METRICS},
    uses=(Onset, Confirmation),
    gives=Severity,
)
def severity(case: Case) -> Iterator[Finding]:
    """The proposed severity with its reasons."""
    confirmed = case.earlier(Confirmation)
    if confirmed is not None and case.comparison is None and confirmed.impact.failure_share is not None:
        yield _without_a_past(case, confirmed.impact.failure_share)
        return
    if case.comparison is None or confirmed is None or confirmed.impact.kind is None:
        yield Finding(Verdict.UNKNOWN, "user impact is not confirmed")
        return
    parts, rows = compared_requests(case)
    if not parts and confirmed.impact.failure_share is not None and case.has(Signal.METRICS):
        yield _by_share(case, confirmed)
        return
    if not parts:
        yield Finding(
            Verdict.UNKNOWN,
            "there are no requests in the data, so the number of affected users is unknown",
        )
        return
    impact = confirmed.impact
    measured = _measured(parts, (impact.users or 0, impact.identified))
    weighed = _raised(_weighed(confirmed, parts, measured), case.earlier(Onset))
    answer = Severity(
        weighed.level, weighed.because, measured.everything, measured.worst, measured.users_share
    )
    evidence: tuple[Evidence, ...] = (
        Table(
            "Requests affected above baseline", ("of", "share at most"),
            (("all requests", measured.everything), (measured.worst_name, measured.worst)), rows.provenance,
        ),
    )  # fmt: skip
    yield Finding(Verdict.YES, f"{weighed.level}: {weighed.because}", SEVERITY_SURE, answer, evidence)


def _by_share(case: Case, confirmed: Confirmation) -> Finding:
    """By the share of failures among the requests that metrics count, at most so much more than before."""
    parts, rows = counted_by_metrics(case)
    table = Table(
        "Requests that metrics count by how they ended",
        ("service", "metric", "requests", "failed"),
        tuple((*part.places[0], round(part.bad.requests), round(part.bad.failed)) for part in parts),
        rows.provenance,
    )
    most, of = confirmed.high, confirmed.impact.of
    level = SeverityLevel.SEV1 if most >= SEV1_SHARE else SeverityLevel.SEV2
    if most < SEV2_SHARE:
        level = SeverityLevel.SEV3
    because = f"{_percent(confirmed.impact.failure_share or 0.0)} of requests{f' to {of}' if of else ''} fail, by metrics"
    answer = Severity(level, because, most, most, None)
    limits = ("metrics name no users: how many are affected is not known",)
    return Finding(Verdict.YES, f"{level}: {because}", SEVERITY_SURE, answer, (table,), limits)


def _without_a_past(case: Case, share: float) -> Finding:
    """By how much fails at all, where there is nothing before to compare with."""
    level = SeverityLevel.SEV1 if share >= SEV1_SHARE else SeverityLevel.SEV2
    because = f"{_percent(share)} of requests fail throughout the data"
    read = case.query(_ALL)
    table = Table(
        "Requests over all of the data",
        ("requests", "failed"),
        tuple((row["n"], row["failures"]) for row in read.dicts()),
        read.provenance,
    )
    answer = Severity(level, because, share, share, None)
    return Finding(Verdict.YES, f"{level}: {because}", SEVERITY_SURE, answer, (table,))


def _measured(parts: tuple[Compared, ...], users: tuple[int, int]) -> _Measured:
    whole = together(parts)
    main = [part for part in parts if part.bad.requests >= OPERATION_COUNTS * whole.bad.requests] or [whole]
    worst = max(main, key=lambda part: (_beyond(part), part.places))
    name = " ".join(worst.places[0]).strip() if len(worst.places) == 1 else "all requests"
    return _Measured(
        _beyond(whole), _beyond(worst), name or "an unnamed operation", int(whole.bad.failed),
        int(whole.bad.requests), users,
    )  # fmt: skip


def _beyond(part: Compared) -> float:
    """The most that the failure share may have risen by, at 95 %; the share itself where there is no past."""
    return max(0.0, part.errors(SEVERITY_LEVEL)[1]) if part.good.requests else part.bad.share


def _weighed(confirmed: Confirmation, parts: tuple[Compared, ...], measured: _Measured) -> _Weighed:
    kind = confirmed.impact.kind
    if kind is ImpactKind.TRAFFIC_LOSS:
        return _lost(confirmed)
    options = []
    if kind in {ImpactKind.ERRORS, ImpactKind.BOTH}:
        options.append(_failing(measured))
    if kind in {ImpactKind.LATENCY, ImpactKind.BOTH}:
        options.append(_slow(parts))
    return min(options, key=lambda one: one.level)


def _lost(confirmed: Confirmation) -> _Weighed:
    low, high = confirmed.low, confirmed.high
    level = SeverityLevel.SEV1 if low < 1 - SEV1_SHARE else SeverityLevel.SEV2
    return _Weighed(level, f"traffic is {percent(low)} to {percent(high)} of baseline")


def _failing(measured: _Measured) -> _Weighed:
    share, (hurt, named) = measured.users_share, measured.users
    said = f"{_percent(measured.failed / measured.requests)} of requests fail"
    if measured.worst_name != "all requests":
        said += f"; worst operation: {measured.worst_name}, up to {_percent(measured.worst)} above baseline"
    if share is not None:
        said += f"; {count(hurt)} of {count(named)} identified users are affected"
    if measured.everything >= SEV1_SHARE:
        return _Weighed(SeverityLevel.SEV1, said)
    many = share is not None and named >= USERS_LEAST and share >= SEV2_USERS
    if measured.everything >= SEV2_SHARE or measured.worst >= SEV2_OPERATION or many:
        return _Weighed(SeverityLevel.SEV2, said)
    return _Weighed(SeverityLevel.SEV3, said)


def _slow(parts: tuple[Compared, ...]) -> _Weighed:
    whole = together(parts)
    medians = [
        (shift.bad / shift.good, shift.bad - shift.good, shift, part)
        for part in parts
        if part.bad.requests >= OPERATION_COUNTS * whole.bad.requests
        for shift in part.shifts()
        if shift.quantile == MEDIAN and shift.low > 0 and shift.good > 0
    ]
    if not medians:
        return _Weighed(SeverityLevel.SEV4, "only the slowest requests are slower; the median is unchanged")
    ratio, longer, shift, part = max(medians, key=lambda one: (one[1], one[3].places))
    said = f"the median of {' '.join(part.places[0]).strip()} is {duration_between(*binned(shift.bad))}, {duration_between(*binned(shift.good))} before"
    if ratio >= SEV2_SLOWER and longer >= SEV2_SLOWER_BY:
        return _Weighed(SeverityLevel.SEV2, said)
    return _Weighed(
        SeverityLevel.SEV3 if ratio >= SEV3_SLOWER and longer >= SEV3_SLOWER_BY else SeverityLevel.SEV4, said
    )


def _raised(weighed: _Weighed, onset: Onset | None) -> _Weighed:
    """One higher while it gets worse, short of a full outage."""
    raised = {SeverityLevel.SEV4: SeverityLevel.SEV3, SeverityLevel.SEV3: SeverityLevel.SEV2}
    if onset is None or onset.trend is not Trend.WORSE or weighed.level not in raised:
        return weighed
    return _Weighed(raised[weighed.level], f"{weighed.because}; worsening")


def _percent(share: float) -> str:
    return percent(share)
