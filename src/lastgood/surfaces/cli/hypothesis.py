"""`lastgood hypothesis`: what may be the cause, what must be measured if it is, and what was."""

from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.formats import Output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lastgood.config import Config
    from lastgood.model.hypothesis import Predicted
    from lastgood.workbench.room import Room

HELP = "What may be the cause: written down with predictions, checked by query, ruled out with reasons."
hypothesis = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=HELP)

Because = Annotated[str, typer.Argument(help="Why, in a sentence.")]
Which = Annotated[
    int,
    typer.Argument(help="Its number on the board: H1.", parser=_room.hypothesis_number, metavar="number"),
]


@hypothesis.callback()
def _hypothesis() -> None:
    """What may be the cause: written down with predictions, checked by query, ruled out with reasons."""


@hypothesis.command("list")
def list_(*, number: _room.Number = None, now: given.Now = None, output: given.Format = Output.TEXT) -> None:
    """The board: what is alive and what was measured, what is ruled out and by what, what to check next."""
    with _room.entered(number, None, now) as (config, room):
        _show(room, config, output)


@hypothesis.command()
def add(
    text: Annotated[str, typer.Argument(help="What may be the cause, in a sentence.")],
    *,
    predict: Annotated[
        list[str] | None,
        typer.Option("--predict", help="What must be measured if it is; refuted, it is ruled out. Repeat."),
    ] = None,
    sql: Annotated[
        str | None, typer.Option("--sql", help="One SELECT over relations that gives a value.")
    ] = None,
    passing: Annotated[
        str | None, typer.Option("--pass", help="What the value must pass: 'value > 5'.")
    ] = None,
    change: Annotated[
        str | None,
        typer.Option("--change", help="The id of the change that it blames: tested for causation."),
    ] = None,
    trust_case: _room.TrustCase = False,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
    output: given.Format = Output.TEXT,
) -> None:
    """Write a hypothesis down, with what must be true if it is right: fixed from now on.

    Such as --predict 'fails(issuer=ANZ) > 50%' --predict 'fails(issuer!=ANZ) at baseline'; the language is in
    docs/reference/predictions.md. Exit status: 0, 2 when a prediction cannot be read.
    """
    from lastgood.errors import UsageError
    from lastgood.workbench.hypotheses import add as add_to
    from lastgood.workbench.predictions import predicted, typed

    if (sql is None) != (passing is None):
        raise UsageError("--sql and --pass go together.", hint="Such as --sql 'SELECT …' --pass 'value > 5'.")
    for reported in predict or ():
        predicted(reported, None)  # a mistake is said before any telemetry is read
    queried = [typed(sql, passing)] if sql and passing else []
    with _room.entered(number, actor, now) as (config, room):
        one = add_to(
            room, text, [*_predicted(predict or [], room, config, trust_case=trust_case), *queried], change
        )
        typer.echo(f"hypothesis {one.number} of incident {room.number}", err=True)
        _show(room, config, output)


@hypothesis.command()
def check(
    which: Annotated[
        int | None,
        typer.Argument(
            help="Hypothesis number: H1. Default: all that are not ruled out.",
            parser=_room.hypothesis_number,
            metavar="number",
            show_default=False,
        ),
    ] = None,
    *,
    trust_case: _room.TrustCase = False,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
    output: given.Format = Output.TEXT,
) -> None:
    """Run every prediction as a query: supported, refuted, inconclusive or untestable, with the evidence kept.

    SQL that came in with an imported case is shown and not run, unless the case is trusted.

    Exit status: 0 one is supported, 3 none is, 2 SQL of an imported case was not run.
    """
    from lastgood.model.hypothesis import Standing
    from lastgood.workbench.hypotheses import check_hypotheses
    from lastgood.workbench.sources import telemetry

    with _room.entered(number, actor, now) as (config, room):
        with (
            given.watching() as watch,
            telemetry(room, config, watch, trust_case=trust_case) as (store, _),
        ):
            board = check_hypotheses(room, store, which, trust_case=trust_case)
        _show(room, config, output)
    raise typer.Exit(0 if board.standing(Standing.SUPPORTED) else 3)


@hypothesis.command("rule-out")
def rule_out(
    which: Which,
    because: Because,
    *,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
) -> None:
    """Rule a hypothesis out, for a reason that none of its predictions covers."""
    from lastgood.workbench.hypotheses import rule_out as rule

    with _room.entered(number, actor, now) as (config, room):
        rule(room, which, because)
        _show(room, config, Output.TEXT)


@hypothesis.command()
def reopen(
    which: Which,
    because: Because,
    *,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
) -> None:
    """Take a hypothesis up again: what was checked before does not count any more."""
    from lastgood.workbench.hypotheses import reopen as take_up

    with _room.entered(number, actor, now) as (config, room):
        take_up(room, which, because)
        _show(room, config, Output.TEXT)


@hypothesis.command()
def complete(
    text: Annotated[str, typer.Argument(help="A prediction as far as it is written: 'fails(iss'.")] = "",
    *,
    trust_case: _room.TrustCase = False,
    number: _room.Number = None,
    now: given.Now = None,
) -> None:
    """Print every way in which a prediction may go on, with the names and values that the telemetry has."""
    from lastgood.workbench.predictions import completed
    from lastgood.workbench.sources import telemetry

    with (
        _room.entered(number, None, now) as (config, room),
        telemetry(room, config, trust_case=trust_case) as (store, _),
    ):
        for line in completed(room, store, text):
            typer.echo(line)


def _predicted(
    reported: list[str], room: "Room", config: "Config", *, trust_case: bool
) -> "Iterator[Predicted]":
    """Predictions with names as the telemetry has them; as they are written, where there is none."""
    from lastgood.errors import CannotRunError, NoDataError, UntrustedCaseError
    from lastgood.workbench.predictions import doubts, measuring_for, predicted
    from lastgood.workbench.sources import telemetry

    if not reported:
        return
    try:
        with given.watching() as watch, telemetry(room, config, watch, trust_case=trust_case) as (store, _):
            measuring = measuring_for(room, store)
            said = [predicted(one, measuring) for one in reported]
            for doubt in doubts(said):
                typer.echo(doubt, err=True)
        yield from said
    except (NoDataError, CannotRunError, UntrustedCaseError) as problem:
        typer.echo(f"names are taken as they are written: {problem.message}", err=True)
        yield from [predicted(one, None) for one in reported]


def _show(room: "Room", config: "Config", output: Output) -> None:
    from lastgood.surfaces.hypotheses import board_card, board_document
    from lastgood.workbench.board import search_of

    search = search_of(room, config)
    if output is Output.JSON:
        _room.write_json(board_document(search.board))
    elif search.board.hypotheses:
        _room.write(board_card(search, room.now))
    else:
        _room.note("no hypotheses yet: lastgood hypothesis add TEXT --predict PREDICTION")
