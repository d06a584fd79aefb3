"""Is it us or them: does an outside host fail, or the system itself?

What it asks
    Whether an outside host (a payment provider, a mail service, an identity provider) is at fault, or how it is called.
Why on-call asks it
    If it is them, you escalate, fail over and tell users. If it is you, each minute of waiting for them is lost.
Reads
    lg_spans: calls of outside hosts by caller, version and instance; without spans lg_lines that name a host. lg_points of
    probes, and the probes in the record of the incident. The path, the suspects, the changes as weighed, and whether
    something else than a change explains it.
How
    An outside host has a public name, is not asked for by users, and reports no spans. The host in question is the one where the
    path or the first suspect breaks, else the one with a failed call in most failed requests. Each observation multiplies the odds. For the
    host: several callers, versions or instances fail alike, a caller that was not changed fails too, it answers 5xx or not
    at all, its status page or a probe reports a fault. For the system: only one version, instance or caller fails, several
    outside hosts fail at once (DNS, way out), a change of yours is likely, or it refuses the credential, the request or
    the rate. The host is never named if one of yours alone fails at it, or if your own change is likely. Refusals need a witness: its status
    page or a probe. A missing status page counts for nothing.
Stays silent when
    There is no comparison or no confirmed impact. While it is not decided whether requests are affected, the side is
    stated as what it would be. If no outside host is called, the card shows nothing.
Known traps
    A host that has no public name is not known to be another party's. Log lines show failed calls, and seldom those that work: without spans, that no host is
    named does not show that none is called.
    Telemetry shows your end of the line: a provider of your region or network in between looks like the host.
"""

from collections.abc import Iterator

from lastgood.algorithms.culprit_kinds import is_outside_name
from lastgood.inspections._registry import Stage, inspection
from lastgood.inspections.us_or_them import weights as w
from lastgood.inspections.us_or_them.checks import check_of
from lastgood.inspections.us_or_them.gathered import Gathered, gathered
from lastgood.inspections.us_or_them.reasons import Weighing, listed, sides, weighed_at
from lastgood.model.answers import ChangesWeighed, Confirmation, Culprits, NoChange, Onset
from lastgood.model.boundary import HostFares, ProbesSeen, Side, UsOrThem
from lastgood.model.evidence import Absence
from lastgood.model.failure import Cause, FailurePath
from lastgood.model.figures import count, counted, duration, shortened
from lastgood.model.finding import Check, Finding, Verdict
from lastgood.model.judgement import Reason
from lastgood.model.signal import Signal
from lastgood.readings.called import Fares
from lastgood.readings.case import UNDECIDED, Case

_VERDICTS = {Side.THEIRS: Verdict.YES, Side.OURS: Verdict.NO}
NO_HOST = "no outside host is called, as far as telemetry shows"
NO_LINE = "no log line names an outside host that fails; add spans of calls, or log the host of each call"
HOSTS_REPORTED = 5
ACCUSED_SHOWN = 120  # characters


@inspection(
    "Is it us or them?",
    stage=Stage.EXPLAIN,
    needs={Signal.SPANS, Signal.LOGS, Signal.METRICS},
    uses=(Onset, Confirmation, FailurePath, Culprits, ChangesWeighed, NoChange, ProbesSeen),
    gives=UsOrThem,
)
def us_or_them(case: Case) -> Iterator[Finding]:
    """The side, with what supports each, and the check that decides."""
    if case.comparison is None or case.unharmed:
        yield Finding(Verdict.UNKNOWN, "there is no confirmed impact to compare with a baseline")
        return
    found = gathered(case)
    said = _of_hosts(case, found)
    if said is not None:
        yield said.if_decided(UNDECIDED) if case.undecided else said
        return
    lines = found.called.of_lines
    verdict, because = (Verdict.UNKNOWN, NO_LINE) if lines else (Verdict.NO, NO_HOST)
    absent = Absence(because, found.called.read.provenance)
    yield Finding(verdict, because, None, UsOrThem(Side.NO_CALLS, None), (absent,))


def _of_hosts(case: Case, found: Gathered) -> Finding | None:
    """What is said of the hosts that are called; None where none is known."""
    if found.host:
        return _at_host(case, found)
    if found.fine:
        return _hosts_fine(case, found)
    return _unnamed(found) if _reported(case) else None


def _reported(case: Case) -> bool:
    """Whether another question names a third party as the cause, perhaps."""
    other = case.earlier(NoChange)
    return other is not None and other.cause is Cause.THIRD_PARTY


def _at_host(case: Case, found: Gathered) -> Finding:
    """The verdict about one host."""
    weighing = weighed_at(case, found)
    side = _side(case, found, weighing)
    check = check_of(found, weighing)
    theirs, ours = weighing.said(theirs=True), weighing.said(theirs=False)
    ill = [found.host, *(one for one in found.ill if one != found.host)][:HOSTS_REPORTED]
    odds = weighing.odds if side is Side.THEIRS else 1 / weighing.odds
    sure = min(odds / (1 + odds), w.SIDE_SURE)
    answer = UsOrThem(
        side, found.host, theirs, ours, "" if side in _VERDICTS else check,
        tuple(_fares(found, host) for host in ill), len(found.fine), side is Side.THEIRS and sure >= w.SAY_SURE,
    )  # fmt: skip
    because = _said(found, answer, _accusation(case))
    few = (f"few calls of {found.host}: the shares are rough",) if _few(found) else ()
    limits = (*_to_check(answer), *few)
    verdict = _VERDICTS.get(side, Verdict.UNKNOWN)
    return Finding(
        verdict, because, round(sure, 3) if side in _VERDICTS else None, answer, found.evidence, limits
    )


