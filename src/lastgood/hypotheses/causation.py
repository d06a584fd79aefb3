"""Causation on the board: the tests of lastgood.algorithms.causation, applied to what is measured.

timing        it began before the onset, and not long before for its kind
recurrence    it ran before, and then the effect did not follow
segment       exactly those who got it are affected, and the others are not
dose          the more of it, the more impact, or as many fail as are exposed
common cause  nothing else started with it
reversal      undone, the impact ends
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lastgood.algorithms.causation import (
    RUNS_OFTEN,
    UNDONE_EARLY,
    compared_sides,
    declared_share,
    dosed,
    earlier_runs,
    recurrence,
    repeats,
    reversal,
    time_order,
    undone_at,
)
from lastgood.algorithms.change_timing import timing
from lastgood.algorithms.dose import DOSE_PAIRS, rank_correlation
from lastgood.algorithms.predictions.estimates import Estimate, quotient
from lastgood.algorithms.predictions.expression import Filter, Measure
from lastgood.algorithms.predictions.verdicts import Course, course_of
from lastgood.hypotheses.predictions import Result, Scene
from lastgood.hypotheses.proposals import flag_attribute
from lastgood.model.answers import ImpactKind
from lastgood.model.change import Change, bare_title
from lastgood.model.entry import Triaged
from lastgood.model.figures import amount, lead, multiple, percent
from lastgood.model.incident import Incident
from lastgood.model.judgement import Amount, Count, Time
from lastgood.model.prediction import EXPERIMENT, TEST, Checked, Measured, Outcome
from lastgood.model.window import Window
from lastgood.readings.feed import CHANGES, CHANGES_BEFORE, change_of
from lastgood.telemetry.measuring import Measuring, Missing, Reading
from lastgood.telemetry.reader import Rows

# fmt: off
LOOK = Time(5, "min after an earlier run's effect would have started", "judgement: enough requests to measure")
EFFECT_WITHIN = Time(15, "min after a run that are measured at most", "judgement: later effects have other causes")
BESIDE = Time(10, "min before the onset: what started then may be the cause as well", "judgement: two half-lives of a deploy")
SAME_TIME = Time(2, "min before the change: what started then started with it", "judgement: one roll-out has several notices")
SETTLED = Time(1, "min after it was undone that are not measured", "judgement: requests under way end as they started")
SEEN = Time(2, "min to measure, at least", "judgement: less is a few requests")
VARIES = Amount(0.2, "by which the share exposed must vary, for a dose", "judgement: less is the mix of requests")
PARTLY = Count(3, "stretches in which some have it and some do not, for a dose", "judgement: one or two are a step, not a dose")
STRETCH_ROWS = Count(20, "requests of a stretch", "judgement: of fewer a share is a coin toss")
# fmt: on
UNDOING = frozenset({"rollback", "flag_off", "config_revert", "stop_job"})


@dataclass(frozen=True, slots=True)
class Trial:
    """One change, with all that it is tested on."""

    change: Change
    others: tuple[Change, ...]
    read: Rows
    scene: Scene
    measuring: Measuring
    said: Triaged
    incident: Incident
    now: datetime

    @property
    def onset(self) -> tuple[datetime, datetime]:
        """When the impact began: the interval, else the start of the bad window."""
        start = self.scene.comparison.bad.start
        return self.scene.onset or (start, start)

    @property
    def slow(self) -> bool:
        """Whether the impact is slowness."""
        return self.said.impact is not None and self.said.impact.kind is ImpactKind.LATENCY

    def impact(self, *filters: Filter) -> Measure:
        """The impact as a measure: of requests, or of what a service answers."""
        if self.slow:
            return Measure("latency", filters, "", "95")
        return Measure("errors" if any(f.name == "service" for f in filters) else "fails", filters)

    @property
    def everywhere(self) -> Measure:
        """The impact to requests; where no data show requests, to what the changed service reports."""
        if self.slow or not self.change.service or self.measuring.sees_requests:
            return self.impact()
        return self.impact(Filter("service", self.change.service))

    def course(self, window: Window, before: Window) -> tuple[Course, list[Reading]] | Missing:
        """What became of the impact in a window against one before it."""
        return self.compared(self.everywhere, window, self.everywhere, before)

    def compared(
        self, one: Measure, window: Window, other: Measure, before: Window
    ) -> tuple[Course, list[Reading]] | Missing:
        """What became of one measure against another; undecided where there is too little of either."""
        readings = [self.measuring.read(one, window), self.measuring.read(other, before)]
        missing = next((reading for reading in readings if isinstance(reading, Missing)), None)
        if missing:
            return missing
        read = [reading for reading in readings if isinstance(reading, Reading)]
        now, then = read[0].estimate, read[1].estimate
        few = now.too_few or then.too_few
        return Course.UNDECIDED if few else course_of(now, then, one.kind), read


def each_test(
    change: str, measuring: Measuring, scene: Scene, incident: Incident, now: datetime
) -> Iterator[tuple[Result, bool]]:
    """Every test of a change by its id, and whether being refuted by it rules the change out; none if it is not there."""
    said, hull = incident.triaged, scene.comparison.hull
    window = Window(hull.start - CHANGES_BEFORE, hull.end + CHANGES_BEFORE)
    day = int(window.start.timestamp() * 1e9)
    read = measuring.reader.query(CHANGES, {"day_ns": day}, window, comparison=scene.comparison)
    changes = [change_of(row) for row in read.dicts()]
    tested = next((one for one in changes if one.change_id == change), None)
    if tested is None or said is None:
        return
    others = tuple(one for one in changes if one is not tested)
    trial = Trial(tested, others, read, scene, measuring, said, incident, now)
    for test, decisive in TESTS:
        yield test(trial), decisive


def timing_test(trial: Trial) -> Result:
    """It began before the onset, and not long before for its kind."""
    low, high = trial.onset
    change = trial.change
    found = timing(change.kind, change.at, change.until, low, high)
    outcome = time_order(found)
    early = (trial.said.since or low) - change.at  # as the card reports it
    reported = "the onset is during it" if found.during else lead(early)
    if found.after:
        reported = f"started {lead(early)}"
    elif outcome is Outcome.INCONCLUSIVE:
        reported = f"{reported}, long for a {change.kind} to show"
    return _said("timing", outcome, reported, trial.read)


def recurrence_test(trial: Trial) -> Result:
    """It ran before: did the effect follow?"""
    change = trial.change
    if not repeats(change):
        return _said("recurrence", Outcome.UNTESTABLE, f"another {change.kind} is another change")
    runs = earlier_runs(change, trial.others, trial.onset[0])
    usual, affected = (
        trial.measuring.read(trial.everywhere, window)
        for window in (trial.scene.comparison.good, trial.scene.comparison.bad)
    )
    if isinstance(usual, Missing) or isinstance(affected, Missing):
        return _said("recurrence", Outcome.UNTESTABLE, "the impact cannot be measured in both windows")
    halfway = (usual.estimate.value + affected.estimate.value) / 2
    found = list(_effects(trial, runs, halfway))
    if not found:
        there = (
            f"{len(runs)} earlier runs, none with enough data after it"
            if runs
            else "no earlier run is recorded"
        )
        return _said("recurrence", Outcome.UNTESTABLE, there, trial.read)
    without = sum(not effect for effect, _ in found)
    because = f"{without} of {len(found)} earlier runs had no such effect"
    evidence = (trial.read, usual.rows, affected.rows, *(reading.rows for _, reading in found[:RUNS_OFTEN]))
    return _said("recurrence", recurrence(len(found), without), because, *evidence)


def _effects(trial: Trial, runs: list[Change], halfway: float) -> Iterator[tuple[bool, Reading]]:
    """Of each earlier run, whether the impact came after it: clearly on one side of halfway between usual and now."""
    low = trial.onset[0]
    delay = min(EFFECT_WITHIN, max(timedelta(0), low - trial.change.at) + LOOK)
    for run in runs:
        if run.at + delay > low:
            continue
        reading = trial.measuring.read(trial.everywhere, Window(run.at, run.at + delay))
        if isinstance(reading, Reading) and not reading.estimate.too_few:
            one = reading.estimate
            if one.low > halfway or one.high < halfway:
                yield one.low > halfway, reading


def segment_test(trial: Trial) -> Result:
    """Exactly those who got it are affected more, and the others are unchanged."""
    where = _where(trial)
    if isinstance(where, str):
        return _said("segment", Outcome.UNTESTABLE, where)
    place, one = where
    windows = trial.scene.comparison
    without = Filter(one.name, one.value, equal=False)
    new = trial.measuring.read(trial.impact(*place, one), windows.bad)
    old = trial.compared(trial.impact(*place, without), windows.bad, trial.impact(*place), windows.good)
    if isinstance(new, Missing) or isinstance(old, Missing):
        return _said("segment", Outcome.UNTESTABLE, new.why if isinstance(new, Missing) else old.why)  # type: ignore[union-attr] # one of the two
    course, (beside, before) = old
    ratio = quotient(new.estimate, beside.estimate)
    outcome = compared_sides(new.estimate, beside.estimate, before.estimate).outcome
    because = (
        f"{one} is affected {_times(ratio)} as much as the others, whose impact {_COURSES[course]}"
        if outcome is not Outcome.INCONCLUSIVE or not (new.estimate.too_few or beside.estimate.too_few)
        else f"too few: {new.estimate.rests_on} with it, {beside.estimate.rests_on} without"
    )
    return _said("segment", outcome, because, new.rows, beside.rows, before.rows, now=ratio)


def _between(low: float, high: float) -> str:
    """`between 2 % and 4 %`, or `at 100 %` where both read alike."""
    return (
        f"at {percent(low)}"
        if percent(low) == percent(high)
        else f"between {percent(low)} and {percent(high)}"
    )


def dose_test(trial: Trial) -> Result:
    """While it spread: the more of it, the more impact, or as many fail as are exposed?"""
    where, share = _where(trial), declared_share(trial.change)
    if isinstance(where, str):
        return _said("dose", Outcome.UNTESTABLE, where) if share is None else _declared(trial, share)
    place, one = where
    reading = trial.measuring.read(trial.impact(*place, one), trial.scene.comparison.bad)
    if isinstance(reading, Missing):
        return _said("dose", Outcome.UNTESTABLE, reading.why)
    window = Window(min(trial.change.at, trial.onset[0]), trial.scene.comparison.bad.end)
    rows = trial.measuring.doses(trial.impact(*place), one, window)
    reported = [row for row in rows.dicts() if row["n"] >= STRETCH_ROWS]
    doses = [row["dosed"] / row["n"] for row in reported]
    partly = sum(0 < dose < 1 for dose in doses)
    if len(doses) < DOSE_PAIRS or max(doses) - min(doses) < VARIES or partly < PARTLY:
        spread = f"it stays {_between(min(doses), max(doses))}" if doses else "there are too few requests"
        return _said("dose", Outcome.UNTESTABLE, f"its share does not vary enough: {spread}", rows)
    effects = [row["took"] if trial.slow else row["failed"] / row["n"] for row in reported]
    found = rank_correlation(doses, effects)
    if found is None:
        return _said("dose", Outcome.INCONCLUSIVE, "the impact is constant", rows)
    now = Estimate(found.value, found.low, found.high, found.pairs)
    because = f"share of {one} and impact correlate by {amount(found.value, digits=2)} ({amount(found.low, digits=2)} to {amount(found.high, digits=2)})"
    if found.low > 0:
        return _said("dose", Outcome.SUPPORTED, because, rows, now=now)
    return _said(
        "dose", Outcome.REFUTED if found.high < 0.5 else Outcome.INCONCLUSIVE, because, rows, now=now
    )


def _declared(trial: Trial, share: float) -> Result:
    """As many fail as its feed says are exposed?"""
    reading = trial.measuring.read(Measure("fails"), trial.scene.comparison.bad)
    if isinstance(reading, Missing) or reading.estimate.too_few:
        return _said("dose", Outcome.UNTESTABLE, "too few requests to compare with the share exposed")
    failing = reading.estimate
    because = f"{percent(share)} of requests are exposed to it, and {percent(failing.value)} of requests fail"
    return _said("dose", dosed(share, failing.value), because, trial.read, reading.rows, now=failing)


def common_cause_test(trial: Trial) -> Result:
    """Did something else begin with it?"""
    low, high = trial.onset
    start = max(min(trial.change.at, low) - SAME_TIME, low - BESIDE)
    beside = [
        other
        for other in trial.others
        if start <= other.at <= high
        and len(earlier_runs(other, trial.others, high))
        < RUNS_OFTEN  # what runs all the time started nothing
        and trial.change.change_id not in {other.within, other.change_id}
        and other.change_id != trial.change.within
    ]
    if beside:
        named = "; ".join(
            " ".join(f"{o.kind} {o.service} {bare_title(o.kind, o.title) or o.change_id}".split())
            for o in beside[:3]
        )
        more = f" and {len(beside) - 3} more" if len(beside) > 3 else ""
        return _said(
            "common cause", Outcome.INCONCLUSIVE, f"{named}{more} started at the same time", trial.read
        )
    return _said("common cause", Outcome.SUPPORTED, "no other recorded change started with it", trial.read)


def reversal_test(trial: Trial) -> Result:
    """It was undone: did the impact go?"""
    undone = _undone(trial)
    if undone is None:
        return _said("reversal", Outcome.UNTESTABLE, "it was not undone")
    start = undone + SETTLED
    held = trial.measuring.holdings.telemetry_window
    end = min(trial.now, held.end) if held else trial.now
    ended, high = trial.said.ended, trial.onset[1]
    if ended and ended < undone - UNDONE_EARLY:
        return _said("reversal", Outcome.INCONCLUSIVE, "the impact ended before it was undone")
    if end - start < SEEN or undone - high < SEEN:
        return _said("reversal", Outcome.INCONCLUSIVE, f"too early: undone at {undone:%H:%M:%S} UTC")
    good, bad, after = trial.scene.comparison.good, Window(high, undone), Window(start, end)
    fell, stayed = trial.course(after, bad), trial.course(after, good)
    if isinstance(fell, Missing) or isinstance(stayed, Missing):
        return _said("reversal", Outcome.UNTESTABLE, fell.why if isinstance(fell, Missing) else stayed.why)  # type: ignore[union-attr] # one of the two
    because = f"undone at {undone:%H:%M:%S} UTC; since then the impact {_COURSES[fell[0]]}"
    evidence = tuple(reading.rows for reading in (*fell[1], stayed[1][1]))
    outcome = Outcome.INCONCLUSIVE
    if fell[0] is Course.FALLEN and stayed[0] is not Course.RISEN:
        outcome, because = reversal(undone, ended or undone, end), f"{because}, back to its usual level"
    elif fell[0] in {Course.STAYED, Course.RISEN}:
        outcome = reversal(undone, None, end)
        because += ", but that may take longer" if outcome is Outcome.INCONCLUSIVE else ""
    return _said("reversal", outcome, because, *evidence)


def _undone(trial: Trial) -> datetime | None:
    """When it was undone: by an action on the record, or by a later change."""
    change = trial.change
    names = {name.lower() for name in (change.change_id, change.service, change.title) if name}
    acted = (
        action.done_at
        for action in trial.incident.actions
        if action.begun.what in UNDOING and action.begun.target.lower() in names and action.started
    )
    return undone_at(change, trial.others, trial.onset[0], acted)


def _where(trial: Trial) -> tuple[tuple[Filter, ...], Filter] | str:
    """Who got the change: the rows it could reach, and the attribute that tells; or why that is not known."""
    change = trial.change
    if change.kind == "deploy" and change.service and change.version:
        return (Filter("service", change.service),), Filter("version", change.version)
    reported = flag_attribute(trial.said, change.title) if change.kind in {"flag", "config"} else None
    if reported:
        return (), Filter(*reported)
    return f"no attribute shows who got this {change.kind.replace('_', ' ')}"


TESTS: tuple[tuple[Callable[[Trial], Result], bool], ...] = (
    (timing_test, True), (recurrence_test, True), (segment_test, True), (dose_test, False), (common_cause_test, False),
    (reversal_test, True),
)  # fmt: skip
_COURSES = {
    Course.RISEN: "rose",
    Course.FALLEN: "fell",
    Course.STAYED: "is unchanged",
    Course.UNDECIDED: "may have changed or not",
}


def _said(name: str, outcome: Outcome, because: str, *evidence: Rows, now: Estimate | None = None) -> Result:
    measured = None if now is None else Measured(*_finite(now), now.rests_on)
    kind = EXPERIMENT if name == "reversal" else TEST
    return Result(Checked(name, outcome, because, kind, measured), evidence)


def _finite(one: Estimate) -> tuple[float | None, float | None, float | None]:
    low, value, high = (end if abs(end) < float("inf") else None for end in (one.low, one.value, one.high))
    return value, low, high


def _times(ratio: Estimate) -> str:
    return f"{multiple(ratio.value)} ({amount(ratio.low)} to {amount(ratio.high)})"
