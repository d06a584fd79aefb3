"""When a change began to work: against the onset, against a slow rise, and by what its effect takes."""

from dataclasses import replace
from datetime import timedelta
from math import log2

import pytest

from inspections.scenes import ONSET, SCENE, change
from lastgood.algorithms.causation import TIMELY
from lastgood.algorithms.change_timing import HALF_LIFE
from lastgood.algorithms.diffs.kinds import Effect, EffectKind, Trouble
from lastgood.inspections.what_changed.exposure import Exposure
from lastgood.inspections.what_changed.load_met import Load
from lastgood.inspections.what_changed.slow_rises import SlowRise
from lastgood.inspections.what_changed.symptoms import Symptoms
from lastgood.inspections.what_changed.timed import timed_reason
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
    LOAD_NOW,
    LOAD_SINCE,
    LOAD_STEP,
    MISSED_LATE,
    REPORTED_AFTER,
    RISE_GRACE,
    SLOW_EFFECT,
    SLOW_HALF_LIFE,
    UNTOLD,
    WITHIN_CHANGE,
    ZONE_UNKNOWN,
)
from lastgood.model.attributes import CHANGE_ZONE
from lastgood.model.change import Change
from lastgood.model.judgement import Reason, Weight

SECOND = timedelta(seconds=1)
UNSERVED = Exposure({}, ONSET - timedelta(hours=1), ONSET + timedelta(minutes=20), SCENE.low)
QUIET = Symptoms(frozenset(), {})


def before(time: timedelta, kind: str = "deploy") -> Change:
    """A change so long before the onset's interval."""
    return change("c", kind, (ONSET - SCENE.low + time) / timedelta(minutes=1))


def timed(
    one: Change, *effects: Effect, rises: list[SlowRise] | None = None, symptoms: Symptoms = QUIET
) -> Reason:
    """Its reason."""
    return timed_reason(one, list(effects), SCENE, UNSERVED, rises or [], symptoms)[1]


def slow_effect(seconds: float | None = None) -> Effect:
    """A lifetime that was shortened."""
    return Effect(EffectKind.TTL_SHORTENED, "a.yaml", "ttl: 60", what="ttl", seconds=seconds)


def rising(minutes: float) -> SlowRise:
    """Memory that rises since so many minutes before the onset."""
    bend = SCENE.low - timedelta(minutes=minutes)
    return SlowRise("cart", "memory", "memory", bend, bend)


def test_one_that_lies_in_the_onset_is_fully_timely_and_an_older_one_less() -> None:
    """By its kind's half-life; it is said against it from one below the least timing on."""
    half_life = HALF_LIFE["deploy"]
    timely = half_life * log2(1 / TIMELY)
    just, late = timed(before(timely)), timed(before(timely + SECOND))

    assert (BEFORE_ONSET, BEFORE_ONSET) == (just.row, late.row)
    assert (False, True) == (just.against, late.against)
    assert CLOSE_TIMES == timed(before(timedelta(0))).ratio


def test_one_that_is_close_tells_more() -> None:
    """Within a minute of the onset, of what a team does at a moment; not what takes long, nor what merely runs."""
    near, apart = timed(before(CLOSE)), timed(before(CLOSE + SECOND))
    long = change("c", "deploy", 0, until=ONSET + CLOSE_LONG + SECOND)
    run = timed(before(CLOSE, "cron"))

    assert near.ratio == pytest.approx(CLOSE_TIMES * 0.5 ** (CLOSE / HALF_LIFE["deploy"]))
    assert apart.ratio == pytest.approx(0.5 ** ((CLOSE + SECOND) / HALF_LIFE["deploy"]))
    assert 1.0 == timed(long).ratio
    assert run.ratio < 1.0


def test_the_first_run_of_a_job_that_it_names_is_as_close_as_it_is() -> None:
    """A change of long ago, which runs for the first time a minute before the onset; a second more is not close."""
    made = change("c", "commit", 9000)
    each = [replace(before(time, "cron"), title="/opt/reprice") for time in (CLOSE, CLOSE + SECOND)]
    near, apart = (timed_reason(made, [], SCENE, UNSERVED, [], QUIET, run=run)[1] for run in each)

    assert JOB_RUNS is near.row is apart.row
    assert near.ratio == pytest.approx(CLOSE_TIMES * 0.5 ** (CLOSE / HALF_LIFE["cron"]))
    assert apart.ratio == pytest.approx(0.5 ** ((CLOSE + SECOND) / HALF_LIFE["cron"]))


def test_one_that_lasted_until_the_onset_holds_it() -> None:
    """A cron run that was under way."""
    run = change("c", "cron", 30, until=ONSET)

    assert WITHIN_CHANGE is timed(run).row


def test_one_soon_after_the_onset_may_be_a_clock() -> None:
    """It is said with its delay."""
    reason = timed(change("c", "deploy", -1))

    assert AFTER_ONSET is reason.row
    assert 0 < reason.ratio < 1


