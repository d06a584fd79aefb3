"""Requests and lines of both windows, counted per operation: what confirming and the golden signals weigh."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import isnan

import numpy as np

from lastgood.algorithms.counts import share_difference
from lastgood.algorithms.quantiles import BINS_PER_OCTAVE, Floats, bin_of, quantile_interval, quantile_of
from lastgood.model.figures import counted
from lastgood.model.judgement import Amount, Count
from lastgood.model.naming import service_named
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.load_tools import OF_OTHERS
from lastgood.readings.refusals import REFUSED, REFUSED_HERE
from lastgood.telemetry.reader import Rows

# fmt: off
OPERATIONS_COUNTED = Count(200, "operations that are counted on their own", "judgement: bounds the work; the rest of a service's are one together")
COMPARED_LEVEL = Amount(0.999, "of the interval that must exclude *no change*", "judgement: many operations are compared")
COMPARED_FEWEST = Count(5, "failures or slow requests more", "judgement: fewer come by chance")
FAILING_LEAST = Amount(0.001, "of requests that fail, to matter", "judgement: one in a thousand is not an incident")
FAILING_TIMES = Amount(2.0, "times the share of failures before", "judgement: less is a bad day")
FAILING_POINTS = Amount(0.05, "of requests more that fail, whatever their share before", "judgement: users notice one in twenty")
DURATION_TIMES = Amount(1.25, "times the duration, at some quantile", "judgement: users notice a quarter")
DURATION_BY = Amount(1e6, "ns more", "judgement: less is the clock's grain")
TAIL_BY = Amount(20e6, "ns more, of the slowest requests", "judgement: users feel no less, and few requests are so")
HOLDS_MOST = Amount(0.8, "of what fails is of those that are affected: they represent all", "judgement: nearly all")
MIDDLE_QUANTILE = Amount(0.5, "of the durations are below the quantile that shows faster requests", "judgement: the tail alone returns early by chance")
FAILURES_ONLY = Amount(0.02, "of the requests at most are served in both windows: only failures are written down", "judgement: the worst outage had a good time before it")
SERVICES_NAMED = Count(3, "services that are named", "judgement: so that a line stays readable")
OPERATIONS_NAMED = Count(3, "operations of them that are named", "judgement: so that a line stays readable")
# fmt: on
BINS = 260  # latency bins, four an octave: nanoseconds to centuries
BIN = 2 ** (1 / BINS_PER_OCTAVE) - 1  # width of one, as a share of the value: so exact is a quantile
QUANTILES = (0.5, 0.95, 0.99)

# Which operations are busiest follows from what was counted, so that nothing is read twice.
_COUNTED = """
SELECT service, if(rank <= {operations:UInt32}, label, '') AS operation, phase, bin, sum(events) AS n, sum(failing) AS failures
FROM (
    SELECT *, dense_rank() OVER (ORDER BY total DESC, service, label) AS rank FROM (
        SELECT *, sum(events) OVER (PARTITION BY service, label) AS total FROM (
            SELECT service, %(name)s AS label, phase, toUInt16(if(duration_ns > 0, 1 + log2(duration_ns) * 4, 0)) AS bin,
                   count() AS events, countIf(failed) AS failing
            FROM %(relation)s WHERE phase != '' GROUP BY service, label, phase, bin
        )
    )
)
GROUP BY service, operation, phase, bin ORDER BY service, operation, phase, bin"""
_REQUESTS = _COUNTED % {"relation": "lg_requests", "name": "operation"}
_REFUSED = _COUNTED % {"relation": REFUSED, "name": "operation"}
_DENIED = _COUNTED % {"relation": REFUSED_HERE, "name": "operation"}
_PEOPLE = _COUNTED % {
    "relation": f"(SELECT * FROM lg_requests WHERE {OF_OTHERS})",
    "name": "operation",
}
_SERVED = _COUNTED % {"relation": "lg_served", "name": "operation"}
# Work on messages that a request left behind: no one waits for it, and its failures reach no entry.
_MESSAGES = _COUNTED % {
    "relation": "(SELECT * FROM lg_spans WHERE kind = 'Consumer' AND parent_id != '')",
    "name": "name",
}
_SPANS = _COUNTED % {"relation": "lg_spans", "name": "name"}


@dataclass(frozen=True, slots=True)
class Counted:
    """Requests in one window: how many, how many failed, and how long they took."""

    requests: float = 0.0
    failed: float = 0.0
    latency: Floats | None = None  # a histogram, see lastgood.algorithms.quantiles
    failed_latency: Floats | None = None  # the same of those that failed

    @property
    def share(self) -> float:
        """Of failures; 0 without requests."""
        return self.failed / self.requests if self.requests else 0.0

    def plus(self, other: "Counted") -> "Counted":
        """Both together."""
        return Counted(
            self.requests + other.requests,
            self.failed + other.failed,
            _both(self.latency, other.latency),
            _both(self.failed_latency, other.failed_latency),
        )

    @property
    def others(self) -> "Counted":
        """Those that did not fail; all, where the time that failures took is not known."""
        if self.latency is None or self.failed_latency is None:
            return self
        return Counted(self.requests - self.failed, 0.0, self.latency - self.failed_latency)


def _both(one: Floats | None, other: Floats | None) -> Floats | None:
    return (one if other is None else other) if one is None or other is None else one + other


@dataclass(frozen=True, slots=True)
class Shift:
    """A latency quantile that moved, in nanoseconds, with the interval of the log of the ratio."""

    quantile: float
    good: float
    bad: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Compared:
    """One operation, or several together, while good and while bad."""

    places: tuple[tuple[str, str], ...]  # service, operation
    good: Counted
    bad: Counted
    some: bool = False  # other operations of these services are not among them

    def errors(self, level: float = COMPARED_LEVEL) -> tuple[float, float]:
        """The interval of the change of the failure share."""
        return share_difference(
            (self.bad.failed, self.bad.requests), (self.good.failed, self.good.requests), level
        )

    def fails_more(self, level: float = COMPARED_LEVEL) -> bool:
        """Whether failures rose by more than chance, and by enough to matter."""
        extra = self.bad.failed - self.good.share * self.bad.requests
        clear = (
            self.bad.share >= FAILING_TIMES * self.good.share
            or self.bad.share - self.good.share >= FAILING_POINTS
        )
        large = clear and self.bad.share >= FAILING_LEAST and extra >= COMPARED_FEWEST
        return large and self.errors(level)[0] > 0

    def shifts(self, level: float = COMPARED_LEVEL) -> tuple[Shift, ...]:
        """Each quantile of latency, both ways."""
        if self.good.latency is None or self.bad.latency is None:
            return ()
        found = []
        for share in QUANTILES:
            good, bad = quantile_of(self.good.latency, share), quantile_of(self.bad.latency, share)
            if isnan(good) or isnan(bad):
                continue
            good_low, good_high = quantile_interval(self.good.latency, share, level)
            bad_low, bad_high = quantile_interval(self.bad.latency, share, level)
            low, high = float(np.log(bad_low / good_high)), float(np.log(bad_high / good_low))
            found.append(Shift(share, good, bad, low, high))
        return tuple(found)

    def slower(self, level: float = COMPARED_LEVEL) -> Shift | None:
        """The quantile that rose most, beyond chance and by enough to matter; None when none did."""
        risen = [
            s
            for s in self.shifts(level)
            if s.low > 0
            and s.bad >= DURATION_TIMES * s.good
            and s.bad - s.good >= (DURATION_BY if s.quantile == MIDDLE_QUANTILE else TAIL_BY)
            and (1 - s.quantile) * self.bad.requests >= COMPARED_FEWEST
        ]
        return max(risen, key=lambda s: s.bad / s.good, default=None)

    def others_slower(self) -> bool | None:
        """Whether those that did not fail are slower too; no where most that failed took longer than all did, else unknown."""
        shift, failed = self.slower(), self.bad.failed_latency
        if failed is None:
            return None
        if replace(self, good=self.good.others, bad=self.bad.others).slower() is not None:
            return True
        if shift is None:
            return None
        return False if quantile_of(failed, MIDDLE_QUANTILE) > DURATION_TIMES * shift.good else None

    def faster(self, level: float = COMPARED_LEVEL) -> bool:
        """Whether the median fell, beyond chance and by enough to matter."""
        return any(
            s.quantile == MIDDLE_QUANTILE
            and s.high < 0
            and s.good >= DURATION_TIMES * s.bad
            and s.good - s.bad >= DURATION_BY
            for s in self.shifts(level)
        )


def binned(nanoseconds: float) -> tuple[float, float]:
    """The seconds between which a quantile lies that was read from bins."""
    low, high = bin_of(nanoseconds)
    return low / 1e9, high / 1e9


def compared_requests(case: Case) -> tuple[tuple[Compared, ...], Rows]:
    """Each operation's requests in both windows, and the rows they were counted from."""
    return _compared(case, _REQUESTS)


