"""Requests that are refused as wrong more often than before, where they do not fail: validation that is too strict, say.

A status of 400, 409, 413, 415 or 422 is the sender's fault, one by one. Where many senders get it who did not, it is not.
Not found, not signed in and too many requests are others' stories.
"""

from lastgood.inspections.confirm.parties import PARTIES, one_user, people_of
from lastgood.inspections.confirm.weights import CONFIRM_LEVEL, REFUSED_MORE, REFUSED_SENDERS, REFUSED_SURE
from lastgood.model.answers import Confirmation, Impact, ImpactKind
from lastgood.model.evidence import Table
from lastgood.model.figures import count, percent
from lastgood.model.finding import Finding, Verdict
from lastgood.readings.case import Case
from lastgood.readings.compared import COMPARED_LEVEL, compared_refused, named, together


def by_refusals(case: Case) -> Finding | None:
    """That more requests are refused as wrong than before, of several senders; None where that is not so."""
    parts, rows = compared_refused(case)
    level = 1 - (1 - COMPARED_LEVEL) / max(len(parts), 1)
    refused = [
        part
        for part in parts
        if part.fails_more(level)
        and part.bad.failed - part.good.share * part.bad.requests >= REFUSED_MORE
        and part.good.requests
    ]
    if not refused:
        return None
    affected = together(refused)
    senders = people_of(case, affected, float("inf"), PARTIES[1], refused=True)
    if one_user(affected, senders) or 0 < senders.affected < REFUSED_SENDERS:
        return None
    impact = Impact(
        int(affected.bad.requests), int(affected.bad.failed), affected.bad.share, affected.good.share, None, ImpactKind.ERRORS, named(affected),
        refused=True,
    )  # fmt: skip
    return Finding(
        Verdict.YES,
        f"{percent(affected.bad.share)} of {count(affected.bad.requests)} requests to {named(affected)} are refused as wrong (4xx), "
        f"{percent(affected.good.share)} of {count(affected.good.requests)} before",
        confidence=REFUSED_SURE,
        answer=Confirmation(impact, *affected.errors(CONFIRM_LEVEL)),
        evidence=(
            Table(
                f"Requests to {named(affected)} that are refused as wrong",
                ("phase", "requests", "refused"),
                (
                    ("good", affected.good.requests, affected.good.failed),
                    ("bad", affected.bad.requests, affected.bad.failed),
                ),
                rows.provenance,
            ),
        ),
        limits=(
            "requests refused as wrong (4xx) are counted as affected: no request fails (5xx) more often",
        ),
    )
