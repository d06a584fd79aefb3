"""What points at the outside host and what at the system itself, each as a reason that multiplies the odds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lastgood.algorithms.change_lineage import same
from lastgood.algorithms.counts import CLEAR, wilson
from lastgood.algorithms.fronting import PROXY_NAMES
from lastgood.inspections.us_or_them import weights as w
from lastgood.inspections.us_or_them.gathered import Gathered, is_of, own_changes
from lastgood.inspections.us_or_them.natures import NO_ANSWERS, Failing, Nature, failing_as
from lastgood.model.answers import (
    ChangesWeighed,
    ChangeVerdict,
    Confirmation,
    ImpactKind,
    NoChange,
    WeighedChange,
)
from lastgood.model.change import ChangeKind
from lastgood.model.failure import Cause
from lastgood.model.figures import counted
from lastgood.model.judgement import Reason, Weight
from lastgood.model.probe_report import Place
from lastgood.readings.called import Fares
from lastgood.readings.case import Case

NEEDS_WITNESS = frozenset(
    {Nature.DENIED, Nature.LIMITED, Nature.OUR_CERTIFICATE, Nature.WRONG, Nature.UNRESOLVED, Nature.TLS}
)  # what a host answers to a fault of the caller too
WITNESSES = (w.STATUS_PAGE, w.PROBE_FAILS)  # that do not share the caller's fault
BESIDE_OWN = (w.UNCHANGED_CALLER, w.VERSIONS_ALIKE, *WITNESSES)  # of a change that is possible
ALONE = (w.ONE_VERSION, w.ONE_INSTANCE, w.ONE_CALLER, w.ALL_HOSTS, w.NOT_THE_CAUSE)
BOTH_NAMED = 2
RECORDED = frozenset({ChangeVerdict.LIKELY, ChangeVerdict.POSSIBLE})


@dataclass(frozen=True, slots=True)
class Weighing:
    """The reasons of both sides, the way in which calls fail, and the change at home that may be why."""

    reasons: tuple[Reason, ...]
    failing: Failing | None
    change: WeighedChange | None

    def has(self, *rows: Weight) -> bool:
        """Whether any of some rows is among the reasons."""
        return any(
            one.row is row for one in self.reasons for row in rows
        )  # rows are numbers, and some are equal

    @property
    def odds(self) -> float:
        """That it is the outside host, to one."""
        odds: float = w.OUTSIDE_FIRST
        for one in self.reasons:
            odds *= one.ratio
        return odds

    @property
    def never_them(self) -> bool:
        """Whether something rules out that the outside host is named, whatever the odds."""
        if self.has(*ALONE, w.OWN_LIKELY):
            return True
        needs = self.failing is not None and self.failing.nature in NEEDS_WITNESS
        return (needs and not self.has(*WITNESSES)) or (
            self.has(w.OWN_POSSIBLE) and not self.has(*BESIDE_OWN)
        )

    def said(self, *, theirs: bool) -> tuple[str, ...]:
        """The sentences of a side, the heaviest first."""
        of = [one for one in self.reasons if (one.ratio > 1) == theirs]
        return tuple(one.reported for one in sorted(of, key=lambda one: one.ratio, reverse=theirs))


def weighed_at(case: Case, found: Gathered) -> Weighing:
    """The reasons of a host that fails or is suspected."""
    likely = next(own_changes(case, found.host, ChangeVerdict.LIKELY), None)
    possible = next(
        (c for c in own_changes(case, found.host, ChangeVerdict.POSSIBLE) if _of_caller(c, found)), None
    )
    own = likely or possible
    whole = found.whole.get(found.host, Fares())
    failing = failing_as(whole.texts)
    if (apart := _apart(case, found, whole)) is not None:
        return Weighing((apart,), failing, own)
    reasons = [
        *_place(found),
        *_callers(case, found, own),
        *_versions(found),
        *_slow(whole),
        *_natures(case, found, failing, own),
        *_way_out(found),
        *_witnesses(case, found),
    ]
    if own is not None:
        reasons.append(Reason(w.OWN_LIKELY if likely else w.OWN_POSSIBLE, change=own.cited))
    elif (weighed := case.earlier(ChangesWeighed)) and weighed.ranked:
        reasons.append(Reason(w.PARTY_EXPLAINS))
    other = case.earlier(NoChange)
    if other is not None and other.cause is Cause.THIRD_PARTY and other.why and found.accused:
        reasons.append(Reason(w.SHOWN_CAUSE, why=other.why))
    return Weighing(tuple(reasons), failing, own)


def _of_caller(change: WeighedChange, found: Gathered) -> bool:
    """Whether a possible change is of one that calls the host, or of no one in particular."""
    callers = {caller for (caller,) in found.called.by("service", host=found.host)}
    return not change.service or not callers or any(same(change.service, caller) for caller in callers)


def _apart(case: Case, found: Gathered, whole: Fares) -> Reason | None:
    """That what fails does not call the host: how the host fares then bears on nothing."""
    confirmed, both = case.earlier(Confirmation), found.requests
    errors = confirmed is not None and confirmed.impact.kind in {ImpactKind.ERRORS, ImpactKind.BOTH}
    if not errors or both is None or both[1] < w.CAUSE_REQUESTS or not whole.fails:
        return None
    if both[0] > w.CAUSE_NONE * both[1]:
        return None
    return Reason(w.NOT_THE_CAUSE, both=both[0], requests=both[1], host=found.host)


def _place(found: Gathered) -> Iterator[Reason]:
    """What shows that it breaks at the host."""
    host, both, errors = found.host, found.requests, found.errors
    if found.accused:
        yield Reason(w.AT_THE_HOST, host=host)
    if errors is not None and errors[0] >= w.ERRORS_MOST * errors[1]:
        yield Reason(w.ERRORS_NAME, named=errors[0], errors=errors[1], host=host)
    if both is not None and both[1] >= w.CAUSE_REQUESTS and both[0] >= w.CAUSE_LEAST * both[1]:
        yield Reason(w.EXPLAINS, both=both[0], requests=both[1], host=host)


def _ill_and_well(parts: dict[str, Fares]) -> tuple[list[str], list[str]]:
    """Those that fail or are slow, and those that surely are not so by far."""
    ill = [
        name for name, one in parts.items() if one.ill and (one.bad_failed >= w.FAIR_FAILED or one.slower_by)
    ]
    worst = max((wilson(parts[name].bad_failed, parts[name].bad, CLEAR)[0] for name in ill), default=0.0)
    slow = any(parts[name].slower_by for name in ill)
    well = [
        name
        for name, one in parts.items()
        if not one.ill and one.bad >= w.FAIR_CALLS
        and (slow or wilson(one.bad_failed, one.bad, CLEAR)[1] * w.FAIR_TIMES < worst)
    ]  # fmt: skip
    return sorted(ill), sorted(well)


def sides(found: Gathered, host: str) -> tuple[list[str], list[str]]:
    """Callers of a host whose calls fail or are slow, and those whose calls are as before."""
    return _ill_and_well({caller: one for (caller,), one in found.called.by("service", host=host).items()})


def _callers(case: Case, found: Gathered, own: WeighedChange | None) -> Iterator[Reason]:
    ill, well = sides(found, found.host)
    if found.called.of_lines:  # a proxy that all calls pass has no failures of its own
        well = [one for one in well if not PROXY_NAMES.search(one)]
    if len(ill) == 1 and well:
        yield Reason(w.ONE_CALLER, caller=ill[0], host=found.host, others=listed(well))
    if len(ill) > 1 and not well:
        yield Reason(w.SEVERAL_CALLERS, callers=listed(ill), host=found.host)
    if own is not None and len(ill) > 1:
        changed = {one.service or "" for one in (*own_changes(case, found.host, ChangeVerdict.LIKELY), own)}
        others = [one for one in ill if not any(same(name, one) for name in changed)]
        if others and "" not in changed:
            yield Reason(w.UNCHANGED_CALLER, caller=others[0], host=found.host)


def _versions(found: Gathered) -> Iterator[Reason]:
    """Whether versions and instances of a caller fare alike."""
    host = found.host
    for caller in sides(found, host)[0]:
        for column, alike, alone in (
            ("version", w.VERSIONS_ALIKE, w.ONE_VERSION),
            ("instance", w.INSTANCES_ALIKE, w.ONE_INSTANCE),
        ):
            by = found.called.by("service", column, host=host)
            parts = {part: one for (who, part), one in by.items() if who == caller and part and one.bad}
            ill, well = _ill_and_well(parts) if column == "instance" else _of_versions(parts)
            if len(ill) == 1 and well:
                yield Reason(
                    alone, version=ill[0], instance=ill[0], caller=caller, host=host, others=listed(well)
                )
            elif len(ill) > 1 and not well:
                yield Reason(alike, versions=listed(ill), instances=len(ill), host=host)


def _of_versions(parts: dict[str, Fares]) -> tuple[list[str], list[str]]:
    """The same by the bad window alone: a version that is new has no past of its own."""
    shares = {name: wilson(one.bad_failed, one.bad, CLEAR) for name, one in parts.items()}
    worst = max((low for low, _ in shares.values()), default=0.0)
    ill = [
        n
        for n, (low, _) in shares.items()
        if parts[n].bad_failed >= w.FAIR_FAILED and low * w.FAIR_TIMES > worst
    ]
    well = [
        n for n, (_, high) in shares.items() if parts[n].bad >= w.FAIR_CALLS and high * w.FAIR_TIMES < worst
    ]
    return sorted(ill), sorted(well)


def _slow(whole: Fares) -> Iterator[Reason]:
    if whole.slower_by and not whole.fails:
        yield Reason(w.SLOW_HOST, more=whole.slower_by)


def _natures(case: Case, found: Gathered, how: Failing | None, own: WeighedChange | None) -> Iterator[Reason]:
    """What the way in which calls fail says."""
    host = found.host
    if how is None or how.share < w.NATURE_MOST:
        return
    status = how.status or how.nature.value
    match how.nature:
        case Nature.FAULT:
            yield Reason(w.ANSWERS_5XX, host=host, status=status, share=how.share)
        case Nature.DENIED:
            yield _after(w.DENIED, w.DENIED_CHANGED, own, host, status)
        case Nature.WRONG:
            yield _after(w.WRONG, w.WRONG_CHANGED, own, host, status)
        case Nature.LIMITED:
            yield _limited(case, found)
        case _ if how.nature in _ONE_ROW:
            yield Reason(_ONE_ROW[how.nature], host=host)
        case _ if how.nature in NO_ANSWERS:
            yield Reason(w.NO_ANSWER, share=how.share, nature=how.nature.value)
        case _:
            pass


_ONE_ROW = {
    Nature.THEIR_CERTIFICATE: w.THEIR_CERTIFICATE,
    Nature.OUR_CERTIFICATE: w.CERTIFICATE_REFUSED,
    Nature.TLS: w.CERTIFICATE,
    Nature.UNRESOLVED: w.UNRESOLVED,
}


def _way_out(found: Gathered) -> Iterator[Reason]:
    """Whether outside hosts fail at once, or the others do not."""
    out = found.way_out
    if found.host in out:
        yield Reason(w.ALL_HOSTS, hosts=counted(len(out), "outside host"))
    elif found.fine:
        yield Reason(w.OTHERS_FINE, fine=counted(len(found.fine), "other outside host"))


def _after(alone: Weight, changed: Weight, own: WeighedChange | None, host: str, status: str) -> Reason:
    return (
        Reason(changed, host=host, status=status, change=own.cited)
        if own
        else Reason(alone, host=host, status=status)
    )


def _limited(case: Case, found: Gathered) -> Reason:
    whole, windows = found.whole[found.host], case.comparison
    longer = windows.bad.seconds / windows.good.seconds if windows and windows.good.seconds else 0.0
    times = whole.bad / (whole.good * longer) if whole.good and longer else 1.0
    if times >= w.ASKED_MORE and not found.called.of_lines:
        return Reason(w.LIMITED_MORE, host=found.host, times=times)
    return Reason(w.LIMITED_BY_HOST, host=found.host)


def _witnesses(case: Case, found: Gathered) -> Iterator[Reason]:
    """What the third party reports, and what probes show."""
    weighed = case.earlier(ChangesWeighed)
    reported = [one for one in weighed.ranked if one.kind is ChangeKind.THIRD_PARTY] if weighed else []
    named = next((one for one in reported if is_of(one, found.host) and one.verdict in RECORDED), None)
    late = next((one for one in reported if is_of(one, found.host)), None)
    likely = next((one for one in reported if one.verdict is ChangeVerdict.LIKELY), None)
    if one := named or late or likely:
        row = w.STATUS_PAGE if named else w.STATUS_PAGE_UNSURE
        yield Reason(row, reported=one.cited, at=one.at)
    if found.probe is not None:
        ill = found.probe.place not in {Place.NONE, Place.INCONCLUSIVE}
        if ill:
            yield Reason(w.PROBE_FAILS, said=found.probe.said)
        elif found.probe.place == Place.NONE:
            yield Reason(w.PROBE_FINE, host=found.host)
    elif found.probed is not None:
        before, now = found.probed
        if now < w.ALIKE_TOO <= before:
            yield Reason(w.PROBE_FAILS, said=f"probe_success of {found.host} is down")


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a and 3 more`."""
    return " and ".join(names) if len(names) <= BOTH_NAMED else f"{names[0]} and {len(names) - 1} more"
