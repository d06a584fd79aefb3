"""Options of the commands about an incident, and the room that they come to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from lastgood.config import Config
    from lastgood.model.entry import Resolved
    from lastgood.model.sitrep import Sitrep
    from lastgood.model.window import Comparison, Window
    from lastgood.surfaces.card import Card
    from lastgood.surfaces.invocation import Invocation
    from lastgood.workbench.room import Room

Number = Annotated[
    int | None,
    typer.Option(
        "--incident",
        min=1,
        max=2**31 - 1,  # what a database counts to
        help="Incident number. Default: the ongoing incident.",
        envvar="LASTGOOD_INCIDENT",
        show_default=False,
    ),
]
Actor = Annotated[
    str | None,
    typer.Option(
        "--as",
        help="Who acts. Default: your login.",
        envvar="LASTGOOD_ACTOR",
        show_default=False,
    ),
]

TrustCase = Annotated[
    bool,
    typer.Option("--trust-case", help="Also run SQL and read files that an imported case asks for."),
]


def evidence_number(text: str) -> int:
    """The number of `E9` or `9`."""
    from lastgood.surfaces.numbers import EVIDENCE, numbered

    return numbered(text, EVIDENCE)


def hypothesis_number(text: str) -> int:
    """The number of `H2` or `2`."""
    from lastgood.surfaces.numbers import HYPOTHESIS, numbered

    return numbered(text, HYPOTHESIS)


@contextmanager
def entered(number: int | None, actor: str | None, now: str | None) -> Iterator[tuple["Config", "Room"]]:
    """The settings, and the room of an incident."""
    from lastgood.config import configured
    from lastgood.surfaces.cli._clock import recording
    from lastgood.surfaces.cli._options import called, now_of
    from lastgood.workbench.room import enter

    config = configured()
    only_here("work on an incident")
    instant = now_of(now, config.zone)
    with (
        called(in_room(number, instant if now else None)),
        enter(config, recording, actor=named(actor), now=instant, incident=number) as room,
    ):
        yield config, room


def only_here(what: str) -> None:
    """Nothing, unless commands ask a server, which cannot do this.

    Raises:
        UsageError: they do.
    """
    from lastgood.surfaces.cli._server import server_of

    if server := server_of(None, None, None, record=True):
        server.cannot(what)


def answered(name: str, number: int | None, now: str | None, output: str) -> None:
    """Print what a server says about an incident, and end; nothing where none is asked."""
    from lastgood.config import configured
    from lastgood.surfaces.cli._options import now_of
    from lastgood.surfaces.cli._server import of, server_of

    if server := server_of(None, None, None, record=True):
        instant = now_of(now, configured().zone) if now else None
        server.say(name, of(in_room(number, instant), output, incident=number))


def in_room(number: int | None, now: "datetime | None") -> "Invocation":
    """How a command about an incident was called: which one, and the time that was taken for now."""
    from lastgood.surfaces.invocation import Invocation, from_environment

    given = None if number is None else str(number)
    return Invocation(now=now, incident=number if from_environment(given, "LASTGOOD_INCIDENT") else None)


def among_others(config: "Config", number: int, how: "Invocation") -> "Invocation":
    """How commands about an incident are printed: with its number where several are ongoing."""
    from lastgood.surfaces.cli._clock import recording
    from lastgood.workbench.room import ongoing

    return replace(how, incident=number) if len(ongoing(config, recording)) > 1 else how


def note(text: str) -> None:
    """Say something on standard error; the commands in it can be pasted."""
    from lastgood.surfaces.cli._options import how
    from lastgood.surfaces.wording import PLAIN

    typer.echo(how().filled(text).translate(PLAIN), err=True)


def named(actor: str | None) -> str:
    """The one who acts: as given, else the login."""
    from getpass import getuser

    return actor or getuser()


def assessed(
    room: "Room",
    config: "Config",
    *,
    window: "Window | None" = None,
    comparison: "Comparison | None" = None,
    trust_case: bool = False,
) -> None:
    """The sitrep as of now, recorded; without telemetry that is said, and the incident is open all the same."""
    from lastgood.errors import LastgoodError
    from lastgood.surfaces.cli._options import watching
    from lastgood.surfaces.sitrep_json import sitrep_document
    from lastgood.surfaces.wording import json_text
    from lastgood.workbench.assess import assess
    from lastgood.workbench.sources import telemetry
    from lastgood.workbench.triage import updated_by

    def document(sitrep: "Sitrep") -> bytes:
        return json_text(sitrep_document(updated_by(sitrep, config.rhythm))).encode()

    try:
        with watching() as watch, telemetry(room, config, watch, trust_case=trust_case) as (store, loaded):
            assess(room, store, document, window=window, comparison=comparison, loaded=loaded)
    except LastgoodError as problem:
        note(f"not assessed: {problem.message} {problem.hint}".rstrip())


def recovery_in(room: "Room", config: "Config", *, trust_case: bool = False) -> "Resolved":
    """Whether users are still affected by the latest data; without telemetry that it was not measured, and why."""
    from lastgood.errors import LastgoodError
    from lastgood.surfaces.cli._options import watching
    from lastgood.workbench.recovery import recovery, unmeasured
    from lastgood.workbench.sources import telemetry

    try:
        with watching() as watch, telemetry(room, config, watch, trust_case=trust_case) as (store, _):
            return recovery(room, store)
    except LastgoodError as problem:
        return unmeasured(problem.message.rstrip("."))


def write_json(document: object) -> None:
    """Print JSON."""
    from lastgood.surfaces.wording import json_text

    typer.echo(json_text(document, indent=2))


def show(room: "Room", config: "Config") -> None:
    """Print the room."""
    from lastgood.surfaces.room_page import room_page

    write(room_page(room, config))


def write(card: "Card") -> None:
    """Print a card, its commands completed by how this run was called."""
    from lastgood.surfaces.cli._options import how
    from lastgood.surfaces.terminal.pager import show_card

    show_card(card.called(how()))


def moment(text: str | None, now: "datetime", config: "Config") -> "datetime | None":
    """The time that was said, such as `now-10m` or `14:52`; None when none was."""
    from lastgood.model.moments import parse_moment

    return parse_moment(text, now, config.zone) if text else None
