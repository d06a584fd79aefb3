"""`lastgood drill`: practise on incidents with a hidden cause."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.model.team import TeamRole
from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.formats import Output

if TYPE_CHECKING:
    from lastgood.workbench.drill_clock import DrillClock

drill = typer.Typer(
    no_args_is_help=True, help="Practise on an incident with a hidden cause, and get a score."
)

Folder = Annotated[
    Path | None,
    typer.Option(
        help="The folder of the drill. Default: drill-NAME, or the one that was started.", envvar="LASTGOOD_DRILL",
        show_default=False,
    ),
]  # fmt: skip


@drill.command("list")
def listed() -> None:
    """The drills, from easy to hard."""
    from lastgood.surfaces.drill import list_text
    from lastgood.workbench.drill_list import drills, own_drills
    from lastgood.workbench.played import played

    sys.stdout.write(list_text((*drills(), *own_drills()), played()))


@drill.command()
def start(
    name: Annotated[str, typer.Argument(help="Its name in `lastgood drill list`.")],
    *,
    folder: Annotated[
        Path | None, typer.Option(help="A new folder for it. Default: drill-NAME.", show_default=False)
    ] = None,
    team: Annotated[
        bool, typer.Option("--team", help="For several people on one server; the clock waits for it.")
    ] = False,
    now: given.Now = None,
) -> None:
    """The page comes in, and the clock runs. Paste what it prints, then use the ordinary commands.

    Telemetry and record are in the folder, apart from your own. The truth is hidden, not secret.
    """
    from lastgood.config import configured
    from lastgood.surfaces.drill import page_text
    from lastgood.workbench.drill import start as begin

    session = begin(name, folder or Path(f"drill-{name}"), given.now_of(now, configured().zone))
    if team:
        _clock_of(session.folder).pause()
    sys.stdout.write(
        page_text(
            session.drill, session.paged_at, session.store, session.record, str(session.folder), team=team
        )
    )


@drill.command()
def join(
    person: Annotated[str, typer.Argument(help="Name of the person.", metavar="NAME")],
    *,
    role: Annotated[TeamRole, typer.Option(help="What this person does.")],
    folder: Folder = None,
) -> None:
    """Let a person into a drill that a team plays. Prints the password for its pages, once.

    Works before and while `lastgood serve` runs. For a person who is there already, it changes the role.
    """
    from lastgood.surfaces.drill import joined_text
    from lastgood.workbench.drill import session_in
    from lastgood.workbench.drill_room import join as let_in

    session = session_in(_folder(folder))
    sys.stdout.write(joined_text(person, role, let_in(session, _clock_of(session.folder), person, role)))


@drill.command()
def pause(*, folder: Folder = None) -> None:
    """Leave the drill: its clock stops, and nothing can be recorded until it is resumed."""
    from lastgood.workbench.drill import session_in

    at = _clock_of(session_in(_folder(folder)).folder).pause()
    sys.stdout.write(f"The clock stands at {at:%H:%M:%S} UTC. Continue: lastgood drill resume\n")


@drill.command()
def resume(*, folder: Folder = None) -> None:
    """Continue a drill that was left. Its clock continues from where it stopped."""
    from lastgood.model import figures
    from lastgood.workbench.drill import session_in

    clock = _clock_of(session_in(_folder(folder)).folder)
    stood = figures.duration(clock.resume().total_seconds())
    sys.stdout.write(f"The clock stood still for {stood}. It is {clock():%H:%M:%S} UTC in the drill.\n")


def _folder(folder: Path | None) -> Path:
    return folder or Path()


def _clock_of(folder: Path) -> "DrillClock":
    from lastgood.model.clock import system_clock
    from lastgood.workbench.drill_clock import DrillClock

    return DrillClock(folder, system_clock)


@drill.command("from-incident")
def from_incident(
    incident: Annotated[int, typer.Argument(min=1, help="Its number in the record.", metavar="ID")],
    *,
    name: Annotated[
        str | None, typer.Option(help="Its name as a drill. Default: incident-ID.", show_default=False)
    ] = None,
    store: given.StoreAddress = None,
    trust_case: _room.TrustCase = False,
) -> None:
    """Make a drill of an incident that has ended: its telemetry, anonymised, and its truth from the record.

    Names of people, customers and hosts are replaced, the same one always by the same. Names of services stay.
    Read the page, chat and explanation before you share it: a name that no attribute holds is not known.
    """
    from lastgood.config import configured
    from lastgood.model.clock import system_clock
    from lastgood.surfaces.drill import made_text
    from lastgood.workbench.own_drill import from_incident as made
    from lastgood.workbench.room import enter
    from lastgood.workbench.sources import telemetry

    config, now = configured(store), system_clock()
    with (
        enter(config, system_clock, actor=_room.named(None), now=now, incident=incident) as room,
        telemetry(room, config, trust_case=trust_case) as (opened, _),
    ):
        sys.stdout.write(made_text(made(room, opened, name)))


@drill.command()
def look(*, folder: Folder = None, now: given.Now = None) -> None:
    """Chat lines that have arrived. Telemetry is extended to the present; the right mitigation ends the impact.

    While a server plays the drill, the server extends the telemetry, and its page shows the same.
    """
    from lastgood.config import configured
    from lastgood.errors import StoreLockedError
    from lastgood.model.moments import parse_moment
    from lastgood.surfaces.drill import chat_text
    from lastgood.surfaces.drill_budget import spent
    from lastgood.workbench.drill import arrived, entries_of, session_in
    from lastgood.workbench.drill import look as peek
    from lastgood.workbench.drill_scored import budget_used

    session = session_in(_folder(folder))
    clock = _clock_of(session.folder)
    instant = parse_moment(now, clock(), configured().zone) if now else clock()
    try:
        session, lines = peek(session, instant, clock)
    except StoreLockedError as owned:
        if not owned.address:
            raise
        lines = arrived(session, instant)
        typer.echo(f"A server plays this drill: {owned.address}/drill", err=True)
    sys.stdout.write(chat_text(lines, session.paged_at))
    typer.echo(f"telemetry until {session.until:%H:%M:%S} UTC", err=True)
    if budget := budget_used(session, entries_of(session, clock), instant):
        typer.echo(f"budget: {spent(budget)}", err=True)


@drill.command()
def score(
    *,
    folder: Folder = None,
    give_up: Annotated[
        bool, typer.Option("--give-up", help="Show the cause although the incident is open.")
    ] = False,
    output: given.Format = Output.TEXT,
) -> None:
    """Points for method and result, beside what a good run does. It shows the cause, so the incident has to be resolved.

    From then on the drill comes back in `lastgood review`.
    """
    from lastgood.model.clock import system_clock
    from lastgood.surfaces.drill import score_document, score_text
    from lastgood.workbench.drill import entries_of, session_in
    from lastgood.workbench.drill_scored import refuse_while_open, saw, scored
    from lastgood.workbench.played import note_played

    session = session_in(_folder(folder))
    recorded = entries_of(session, system_clock)
    if not give_up:
        refuse_while_open(recorded)
    found = scored(session, recorded)
    note_played(found, saw(recorded), system_clock())
    if output is Output.JSON:
        _room.write_json(score_document(found, session.drill))
    else:
        sys.stdout.write(score_text(found, session.drill))


@drill.command()
def exercise(
    name: Annotated[
        str | None, typer.Argument(help="Its name. Default: list all.", show_default=False)
    ] = None,
    *,
    answer: Annotated[
        Path | None, typer.Option(help="A file with your answer; - is standard input.", show_default=False)
    ] = None,
    output: given.Format = Output.TEXT,
) -> None:
    """Written exercises: a situation, your answer, points by the checks of updates and plans, a model answer."""
    from functools import partial

    from lastgood.config import configured
    from lastgood.errors import UsageError
    from lastgood.surfaces.exercise import (
        answer_document,
        answer_text,
        exercises_text,
        message_in,
        situation_text,
    )
    from lastgood.workbench.exercise import answered, exercise_named, exercises

    if name is None:
        sys.stdout.write(exercises_text(exercises()))
        return
    asked = exercise_named(name)
    if answer is None:
        sys.stdout.write(situation_text(asked))
        return
    try:
        text = sys.stdin.read() if str(answer) == "-" else answer.read_text("utf-8")
        found = answered(asked, text, configured().rhythm, partial(message_in, asked))
    except (OSError, ValueError) as problem:
        raise UsageError(f"{answer} cannot be read: {problem}.", hint="Name a text file.") from problem
    if output is Output.JSON:
        _room.write_json(answer_document(found, asked))
    else:
        sys.stdout.write(answer_text(found, asked))
