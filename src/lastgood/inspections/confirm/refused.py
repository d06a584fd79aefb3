"""Requests that are refused more often than before, where they do not fail: validation that is too strict, or a firewall.

A status of 400, 409, 413, 415 or 422 is the sender's fault, one by one. Where many senders get it who did not, it is not.
Not found, not allowed, too many requests, and sent to sign in are so only where the operation ordinarily serves, and its senders are served
elsewhere: whoever scans, or guesses passwords, is not. So are they where those with one value of an attribute (a site that embeds
it, a plan, a version) were served and hardly are any more: scanners were not served before.
"""

from dataclasses import dataclass, replace
from math import sqrt

from lastgood.inspections.confirm.parties import PARTIES, one_user, people_of
from lastgood.inspections.confirm.weights import (
    CONFIRM_LEVEL,
    DISPLACED_LOST,
    DISPLACED_MORE,
    DISPLACED_SPREADS,
    REFUSED_MORE,
    REFUSED_SENDERS,
    REFUSED_SERVED,
    REFUSED_SURE,
    REFUSED_TIMES,
    REFUSED_USUALLY,
    SERVED_BEFORE,
    SERVED_STILL,
)
from lastgood.model.answers import Confirmation, Impact, ImpactKind
from lastgood.model.evidence import Table
from lastgood.model.figures import count, percent
from lastgood.model.finding import Check, Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.readings.carried import NOT_WHO
from lastgood.readings.case import Case
from lastgood.readings.compared import (
    COMPARED_LEVEL,
    Compared,
    compared_denied,
    compared_refused,
    covered_seconds,
    named,
    together,
)
from lastgood.readings.refusals import EITHER
from lastgood.telemetry.reader import Rows
from lastgood.telemetry.relations import IS_DENIED, IS_SERVED

_SENDERS = f"""
SELECT sum(denied) AS denials, sum(wrong) AS wrongs, sumIf(denied, party != '') AS of_senders,
       sumIf(denied, party != '' AND served > 0) AS of_served
FROM (
    SELECT {PARTIES[1]} AS party, countIf(here AND {IS_DENIED}) AS denied,
           countIf(here AND {EITHER}) - denied AS wrong, countIf({IS_SERVED}) AS served
    FROM (SELECT *, phase = 'bad' AND service IN {{services:Array(String)}} AND operation IN {{operations:Array(String)}} AS here
          FROM lg_requests)
    GROUP BY party
)"""
# Of a URL, such as the page that a request comes from, it is the site.
_VALUES = f"""
SELECT key, if(match(value, '^https?://'), concat(protocol(value), '://', domain(value)), value) AS said,
       countIf(phase = 'good' AND {IS_SERVED}) AS before, countIf(phase = 'bad' AND {IS_SERVED}) AS now,
       countIf(phase = 'bad' AND {EITHER}) AS refused
FROM lg_requests ARRAY JOIN mapKeys(attributes) AS key, mapValues(attributes) AS value
WHERE phase != '' AND service = {{service:String}} AND (empty({{operations:Array(String)}}) OR operation IN {{operations:Array(String)}})
      AND value NOT IN ('', '-') AND NOT match(key, {{not_who:String}}) AND NOT match(key, {{one:String}})
GROUP BY key, said
HAVING before >= {{before:UInt32}} AND refused >= {{more:UInt32}} AND now <= {{still:Float64}} * before
ORDER BY refused DESC, key, said LIMIT 1"""
# Of one sender, or of a program that is blocked on purpose.
_OF_ONE = r"(?i)addr|\bip\b|agent|user|session|account|email|token|cookie|url\.|path|operation"


@dataclass(frozen=True, slots=True)
class _Senders:
    """Of the refusals of the bad window."""

    denials: int  # not found, not allowed, too many
    wrongs: int  # wrong by their content
    of_senders: int  # denials of senders that are known
    of_served: int  # denials of senders who are served elsewhere

    @property
    def judged(self) -> bool:
        """Whether refusals are judged by who gets them: most of them may be right."""
        return self.denials > self.wrongs

    @property
    def known(self) -> bool:
        """Whether it is known who gets them."""
        return self.of_senders >= REFUSED_SERVED * self.denials

    @property
    def served(self) -> bool:
        """Whether those who get them are customers."""
        return self.of_served >= REFUSED_SERVED * self.of_senders


def by_refusals(case: Case) -> Finding | None:
    """That more requests are refused than before, of several senders; None where that is not so.

    Unknown where refusals may be right, and nothing tells who gets them.
    """
    parts, rows = compared_refused(case)
    level = 1 - (1 - COMPARED_LEVEL) / max(len(parts), 1)
    times = _times(case)
    asked = [(part, _senders(case, part)) for part in parts if _refuses_more(part, times, level)]
    instead = [part for part, _ in asked if _serves_fewer(part, times)]
    refused = [
        part
        for part, senders in asked
        if _theirs(part, senders) or _serves_no_more(part, times) or part in instead
    ]
    if not refused and asked and _serves_fewer(together(part for part, _ in asked), times):
        refused = instead = [part for part, _ in asked]  # each alone is too small to tell
    some = None if refused else _who_is_served_no_more(case, times)
    if not refused and some is None:
        return None
    affected, rows = some or (replace(together(refused), some=len(refused) < len(parts)), rows)
    people = people_of(case, affected, float("inf"), PARTIES[1], refused=True)
    if one_user(affected, people) or 0 < people.affected < REFUSED_SENDERS:
        return None
    judged = [
        senders for part, senders in asked if senders.judged and part in refused and part not in instead
    ]
    if refused and len(judged) == len(refused) and not any(senders.known for senders in judged):
        return _finding(affected, rows, Verdict.UNKNOWN)
    return _finding(affected, rows, Verdict.YES)