def compared_refused(case: Case) -> tuple[tuple[Compared, ...], Rows]:
    """Each operation's requests, those that were refused as failed, and the rows they were counted from."""
    return _compared(case, _REFUSED)


def compared_denied(case: Case) -> tuple[tuple[Compared, ...], Rows]:
    """The same, whether the operation ordinarily serves or not."""
    return _compared(case, _DENIED)


def compared_people(case: Case) -> tuple[tuple[Compared, ...], Rows]:
    """Each operation's requests but for those of load generators, and the rows they were counted from."""
    return _compared(case, _PEOPLE)


def compared_served(case: Case) -> tuple[tuple[Compared, ...], Rows]:
    """Each operation's requests at every place that wrote them down, and the rows they were counted from."""
    return _compared(case, _SERVED)


def compared_messages(case: Case) -> tuple[tuple[Compared, ...], Rows]:
    """Each consumer's work on messages in both windows, and the rows it was counted from."""
    return _compared(case, _MESSAGES)


def compared_spans(case: Case) -> tuple[tuple[Compared, ...], Rows]:
    """Each service's spans in both windows by name, and the rows they were counted from."""
    return _compared(case, _SPANS)


def _compared(case: Case, sql: str) -> tuple[tuple[Compared, ...], Rows]:
    rows = case.query(sql, window=_hull(case), operations=OPERATIONS_COUNTED)
    counts: dict[tuple[str, str], dict[str, Counted]] = {}
    columns = [
        rows.table[name].to_pylist() for name in ("service", "operation", "phase", "bin", "n", "failures")
    ]
    for service, operation, phase, place, n, failures in zip(*columns, strict=True):
        phases = counts.setdefault((service, operation), {})
        latency, failed = np.zeros(BINS), np.zeros(BINS)
        if place:
            latency[place], failed[place] = n, failures
        phases[phase] = phases.get(phase, Counted()).plus(Counted(n, failures, latency, failed))
    compared = [
        Compared((place,), phases.get("good", Counted()), phases.get("bad", Counted()))
        for place, phases in counts.items()
    ]
    return tuple(compared), rows


