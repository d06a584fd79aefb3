"""Is it real: does the rate exceed its baseline, or did one user see one error once?

What it asks
    Whether failures, latency or traffic of the bad window differ from the baseline, by more than chance and by
    enough to matter. How many requests and users are affected.
Why on-call asks it
    Half of all pages are noise. Nothing should be rolled back for one unlucky request.
Reads
    lg_requests, and lg_spans of consumers; without requests lg_lines; where these cannot decide, lg_points.
How
    - Per operation, failure shares are compared with Newcombe's interval (99.9 %, divided over the operations).
      Latency quantiles are compared with order-statistic intervals.
    - Traffic is compared with the whole baseline and with its last part, and must fall in a step: a daily cycle is no loss.
    - It is real if the interval excludes no change, at least five extra failures exceed the floor, and the effect
      remains without the most affected user (or address, if users are not identified).
    - Requests that are slower by less than 0.1 s, and less than twice as slow, are not an incident. Where the median is
      unchanged, nor are those that still take less than 1 s.
    - Error lines and metrics are compared with the same hour of other days, if the data reach back.
    - If no request fails, rejected requests count (400, 409, 413, 415, 422): at least twenty more, from several
      senders. So do 401, 403, 404, 410 and 429 at operations that usually serve, of senders served elsewhere.
    - If requests are normal, metrics that count outcomes apart (approved, declined) confirm by the share of refusals,
      in all or in one part.
    - If requests are normal, consumers of messages are compared, with a floor of 10 %. Slower ones count if a
      metric shows a growing queue (lag, backlog, pending); a queue that keeps growing counts by itself.
    - Metrics confirm by latency, success and failures of services without known callers, otherwise by a resource.
      The medians must differ by five spreads, by the floor of their kind, and exceed 99 % of the baseline.
    - If half of all requests fail from the first data on, it is real without a baseline.
Stays silent when
    There is no comparison (neither given nor found), or the windows hold too few events. "No" becomes unknown in
    these cases:
    - over 5 % of requests (without requests: a quarter of a service's lines) fail in all data, which cover less
      than a day;
    - failures started late, and are too few to decide;
    - most requests have no status, and no success metric and no log levels replace it;
    - there are no requests, but lines have a status or duration in their text;
    - a number in the text of lines, whose meaning is unknown, left its level;
    - an operation succeeds without content (204) where it used to give some;
    - the good window holds hardly any requests beside the bad one;
    - an alert is firing whose own metric has not recovered;
    - customers open far more support tickets than before;
    - error lines or metrics deviate, though requests do not.
Known traps
    Failures that users never see (retries that succeed) count only if they reach an entry. If users are not
    identified, session ids are counted. Only affected operations are counted.
"""

from collections.abc import Iterator
from dataclasses import replace

from lastgood.inspections._registry import Stage, inspection
from lastgood.inspections.confirm.abandoned import doubtful_if_abandoned
from lastgood.inspections.confirm.affected import behind, by_backlog, by_metrics
from lastgood.inspections.confirm.beside import beside
from lastgood.inspections.confirm.counted import answer_of, not_real, served, table_of
from lastgood.inspections.confirm.counted_once import with_account
from lastgood.inspections.confirm.ended import ended
from lastgood.inspections.confirm.jobs import by_jobs
from lastgood.inspections.confirm.limited import doubtful_if_limited
from lastgood.inspections.confirm.lost_traffic import drift, in_a_step, loss, lost_traffic
from lastgood.inspections.confirm.louder import by_lines
from lastgood.inspections.confirm.outcomes import by_outcomes
from lastgood.inspections.confirm.parties import PARTIES, People, one_user, people_of, uncounted
from lastgood.inspections.confirm.refused import by_refusals
from lastgood.inspections.confirm.tested import doubtful_if_tested
from lastgood.inspections.confirm.weights import (
    CONFIRM_FEW_SURE,
    CONFIRM_MANY,
    CONFIRM_MANY_SURE,
    CONFIRM_SURE,
    MESSAGES_UNDONE,
    NOTICED,
    NOTICED_TIMES,
    STANDING_SURE,
    TAIL_NOTICED,
    UNNOTICED_SURE,
)
from lastgood.model.answers import Confirmation, ImpactKind, Onset
from lastgood.model.figures import count, duration, duration_between, percent, quantile_name
from lastgood.model.finding import Check, Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison
from lastgood.readings.case import Case
from lastgood.readings.compared import (
    COMPARED_LEVEL,
    MIDDLE_QUANTILE,
    Compared,
    Shift,
    affected_among,
    binned,
    compared_messages,
    compared_requests,
    named,
    together,
)
from lastgood.readings.doubts import doubt
from lastgood.readings.doubts.blind import unjudged
from lastgood.readings.doubts.doubt import Doubt
from lastgood.telemetry.reader import Rows


