"""`lastgood sql`: one SELECT on a database of the running system, read-only and bounded."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.formats import Output

Number = Annotated[
    int | None,
    typer.Option(
        "--incident",
        min=1,
        max=2**31 - 1,
        help="Record the answer in this incident; default: the ongoing one, if there is only one.",
        envvar="LASTGOOD_INCIDENT",
        show_default=False,
    ),
]


Dsn = Annotated[
    str,
    typer.Argument(
        help="postgresql://USER@HOST/DB, mysql://USER@HOST/DB, sqlite:///FILE, or env:NAME of a variable that holds it."
    ),
]
MaxCost = Annotated[
    float | None,
    typer.Option(
        min=1,
        help="Refuse plans above this: cost units in PostgreSQL (1000000), rows in MySQL (10000000).",
        show_default=False,
    ),
]


def sql(
    dsn: Dsn,
    statement: Annotated[str, typer.Argument(help="One SELECT, or WITH … SELECT.")],
    *,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Rows to show at most.")] = 200,
    timeout: Annotated[str, typer.Option(help="Stop the query after this time; at most 60s.")] = "5s",
    max_cost: MaxCost = None,
    password_file: Annotated[
        Path | None, typer.Option(help="File that holds the password; only you may read it.")
    ] = None,
    number: Number = None,
    actor: _room.Actor = None,
    now: given.Now = None,
    output: given.Format = Output.TEXT,
) -> None:
    """Ask a database one question, safely: a single SELECT in a read-only transaction, with limits on time, cost and rows.

    Functions that write, wait, lock or read files are refused. Secrets and personal data are redacted.
    Passwords come from PGPASSWORD, ~/.pgpass, MYSQL_PWD, --password-file or env:NAME, never from the command line.

    Exit status: 0 answered (also with no rows), 2 refused, 4 stopped by a limit or not reachable.
    """
    from lastgood.config import configured
    from lastgood.surfaces.cli._clock import recording
    from lastgood.surfaces.sql import sql_document, sql_notes, sql_text
    from lastgood.workbench.asked_outside import room_for
    from lastgood.workbench.sql import Bounds
    from lastgood.workbench.sql import sql as ask

    config = configured()
    bounds = Bounds(_seconds(timeout), limit, max_cost)
    instant = given.now_of(now, config.zone)
    with room_for(config, recording, number, actor=_room.named(actor), now=instant) as room:
        answer, entry = ask(
            dsn, statement, bounds, environment=os.environ, password_file=password_file, room=room
        )
    if output is Output.JSON:
        _room.write_json(sql_document(answer))
    else:
        sys.stdout.write(sql_text(answer))
        for line in sql_notes(answer):
            typer.echo(line, err=True)
    if entry:
        typer.echo(f"recorded: incident {entry.incident}, entry {entry.sequence}", err=True)


def _seconds(text: str) -> float:
    from lastgood.errors import UsageError
    from lastgood.model.moments import parse_duration

    seconds = parse_duration(text).total_seconds()
    if not 0.1 <= seconds <= 60:
        raise UsageError(
            f"--timeout {text} is not between 0.1 and 60 seconds.", hint="Give a time such as 5s."
        )
    return seconds
