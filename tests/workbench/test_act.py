"""Acts by real commands: one change at a time, on the record before and after."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.config import ActionTemplate, Config, Settings
from lastgood.errors import QuerySyntaxError, UsageError
from lastgood.model.action import ActionBegun, Effect, EffectMeasured, RunEnd
from lastgood.model.entry import Noted
from lastgood.workbench.act import (
    Wanted,
    action_at,
    carried_out,
    done_elsewhere,
    planned,
    planned_undo,
)
from lastgood.workbench.room import Room, enter
from records import START, ticking
from rooms import config_in, room_in

WANTED = Wanted("rollback", "checkout")


def template(program: str = "print('done')", **more: object) -> ActionTemplate:
    """A roll-back that runs a program, which gets the service as its argument."""
    command = (sys.executable, "-c", program, "{service}")
    return ActionTemplate(kind="rollback", command=command, **more)  # type: ignore[arg-type]


def settings(folder: Path, *templates: ActionTemplate) -> Config:
    """Settings with templates."""
    return replace(config_in(folder), settings=Settings(action=templates))


def measured(room: Room, number: int, effect: Effect) -> None:
    """An effect on the record."""
    room.append(EffectMeasured(number, effect, "as told"))


def test_an_act_is_recorded_before_and_after(tmp_path: Path) -> None:
    """Its command with the values, its end, and what it printed."""
    config = settings(tmp_path, template("import sys; print('rolled back', sys.argv[1])", minutes=3))
    with room_in(tmp_path) as room:
        action = carried_out(room, planned(room, config, WANTED))
        printed = room.record.kept(str(action.ended and action.ended.content))

        assert ["opened", "action_begun", "action_ended"] == [entry.kind for entry in room.entries]
    assert ("checkout", "kim", 3.0) == (action.begun.command[-1], action.begun.by, action.begun.minutes)
    assert action.ended is not None
    assert (b"rolled back checkout\n", True) == (printed, action.ended.run.succeeded)
    assert action.begun_at <= action.done_at


@pytest.mark.parametrize(
    ("program", "how", "status"),
    [
        ("import sys; sys.exit(7)", RunEnd.EXITED, 7),
        ("import time; time.sleep(60)", RunEnd.TIMED_OUT, None),
        ("import os; os.kill(os.getpid(), 9)", RunEnd.EXITED, -9),
    ],
)
@pytest.mark.slow
def test_a_command_that_does_not_end_well_is_recorded_as_it_ended(
    tmp_path: Path, program: str, how: RunEnd, status: int | None
) -> None:
    """It may have changed something, so the next waits for its effect."""
    config = settings(tmp_path, template(program, timeout_seconds=1.5))
    with room_in(tmp_path) as room:
        action = carried_out(room, planned(room, config, WANTED))

        assert action.ended is not None
        assert (how, status) == (action.ended.run.how, action.ended.run.status)
        with pytest.raises(UsageError, match="no measured effect yet"):
            planned(room, config, WANTED)


def test_a_command_that_is_not_there_changed_nothing(tmp_path: Path) -> None:
    """The next may follow at once."""
    config = settings(tmp_path, ActionTemplate(kind="rollback", command=("no-such-program", "{service}")))
    with room_in(tmp_path) as room:
        action = carried_out(room, planned(room, config, WANTED))

        assert action.ended is not None
        assert RunEnd.NOT_STARTED is action.ended.run.how
        planned(room, config, WANTED)


def test_a_second_act_waits_until_the_first_is_measured(tmp_path: Path) -> None:
    """Unless a person says why not; the reason is on the record. Having looked too early is not enough."""
    config = settings(tmp_path, template())
    with room_in(tmp_path) as room:
        first = carried_out(room, planned(room, config, WANTED))
        measured(room, first.number, Effect.TOO_EARLY)
        with pytest.raises(UsageError, match=r"Action 2 \(rollback checkout\)") as caught:
            planned(room, config, WANTED)
        assert "lastgood verify 2" in caught.value.hint

        second = carried_out(room, planned(room, config, replace(WANTED, forced="all orders are lost")))
        assert "all orders are lost" == second.begun.forced

        measured(room, first.number, Effect.NO_EFFECT)
        measured(room, second.number, Effect.NO_EFFECT)
        planned(room, config, WANTED)


@pytest.mark.slow
def test_of_two_who_act_at_once_one_is_refused(tmp_path: Path) -> None:
    """Also when both had planned before either began; a note in between stops no one."""
    config = settings(tmp_path, template())
    with (
        room_in(tmp_path) as mine,
        enter(config, ticking(), actor="lee", now=START) as theirs,
    ):
        plans = planned(mine, config, WANTED), planned(theirs, config, WANTED)
        theirs.append(Noted("looking"))
        carried_out(mine, plans[0])
        with pytest.raises(UsageError, match="no measured effect"):
            carried_out(theirs, plans[1])

        assert ["opened", "note", "action_begun", "action_ended"] == [e.kind for e in mine.record.entries(1)]


@contextmanager
def acting(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that acts, by a command which is running for a while yet."""
    mark = folder / "running"
    program = f"import time; open({str(mark)!r}, 'w').close(); time.sleep(5)"
    with room_in(folder):
        pass
    child = (
        "import signal\n"
        "from pathlib import Path\n"
        "from workbench.test_act import WANTED, carried_out, enter, planned, settings, template, ticking, START\n"
        # A run in the background ignores interrupts, and so would what it starts.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"config = settings(Path({str(folder)!r}), template({program!r}))\n"
        "with enter(config, ticking(), actor='lee', now=START) as room:\n"
        "    carried_out(room, planned(room, config, WANTED))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    process = subprocess.Popen(
        [sys.executable, "-c", child], env=environment, start_new_session=True, stderr=subprocess.DEVNULL
    )
    while not mark.exists():
        assert process.poll() is None
    yield process
    process.wait()