@inspection(
    "Is it real?",
    stage=Stage.CONFIRM,
    needs={Signal.LOGS, Signal.SPANS, Signal.METRICS},
    uses=(Onset,),
    gives=Confirmation,
)
def confirm(case: Case) -> Iterator[Finding]:
    """Whether the problem is real, with its size."""
    if case.comparison is None:
        doubted = doubt(case)
        nothing = Finding(Verdict.UNKNOWN, "no anomalous period was found, so there is nothing to compare")
        yield _judged(doubted) if doubted else nothing
        return
    parts, rows = compared_requests(case)
    if parts:
        said = _by_requests(case, case.comparison, parts, rows)
    else:
        said = by_jobs(case, case.comparison) or by_lines(case, case.comparison)
    said = doubtful_if_abandoned(case, said) if parts else said
    unsure = said.verdict is Verdict.UNKNOWN or (said.verdict is Verdict.NO and unjudged(case))
    measured = None
    if unsure or not parts:
        measured = by_metrics(case, case.comparison, served(parts, rows), requests=bool(parts))
    if measured is not None and not unsure and not _counts(measured):
        measured = None  # error lines and metrics both show it, and neither counts requests
    found = doubtful_if_limited(case, doubtful_if_tested(case, measured or said))
    yield _marked(with_account(case, found if found.verdict is Verdict.YES else _doubted(case, found)))


def _marked(said: Finding) -> Finding:
    """The same, with whether it is decided in the answer, which is all that other questions see."""
    if said.verdict is not Verdict.UNKNOWN or not isinstance(said.answer, Confirmation):
        return said
    return replace(said, answer=replace(said.answer, decided=False))


def _counts(found: Finding) -> bool:
    """Whether a finding says how many requests fail."""
    return isinstance(found.answer, Confirmation) and found.answer.impact.requests is not None


def _doubted(case: Case, said: Finding) -> Finding:
    """What the comparison says, unless outcomes tell more, there is a reason not to say no, or all there is is bad."""
    if (outcomes := by_outcomes(case)) or (doubted := doubt(case)) is None:
        return outcomes or said
    if doubted.outage:
        return _judged(doubted)
    if said.verdict is Verdict.NO:
        return replace(
            _judged(doubted),
            answer=said.answer,
            evidence=(*doubted.evidence, *said.evidence),
            limits=(said.because, *doubted.limits),
        )
    return replace(said, limits=(*said.limits, doubted.because, *doubted.limits))


def _judged(doubted: Doubt) -> Finding:
    verdict, sure = (Verdict.YES, STANDING_SURE) if doubted.outage else (Verdict.UNKNOWN, None)
    return Finding(verdict, doubted.because, sure, doubted.outage, doubted.evidence, doubted.limits)


def _by_requests(case: Case, comparison: Comparison, parts: tuple[Compared, ...], rows: Rows) -> Finding:
    level = 1 - (1 - COMPARED_LEVEL) / len(parts)
    affected = affected_among(parts)
    if affected is not None:
        fails = affected.fails_more() or any(part.fails_more(level) for part in parts)
        found = _real(case, affected, rows, fails=fails)
        if fails or found.verdict is Verdict.YES:
            return found
    else:
        whole = together(parts)
        lost = lost_traffic(case, comparison, whole)
        if lost is not None and in_a_step(case, comparison):
            return _collected_to_the_end(case, comparison, parts, rows) or loss(whole, lost, rows)
        found = not_real(whole, rows) if lost is None else drift(whole, lost, rows)
    others = (
        _by_messages(case, comparison),
        by_jobs(case, comparison),
        by_refusals(case),
        by_backlog(case, comparison),
    )
    stated = [one for one in others if one is not None] or [beside(case, comparison, found)]
    return next((one for one in stated if one.verdict is Verdict.YES), stated[0])


def _by_messages(case: Case, comparison: Comparison) -> Finding | None:
    """Whether consumers fail at, or fall behind, what requests have left to them, where the requests themselves are well."""
    if not case.has(Signal.SPANS):
        return None
    parts, rows = compared_messages(case)
    level = 1 - (1 - COMPARED_LEVEL) / max(len(parts), 1)
    failing = [p for p in parts if p.fails_more(level) and p.bad.share - p.good.share >= MESSAGES_UNDONE]
    waits = behind(case, comparison) if not failing else {}
    slow = [p for p in parts if p.slower(level) and {service for service, _ in p.places} & waits.keys()]
    if not failing and not slow:
        return None
    affected = together(failing or slow[:1])
    reported = (
        f"{percent(affected.bad.share)} of {count(affected.bad.requests)} messages to {named(affected)} fail, "
        f"{percent(affected.good.share)} of {count(affected.good.requests)} before"
    )
    if slow:
        reported = (
            f"{_reported(affected, affected.slower(), fails=False)}, and {waits[affected.places[0][0]]}"
        )
    return Finding(
        Verdict.YES,
        f"{reported}; requests are not blocked by them",
        confidence=CONFIRM_SURE,
        answer=answer_of(affected, None, ImpactKind.LATENCY if slow else ImpactKind.ERRORS),
        evidence=(table_of(affected, rows),),
        limits=("requests are normal: impact is estimated from the background work they enqueue",),
    )


