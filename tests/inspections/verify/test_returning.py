"""Whether an action can have done it, by when users started to recover: worlds whose turn is known."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspections.test_verify import case_between, window
from lastgood.inspections.verify.returning import Return, credit_of, returned
from lastgood.inspections.verify.three_windows import ThreeWindows
from lastgood.inspections.verify.weights import (
    ACTION_TAKES,
    RETURN_BUCKET,
    RETURN_BUCKETS,
    RETURN_GRADUAL,
    RETURN_REACH,
    RETURN_SLACK,
)
from lastgood.model.action import ActionBegun, Credit, Deed, Effect, Tally
from lastgood.model.answers import ImpactKind, Intervention
from lastgood.model.figures import spaced
from lastgood.model.signal import Signal
from lastgood.workbench.act import action_at
from lastgood.workbench.store import Store
from lastgood.workbench.verify import verify
from workbench.test_verify import ACT, BAD, acted, at, effect_of, then
from worlds import Times, World, step, store_gauge


def bad_until(end: float, kind: str = "errors", **more: object) -> World:
    """Users are affected from BAD until a time, by errors or by latency."""
    if kind == "latency":
        return World(milliseconds=then((0, 50.0), (BAD, 500.0), (end, 50.0)), **more)  # type: ignore[arg-type]
    return World(errors=then((0, 0.005), (BAD, 0.3), (end, 0.005)), **more)  # type: ignore[arg-type]


SECOND = timedelta(seconds=1)
BEGUN, WORKS = at(ACT), at(ACT + 600)


def credited(
    start: timedelta,
    *,
    reach: timedelta = SECOND,
    takes: timedelta = SECOND,
    stated: bool = True,
    works: Any = WORKS,
) -> Credit:
    """For a return from so long after the action on, as long unsure before it and this long under way."""
    done = Intervention(window(0, ACT), ImpactKind.ERRORS, Deed(works_by=works, stated=stated))
    began = BEGUN + start
    return credit_of(done, Return(began, began - reach, max(began, BEGUN), began + takes))


def test_a_start_may_be_a_little_before_the_action_by_clocks_and_notes() -> None:
    """By RETURN_SLACK; where no one says how long the action takes, after it by no more than that."""
    assert Credit.THIS is credited(-RETURN_SLACK)
    assert Credit.UNCLEAR is credited(-RETURN_SLACK - SECOND)
    assert Credit.THIS is credited(RETURN_SLACK, stated=False)
    assert Credit.UNCLEAR is credited(RETURN_SLACK + SECOND, stated=False)


def test_an_interval_may_reach_beyond_the_action_by_a_little() -> None:
    """By RETURN_REACH, or by RETURN_GRADUAL of the time that the return took, if that is more."""
    gradual = timedelta(hours=1)

    assert Credit.THIS is credited(SECOND, reach=RETURN_REACH + SECOND)
    assert Credit.UNCLEAR is credited(SECOND, reach=RETURN_REACH + 2 * SECOND)
    assert Credit.THIS is credited(SECOND, reach=RETURN_GRADUAL * gradual + SECOND, takes=gradual)
    assert Credit.UNCLEAR is credited(SECOND, reach=RETURN_GRADUAL * gradual + 2 * SECOND, takes=gradual)


def test_nobody_says_how_long_an_action_takes_so_it_is_late_after_most_have_worked() -> None:
    """After ACTION_TAKES."""
    assert Credit.UNCLEAR is credited(ACTION_TAKES + SECOND, stated=False, works=BEGUN)
    assert Credit.LATE is credited(ACTION_TAKES + 2 * SECOND, stated=False, works=BEGUN)


@pytest.mark.parametrize(
    ("seconds", "bucket"),
    [
        (RETURN_BUCKETS * (RETURN_BUCKET - 1), RETURN_BUCKET),
        (RETURN_BUCKETS * 20, 20),
        (RETURN_BUCKETS * 20 + 1, 21),
    ],
)
def test_a_return_is_placed_to_a_bucket(store: Store, seconds: int, bucket: int) -> None:
    """Of RETURN_BUCKET at least, of which RETURN_BUCKETS reach over both times."""
    half = seconds // 2
    turned = half + 7 * bucket
    World(seconds=seconds, rate=4, errors=step(turned, 1.0, 0.0)).store_spans(store)
    none = Tally(0, 0, 1)
    three = ThreeWindows("", Signal.SPANS, none, none, none, (), places=frozenset({("shop", "GET /")}))

    found = returned(
        case_between(store, None), Intervention(window(0, half), None), three, window(half, seconds), "share"
    )

    assert found is not None
    assert at(turned) == found.start


KINDS = {"errors": ImpactKind.ERRORS, "latency": ImpactKind.LATENCY}


@pytest.mark.parametrize("kind", ["errors", "latency"])
@pytest.mark.parametrize(("late", "asked"), [(1500, 7200), (1500, 4500), (4200, 9000)])
def test_a_recovery_long_after_the_action_is_not_its_doing(
    store: Store, tmp_path: Path, kind: str, late: float, asked: float
) -> None:
    """Uncredited, with when it was; asked soon after it, within the hour, or hours later."""
    bad_until(ACT + late, kind, seconds=9000).store_spans(store)

    measured = effect_of(store, tmp_path, now=asked, minutes=2.0, kind=KINDS[kind])

    assert (Effect.RECOVERED_UNCREDITED, Credit.LATE) == (measured.effect, measured.credit), measured.because
    assert "after rollback shop: not by this, or not by this alone" in measured.because
    assert measured.turned is not None
    assert abs(measured.turned - at(ACT + late)) < timedelta(minutes=2)
    assert measured.windows[2].start >= measured.turned


@pytest.mark.parametrize("kind", ["errors", "latency"])
def test_what_was_over_before_the_action_is_not_its_doing(store: Store, tmp_path: Path, kind: str) -> None:
    """It was done ten minutes after users were well."""
    bad_until(2400, kind).store_spans(store)

    measured = effect_of(store, tmp_path, begun=3000, kind=KINDS[kind])

    assert (Effect.RECOVERED_UNCREDITED, Credit.BEFORE) == (measured.effect, measured.credit), (
        measured.because
    )
    assert "already recovering 10 min before rollback shop" in spaced(measured.because)


def test_what_was_over_for_long_has_no_harm_to_end(store: Store, tmp_path: Path) -> None:
    """More than the hour that is compared."""
    bad_until(2400, seconds=9000).store_spans(store)

    measured = effect_of(store, tmp_path, begun=7000, now=9000)

    assert Effect.NO_DATA is measured.effect, measured.because
    assert "no impact is visible before the action" in measured.because


def test_two_actions_within_their_times_to_effect_are_neither_credited_alone(
    store: Store, tmp_path: Path
) -> None:
    """The second began two minutes after the first; users were well two minutes later."""
    bad_until(ACT + 240).store_spans(store)
    with acted(tmp_path, minutes=5.0) as (room, first):
        room.append(ActionBegun("restart", "shop", "kim", minutes=1.0, forced="hurry"), at=at(ACT + 150))
        one = verify(room, store, first)
        two = verify(room, store, action_at(room))

    assert not one.effect.credited, one.because
    assert (Effect.RECOVERED_UNCREDITED, Credit.SHARED) == (two.effect, two.credit), two.because
    assert "neither is credited alone" in two.because


def test_no_effect_is_not_claimed_of_what_another_action_cut_short(store: Store, tmp_path: Path) -> None:
    """It could still have worked when the next one began."""
    bad_until(9000).store_spans(store)
    with acted(tmp_path, minutes=3.0) as (room, first):
        room.append(ActionBegun("restart", "shop", "kim", forced="hurry"), at=at(ACT + 300))
        measured = verify(room, store, first)

    assert Effect.NO_DATA is measured.effect, measured.because


@pytest.mark.parametrize(("starts", "effect"), [(30, Effect.RECOVERED), (-600, Effect.RECOVERED_UNCREDITED)])
def test_a_gradual_recovery_is_credited_by_when_it_started(
    store: Store, tmp_path: Path, starts: float, effect: Effect
) -> None:
    """It took twenty minutes, from just after the action or from ten minutes before it."""

    def draining(t: Times) -> Times:
        left = np.clip(1 - (t - ACT - starts) / 1200, 0, 1)
        return np.where(t < BAD, 0.005, 0.005 + 0.3 * left)

    World(errors=draining, rate=30.0, seconds=5400).store_spans(store)

    measured = effect_of(store, tmp_path, now=5400)

    assert effect is measured.effect, measured.because
    assert measured.back is not None
    assert measured.turned is not None
    assert timedelta(minutes=14) < measured.back - measured.turned < timedelta(minutes=26)


def test_without_a_stated_time_a_return_some_minutes_later_may_be_by_it_or_not(
    store: Store, tmp_path: Path
) -> None:
    """No template says how long it takes."""
    bad_until(ACT + 480).store_spans(store)

    measured = effect_of(store, tmp_path)

    assert (Effect.RECOVERED_UNCREDITED, Credit.UNCLEAR) == (measured.effect, measured.credit), (
        measured.because
    )


def test_few_failures_do_not_show_when_it_got_better(store: Store, tmp_path: Path) -> None:
    """One failure in minutes: the last may have been long before the action."""
    errors: Any = then((0, 0.0), (BAD, 0.3), (ACT - 240, 0.0))
    World(errors=errors, rate=0.03, seconds=20_000, seed=5).store_spans(store)

    assert not effect_of(store, tmp_path, now=20_000, minutes=2.0).effect.credited


def test_a_late_improvement_is_not_credited_either(store: Store, tmp_path: Path) -> None:
    """Half of the harm went twenty minutes after."""
    World(errors=then((0, 0.005), (BAD, 0.3), (ACT + 1200, 0.15)), seconds=5400).store_spans(store)  # type: ignore[arg-type]

    measured = effect_of(store, tmp_path, now=5400, minutes=2.0)

    assert (Effect.IMPROVING_UNCREDITED, Credit.LATE) == (measured.effect, measured.credit), measured.because


@pytest.mark.parametrize(
    ("falls", "effect"),
    [
        (ACT + 60, Effect.RECOVERED),
        (ACT + 1500, Effect.RECOVERED_UNCREDITED),
        (ACT - 600, Effect.RECOVERED_UNCREDITED),
    ],
)
def test_a_target_is_credited_by_when_it_was_reached(
    store: Store, tmp_path: Path, falls: float, effect: Effect
) -> None:
    """With metrics alone."""
    levels = then((0, 0.3), (BAD, 0.95), (falls, 0.3))
    times = np.arange(0, 9000, 10.0)
    store_gauge(store, "shop", "db.pool.utilization", "1", list(zip(times, levels(times), strict=True)))  # type: ignore[operator]

    measured = effect_of(store, tmp_path, now=9000, minutes=2.0, effect='metric("db.pool.utilization") < 0.5')

    assert effect is measured.effect, measured.because