def _side(case: Case, found: Gathered, weighing: Weighing) -> Side:
    if weighing.has(w.OWN_LIKELY) and weighing.has(w.STATUS_PAGE, w.PROBE_FAILS, w.UNCHANGED_CALLER):
        return Side.BOTH
    named = is_outside_name(found.host) or weighing.has(w.STATUS_PAGE)
    if weighing.odds >= w.ODDS_THEIRS and named and not weighing.never_them:
        return Side.THEIRS
    if weighing.odds <= w.ODDS_OURS and not (_reported(case) and not weighing.never_them):
        return Side.OURS
    return Side.INCONCLUSIVE


def _hosts_fine(case: Case, found: Gathered) -> Finding:
    """No outside host fails: it is the system, if something in it is suspected."""
    culprits, path = case.earlier(Culprits), case.earlier(FailurePath)
    first = culprits.ranked[0].service if culprits and culprits.ranked else path.first_bad if path else ""
    whole = [found.whole[host] for host in found.fine]
    failed, calls = sum(one.bad_failed for one in whole), sum(one.bad for one in whole)
    hosts = counted(len(found.fine), "outside host")
    reasons = [Reason(w.HOSTS_FINE, hosts=hosts, failed=failed, calls=calls)]
    reasons += [Reason(w.NOT_AT_A_HOST, where=first)] if first else []
    weighing = Weighing(tuple(reasons), None, None)
    ours = weighing.said(theirs=False)
    clear = first and weighing.odds <= w.ODDS_OURS and not _reported(case) and not found.called.of_lines
    side = Side.OURS if clear else Side.INCONCLUSIVE
    check = "" if clear else "check for an outside host that reports no spans"
    answer = UsOrThem(side, None, (), ours, check, (), len(found.fine))
    because = f"us: {reasons[0].reported}" if clear else f"inconclusive: {reasons[0].reported}"
    sure = round(min(1 / (1 + weighing.odds), w.FINE_SURE), 3) if clear else None
    verdict = _VERDICTS.get(side, Verdict.UNKNOWN)
    return Finding(verdict, because, sure, answer, found.evidence, _to_check(answer))


def _unnamed(found: Gathered) -> Finding:
    """A third party is suspected, and nothing names its host."""
    because = "errors report what a dependency answered, but not its host"
    answer = UsOrThem(
        Side.INCONCLUSIVE, None, check="log the host of each failed call, or add spans of the calls"
    )
    return Finding(Verdict.UNKNOWN, because, None, answer, found.evidence, _to_check(answer))


def _to_check(answer: UsOrThem) -> tuple[Check, ...]:
    """The check, as a limit of the answer."""
    return (Check(f"us or them: {answer.check}"),) if answer.check else ()


def _fares(found: Gathered, host: str) -> HostFares:
    one, lines = found.whole.get(host, Fares()), found.called.of_lines
    ill, well = sides(found, host)
    return HostFares(
        host, tuple(ill), tuple(well), one.bad_failed, None if lines else one.bad, one.good_failed,
        None if lines else one.good, one.first,
    )  # fmt: skip


def _few(found: Gathered) -> bool:
    whole = found.whole.get(found.host)
    return whole is not None and not found.called.of_lines and 0 < whole.bad < w.SMALL_SAMPLE


def _said(found: Gathered, answer: UsOrThem, accusation: str) -> str:
    """The verdict in a sentence of the card."""
    fares = _counts(found) or f": {accusation}"
    named = f"{found.host}{fares}"
    if answer.side is Side.THEIRS:
        callers = answer.hosts[0].callers
        return f"them: {named}{f' for {listed(callers)}' if callers else ''}"
    if answer.side is Side.OURS:
        return f"us: {answer.ours[0]}"
    if answer.side is Side.BOTH:
        return f"both may be: {answer.theirs[0]}; {answer.ours[0]}"
    against = f"; but {answer.ours[0]}" if answer.ours else ""
    return f"inconclusive: {named}{against}"


def _counts(found: Gathered) -> str:
    """How the calls of the host fare."""
    one = found.whole.get(found.host)
    if one is None or not one.ill:
        return ""
    since = f" since {one.first:%H:%M} UTC" if one.first and not one.good_failed else ""
    if found.called.of_lines:
        return f" is named by {count(one.bad_failed)} errors ({count(one.good_failed)} before){since}"
    if not one.fails:
        return (
            f" takes {duration(one.bad_s / one.bad)} for each call ({duration(one.good_s / one.good)} before)"
        )
    return (
        f" fails {count(one.bad_failed)} of {count(one.bad)} calls "
        f"({count(one.good_failed)} of {count(one.good)} before){since}"
    )


def _accusation(case: Case) -> str:
    """What accuses the first suspect, in its first clause."""
    culprits = case.earlier(Culprits)
    because = culprits.ranked[0].because if culprits and culprits.ranked else "the path breaks there"
    return shortened(because.split("; ")[0], ACCUSED_SHOWN)
