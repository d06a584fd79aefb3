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

from lastgood.inspections._registry import Stage, inspection
from lastgood.inspections.severity.levels import by_share, level_of, measured_of, raised, without_a_past
from lastgood.model.answers import Confirmation, Onset, Severity
from lastgood.model.evidence import Evidence, Table
from lastgood.model.figures import percent
from lastgood.model.finding import Finding, Verdict
from lastgood.model.judgement import Amount
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.compared import compared_requests
from lastgood.readings.counters import USERS_UNKNOWN, counted_by_metrics

SEVERITY_SURE = Amount(0.7, "of confidence in a level", "judgement: levels are a team's, not ours")

_ALL = "SELECT count() AS n, countIf(failed) AS failures FROM lg_requests"


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
    if case.comparison is None or confirmed is None or confirmed.impact.kind is None or not confirmed.decided:
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
    measured = measured_of(parts, (impact.users or 0, impact.identified))
    weighed = raised(level_of(confirmed, parts, measured), case.earlier(Onset))
    answer = Severity(
        weighed.level,
        weighed.because,
        measured.everything,
        measured.worst,
        measured.users_share,
        measured.failed / measured.requests if measured.requests else None,
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
    level = by_share(most)
    because = f"{percent(confirmed.impact.failure_share or 0.0)} of {f'requests to {of}' if of else 'all requests'} fail, by metrics"
    answer = Severity(level, because, most, most, None)
    return Finding(Verdict.YES, f"{level}: {because}", SEVERITY_SURE, answer, (table,), (USERS_UNKNOWN,))


def _without_a_past(case: Case, share: float) -> Finding:
    """By how much fails at all, where there is nothing before to compare with."""
    level = without_a_past(share)
    because = f"{percent(share)} of all requests fail throughout the data"
    read = case.query(_ALL)
    table = Table(
        "Requests over all of the data",
        ("requests", "failed"),
        tuple((row["n"], row["failures"]) for row in read.dicts()),
        read.provenance,
    )
    answer = Severity(level, because, share, share, None)
    return Finding(Verdict.YES, f"{level}: {because}", SEVERITY_SURE, answer, (table,))
