"""`lastgood act` from outside: listed, refused, run, recorded by hand, taken back. Telemetry before it: test_snapshot."""

import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs
from typer.testing import CliRunner, Result

from cases import reported
from inspections.test_roll_back import DEPLOY, FAILING, WORLD
from lastgood.config import configured
from lastgood.errors import UsageError
from lastgood.model.answers import ChangeVerdict, Mitigation, WeighedChange
from lastgood.model.change import ChangeKind
from lastgood.model.entry import Triaged
from lastgood.model.finding import Verdict
from lastgood.surfaces.cli.act import advised
from lastgood.surfaces.cli.app import command_line
from lastgood.workbench.act import Wanted, planned
from lastgood.workbench.room import enter
from lastgood.workbench.store import Store
from records import ticking
from rooms import config_in, room_in

NOW = ("--now", "2026-11-22T15:00Z", "--as", "lee")
TOML = """
[[action]]
kind = "flag_off"
command = ["echo", "off", "{flag}"]
undo = ["echo", "on", "{flag}"]

[[action]]
kind = "rollback"
command = ["PYTHON", "-c", "import sys; sys.exit(2)", "{service}"]

[[snapshot]]
name = "pool"
command = ["echo", "40 of 40"]
"""


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A record with an assessed incident whose telemetry is not there any more, and templates."""
    monkeypatch.setenv("LASTGOOD_RECORD", f"sqlite:///{tmp_path / 'record.db'}")
    monkeypatch.setenv("LASTGOOD_CONFIG", str(tmp_path / "lastgood.toml"))
    (tmp_path / "lastgood.toml").write_text(TOML.replace("PYTHON", sys.executable))
    with room_in(tmp_path, "Checkout failing", tmp_path / "gone.log") as room:
        flag = Mitigation("flag_off", "anz-3ds", 1.0, True, None, "the flag is likely")
        room.append(Triaged("", Verdict.YES, "5 % fail", mitigations=(flag,)))
    return tmp_path


def act(*words: str) -> Result:
    """What the command gave."""
    return CliRunner().invoke(command_line("act"), ["act", *words, *NOW])


def kinds(folder: Path) -> list[str]:
    """The kinds on the record."""
    with enter(config_in(folder), ticking(), actor="kim", now=ticking()()) as room:
        return [entry.kind for entry in room.entries]


def test_without_a_kind_the_options_are_listed(record: Path) -> None:
    """Nothing is run, nothing is written."""
    shown, document = act(), act("-o", "json")

    assert "$ echo off anz-3ds" in shown.stdout
    assert ["echo", "off", "anz-3ds"] == json.loads(document.stdout)[0]["command"]
    assert ["opened", "triaged"] == kinds(record)


def test_where_nobody_can_say_yes_nothing_is_run(record: Path) -> None:
    """Nor captured."""
    refused = act("flag-off", "anz-3ds")

    assert isinstance(refused.exception, UsageError)
    assert "--yes" in refused.exception.hint
    assert ["opened", "triaged"] == kinds(record)


def test_a_dry_run_shows_what_would_be_run_and_where(record: Path) -> None:
    """The snapshot first; nothing is run, and the record stays as it is."""
    dry = act("flag-off", "anz-3ds", "--dry-run")

    assert 0 == dry.exit_code
    first, then, *rest = dry.stdout.splitlines()
    assert "would run first, to keep pool: echo '40 of 40'" == first
    assert "would run: echo off anz-3ds" == then
    assert any(" without a shell, " in line for line in rest)
    assert ["opened", "triaged"] == kinds(record)


def test_with_a_yes_it_is_captured_run_and_taken_back(record: Path) -> None:
    """What could not be captured is said; exit status 0."""
    done = act("flag-off", "anz-3ds", "--yes")

    assert (0, "  off anz-3ds\n") == (done.exit_code, done.stdout)
    assert "would run: echo off anz-3ds" in done.stderr
    assert "before acting: telemetry was not run" in done.stderr
    assert ["captured", "captured", "action_begun", "action_ended"] == kinds(record)[2:]

    assert "  on anz-3ds\n" == act("undo", "--yes").stdout


def test_a_typed_yes_is_as_good_and_nothing_else_is(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal."""
    monkeypatch.setattr("lastgood.surfaces.cli.act.attended", lambda: True)

    for answer, status in (("y\n", 1), ("\n", 1), ("yes\n", 0)):
        said = CliRunner().invoke(command_line("act"), ["act", "flag-off", "anz-3ds", *NOW], input=answer)
        assert (status, "action_begun" in kinds(record)) == (said.exit_code, status == 0), answer