@pytest.mark.slow
def test_a_crash_in_between_leaves_an_action_whose_end_is_unknown(tmp_path: Path) -> None:
    """Killed while the command ran: that it began is on the record, that it ended is not."""
    with acting(tmp_path) as process:
        process.send_signal(signal.SIGKILL)

    with enter(config_in(tmp_path), ticking(), actor="kim", now=START) as room:
        action = action_at(room)
        assert (True, True) == (action.lost, action.open)
        with pytest.raises(UsageError, match="has no recorded end"):
            planned(room, settings(tmp_path, template()), WANTED)


@pytest.mark.slow
def test_an_interrupt_ends_the_command_and_is_on_the_record(tmp_path: Path) -> None:
    """It may have changed something."""
    with acting(tmp_path) as process:
        process.send_signal(signal.SIGINT)

    with enter(config_in(tmp_path), ticking(), actor="kim", now=START) as room:
        action = action_at(room)
    assert action.ended is not None
    assert (RunEnd.INTERRUPTED, None, True) == (action.ended.run.how, action.ended.run.status, action.open)
    assert action.ended.run.seconds < 5


def test_an_act_is_taken_back_by_the_undo_of_its_template(tmp_path: Path) -> None:
    """With the values of then, also while it is not measured; what it took back is no longer open."""
    redo = (sys.executable, "-c", "import sys; print(sys.argv[1:])", "{service}", "{replicas}")
    config = settings(tmp_path, template(undo=redo))
    with room_in(tmp_path) as room:
        first = carried_out(room, planned(room, config, replace(WANTED, values={"replicas": "3"})))
        undo = carried_out(room, planned_undo(room, config, Wanted("undo", "")))

        assert ("undo_rollback", "checkout", first.number) == (
            undo.begun.what,
            undo.begun.target,
            undo.begun.undoes,
        )
        assert ("checkout", "3") == undo.begun.command[-2:]
        assert [undo.number] == [action.number for action in room.incident.actions if action.open]
        with pytest.raises(UsageError, match="nothing to take back"):
            planned_undo(room, config, Wanted("undo", ""))


def test_without_an_undo_it_is_said_how_to_have_one(tmp_path: Path) -> None:
    """And how to record what was done by hand."""
    config = settings(tmp_path, template())
    with room_in(tmp_path) as room:
        carried_out(room, planned(room, config, WANTED))
        with pytest.raises(UsageError, match="There is no undo command for rollback checkout") as caught:
            planned_undo(room, config, Wanted("undo", ""))

    assert "--manual" in caught.value.hint


def test_what_somebody_did_elsewhere_is_recorded_and_never_refused(tmp_path: Path) -> None:
    """By whom and when; it was done, whatever else is open."""
    with room_in(tmp_path) as room:
        at = START - timedelta(minutes=4)
        action = done_elsewhere(room, Wanted("restart", "db"), by="lee", at=at)
        again = done_elsewhere(room, Wanted("restart", "web"), by="lee", at=None)

    assert ("lee", at, True, True) == (
        action.begun.by,
        action.begun_at,
        action.begun.elsewhere,
        action.open,
    )
    assert "it was done elsewhere" == again.begun.forced


def test_a_target_effect_must_be_one_that_can_be_checked(tmp_path: Path) -> None:
    """Before anything is run; the template's is filled with the values."""
    config = settings(tmp_path, template(effect="fails(service={service}) at baseline"))
    with room_in(tmp_path) as room:
        assert "fails(service=checkout) at baseline" == planned(room, config, WANTED).begun.effect
        with pytest.raises(QuerySyntaxError):
            planned(room, config, replace(WANTED, effect="all is well"))
        with pytest.raises(QuerySyntaxError):
            done_elsewhere(room, replace(WANTED, effect="all is well"), by="lee", at=None)


def test_without_a_template_it_is_said_what_to_add(tmp_path: Path) -> None:
    """And for what there are some."""
    with room_in(tmp_path) as room, pytest.raises(UsageError, match="no template for restart db") as caught:
        planned(room, settings(tmp_path, template()), Wanted("restart", "db"))

    assert 'kind = "restart"' in caught.value.hint
    assert "templates for rollback" in caught.value.hint


def test_an_entry_that_is_no_action_is_said_to_be_none(tmp_path: Path) -> None:
    """With those that are."""
    with room_in(tmp_path) as room:
        with pytest.raises(UsageError, match="Nothing was done"):
            action_at(room)
        room.append(ActionBegun("restart", "db", "lee"))
        with pytest.raises(UsageError, match="Entry 1 is not an action") as caught:
            action_at(room, 1)

    assert "Actions: 2" in caught.value.hint
