"""The windows in which an action is judged, or why there are none yet."""

from datetime import timedelta
from pathlib import Path

from lastgood.hypotheses.effect_times import (
    EFFECT_TIME_MOST,
    SETTLING,
    Not,
    Times,
    settling,
    times_of,
    works_by,
)
from lastgood.model.action import Effect
from lastgood.model.window import Window
from lastgood.workbench.store import Store
from workbench.test_verify import ACT, BAD, acted, at, hurting
from worlds import START


def times(store: Store, folder: Path, **more: float) -> Times | Not:
    """Those of the action, over an hour of telemetry."""
    hurting(0.005).store_spans(store)
    with acted(folder, **more) as (room, action):  # type: ignore[arg-type]
        return times_of(room.incident, room.entries, action, store.survey()[0], room.now)


def test_the_time_after_begins_when_it_could_have_worked(store: Store, tmp_path: Path) -> None:
    """Five minutes after it, as was said; the bad time ends when it began."""
    found = times(store, tmp_path, minutes=5)

    assert isinstance(found, Times)
    assert Window(START, at(BAD)) == found.good
    assert Window(at(BAD), at(ACT)) == found.before
    assert at(ACT + 300) == found.after.start
    assert found.after.length <= EFFECT_TIME_MOST


def test_until_then_it_is_too_early(store: Store, tmp_path: Path) -> None:
    """And it is said when it is worth looking again."""
    found = times(store, tmp_path, minutes=5, now=ACT + 200)

    assert isinstance(found, Not)
    assert Effect.TOO_EARLY is found.effect
    assert found.look_again
    assert found.look_again > at(ACT + 300)


def test_what_was_said_of_its_time_may_be_off_by_as_much_again(tmp_path: Path) -> None:
    """Ten minutes may be twenty; where nothing was said, two may be four."""
    for minutes, most in ((10.0, timedelta(minutes=20)), (None, 2 * SETTLING)):
        with acted(tmp_path / str(minutes), minutes=minutes) as (_, action):
            assert action.done_at + most == works_by(action)
            assert most / 2 == settling(action)
