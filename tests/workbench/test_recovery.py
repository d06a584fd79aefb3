"""Whether users are still affected by the latest data, before an incident is recorded as resolved."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.errors import StillFailingError
from lastgood.incidents.lessons import lessons
from lastgood.incidents.timeline import timeline_of
from lastgood.model.action import ActionBegun, Effect, EffectMeasured, Recovery
from lastgood.model.answers import Impact, ImpactKind
from lastgood.model.entry import Frozen, Mitigated, Reopened, Resolved, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.lesson import Topic
from lastgood.model.window import Comparison, Window
from lastgood.surfaces.entries import entry_line
from lastgood.surfaces.postmortem.sentences import unmeasured_end
from lastgood.workbench.act import action_at
from lastgood.workbench.postmortem import postmortem
from lastgood.workbench.recovery import (
    BEFORE_MOST,
    LATEST_DATA,
    NO_IMPACT,
    RECENT_DATA,
    recovery,
    resolve,
    unmeasured,
)
from lastgood.workbench.room import Room
from lastgood.workbench.store import Store
from lastgood.workbench.verify import verify
from rooms import config_in, room_in
from workbench.test_verify import ACT, BAD, acted, at, hurting, then
from worlds import START, World

END = 3600  # seconds after the start: the data end


@contextmanager
def room_after(store: Store, folder: Path, left: float, *, now: float = END) -> Iterator[Room]:
    """The room of an incident that was mitigated by hand; `left` is the share that fails since."""
    hurting(left).store_spans(store)
    comparison = Comparison(Window(START, at(BAD)), Window(at(BAD), at(ACT)))
    impact = Impact(9000, 2700, 0.3, 0.005, None, ImpactKind.ERRORS)
    with room_in(folder, now=at(now)) as room:
        room.append(
            Triaged("", Verdict.YES, "30 % fail", comparison=comparison, since=at(BAD), impact=impact)
        )
        yield room


@pytest.mark.parametrize(
    ("left", "found"),
    [(0.005, Recovery.RECOVERED), (0.3, Recovery.FAILING), (0.6, Recovery.FAILING), (0.15, Recovery.FAILING)],
)
@pytest.mark.parametrize("by_hand", [False, True])
def test_the_latest_data_decide(
    store: Store, tmp_path: Path, left: float, found: Recovery, by_hand: bool
) -> None:
    """Since what is on the record as its end, or the last minutes; with the counts, and the evidence kept."""
    with room_after(store, tmp_path, left) as room:
        if by_hand:
            room.append(Mitigated("rolled back"), at=at(ACT + 120))

        measured = recovery(room, store)

        assert found is measured.recovery, measured.measured
        assert "UTC" in measured.measured
        assert "at baseline" in measured.measured
        assert any(isinstance(entry.payload, Frozen) for entry in room.entries)


def test_what_still_fails_is_recorded_only_for_a_reason(store: Store, tmp_path: Path) -> None:
    """Nothing is written without one; with one it is on the record, and no recovery is claimed."""
    with room_after(store, tmp_path, 0.3) as room:
        measured, before = recovery(room, store), len(room.entries)
        with pytest.raises(StillFailingError, match="do not show recovery"):
            resolve(room, "fixed", measured)
        assert before == len(room.entries)

        entry = resolve(room, "fixed", measured, despite="the log is late")

        assert isinstance(entry.payload, Resolved)
        assert ("fixed", "the log is late") == (entry.payload.because, entry.payload.despite)
        assert not room.incident.recovered
        assert None is postmortem(room, config_in(tmp_path)).affected


@pytest.mark.parametrize("minutes", [1, 60])
def test_no_data_after_the_action_is_not_a_recovery(store: Store, tmp_path: Path, minutes: float) -> None:
    """It is recorded, and that nothing was measured: neither the duration nor a success is claimed."""
    with room_after(store, tmp_path, 0.3, now=END + 60 * minutes) as room:
        room.append(Mitigated("rolled back"), at=at(END + 30))
        measured = recovery(room, store)
        resolve(room, "looks fine", measured)
        config = config_in(tmp_path)
        learnt = lessons(room.entries, timeline_of(room.entries), config.settings.postmortem, config.rhythm)

        assert Recovery.UNMEASURED is measured.recovery
        assert "no data after" in measured.measured
        assert not room.incident.recovered
        assert None is postmortem(room, config).affected
        assert Topic.MITIGATION not in {one.topic for one in learnt}
        assert Topic.RECOVERY in {one.topic for one in learnt}


@pytest.mark.parametrize(("late", "measured"), [(-1, True), (1, False)])
def test_old_data_do_not_speak_of_now(store: Store, tmp_path: Path, late: int, measured: bool) -> None:
    """Where nothing on the record ended it, the last minutes count only if they are recent."""
    now = END + RECENT_DATA.total_seconds() + 30 * late
    with room_after(store, tmp_path, 0.005, now=now) as room:
        found = recovery(room, store)

        assert measured is (found.recovery is Recovery.RECOVERED), found.measured
        assert LATEST_DATA < RECENT_DATA


def test_without_a_measured_impact_there_is_nothing_to_compare(store: Store, tmp_path: Path) -> None:
    """An incident that was only opened."""
    with room_in(tmp_path) as room:
        assert unmeasured(NO_IMPACT) == recovery(room, store)


def test_what_was_opened_again_is_not_recovered(store: Store, tmp_path: Path) -> None:
    """The measurement was of the time before."""
    with room_after(store, tmp_path, 0.005) as room:
        resolve(room, "fixed", recovery(room, store))
        assert room.incident.recovered
        assert postmortem(room, config_in(tmp_path)).affected

        room.append(Reopened("it is back"), at=room.now + timedelta(minutes=1))

        assert not room.incident.recovered


def test_the_end_is_when_the_data_show_it_not_when_it_is_resolved(store: Store, tmp_path: Path) -> None:
    """Right after an action that is not measured yet: `verify` comes to the same end afterwards."""
    hurting(0.005).store_spans(store)
    with acted(tmp_path) as (room, action):
        measured = recovery(room, store)
        resolve(room, "rolled back", measured)
        end = room.incident.ended_at

        assert end is not None
        assert abs((end - at(ACT + 60)).total_seconds()) < LATEST_DATA.total_seconds()
        verify(room, store, action)
        assert end == measured.since == room.incident.ended_at


def test_a_second_action_without_any_need_leaves_the_end(store: Store, tmp_path: Path) -> None:
    """Users were well long before it: that time is no pause of the impact, and `verify` of it decides nothing."""
    well, again = ACT + 120, ACT + 1500
    hurting(0.005, seconds=again + 600).store_spans(store)
    with acted(tmp_path, now=again + 600) as (room, action):
        first = verify(room, store, action)
        room.append(ActionBegun("restart", "shop", "kim"), at=at(again))
        second = verify(room, store, action_at(room))
        measured = recovery(room, store)
        resolve(room, "rolled back", measured)

        assert (Effect.RECOVERED, Effect.NO_DATA) == (first.effect, second.effect)
        assert Recovery.RECOVERED is measured.recovery, measured.measured
        end = room.incident.ended_at
        assert end is not None
        assert end <= at(well)


@pytest.mark.parametrize(("between", "first"), [(0.005, True), (0.3, False)])
def test_who_acts_again_moves_the_end_only_if_users_were_affected_again(
    store: Store, tmp_path: Path, between: float, first: bool
) -> None:
    """The second action is not measured yet: the time between the recovery and it is, and decides."""
    well, again = ACT + 120, ACT + 500
    errors = then((0, 0.005), (BAD, 0.3), (ACT + 60, 0.005), (ACT + 250, between), (again, 0.005))
    World(errors=errors).store_spans(store)  # type: ignore[arg-type]
    with acted(tmp_path) as (room, action):
        windows = (Window(START, at(BAD)), Window(at(BAD), at(ACT)), Window(at(well), at(well + 120)))
        room.append(EffectMeasured(action.number, Effect.RECOVERED, "0 of 90", windows=windows))
        room.append(ActionBegun("restart", "shop", "kim"), at=at(again))
        measured = recovery(room, store)
        resolve(room, "restarted", measured)

        assert Recovery.RECOVERED is measured.recovery, measured.measured
        assert first is (measured.since is None)
        assert room.incident.ended_at == (measured.since or at(well))


def test_what_was_long_before_the_action_is_compared_up_to_the_action(store: Store, tmp_path: Path) -> None:
    """The action is more than an hour before the latest data: the time before it still ends after it starts."""
    long_after = ACT + BEFORE_MOST.total_seconds() + 2 * RECENT_DATA.total_seconds()
    hurting(0.005, seconds=int(long_after)).store_spans(store)
    comparison = Comparison(Window(START, at(BAD)), Window(at(BAD), at(ACT)))
    with room_in(tmp_path, now=at(long_after)) as room:
        room.append(Triaged("", Verdict.YES, "30 % fail", comparison=comparison, since=at(BAD),
                            impact=Impact(9000, 2700, 0.3, 0.005, None, ImpactKind.ERRORS)))  # fmt: skip
        room.append(Mitigated("rolled back"), at=at(ACT + 120))

        measured = recovery(room, store)

        assert Recovery.RECOVERED is measured.recovery, measured.measured


@pytest.mark.parametrize("measured", [unmeasured(NO_IMPACT), Resolved("", Recovery.FAILING, "30 % fail")])
def test_the_reason_to_record_it_all_the_same_is_told(tmp_path: Path, measured: Resolved) -> None:
    """In the timeline and in the postmortem, whatever was measured."""
    with room_in(tmp_path) as room:
        room.append(Triaged("", Verdict.YES, "x", since=room.now - timedelta(minutes=5)))
        entry = resolve(room, "fixed", measured, despite="the log is late")

        assert "the log is late" in entry_line(entry)
        assert "the log is late" in unmeasured_end(room.incident)
