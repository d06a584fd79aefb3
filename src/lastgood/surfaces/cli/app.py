"""The commands: one module each, registered here; what they do is in the workbench."""

import sys

import typer

from lastgood.errors import LastgoodError
from lastgood.surfaces.cli.act import act
from lastgood.surfaces.cli.actions import actions
from lastgood.surfaces.cli.ask import ask
from lastgood.surfaces.cli.changes import changes
from lastgood.surfaces.cli.evidence import evidence
from lastgood.surfaces.cli.holdings import holdings
from lastgood.surfaces.cli.hypothesis import hypothesis
from lastgood.surfaces.cli.incident import incident
from lastgood.surfaces.cli.load import load
from lastgood.surfaces.cli.logs import logs
from lastgood.surfaces.cli.note import note
from lastgood.surfaces.cli.postmortem import postmortem
from lastgood.surfaces.cli.snapshot import snapshot
from lastgood.surfaces.cli.store import store
from lastgood.surfaces.cli.trace import trace
from lastgood.surfaces.cli.triage import triage
from lastgood.surfaces.cli.update import update
from lastgood.surfaces.cli.verify import verify

app = typer.Typer(
    no_args_is_help=True, add_completion=True, rich_markup_mode=None, pretty_exceptions_enable=False
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"lastgood {version('lastgood')}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """What the person on call must know, in seconds, from what the system already emits."""


for _command in (
    triage,
    ask,
    logs,
    trace,
    changes,
    load,
    holdings,
    note,
    evidence,
    act,
    snapshot,
    verify,
    update,
):
    app.command()(_command)
app.add_typer(incident, name="incident")
app.add_typer(actions, name="actions")
app.add_typer(hypothesis, name="hypothesis")
app.add_typer(postmortem, name="postmortem")
app.add_typer(store, name="store")


def run() -> None:
    """Run the command line; what cannot be served is one message on stderr and an exit status."""
    try:
        app()
    except LastgoodError as problem:
        typer.echo(f"lastgood: {problem.message}", err=True)
        if problem.hint:
            typer.echo(problem.hint, err=True)
        sys.exit(problem.exit_status)
