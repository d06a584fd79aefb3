"""`lastgood update`: say something specific, on time."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.model.message import Audience, UpdateStatus
from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from lastgood.config import Config
    from lastgood.errors import UsageError
    from lastgood.model.message import Delivered, Flaw, Message
    from lastgood.workbench.room import Room


class _RefusedError(typer.Exit):
    """The check refuses the message: nothing was recorded or sent."""


def update(
    *,
    message: Annotated[
        str | None,
        typer.Option(
            "--message",
            "-m",
            help="Your words; the rest is drafted from the facts. Lines such as `Doing now: …` set a field.",
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-F", help="The same from a file; - is standard input.")
    ] = None,
    audience: Annotated[
        Audience, typer.Option("--audience", case_sensitive=False, help="The audience.")
    ] = Audience.TEAM,
    status: Annotated[
        UpdateStatus | None,
        typer.Option("--status", help="Status. Default: from the record.", show_default=False),
    ] = None,
    next_: Annotated[
        str | None,
        typer.Option(
            "--next",
            help="Time of the next update: 15:30, +30m. Default: from the severity.",
            show_default=False,
        ),
    ] = None,
    override: Annotated[
        str | None,
        typer.Option(
            "--override", help="Send it although the check refuses it, for this reason, which is recorded."
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Show it, what would be sent where, and what the check finds; send nothing."
        ),
    ] = False,
    resend: Annotated[
        bool, typer.Option("--resend", help="Send the last update again where it has not arrived.")
    ] = False,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
) -> None:
    """Send an update: drafted from the facts, written in your editor or with --message, checked, recorded, delivered.

    What is vague, guessed, blaming or other than what was measured is refused, with the sentence and a better one
    or the question to answer. Without words and a terminal, the draft is shown and not sent.

    Exit status: 0 sent, 1 refused or not sent, 2 usage, 4 recorded but not delivered everywhere.
    """
    with _room.entered(number, actor, now) as (config, room):
        if resend:
            _resend(room, config)
            return
        drafted = _draft(room, config, audience, status, next_)
        words = _given(message, file)
        if words is not None or dry_run:
            written = _read(room, config, drafted, words, whole=False)
            if dry_run:
                raise typer.Exit(int(_show(room, config, written)))
            _send(room, config, written, override)
            return
        if not sys.stdin.isatty():
            _show(room, config, drafted)
            how = f"lastgood update --audience {audience} --message TEXT"
            _room.note(f"Nothing was sent: there is no terminal to edit the draft in. Send it: {how}")
            raise typer.Exit(1)
        typed = _typed(room, config, drafted)
        with _kept(typed):
            _send(room, config, _read(room, config, drafted, typed, whole=True), override)


def _draft(
    room: "Room", config: "Config", audience: Audience, status: UpdateStatus | None, next_: str | None
) -> "Message":
    """What the facts say, with a time for the next one that is a whole minute ahead."""
    from lastgood.model.message import Message
    from lastgood.surfaces.updates import draft
    from lastgood.workbench.board import board
    from lastgood.workbench.update import due_by, usual_status

    bare = Message(
        status or usual_status(room),
        audience,
        next_at=_time(room, config, next_) if next_ else due_by(room, config),
        owner=room.incident.lead or room.actor,
    )
    return draft(room.incident, room.entries, board(room), bare)


def _given(message: str | None, file: Path | None) -> str | None:
    """The words that were given with the command."""
    from lastgood.errors import UsageError

    if message is not None and file is not None:
        raise UsageError("--message and --file both set the text.", hint="Give one of them.")
    if file is None:
        return message
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"{file} cannot be read: {problem}.") from problem


def _typed(room: "Room", config: "Config", drafted: "Message") -> str:
    """What comes out of the editor, which shows the draft and what the check says of it."""
    from lastgood.surfaces.cli._editor import edited
    from lastgood.surfaces.updates import message_text, template
    from lastgood.workbench.update import flaws

    zone = config.team_zone
    found = flaws(room, config, drafted, message_text(drafted, room.incident, room.now, zone))
    shown = template(drafted, room.incident, room.now, zone, found)
    return edited(shown)


def _read(room: "Room", config: "Config", drafted: "Message", words: str | None, *, whole: bool) -> "Message":
    """The draft with the words in it."""
    from lastgood.errors import UsageError
    from lastgood.surfaces.updates import read_back

    if words is None:
        return drafted
    try:
        written = read_back(words, drafted, room.now, config.team_zone, whole=whole)
    except ValueError as problem:
        raise _no_time(problem) from problem
    if written is None:
        raise UsageError("The message is empty; nothing was sent.")
    return written


def _time(room: "Room", config: "Config", text: str) -> "datetime":
    from lastgood.surfaces.updates import clock_time

    try:
        return clock_time(text, room.now, config.team_zone)
    except ValueError as problem:
        raise _no_time(problem) from problem


def _no_time(problem: ValueError) -> "UsageError":
    from lastgood.errors import UsageError

    return UsageError(
        f"The time of the next update cannot be read: {problem}.", hint="Write 15:30 UTC, or +30m."
    )


def _show(room: "Room", config: "Config", written: "Message") -> bool:
    """Print the message, what would leave to which sink, and what the check says of it; whether it refuses it."""
    from lastgood.model.message import Updated
    from lastgood.surfaces.cli._clock import recording
    from lastgood.surfaces.outgoing import outgoing
    from lastgood.surfaces.updates import message_text
    from lastgood.workbench.update import flaws, planned

    text = message_text(written, room.incident, room.now, config.team_zone)
    found = flaws(room, config, written, text)
    typer.echo(text, nl=False)
    for sink, one in planned(room, config, recording, Updated(written, text), outgoing):
        typer.echo(f"\n--- {sink}: not sent\n{one}")
    _say(found)
    return bool(found)


@contextmanager
def _kept(typed: str) -> Iterator[None]:
    """What was typed is put into a file where it could not be sent or recorded."""
    from lastgood.errors import LastgoodError

    try:
        yield
    except (LastgoodError, _RefusedError):
        if typed.strip():
            place, name = mkstemp(prefix="lastgood-update-", suffix=".txt", text=True)
            with os.fdopen(place, "w", encoding="utf-8") as file:
                file.write(typed)
            _room.note(f"What you wrote is in {name}: lastgood update --file {name}")
        raise


def _send(room: "Room", config: "Config", written: "Message", override: str | None) -> None:
    """Record and deliver the message, unless the check refuses it."""
    from lastgood.model.message import Updated
    from lastgood.surfaces.cli._clock import recording
    from lastgood.surfaces.outgoing import outgoing
    from lastgood.surfaces.updates import message_text
    from lastgood.workbench.update import flaws, send

    text = message_text(written, room.incident, room.now, config.team_zone)
    found = flaws(room, config, written, text)
    if found and not override:
        _refuse(found)
    against = tuple(f"{flaw.kind}: {flaw.sentence or flaw.problem}" for flaw in found)
    what = Updated(written, text, against, override or "" if found else "")
    entry, delivered = send(room, config, recording, what, outgoing)
    typer.echo(text, nl=False)
    typer.echo(f"update {entry.sequence} of incident {room.number} is on the record", err=True)
    _tell(delivered)


def _refuse(found: "Sequence[Flaw]") -> None:
    """Say what is wrong, and leave."""
    _say(found)
    typer.echo("not sent. Change it, or --override REASON.", err=True)
    raise _RefusedError(1)


def _say(found: "Sequence[Flaw]") -> None:
    from lastgood.surfaces.updates import flaw_lines

    for flaw in found:
        for line in flaw_lines(flaw):
            _room.note(line)


def _resend(room: "Room", config: "Config") -> None:
    from lastgood.surfaces.cli._clock import recording
    from lastgood.surfaces.outgoing import outgoing
    from lastgood.workbench.update import resend

    entry, delivered = resend(room, config, recording, outgoing)
    if not delivered:
        typer.echo(f"update {entry.sequence} has arrived everywhere", err=True)
    _tell(delivered)


def _tell(delivered: "Sequence[Delivered]") -> None:
    """Say what came of every sink; leave with 4 where one failed."""
    for one in delivered:
        typer.echo(
            f"{one.sink}: {one.detail}" if one.arrived else f"{one.sink}: not delivered, {one.detail}",
            err=True,
        )
    if not all(one.arrived for one in delivered):
        _room.note("Nothing is lost: lastgood update --resend")
        raise typer.Exit(4)
