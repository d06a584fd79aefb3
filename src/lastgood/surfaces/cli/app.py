"""The commands: one module each, found by its name; what they do is in the workbench."""

import sys
from importlib import import_module

import typer

from lastgood.errors import LastgoodError

# In the order of `lastgood --help`.
COMMANDS = (
    "triage",
    "ask",
    "logs",
    "trace",
    "changes",
    "load",
    "holdings",
    "note",
    "evidence",
    "act",
    "snapshot",
    "verify",
    "update",
    "incident",
    "actions",
    "hypothesis",
    "postmortem",
    "store",
)


def command_line(*names: str) -> typer.Typer:
    """The program with the commands of these names; with all of them where none is given."""
    app = typer.Typer(
        no_args_is_help=True, add_completion=True, rich_markup_mode=None, pretty_exceptions_enable=False
    )
    app.callback()(_root)
    for name in names or COMMANDS:
        found = getattr(import_module(f"lastgood.surfaces.cli.{name}"), name)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command()(found)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"lastgood {version('lastgood')}")
        raise typer.Exit


def _root(
    *,
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """What the person on call must know, in seconds, from what the system already emits."""


def run() -> None:
    """Run the command line; what cannot be served is one message on stderr and an exit status."""
    asked = [name for name in sys.argv[1:2] if name in COMMANDS]  # the others are not imported for it
    try:
        command_line(*asked)()
    except LastgoodError as problem:
        from lastgood.surfaces.wording import PLAIN

        typer.echo(f"lastgood: {problem.message}".translate(PLAIN), err=True)
        if problem.hint:
            typer.echo(problem.hint.translate(PLAIN), err=True)
        sys.exit(problem.exit_status)
