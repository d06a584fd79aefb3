"""Whether an action worked, over telemetry in which it did, did half, did nothing, or did harm."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from lastgood.model.action import Action, ActionBegun, Effect, EffectMeasured
from lastgood.model.answers import Impact, ImpactKind
from lastgood.model.entry import Frozen, Noted, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.prediction import Outcome
from lastgood.model.window import Comparison, Window
from lastgood.workbench.act import action_at
from lastgood.workbench.evidence import kept, rerun
from lastgood.workbench.room import Room
from lastgood.workbench.store import Store
from lastgood.workbench.verify import verify
from rooms import room_in
from worlds import START, Times, World, step, store_gauge

BAD, ACT = 1800, 2700  # seconds after the start: users are affected, something is done


def at(seconds: float) -> datetime:
    """A time of these worlds."""
    return START + timedelta(seconds=seconds)


def then(*levels: tuple[float, float]) -> "object":
    """A hook: each level from its time on."""

    def hook(t: Times) -> Times:
        values = np.zeros(len(t))
        for since, level in levels:
            values = np.where(t >= since, level, values)
        return values

    return hook


def hurting(after: float, **more: object) -> World:
    """Requests of which 30 % fail while bad, and another share after the action."""
    errors = then((0, 0.005), (BAD, 0.3), (ACT + 60, after))
    return World(errors=errors, **more)  # type: ignore[arg-type]


@contextmanager
def acted(
    folder: Path,
    *,
    now: float = 3600,
    kind: ImpactKind = ImpactKind.ERRORS,
    effect: str = "",
    minutes: float | None = None,
    begun: float = ACT,
) -> Iterator[tuple[Room, Action]]:
    """The room of an incident against which something was done."""
    comparison = Comparison(Window(START, at(BAD)), Window(at(BAD), at(ACT)))
    impact = Impact(9000, 2700, 0.3, 0.005, None, kind)
    with room_in(folder, now=at(now)) as room:
        room.append(
            Triaged("", Verdict.YES, "30 % fail", comparison=comparison, since=at(BAD), impact=impact)
        )
        room.append(
            ActionBegun("rollback", "shop", "kim", ("undo",), effect=effect, minutes=minutes), at=at(begun)
        )
        yield room, action_at(room)


def effect_of(store: Store, folder: Path, **more: object) -> EffectMeasured:
    """What is measured."""
    with acted(folder, **more) as (room, action):  # type: ignore[arg-type]
        return verify(room, store, action)


@pytest.mark.parametrize(
    ("after", "effect"),
    [
        (0.005, Effect.RECOVERED),
        (0.15, Effect.IMPROVING),
        (0.03, Effect.IMPROVING),
        (0.3, Effect.NO_EFFECT),
        (0.6, Effect.WORSE),
    ],
)
@pytest.mark.parametrize("lines", [False, True])
def test_each_effect_is_reported_from_the_others(
    store: Store, tmp_path: Path, after: float, effect: Effect, lines: bool
) -> None:
    """By requests, and by error lines where there are none."""
    world = hurting(after)
    (world.store_lines if lines else world.store_spans)(store)

    measured = effect_of(store, tmp_path)

    assert effect is measured.effect, measured.because
    assert measured.before is not None
    assert 0.25 < measured.before.share < 0.35


def test_the_effect_is_on_the_record_with_what_it_rests_on(store: Store, tmp_path: Path) -> None:
    """Which can be asked again; the room has it."""
    hurting(0.005).store_spans(store)
    with acted(tmp_path) as (room, action):
        verify(room, store, action)
        found = [e.sequence for e in room.entries if isinstance(e.payload, Frozen)]
        again = [rerun(room, store, number) for number in found]

        assert Effect.RECOVERED is (room.incident.actions[0].effect or measured_nothing()).effect
        assert not room.incident.actions[0].open
        assert len(found) >= 2
        assert [] == [one for one in again if one.gone or one.new]
        assert "Did it work?" == kept(room, found[0]).frozen.question


def measured_nothing() -> EffectMeasured:
    """An effect that is none."""
    return EffectMeasured(0, Effect.NO_DATA, "")


def test_an_alert_that_clears_because_traffic_stopped_is_no_recovery(store: Store, tmp_path: Path) -> None:
    """No one fails any more, and hardly anyone is served."""
    hurting(0.0, traffic=then((0, 1.0), (ACT + 60, 0.05))).store_spans(store)

    measured = effect_of(store, tmp_path)

    assert Effect.WORSE is measured.effect
    assert "traffic stopped" in measured.because
    assert measured.after is not None
    assert 0 == measured.after.events


def test_where_all_traffic_stops_nothing_is_claimed(store: Store, tmp_path: Path) -> None:
    """It may be the hour, the action, or the telemetry."""
    stop = then((0, 1.0), (ACT + 60, 0.02))
    hurting(0.0, traffic=stop).store_spans(store)
    World(service="cart", seed=2, traffic=stop, rate=3).store_spans(store)  # type: ignore[arg-type]

    measured = effect_of(store, tmp_path)

    assert Effect.NO_DATA is measured.effect
    assert "all other traffic fell too" in measured.because


def test_requests_that_stop_altogether_are_no_recovery(store: Store, tmp_path: Path) -> None:
    """Others go on, so it is no gap in the telemetry."""
    hurting(0.0, traffic=then((0, 1.0), (ACT + 60, 0.0))).store_spans(store)
    World(service="cart", seed=2).store_spans(store)

    measured = effect_of(store, tmp_path)

    assert Effect.WORSE is measured.effect, measured.because
    assert measured.after is not None
    assert 0 == measured.after.of


def test_traffic_that_falls_a_little_is_no_loss(store: Store, tmp_path: Path) -> None:
    """Four fifths of it are enough to tell."""
    hurting(0.005, traffic=then((0, 1.0), (ACT + 60, 0.8))).store_spans(store)

    assert Effect.RECOVERED is effect_of(store, tmp_path).effect


def test_few_requests_are_too_early_and_it_is_said_when_to_look_again(store: Store, tmp_path: Path) -> None:
    """And how many it takes."""
    hurting(0.0, rate=0.05).store_spans(store)

    measured = effect_of(store, tmp_path, now=ACT + 240)

    assert Effect.TOO_EARLY is measured.effect, measured.because
    assert measured.needed is not None
    assert measured.look_again is not None
    assert at(ACT + 240) < measured.look_again < at(ACT + 7200)


def test_before_it_can_have_worked_it_is_too_early(store: Store, tmp_path: Path) -> None:
    """As long as its template says that it takes."""
    hurting(0.005).store_spans(store)

    measured = effect_of(store, tmp_path, now=ACT + 200, minutes=5.0)

    assert (Effect.TOO_EARLY, at(ACT + 360)) == (measured.effect, measured.look_again)
    assert Effect.RECOVERED is effect_of(store, tmp_path / "later", minutes=5.0).effect


def test_data_that_end_before_it_can_have_worked_are_no_data(store: Store, tmp_path: Path) -> None:
    """That it is quiet says nothing."""
    hurting(0.0, seconds=ACT + 30).store_spans(store)

    measured = effect_of(store, tmp_path, now=7200)

    assert Effect.NO_DATA is measured.effect
    assert "the data end" in measured.because


def test_an_empty_store_is_no_data(store: Store, tmp_path: Path) -> None:
    """With the reason."""
    measured = effect_of(store, tmp_path)

    assert (Effect.NO_DATA, "there are no logs, spans or metrics") == (measured.effect, measured.because)


def test_an_incident_that_nobody_has_assessed_has_nothing_to_compare(store: Store, tmp_path: Path) -> None:
    """Nor one in which it was done before users were affected."""
    hurting(0.005).store_spans(store)
    with room_in(tmp_path, now=at(3600)) as room:
        room.append(ActionBegun("rollback", "shop", "kim"), at=at(ACT))
        assert "no measurement on the record" in verify(room, store, action_at(room)).because

    assert "before users were affected" in effect_of(store, tmp_path / "b", begun=BAD - 60).because


def test_what_breaks_elsewhere_is_reported_and_keeps_it_from_recovered(store: Store, tmp_path: Path) -> None:
    """Another service fails since; so do its log lines."""
    hurting(0.005).store_spans(store)
    other = World(service="cart", seed=2, errors=step(ACT + 60, 0.005, 0.4))
    other.store_spans(store)
    other.store_lines(store)

    measured = effect_of(store, tmp_path)

    assert Effect.IMPROVING is measured.effect
    assert "cart GET / fails" in measured.because
    assert any(reported.startswith("cart GET / fails") for reported in measured.elsewhere)


def test_new_alarming_lines_since_are_reported(store: Store, tmp_path: Path) -> None:
    """They do not decide: every deploy says something new."""
    hurting(0.005).store_spans(store)
    World(service="cart", seed=2, errors=step(ACT + 60, 0.0, 0.02)).store_lines(store)

    measured = effect_of(store, tmp_path)

    assert Effect.RECOVERED is measured.effect
    assert any("new in the log of cart" in reported for reported in measured.elsewhere), measured.elsewhere


def slow(after: float) -> World:
    """Requests that take ten times as long while bad, and another time after the action."""
    return World(milliseconds=then((0, 50.0), (BAD, 500.0), (ACT + 60, after)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("after", "effect"), [(50.0, Effect.RECOVERED), (500.0, Effect.NO_EFFECT), (160.0, Effect.IMPROVING)]
)
def test_latency_is_judged_by_those_who_wait(
    store: Store, tmp_path: Path, after: float, effect: Effect
) -> None:
    """Requests slower than the middle between good and bad."""
    slow(after).store_spans(store)

    measured = effect_of(store, tmp_path, kind=ImpactKind.LATENCY)

    assert effect is measured.effect, measured.because
    assert "slower than" in measured.affected


def test_errors_that_end_while_it_stays_slow_are_no_recovery(store: Store, tmp_path: Path) -> None:
    """Latency has to be normal too."""
    errors = then((0, 0.005), (BAD, 0.3), (ACT + 60, 0.005))
    World(errors=errors, milliseconds=step(ACT + 60, 50.0, 400.0)).store_spans(store)  # type: ignore[arg-type]

    measured = effect_of(store, tmp_path)

    assert Effect.IMPROVING is measured.effect
    assert "slower than at baseline" in measured.because


@pytest.mark.parametrize(("after", "effect"), [(1.0, Effect.RECOVERED), (0.2, Effect.NO_EFFECT)])
def test_lost_traffic_is_judged_by_its_return(
    store: Store, tmp_path: Path, after: float, effect: Effect
) -> None:
    """Its share of failures was never the trouble."""
    World(traffic=then((0, 1.0), (BAD, 0.2), (ACT + 60, after))).store_spans(store)  # type: ignore[arg-type]

    assert effect is effect_of(store, tmp_path, kind=ImpactKind.TRAFFIC_LOSS).effect


def test_failures_in_bursts_must_be_gone_for_longer_than_they_used_to_pause(
    store: Store, tmp_path: Path
) -> None:
    """Five quiet minutes between bursts ten minutes apart are no recovery."""

    def bursts(t: Times) -> Times:
        return np.where((t >= BAD) & (t < ACT) & ((t - BAD) % 400 < 100), 0.9, 0.005 * (t < BAD))

    World(errors=bursts).store_spans(store)

    measured = effect_of(store, tmp_path, now=ACT + 420)

    assert Effect.TOO_EARLY is measured.effect, measured.because
    assert "pauses of" in measured.because


def test_a_declared_target_decides(store: Store, tmp_path: Path) -> None:
    """One that is reached, one that is not, one that cannot be measured."""
    hurting(0.005).store_spans(store)
    reached, missed, unknown = (
        effect_of(store, tmp_path / name, effect=target)
        for name, target in (
            ("reached", "fails(service=shop) at baseline"),
            ("missed", "traffic(service=shop) > 1000"),
            ("unknown", "fails(region=mars) < 1%"),
        )
    )

    assert (Effect.RECOVERED, Outcome.SUPPORTED) == (
        reached.effect,
        reached.target and reached.target.outcome,
    )
    assert (Effect.IMPROVING, Outcome.REFUTED) == (missed.effect, missed.target and missed.target.outcome)
    assert (Effect.IMPROVING, Outcome.UNTESTABLE) == (
        unknown.effect,
        unknown.target and unknown.target.outcome,
    )
    assert "target refuted: traffic" in missed.because


@pytest.mark.parametrize(("after", "effect"), [(0.3, Effect.RECOVERED), (0.95, Effect.NO_EFFECT)])
def test_with_metrics_alone_the_declared_target_is_all_there_is(
    store: Store, tmp_path: Path, after: float, effect: Effect
) -> None:
    """No one can be counted."""
    levels = then((0, 0.3), (BAD, 0.95), (ACT + 60, after))
    times = np.arange(0, 3600, 10.0)
    noise = np.random.default_rng(1).normal(0, 0.005, len(times))
    points = list(zip(times, levels(times) + noise, strict=True))  # type: ignore[operator]
    store_gauge(store, "shop", "db.pool.utilization", "1", points)

    assert Effect.NO_DATA is effect_of(store, tmp_path / "bare").effect
    measured = effect_of(store, tmp_path / "told", effect='metric("db.pool.utilization") < 0.5')
    assert effect is measured.effect, measured.because


def test_a_later_sitrep_does_not_move_the_windows(store: Store, tmp_path: Path) -> None:
    """What it was done against is what was seen before it."""
    hurting(0.005).store_spans(store)
    with acted(tmp_path) as (room, action):
        later = Comparison(Window(at(BAD), at(ACT + 60)), Window(at(ACT + 60), at(3600)))
        room.append(Triaged("", Verdict.YES, "something else", comparison=later))
        measured = verify(room, store, action)

    assert (Effect.RECOVERED, Window(at(BAD), at(ACT))) == (measured.effect, measured.windows[1])


def test_an_action_is_measured_until_the_next_one_only(store: Store, tmp_path: Path) -> None:
    """And the next from the one before on: the first did nothing, the second helped."""
    World(errors=then((0, 0.005), (BAD, 0.3), (3100, 0.005)), seconds=5000).store_spans(store)  # type: ignore[arg-type]
    with acted(tmp_path, now=5000, minutes=1.0) as (room, first):
        room.append(ActionBegun("restart", "shop", "kim", forced="hurry", minutes=1.0), at=at(3060))
        one = verify(room, store, first)
        room.append(Noted("and the other"))
        two = verify(room, store, action_at(room))

    assert (Effect.NO_EFFECT, Effect.RECOVERED) == (one.effect, two.effect), (one.because, two.because)
    assert Window(at(ACT), at(3060)) == two.windows[1]


def test_an_action_that_was_followed_at_once_cannot_be_measured(store: Store, tmp_path: Path) -> None:
    """What came after may be the other's doing."""
    hurting(0.005).store_spans(store)
    with acted(tmp_path) as (room, first):
        room.append(ActionBegun("restart", "shop", "kim"), at=at(ACT + 30))

        assert "another action started" in verify(room, store, first).because
