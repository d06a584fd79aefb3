"""How requests are, counted: the answer and the table of some, and that none of them are affected."""

from collections.abc import Sequence
from dataclasses import replace

from lastgood.inspections.confirm.parties import People
from lastgood.inspections.confirm.weights import (
    CONFIRM_LEVEL,
    CONFIRM_SURE,
    MIDDLE,
    NO_BASELINE,
    NO_EXCLUDES,
    NO_REQUESTS,
)
from lastgood.model.answers import Confirmation, Impact, ImpactKind
from lastgood.model.evidence import Table
from lastgood.model.figures import count, duration_between, percent, points, quantile_name
from lastgood.model.finding import Finding, Verdict
from lastgood.readings.compared import BIN, Compared, affected_among, binned, named, together
from lastgood.telemetry.reader import Rows


def served(parts: Sequence[Compared], rows: Rows) -> str:
    """That requests are as before, with their counts; empty where some are affected, or there are too few to tell."""
    if not parts or affected_among(tuple(parts)) is not None:
        return ""
    found = not_real(together(tuple(parts)), rows)
    return found.because if found.verdict is Verdict.NO else ""


def not_real(whole: Compared, rows: Rows) -> Finding:
    """That none of these requests are affected; unknown where their counts leave room for more."""
    low, high = whole.errors()
    reported = (
        f"{count(whole.bad.failed)} of {count(whole.bad.requests)} requests fail ({percent(whole.bad.share)}), "
        f"{count(whole.good.failed)} of {count(whole.good.requests)} before ({percent(whole.good.share)}); "
        f"{_latency(whole)}; no traffic loss"
    )
    thin = whole.good.requests < NO_BASELINE * whole.bad.requests
    if thin or min(whole.bad.requests, whole.good.requests) < NO_REQUESTS or high > NO_EXCLUDES:
        return Finding(
            Verdict.UNKNOWN,
            f"{reported}; the counts are consistent with a change of {points(low)} to {points(high)}",
            answer=answer_of(whole, None, None),
            evidence=(table_of(whole, rows),),
        )
    return Finding(
        Verdict.NO,
        reported,
        confidence=CONFIRM_SURE,
        answer=answer_of(whole, None, None),
        evidence=(table_of(whole, rows),),
    )


def _latency(whole: Compared) -> str:
    """The median in words; a fall is neither an impact nor a silence."""
    median = next((shift for shift in whole.shifts() if shift.quantile == MIDDLE), None)
    if median is None:
        return "no latency is known"
    fell = "fell to" if whole.faster() else "is"
    return (
        f"the median latency {fell} {duration_between(*binned(median.bad))} "
        f"({duration_between(*binned(median.good))} before)"
    )


def answer_of(
    part: Compared, users: int | None, kind: ImpactKind | None, people: People | None = None
) -> Confirmation:
    """The impact on these requests, with the interval of the change of their failing share."""
    impact = Impact(
        int(part.bad.requests),
        int(part.bad.failed),
        part.bad.share,
        part.good.share if part.good.requests else None,
        users,
        kind,
        named(part),
        people.unnamed if users and people else 0,
        people.users if people else 0,
        slower=_slower(_others(part, kind), kind),
        others_slower=part.others_slower() if kind is ImpactKind.BOTH else None,
    )
    return Confirmation(impact, *part.errors(CONFIRM_LEVEL))


def _others(part: Compared, kind: ImpactKind | None) -> Compared:
    """Those that did not fail, where they are slower beside the others that fail; else all."""
    if kind is ImpactKind.BOTH and part.others_slower():
        return replace(part, good=part.good.others, bad=part.bad.others)
    return part


def _slower(part: Compared, kind: ImpactKind | None) -> str:
    """The quantile that rose most, before and now; empty where the impact is not one of latency."""
    shift = part.slower() if kind in {ImpactKind.LATENCY, ImpactKind.BOTH} else None
    if shift is None:
        return ""
    before, now = (duration_between(*binned(value)) for value in (shift.good, shift.bad))
    return f"{quantile_name(shift.quantile)} {now}, {before} before"


def table_of(part: Compared, rows: Rows) -> Table:
    """Their counts and durations in both windows."""
    shifts = {shift.quantile: shift for shift in part.shifts()}
    return Table(
        f"Requests to {named(part)}",
        (
            "phase",
            "requests",
            "failed",
            *(f"{quantile_name(share)} ms (± {percent(BIN)})" for share in shifts),
        ),
        (
            (
                "good",
                int(part.good.requests),
                int(part.good.failed),
                *(s.good / 1e6 for s in shifts.values()),
            ),
            ("bad", int(part.bad.requests), int(part.bad.failed), *(s.bad / 1e6 for s in shifts.values())),
        ),
        rows.provenance,
    )