def test_a_command_that_fails_is_exit_status_4(record: Path) -> None:
    """And on the record."""
    assert 4 == act("rollback", "checkout", "--yes").exit_code
    assert "action_ended" == kinds(record)[-1]


def test_what_was_done_elsewhere_is_recorded(record: Path) -> None:
    """Also that something was taken back."""
    for words in (("restart", "db", "--manual", "--by", "sam", "--at", "now-5m"), ("undo", "--manual")):
        assert 0 == act(*words).exit_code

    with enter(config_in(record), ticking(), actor="kim", now=ticking()()) as room:
        first, undo = room.incident.actions
    assert ("sam", "2026-11-22T14:55:00+00:00") == (first.begun.by, first.begun_at.isoformat())
    assert (undo.number, "undo_restart", "lee") == (first.undone_by, undo.begun.what, undo.begun.by)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("flag-off",), "What is flag_off to be done to"),
        (("restart", "--manual"), "What was restart done to"),
        (("flag-off", "x", "--set", "novalue", "--yes"), "NAME=VALUE"),
        (("restart", "db", "--yes"), "no template for restart db"),
    ],
)
def test_what_is_missing_is_said(record: Path, words: tuple[str, ...], said: str) -> None:
    """Before anything is captured or run."""
    assert said in str(act(*words).exception)
    assert ["opened", "triaged"] == kinds(record)


def test_a_roll_back_that_something_speaks_against_needs_a_reason(
    store: Store, record: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is reported, and on the record, before anyone is asked; what is only not known stops no one."""
    deploy, migration = DEPLOY, 'change migration orders-db "drop column orders.total" id=m1 at 10:19'
    comparison = reported(store, record, f"{WORLD.format(quality=FAILING)}\n{deploy}\n{migration}\n", 20)
    with room_in(record, "Orders failing", now=comparison.bad.end) as room:
        room.append(Triaged("", Verdict.YES, "", comparison=comparison))
        plan = planned(room, configured(), Wanted("rollback", "checkout"))
        with pytest.raises(UsageError, match="checkout should not be rolled back: the migration"):
            advised(room, store, plan)
        assert "- migrations: the migration drop column" in capsys.readouterr().err
        assert "evidence" == room.entries[-1].kind

        forced = replace(plan, begun=replace(plan.begun, forced="all orders are lost"))
        advised(room, store, forced)
        advised(room, None, plan)


def test_a_roll_back_that_may_end_at_the_bad_version_is_refused(store: Store, record: Path) -> None:
    """The command goes one deploy back, and the deploy after the likely one fails as well; with the version it goes there."""
    world = WORLD.replace("version=v42 at 10:20", "version=v42 at 10:20 then version=v43 at 10:30")
    forward = "change deploy checkout v42 -> v43 id=d43 at 10:30"
    comparison = reported(store, record, f"{world.format(quality=FAILING)}\n{DEPLOY}\n{forward}\n", 20)
    likely = WeighedChange(
        "d42", ChangeKind.DEPLOY, "checkout", comparison.good.start, "v42", ChangeVerdict.LIKELY, 0.8, (), ()
    )
    with room_in(record, "Orders failing", now=comparison.bad.end) as room:
        room.append(Triaged("", Verdict.YES, "", comparison=comparison, changes=(likely,)))
        undo = planned(room, configured(), Wanted("rollback", "checkout"))
        with pytest.raises(UsageError, match="may go back to v42 only") as caught:
            advised(room, store, undo, record=False)
        assert "lastgood act rollback checkout --manual" in caught.value.hint

        named = replace(
            undo, template=structs.replace(undo.template, command=("to", "{service}", "{version}"))
        )
        advised(room, store, named)


@pytest.mark.parametrize(("interrupts", "said"), [(True, "interrupted"), (False, "False")])
def test_an_interrupt_at_the_prompt_is_no_answer(interrupts: bool, said: str) -> None:
    """It ends the line that the prompt stands on, and the command; the end of the input is a no."""
    code = (
        "from lastgood.surfaces.cli.act import said_yes\n"
        "try:\n    print(said_yes('Type yes to run it'))\n"
        "except KeyboardInterrupt:\n    print('interrupted')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stderr is not None
        asked = b""
        while piece := running.stderr.read(1):
            asked += piece
            if piece == b":":
                break
        if interrupts:
            running.send_signal(signal.SIGINT)
        printed, rest = running.communicate(timeout=30)

    assert said == printed.decode().strip()
    assert b"Type yes to run it [no]:" == asked
    assert b"\n" == rest