def _times(case: Case) -> float:
    """The bad window's covered time over the good one's."""
    if case.comparison is None:
        return 1.0
    signal = Signal.SPANS if case.has(Signal.SPANS) else Signal.LOGS
    good, bad = (covered_seconds(case, one, signal) for one in (case.comparison.good, case.comparison.bad))
    return bad / good if good else 1.0


def _senders(case: Case, part: Compared) -> _Senders:
    window = case.comparison.hull if case.comparison else None
    services, operations = ([place[at] for place in part.places] for at in (0, 1))
    (found,) = case.query(_SENDERS, window=window, services=services, operations=operations).dicts()
    return _Senders(found["denials"], found["wrongs"], found["of_senders"], found["of_served"])


def _theirs(part: Compared, senders: _Senders) -> bool:
    """Whether refusals at a place are not the senders' own fault."""
    if not senders.judged:
        return True
    return part.good.share <= REFUSED_USUALLY and (senders.served or not senders.known)


def _serves_no_more(part: Compared, times: float) -> bool:
    """Whether hardly any of those are served who were served before: whoever asks besides, it is the service."""
    now, before = (one.requests - one.failed for one in (part.bad, part.good))
    return before >= SERVED_BEFORE and now <= SERVED_STILL * times * before


def _serves_fewer(part: Compared, times: float) -> bool:
    """Whether refusals stand in the place of what was served: no more requests come than did, and fewer are served.

    Scanners come besides, so that there would be more requests.
    """
    more = part.bad.requests - times * part.good.requests
    chance = DISPLACED_SPREADS * sqrt(part.bad.requests + times**2 * part.good.requests)
    served, before = (one.requests - one.failed for one in (part.bad, part.good))
    return (
        more + chance <= DISPLACED_MORE * part.bad.failed
        and times * before - served >= DISPLACED_LOST * part.bad.failed
    )


def _who_is_served_no_more(case: Case, times: float) -> tuple[Compared, Rows] | None:
    """The first service at which hardly any requests with one value of an attribute are served, and nearly all are refused, of as many as were.

    Asked of all its operations: those whose paths hold ids are too many to tell anything one by one. Then of those that
    refuse more: the others may serve them still.
    """
    parts, rows = compared_denied(case)
    window = case.comparison.hull if case.comparison else None
    bound = {
        "before": int(SERVED_BEFORE), "more": int(REFUSED_MORE), "still": float(SERVED_STILL) * times,
        "not_who": NOT_WHO, "one": _OF_ONE,
    }  # fmt: skip
    for service in sorted({service for part in parts for service, _ in part.places}):
        every = [part for part in parts if part.places[0][0] == service]
        whole = replace(together(every), places=((service, ""),))
        some = replace(
            together(part for part in every if _refuses_more(part, times, COMPARED_LEVEL)), some=True
        )
        for affected, operations in ((whole, []), (some, [operation for _, operation in some.places])):
            if _refuses_more(affected, times, COMPARED_LEVEL) and len(
                case.query(_VALUES, window=window, service=service, operations=operations, **bound)
            ):
                return affected, rows
    return None


def _refuses_more(part: Compared, times: float, level: float) -> bool:
    """Whether a larger share is refused, and more than before."""
    return bool(
        part.fails_more(level)
        and part.bad.failed >= REFUSED_TIMES * times * part.good.failed
        and part.bad.failed - part.good.share * part.bad.requests >= REFUSED_MORE
        and part.good.requests
    )


def _finding(affected: Compared, rows: Rows, verdict: Verdict) -> Finding:
    impact = Impact(
        int(affected.bad.requests), int(affected.bad.failed), affected.bad.share, affected.good.share, None, ImpactKind.ERRORS, named(affected),
        refused=True,
    )  # fmt: skip
    low, high = affected.errors(CONFIRM_LEVEL)
    sure = verdict is Verdict.YES
    return Finding(
        verdict,
        f"{percent(affected.bad.share)} of {count(affected.bad.requests)} requests to {named(affected)} are refused (4xx) or redirected, "
        f"{percent(affected.good.share)} of {count(affected.good.requests)} before",
        confidence=REFUSED_SURE if sure else None,
        answer=Confirmation(impact, low, high, refused_at=tuple(sorted({o for _, o in affected.places})))
        if sure
        else None,
        evidence=(
            Table(
                f"Requests to {named(affected)} that are refused",
                ("phase", "requests", "refused"),
                (
                    ("good", affected.good.requests, affected.good.failed),
                    ("bad", affected.bad.requests, affected.bad.failed),
                ),
                rows.provenance,
            ),
        ),
        limits=(
            "requests that are refused (4xx) or redirected are counted as affected: no request fails (5xx) more often",
        )
        if sure
        else (
            Check(
                "record the address or user of each request; it would show whether customers are refused, or scanners"
            ),
        ),
    )
