"""When a change began to work: against the onset, against a slow rise, and by what its effect takes."""

from datetime import datetime, timedelta

from lastgood.algorithms.causation import TIMELY
from lastgood.algorithms.change_timing import LASTING, Timing, timing
from lastgood.algorithms.diffs.kinds import Effect, Trouble
from lastgood.inspections.what_changed.content import asked_for
from lastgood.inspections.what_changed.defence import too_late
from lastgood.inspections.what_changed.exposure import Exposure
from lastgood.inspections.what_changed.load_met import Load
from lastgood.inspections.what_changed.scene import Scene
from lastgood.inspections.what_changed.slow_rises import SlowRise
from lastgood.inspections.what_changed.symptoms import Symptoms
from lastgood.inspections.what_changed.weights import (
    AFTER_ONSET,
    AFTER_RISE,
    BEFORE_ONSET,
    BEFORE_RISE,
    CLOSE,
    CLOSE_LONG,
    CLOSE_TIMES,
    INSIDE_ONSET,
    JOB_RUNS,
    LIFETIME_ENDS,
    LIFETIME_OFF,
    LIFETIME_OFF_LEAST,
    LIMIT_MET,
    MISSED_LATE,
    REPORTED_AFTER,
    RISE_GRACE,
    SLOW_EFFECT,
    SLOW_HALF_LIFE,
    UNRECORDED,
    UNRECORDED_HALF_LIFE,
    UNTOLD,
    WITHIN_CHANGE,
    ZONE_UNKNOWN,
)
from lastgood.model.attributes import CHANGE_ZONE
from lastgood.model.change import Change
from lastgood.model.judgement import Reason
from lastgood.readings.job_runs import job_of

NO_LOAD = Load()
# What a system shows that more is asked of than it can do.
LOADED = frozenset({Trouble.CPU, Trouble.CONNECTIONS, Trouble.QUEUE, Trouble.RATE_LIMIT})
# What a team does at a moment, and that may show at once.
ACTS_AT_ONCE = frozenset({"flag", "config", "migration", "deploy", "commit", "infrastructure"})


def timed_reason(  # noqa: PLR0913 - what it is held against
    change: Change,
    effects: list[Effect],
    scene: Scene,
    exposure: Exposure,
    rises: list[SlowRise],
    symptoms: Symptoms,
    *,
    load: Load = NO_LOAD,
    run: Change | None = None,
    unrecorded: bool = False,
) -> tuple[Timing, Reason]:
    """Its timing against the onset, and the best of its timings as a reason; `unrecorded` when it may have worked later.

    `run` is the first run of a job that it names, about the onset.
    """
    at, until = exposure.times(change) or (change.at, change.until)
    timed = timing(change.kind, at, until, scene.low, scene.high)
    if timed.after and CHANGE_ZONE in change.attributes and (near := _elsewhere(change, scene)) >= TIMELY:
        doubt = Reason(ZONE_UNKNOWN, scale=near, lead=at - scene.at)
        return Timing(doubt.ratio, timed.lead, after=False, during=False), doubt
    best = _timely(
        _plain(timed, change, scene, CLOSE_TIMES if _close(change.kind, at, until, scene) else 1.0)
    )
    if not timed.after and timed.weight < 1:
        reported = best.reported
        found = [_since_rise(change.kind, (at, until), rise, reported) for rise in rises[:1]]
        for effect in effects if change.kind in LASTING else ():
            took = _took(effect, at, timed.lead, scene, asked_for(effect, symptoms))
            found.append(took and Reason(took.row, scale=took.scale, when=reported, **took.values))
            if effect.meaning.typical & LOADED & symptoms.troubles and load.first_met(until):
                found.append(Reason(LIMIT_MET, scale=0.5 ** (timed.lead / SLOW_HALF_LIFE), when=reported))
        if run is not None and run.at >= at:
            ran = timing("cron", run.at, run.until, scene.low, scene.high)
            lead = max(scene.at - run.at, timedelta(0))
            scale = ran.weight * (CLOSE_TIMES if _close(change.kind, run.at, run.until, scene) else 1.0)
            found.append(Reason(JOB_RUNS, scale=scale, job=job_of(run.title), lead=lead, when=reported))
        if unrecorded:
            found.append(Reason(UNRECORDED, scale=0.5 ** (timed.lead / UNRECORDED_HALF_LIFE), when=reported))
        best = max([best, *(_timely(one) for one in found if one is not None)], key=lambda one: one.ratio)
    return timed, best if timed.after else _beside_rise(rises, change, best)


