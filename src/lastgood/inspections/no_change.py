"""Does something else than one of your changes explain it?

What it asks
    Whether none of the changes that were made explains the failure, and what does instead: traffic, a
    certificate, a third party, infrastructure, DNS, bad data.
Why on-call asks it
    Rolling back what is innocent costs time and hides the trail. "None of our changes" is an answer.
Reads
    lg_changes from a day before the window to its end; the changes as weighed, the class of the failure,
    the path and the golden signals.
How
    A likely change of your own (deploy, commit, config, flag, migration, cron, scaling): no. A likely
    event at a third party or in shared infrastructure (third party, certificate, DNS, infrastructure): yes, that is the cause. Else the causes
    that the changes were weighed against (what_changed): yes, with the heaviest, when it is more likely than not
    that none of the changes did it; unknown while a change is possible and no such cause is shown. With no change in question,
    yes, with that cause, or with a third party, a certificate or DNS where the class of failure implies it. Unknown where
    nothing shows another cause: a server, a full disk or a slow network is where it breaks, and any change may lead to it.
Stays silent when
    Changes could not be weighed, nothing is confirmed, or it is not decided whether requests are affected.
Known traps
    A feed shows what is fed to it: with a source missing, "no change" means no change on record.
"""

from collections.abc import Iterator

from lastgood.inspections._registry import Stage, inspection
from lastgood.model.answers import (
    ChangesWeighed,
    ChangeVerdict,
    Confirmation,
    FailureClass,
    NoChange,
    Onset,
    WeighedChange,
)
from lastgood.model.change import OUTSIDE
from lastgood.model.evidence import Evidence, Table
from lastgood.model.failure import FAILURES, Cause, FailurePath, cause_of
from lastgood.model.figures import counted
from lastgood.model.finding import Finding, Verdict
from lastgood.model.judgement import Amount, Time
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import UNDECIDED, Case

COUNTED = "SELECT kind, count() AS changes, max(ts) AS last FROM lg_changes GROUP BY kind ORDER BY kind"
# fmt: off
NO_CHANGE_BEFORE = Time(1, "d before the window, in which changes are counted", "judgement: causes of a day ago would have shown")
MORE_LIKELY = Amount(0.5, "of weight left, that none of the changes did it", "judgement: more likely than not")
CAUSE_SHOWN = Amount(0.5, "of weight of another cause, to be named before what the class implies", "judgement: half of a change that fits in all")
UNWEIGHED = Amount(0.7, "of confidence, where no change was weighed", "judgement: feeds miss sources")
CAUSE_KNOWN = Amount(0.9, "of confidence at most", "judgement: a change that no feed records may be behind it")
# fmt: on
NAMED_BY_ERRORS = frozenset(
    {Cause.CERTIFICATE, Cause.DNS, Cause.THIRD_PARTY}
)  # classes that errors name themselves


@inspection(
    "Does no change explain it?",
    stage=Stage.EXPLAIN,
    needs={Signal.CHANGES, Signal.SPANS, Signal.LOGS, Signal.METRICS},
    uses=(Onset, Confirmation, ChangesWeighed, FailureClass, FailurePath),
    gives=NoChange,
)
def no_change(case: Case) -> Iterator[Finding]:
    """Yes with the cause, no with the change, or what would decide it."""
    if case.comparison is None or case.unharmed:
        yield Finding(Verdict.UNKNOWN, "there is no confirmed impact to compare with a baseline")
        return
    if case.undecided:
        yield Finding(Verdict.UNKNOWN, f"{UNDECIDED}, so there may be nothing to explain")
        return
    weighed = case.earlier(ChangesWeighed)
    suspected = weighed is not None and any(
        one.verdict in {ChangeVerdict.LIKELY, ChangeVerdict.POSSIBLE} for one in weighed.ranked
    )
    if not case.has(Signal.CHANGES) and not suspected:
        yield Finding(Verdict.UNKNOWN, "there is no change feed to rule changes out with")
        return
    read = case.query(COUNTED, window=Window(case.window.start - NO_CHANGE_BEFORE, case.window.end))
    rows = tuple((r["kind"], r["changes"], r["last"]) for r in read.dicts())
    table = Table("Recorded changes", ("kind", "changes", "the last"), rows, read.provenance)
    yield _judged(case, weighed or ChangesWeighed(()), table)


def _judged(case: Case, weighed: ChangesWeighed, evidence: Evidence) -> Finding:
    suspects = [c for c in weighed.ranked if c.verdict in {ChangeVerdict.LIKELY, ChangeVerdict.POSSIBLE}]
    likely = [
        c for c in suspects if c.verdict is ChangeVerdict.LIKELY
    ]  # a deploy may be, and no commit in it
    first = next(iter(likely or suspects), None)
    if first is None or (first.verdict is ChangeVerdict.POSSIBLE and _other(weighed, first)):
        return _without(case, weighed, evidence)
    said = f"{first.kind.replace('_', ' ')} {first.bare}"
    if first.verdict is ChangeVerdict.POSSIBLE:
        return Finding(Verdict.UNKNOWN, f"the {said} is possible, not likely", evidence=(evidence,))
    if first.kind in OUTSIDE:
        because = f"none of your changes is likely; the {said} is"
        return Finding(Verdict.YES, because, first.confidence, NoChange(cause_of(first.kind)), (evidence,))
    return Finding(Verdict.NO, f"the {said} is likely", first.confidence, NoChange(None), (evidence,))


def _other(weighed: ChangesWeighed, possible: WeighedChange) -> bool:
    """Whether something else is more likely than the change that is possible, or is what that change tells of."""
    if not weighed.others:
        return False
    return (weighed.unexplained or 0.0) >= MORE_LIKELY or weighed.others[0].cause is cause_of(possible.kind)


def _without(case: Case, weighed: ChangesWeighed, evidence: Evidence) -> Finding:
    heaviest = weighed.others[0] if weighed.others else None
    cause: Cause | None
    if heaviest and heaviest.weight >= CAUSE_SHOWN:
        cause, why, shown = heaviest.cause, heaviest.because, heaviest.shown
    else:
        cause, why = _cause(case)
        shown = cause in NAMED_BY_ERRORS
    number = len(weighed.ranked)
    none = (
        f"no change matches the onset ({counted(number, 'change')} checked)"
        if number
        else "no change is recorded in this period"
    )
    if not shown:
        because = f"{none}, and no other cause is visible"
        perhaps = f"; perhaps {cause.replace('_', ' ')}: {why}" if cause else ""
        return Finding(Verdict.UNKNOWN, because + perhaps, answer=NoChange(cause), evidence=(evidence,))
    confidence = min(weighed.unexplained if weighed.unexplained is not None else UNWEIGHED, CAUSE_KNOWN)
    return Finding(Verdict.YES, f"{none}; {why}", confidence, NoChange(cause, why), (evidence,))


def _cause(case: Case) -> tuple[Cause | None, str]:
    """What the class of failure implies, and why."""
    found, path = case.earlier(FailureClass), case.earlier(FailurePath)
    if found is None:
        return None, ""
    failure = FAILURES[found.name]
    if failure.of_dependency and path is not None and path.external:
        return Cause.THIRD_PARTY, found.because
    return failure.cause, found.because