def together(parts: Iterable[Compared]) -> Compared:
    """Several as one."""
    whole = Compared((), Counted(), Counted())
    for part in parts:
        whole = replace(
            whole,
            places=whole.places + part.places,
            good=whole.good.plus(part.good),
            bad=whole.bad.plus(part.bad),
        )
    return whole


def only_failures(parts: Iterable[Compared]) -> bool:
    """Whether requests were written down only when they failed: how many there are then says nothing of traffic."""
    whole = together(parts)
    served = whole.good.requests + whole.bad.requests - whole.good.failed - whole.bad.failed
    return served < FAILURES_ONLY * (whole.good.requests + whole.bad.requests)


def affected_among(parts: Sequence[Compared]) -> Compared | None:
    """The operations that are affected, taken together; everything when only the whole shows it; None when nothing does."""
    found = _affected_among(parts)
    if found is None:
        return None
    services, held = {service for service, _ in found.places}, set(found.places)
    every = {place for part in parts for place in part.places if place[0] in services}
    return replace(found, some=every != held)


def _affected_among(parts: Sequence[Compared]) -> Compared | None:
    level = 1 - (1 - COMPARED_LEVEL) / max(len(parts), 1)
    failing = [part for part in parts if part.fails_more(level)]
    slower = [part for part in parts if part.slower(level)]
    whole = together(parts)
    if failing:
        affected = _with_the_rest(failing, parts, lambda rest: rest.fails_more())
        return (
            affected
            if affected.bad.failed >= HOLDS_MOST * whole.bad.failed or not whole.fails_more()
            else whole
        )
    if whole.fails_more():
        return whole
    if slower:
        return _with_the_rest(slower, parts, lambda rest: rest.slower() is not None)
    return whole if whole.slower() else None


def _with_the_rest(
    affected: Sequence[Compared], parts: Sequence[Compared], worse: Callable[[Compared], bool]
) -> Compared:
    """The operations that are affected each by itself, and the others of their services where those are too, taken together.

    Where paths vary, many have too few requests to tell: left out, their failures would be missing from the count.
    """
    services = {service for part in affected for service, _ in part.places}
    others = [
        part
        for part in parts
        if all(part is not one for one in affected) and {service for service, _ in part.places} <= services
    ]
    return together([*affected, *others]) if others and worse(together(others)) else together(affected)


def named(part: Compared) -> str:
    """The operations for people: one by name, several by their services, with their names where these have others; many by their number."""
    if len(part.places) == 1 and (part.places[0][1] or not part.some):
        return " ".join(part.places[0]).strip() or service_named("")
    services = sorted({service for service, _ in part.places}, key=lambda name: (not name, name))
    whose = ", ".join(service_named(name) for name in services[:SERVICES_NAMED]) or "all services"
    if not part.some:
        return whose
    if not all(operation for _, operation in part.places):  # not distinguished, or the rest of a service's
        return f"{whose} (some operations)"
    operations = dict.fromkeys(operation for _, operation in part.places)
    few = len(operations) <= OPERATIONS_NAMED
    return f"{whose} ({', '.join(operations) if few else counted(len(part.places), 'operation')})"


def covered_seconds(case: Case, window: Window, signal: Signal) -> float:
    """How much of a window a signal's data reach over, gaps left out."""
    holding = case.holdings.of(signal)
    return holding.covered_seconds(window) if holding else 0.0


def _hull(case: Case) -> Window:
    return case.comparison.hull if case.comparison else case.window