def _real(case: Case, affected: Compared, rows: Rows, *, fails: bool) -> Finding:
    shift = affected.slower()
    slow = float("inf") if fails or shift is None else max(shift.good, 1.0)
    people = people_of(case, affected, slow)
    parties = people if people.users or not fails else people_of(case, affected, slow, PARTIES[1])
    if fails and one_user(affected, parties):
        if shift is None or not _noticed(affected):
            return _one_unlucky(affected, parties, rows)
        fails, slow = False, max(shift.good, 1.0)  # one user's failures, and slow for others too
        people = people_of(case, affected, slow)
    if not fails and shift is not None and not _noticed(affected):
        return _unnoticed(affected, shift, rows)
    kind = ImpactKind.BOTH if fails and shift else ImpactKind.ERRORS if fails else ImpactKind.LATENCY
    answer = answer_of(affected, people.affected or None, kind, people)
    if not fails and shift is not None:
        answer = replace(answer, low=shift.low, high=shift.high)
    extra = affected.bad.failed - affected.good.share * affected.bad.requests
    return Finding(
        Verdict.YES,
        _reported(affected, shift, fails=fails),
        confidence=CONFIRM_MANY_SURE if extra >= CONFIRM_MANY or not fails else CONFIRM_FEW_SURE,
        answer=answer,
        evidence=(table_of(affected, rows),),
        limits=uncounted(affected, people),
    )


def _reported(affected: Compared, shift: Shift | None, *, fails: bool) -> str:
    said = []
    if fails:
        said.append(
            f"{percent(affected.bad.share)} of {count(affected.bad.requests)} requests to {named(affected)} fail, "
            f"{percent(affected.good.share)} of {count(affected.good.requests)} before"
        )
    if shift is not None:
        said.append(
            f"{quantile_name(shift.quantile)} of {named(affected)} is {duration_between(*binned(shift.bad))}, "
            f"{duration_between(*binned(shift.good))} before"
        )
    return "; ".join(said)


def _noticed(affected: Compared) -> bool:
    """Whether people would notice that it is slower: by a tenth of a second, or at twice the time.

    Where only the slowest are slower, a tenth more counts of those that take so long that people wait.
    """
    shifts = [shift for shift in affected.shifts() if shift.low > 0]
    waited = 0.0 if any(shift.quantile == MIDDLE_QUANTILE for shift in shifts) else TAIL_NOTICED * 1e9
    return any(
        (shift.bad - shift.good >= NOTICED * 1e9 and shift.bad >= waited)
        or shift.bad >= NOTICED_TIMES * shift.good
        for shift in shifts
    )


def _unnoticed(affected: Compared, shift: Shift, rows: Rows) -> Finding:
    return Finding(
        Verdict.NO,
        f"{_reported(affected, shift, fails=False)}: less than {duration(NOTICED)} more, or only the slowest, under {duration(TAIL_NOTICED)}, which is not user-visible; "
        f"{count(affected.bad.failed)} of {count(affected.bad.requests)} requests fail "
        f"({count(affected.good.failed)} of {count(affected.good.requests)} before)",
        confidence=UNNOTICED_SURE,
        answer=answer_of(affected, None, None),
        evidence=(table_of(affected, rows),),
        limits=("an objective for the latency of these requests would decide whether it matters",),
    )


def _one_unlucky(affected: Compared, people: People, rows: Rows) -> Finding:
    failed, of = affected.bad.failed, affected.bad.requests
    mine, theirs = min(people.most, failed), min(people.of_theirs, of)
    return Finding(
        Verdict.NO,
        f"{count(mine)} of {count(failed)} failures are from one user. Without that user, the rise is "
        f"within chance (baseline {percent(affected.good.share)}): {count(failed - mine)} of "
        f"{count(of - theirs)} requests of {count(people.users - 1)} others",
        confidence=CONFIRM_SURE,
        answer=answer_of(affected, people.affected, None, people),
        evidence=(table_of(affected, rows),),
    )


def _collected_to_the_end(
    case: Case, comparison: Comparison, parts: tuple[Compared, ...], rows: Rows
) -> Finding | None:
    """That only services whose telemetry ends lost traffic, which may be a log that was not collected; else None."""
    gone = ended(case, comparison, parts)
    rest = [part for part in parts if part.places[0][0] not in gone]
    if not gone or (rest and lost_traffic(case, comparison, together(rest)) is not None):
        return None
    first = min(gone, key=lambda service: gone[service])
    return Finding(
        Verdict.UNKNOWN,
        f"all telemetry of {first} ends at {gone[first]:%H:%M:%S} UTC, while other services continue",
        evidence=(table_of(together(parts), rows),),
        limits=(
            Check(
                f"check that it still writes: either {first} stopped, or its data was not collected to the end"
            ),
        ),
    )