def _elsewhere(change: Change, scene: Scene) -> float:
    """Its weight by its time, in the zone in which that is best: some whole hours before what it is as UTC."""
    hours = (timedelta(hours=n) for n in range(1, 15))
    return max(
        timing(change.kind, change.at - n, change.until - n, scene.low, scene.high).weight for n in hours
    )


def _timely(reason: Reason) -> Reason:
    if any(reason.row is row for row in (UNRECORDED, REPORTED_AFTER)):  # rows are numbers too
        return reason.said(fits=True)
    return reason.said(fits=reason.ratio >= TIMELY)


def _close(kind: str, at: datetime, until: datetime, scene: Scene) -> bool:
    """Whether a change of ours was made within a minute of an onset that is known as well: few come so close by chance."""
    short = max(until - at, scene.high - scene.low) <= CLOSE_LONG
    return short and kind in ACTS_AT_ONCE and scene.low - CLOSE <= until and at <= scene.high


def _plain(timed: Timing, change: Change, scene: Scene, times: float) -> Reason:
    # The lead that is reported lies between the two times that are: its recorded one, and the onset's estimate.
    lead = scene.at - change.at
    if timed.after:
        row = AFTER_ONSET if timed.weight else too_late(change, scene)
        if timed.weight and change.kind == "third_party":
            row = REPORTED_AFTER
        return Reason(row, scale=timed.weight, lead=lead)
    if timed.during:
        return Reason(WITHIN_CHANGE, scale=timed.weight * times)
    if lead < -UNTOLD:
        return Reason(INSIDE_ONSET, scale=timed.weight * times, width=scene.high - scene.low)
    return Reason(BEFORE_ONSET, scale=timed.weight * times, lead=max(lead, timedelta(0)))


def _since_rise(kind: str, times: tuple[datetime, datetime], rise: SlowRise, reported: str) -> Reason | None:
    own = timing(kind, *times, rise.low, rise.high)
    if own.after:
        return None
    lead = max(own.lead, timedelta(0))
    return Reason(
        BEFORE_RISE, scale=own.weight, metric=rise.metric, service=rise.service, lead=lead, when=reported
    )


def _took(effect: Effect, at: datetime, lead: timedelta, scene: Scene, missed: str) -> Reason | None:
    """That the onset is late by what the effect takes: a lifetime that ends then, what fills up, a name that is missed."""
    late = 0.5 ** (lead / SLOW_HALF_LIFE)
    if missed:
        return Reason(MISSED_LATE, scale=late, name=missed)
    if not effect.meaning.slow:
        return None
    if not effect.seconds:
        return Reason(SLOW_EFFECT, scale=late)
    life = timedelta(seconds=effect.seconds)
    off = max(LIFETIME_OFF_LEAST, LIFETIME_OFF * life)
    ends = scene.low - off <= at + life <= scene.high + off
    return Reason(LIFETIME_ENDS, life=life) if ends else None


def _beside_rise(rises: list[SlowRise], change: Change, reason: Reason) -> Reason:
    """A change that came when the rise had begun did not begin it."""
    rise = next(iter(rises), None)
    if rise is None or change.at <= rise.high + RISE_GRACE:
        return reason
    scale = reason.ratio
    return Reason(
        AFTER_RISE, scale=scale, fits=False, metric=rise.metric, service=rise.service, rise=rise.low
    )
