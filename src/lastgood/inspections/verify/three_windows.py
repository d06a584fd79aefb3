"""Those who were affected, counted while good, while bad before something was done, and after it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import log2, sqrt

import numpy as np

from lastgood.inspections.verify.weights import GONE_LEAST
from lastgood.model.action import Tally
from lastgood.model.answers import ImpactKind, Intervention
from lastgood.model.evidence import Table
from lastgood.model.figures import count, duration, duration_between, percent, quantile_name
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.readings.compared import (
    Compared,
    Counted,
    Shift,
    affected_among,
    binned,
    compared_requests,
    covered_seconds,
    named,
    together,
)
from lastgood.readings.series import IS_BAD_LINE
from lastgood.telemetry.reader import Rows

LINES = f"""
SELECT service, phase, count() AS n, countIf({IS_BAD_LINE}) AS errors
FROM lg_lines WHERE phase != '' GROUP BY service, phase ORDER BY service, phase"""
OPERATIONS = "SELECT service, operation, count() AS n FROM lg_requests GROUP BY service, operation"

Places = frozenset[tuple[str, str]]  # service and operation
Lines = Mapping[str, Mapping[str, tuple[int, int]]]  # by service and phase: lines, error lines


@dataclass(frozen=True, slots=True)
class ThreeWindows:
    """What is counted in the three windows, and what else there was in them."""

    affected: str  # what is counted, for people
    signal: Signal
    good: Tally
    before: Tally
    after: Tally
    evidence: tuple[Table, ...]
    recent: Tally | None = None  # the last part of the good window
    others: tuple[Tally, Tally] | None = None  # what was not affected, while good and after
    slow: float | None = None  # nanoseconds from which a request is affected, where it is not by failing
    places: frozenset[tuple[str, str]] = frozenset()  # service and operation; of lines no operation
    by_lines: bool = False
    worse: tuple[str, ...] = ()  # what is worse since, for people


@dataclass(frozen=True, slots=True)
class _Windows:
    """The case with its three windows, and how much of each its data reach over."""

    case: Case
    good: Window
    before: Window
    after: Window
    signal: Signal

    def seconds(self) -> tuple[float, float, float]:
        """Of the time after, all of it: where requests stop, their data stop with them."""
        good, before = (covered_seconds(self.case, w, self.signal) for w in (self.good, self.before))
        return good, before, self.after.seconds

    def compared(self, first: Window, second: Window) -> Case:
        """The case that compares two of them."""
        return replace(self.case, comparison=Comparison(first, second))


def counted(case: Case, windows: Comparison, done: Intervention) -> Iterator[ThreeWindows]:
    """What was affected, by errors and by latency as the impact was; error lines where there are no requests."""
    signal = Signal.SPANS if case.has(Signal.SPANS) else Signal.LOGS
    three = _Windows(case, windows.good, done.before, windows.bad, signal)
    parts, then = compared_requests(three.compared(three.good, three.before))
    later, since = compared_requests(three.compared(three.before, three.after))
    if not parts:
        yield from _by_lines(three)
        return
    affected = (affected_among(parts) if done.kind is not ImpactKind.TRAFFIC_LOSS else None) or together(
        parts
    )
    places = frozenset(affected.places)
    after = together(part for part in later if part.places[0] in places).bad
    rest = [part for part in parts if part.places[0] not in places]
    rest_after = together(part for part in later if part.places[0] not in places).bad
    shift = affected.slower()
    slow = sqrt(max(shift.good, 1.0) * shift.bad) if shift else None
    good_seconds, _, after_seconds = three.seconds()
    base = ThreeWindows(
        affected=named(affected),
        signal=signal,
        good=Tally(0, 0, 0),
        before=Tally(0, 0, 0),
        after=Tally(0, 0, 0),
        evidence=_tables(affected, after, (then, since)),
        recent=_recent(three, places),
        others=(
            Tally(0, int(together(rest).good.requests), good_seconds),
            Tally(0, int(rest_after.requests), after_seconds),
        ),
        places=places,
        worse=(
            *_unserved(
                (part for part in parts if part.places[0] in places),
                later,
                after_seconds / max(good_seconds, 1.0),
            ),
            *_worse(rest, later),
        ),
    )
    kind = done.kind or (ImpactKind.LATENCY if shift and not affected.fails_more() else ImpactKind.ERRORS)
    if kind is not ImpactKind.LATENCY or slow is None:
        yield _by_failures(base, affected, after, three, kind)
    if kind in {ImpactKind.LATENCY, ImpactKind.BOTH} and slow is not None:
        yield _by_latency(base, affected, after, three, slow)


def _by_failures(
    base: ThreeWindows, affected: Compared, after: Counted, three: _Windows, kind: ImpactKind
) -> ThreeWindows:
    counts = [Counted(c.requests, c.failed) for c in (affected.good, affected.bad, after)]
    tallies = [
        Tally(int(c.failed), int(c.requests), seconds)
        for c, seconds in zip(counts, three.seconds(), strict=True)
    ]
    slower = Compared(affected.places, affected.good, after).slower()
    still = (f"{base.affected} is slower than at baseline: {_moved(slower)}",) if slower else ()
    return replace(
        base,
        affected=f"{'requests' if kind is ImpactKind.TRAFFIC_LOSS else 'failures'} of {base.affected}",
        good=tallies[0],
        before=tallies[1],
        after=tallies[2],
        worse=(*base.worse, *still),
    )


def _by_latency(
    base: ThreeWindows, affected: Compared, after: Counted, three: _Windows, slow: float
) -> ThreeWindows:
    """Requests slower than the middle between the good and the bad quantile."""
    place = int(1 + log2(slow) * 4)
    tallies = [
        _slower_than(c, place, seconds)
        for c, seconds in zip((affected.good, affected.bad, after), three.seconds(), strict=True)
    ]
    reported = f"requests to {base.affected} slower than {duration(slow / 1e9)}"
    return replace(base, affected=reported, good=tallies[0], before=tallies[1], after=tallies[2], slow=slow)


def _slower_than(one: Counted, place: int, seconds: float) -> Tally:
    latency = one.latency if one.latency is not None else np.zeros(0)
    return Tally(int(latency[place:].sum()), int(latency.sum()), seconds)


def _recent(three: _Windows, places: Places) -> Tally:
    """The last part of the good window, as long as the time after: a daily rhythm is no loss."""
    good = three.good
    part = Window(max(good.start, good.end - three.after.length), good.end)
    found = 0
    for row in three.case.query(OPERATIONS, window=part).dicts():
        service, operation = row["service"], row["operation"]
        found += row["n"] if places & {(service, operation), (service, "")} else 0
    return Tally(0, found, covered_seconds(three.case, part, three.signal))


def _unserved(affected: Iterable[Compared], later: Iterable[Compared], share: float) -> Iterator[str]:
    """What of the affected is not asked for any more: that the rest works does not make it work."""
    served = {part.places[0]: part.bad.requests for part in later}
    for part in affected:
        expected = part.good.requests * share
        if expected >= GONE_LEAST and not served.get(part.places[0]):
            yield f"{' '.join(part.places[0]).strip()} has no requests since, {count(expected)} expected"


def _worse(rest: Iterable[Compared], later: Iterable[Compared]) -> Iterator[str]:
    """Operations that were well before it was done, and are not after."""
    since = {part.places[0]: part for part in later}
    for part in rest:
        now = since.get(part.places[0])
        if now is None:
            continue
        against_good = replace(part, bad=now.bad)
        slower = now.slower() if against_good.slower() else None
        if now.fails_more() and against_good.fails_more():
            yield f"{named(part)} fails: {percent(now.bad.share)} of requests, baseline {percent(part.good.share)}"
        elif slower is not None:
            yield f"{named(part)} is slower: {_moved(slower)}"


def _moved(shift: Shift) -> str:
    bad, good = duration_between(*binned(shift.bad)), duration_between(*binned(shift.good))
    return f"{quantile_name(shift.quantile)} {bad} instead of {good}"


def _tables(affected: Compared, after: Counted, rows: tuple[Rows, Rows]) -> tuple[Table, ...]:
    columns = ("window", "requests", "failed")
    then = (
        ("good", affected.good.requests, affected.good.failed),
        ("before", affected.bad.requests, affected.bad.failed),
    )
    return (
        Table("Before it was done", columns, then, rows[0].provenance),
        Table("After", columns, (("after", after.requests, after.failed),), rows[1].provenance),
    )


def _by_lines(three: _Windows) -> Iterator[ThreeWindows]:
    """Error lines of the services whose became more frequent, where there are no requests."""
    if not three.case.has(Signal.LOGS):
        return
    three = replace(three, signal=Signal.LOGS)
    then, then_rows = _lines(three, three.good, three.before)
    since, since_rows = _lines(three, three.before, three.after)
    if not then:
        return
    louder = {name for name, phases in then.items() if _louder(phases)} or set(then)
    seconds = three.seconds()
    tallies = [
        _summed(found, louder, phase, reached)
        for (found, phase), reached in zip(
            ((then, "good"), (then, "bad"), (since, "bad")), seconds, strict=True
        )
    ]
    columns = ("window", "lines", "error lines")
    cells = [(name, t.of, t.events) for name, t in zip(("good", "before", "after"), tallies, strict=True)]
    yield ThreeWindows(
        f"error lines of {', '.join(sorted(name or 'an unnamed service' for name in louder))}",
        Signal.LOGS,
        good=tallies[0],
        before=tallies[1],
        after=tallies[2],
        places=frozenset((service, "") for service in louder),
        by_lines=True,
        evidence=(
            Table("Before it was done", columns, tuple(cells[:2]), then_rows.provenance),
            Table("After", columns, tuple(cells[2:]), since_rows.provenance),
        ),
    )


def _lines(three: _Windows, first: Window, second: Window) -> tuple[Lines, Rows]:
    case = three.compared(first, second)
    rows = case.query(LINES, window=first.hull(second))
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for row in rows.dicts():
        found.setdefault(row["service"], {})[row["phase"]] = (row["n"], row["errors"])
    return found, rows


def _louder(phases: Mapping[str, tuple[int, int]]) -> bool:
    good, bad = (Counted(*phases.get(phase, (0, 0))) for phase in ("good", "bad"))
    return Compared((), good, bad).fails_more()


def _summed(found: Lines, services: Iterable[str], phase: str, seconds: float) -> Tally:
    counts = [found[name].get(phase, (0, 0)) for name in services if name in found]
    return Tally(sum(errors for _, errors in counts), sum(n for n, _ in counts), seconds)