@pytest.mark.parametrize(("later", "row"), [(UNTOLD, BEFORE_ONSET), (2 * UNTOLD, INSIDE_ONSET)])
def test_one_inside_a_wide_onset_is_not_said_to_come_before_it(later: timedelta, row: Weight) -> None:
    """The trouble may have come after it as well; a job that starts after the interval would be out."""
    wide = replace(SCENE, high=SCENE.at + timedelta(minutes=1))
    job = change("c", "cron", (ONSET - SCENE.at - later) / timedelta(minutes=1))

    reason = timed_reason(job, [], wide, UNSERVED, [], QUIET)[1]

    assert (row, 1.0) == (reason.row, reason.ratio)


def test_what_takes_its_time_halves_with_the_hours() -> None:
    """Effects that fill something up, and a name that is asked for late; nothing else does."""
    late = before(SLOW_HALF_LIFE)
    renamed = Effect(EffectKind.FIELD_RENAMED, "a.py", "x", what="carrier_code → carrierCode")
    missed = timed(late, renamed, symptoms=Symptoms(frozenset(), {"carriercode": 1.0}))

    slow = timed(late, slow_effect())
    assert SLOW_EFFECT is slow.row
    assert pytest.approx(SLOW_EFFECT / 2) == slow.ratio
    assert MISSED_LATE is missed.row
    assert pytest.approx(MISSED_LATE / 2) == missed.ratio
    assert BEFORE_ONSET is timed(late, renamed).row


@pytest.mark.parametrize("life", [timedelta(hours=1), LIFETIME_OFF_LEAST])
def test_a_lifetime_that_ends_at_the_onset_explains_it(life: timedelta) -> None:
    """Within a share of it, and within what clocks differ by; a longer way off it does not."""
    off = max(LIFETIME_OFF_LEAST, LIFETIME_OFF * life)
    lives = slow_effect(life.total_seconds())
    edge = before(life + off)
    past = before(life + off + SECOND)

    assert LIFETIME_ENDS is timed(edge, lives).row
    assert pytest.approx(LIFETIME_ENDS) == timed(edge, lives).ratio
    assert BEFORE_ONSET is timed(past, lives).row


def test_a_rise_has_an_onset_of_its_own() -> None:
    """Who came before its bend may have begun it; who came clearly after it did not."""
    early = timed(before(timedelta(hours=2)), rises=[rising(119)])
    bend = timedelta(minutes=60)
    grace = timed(before(bend - RISE_GRACE), rises=[rising(60)])
    after = timed(before(bend - RISE_GRACE - SECOND), rises=[rising(60)])
    alone = timed(before(bend - RISE_GRACE - SECOND))

    assert BEFORE_RISE is early.row
    assert AFTER_RISE is not grace.row
    assert AFTER_RISE is after.row
    assert pytest.approx(AFTER_RISE * alone.ratio) == after.ratio


def test_a_third_party_reports_later_and_that_is_no_argument_against_it() -> None:
    """Status pages follow those who are hit; anyone else's change after the onset is none."""
    late = timed(before(-timedelta(minutes=33), "third_party"))

    assert late.row is REPORTED_AFTER
    assert not late.against
    assert timed(before(-timedelta(minutes=33), "deploy")).against


def test_what_lowers_a_limit_is_met_with_the_load() -> None:
    """Hours later, when more arrives than at any time since; where what is short is what it lowers."""
    steps = LOAD_SINCE + LOAD_NOW
    counts = [100] * LOAD_SINCE + [300] * LOAD_NOW
    rising = Load(tuple((SCENE.low - LOAD_STEP * (steps - n), count) for n, count in enumerate(counts)))
    level = Load(tuple((at, 100) for at, _ in rising.steps))
    one = before(LOAD_STEP * steps)
    pool = [Effect(EffectKind.POOL_LOWERED, "a.yaml", "pool", what="pool 24 → 5")]
    short = Symptoms(frozenset({Trouble.CONNECTIONS}), {})

    def met(load: Load, symptoms: Symptoms = short) -> Reason:
        return timed_reason(one, pool, SCENE, UNSERVED, [], symptoms, load=load)[1]

    late = LOAD_STEP * steps / SLOW_HALF_LIFE
    assert LIMIT_MET == met(rising).row
    assert LIMIT_MET * 0.5**late == pytest.approx(met(rising).ratio)
    assert BEFORE_ONSET == met(level).row
    assert BEFORE_ONSET == met(rising, QUIET).row


@pytest.mark.parametrize(
    ("minutes", "stated", "row"),
    [(-119, False, ZONE_UNKNOWN), (-119, True, AFTER_ONSET), (-90, False, AFTER_ONSET)],
)
def test_a_time_without_a_zone_is_not_held_to_be_after_the_onset(
    minutes: float, row: Weight, *, stated: bool
) -> None:
    """Where it is just before it in another zone: by whole hours."""
    one = change("c", "config", minutes)
    one = one if stated else replace(one, attributes={CHANGE_ZONE: "not stated"})

    assert timed(one).row is row or (row is AFTER_ONSET and timed(one).ratio == 0)
