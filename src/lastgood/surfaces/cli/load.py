"""`lastgood load`: files into the kept store, with an account of every line."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.model import figures
from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.formats import Output

if TYPE_CHECKING:
    from lastgood.model.loading import LoadReport
    from lastgood.workbench.store import Store

Explain = Annotated[
    bool,
    typer.Option(
        "--explain",
        help="Dry run: report what each file is read as, and where every line goes. Store nothing.",
    ),
]
Propose = Annotated[
    Path | None,
    typer.Option(
        "--propose-map",
        help="Dry run: write a mapping (TOML) with guesses, to edit, for files that are not recognised.",
    ),
]


def load(
    paths: given.Paths = None,
    *,
    source: given.FromSource = None,
    mapping: given.Map = None,
    follow: given.Follow = False,
    store: given.StoreAddress = None,
    explain: Explain = False,
    propose: Propose = None,
    rejects: Annotated[bool, typer.Option("--rejects", help="List the lines that were not taken.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="List so many rejects.")] = 100,
    output: given.Format = Output.TEXT,
    tz: given.Zone = None,
) -> None:
    """Load files, folders and archives into the saved store.

    Every line read is an event, a continuation of one, blank, or a reject; rejects are kept with their
    place and reason. With --explain or --propose-map nothing is stored.

    Exit status: 0 something was stored, or would be; 3 nothing.
    """
    from lastgood.config import configured
    from lastgood.errors import UsageError
    from lastgood.surfaces.cli import _clock
    from lastgood.workbench.store import saved_store, throwaway_store

    paths = given.fetched(paths, source, now=_clock.now(), zone=tz)
    if not paths:
        if not rejects:
            raise UsageError("Nothing to load.", hint="Name files or folders, or - for standard input.")
        list_rejects(store, limit, output)
        return
    config = configured(store, tz)
    dry = explain or propose is not None
    if propose is not None:
        _unused(propose)
    with throwaway_store() if dry else saved_store(config.store) as opened:
        report = given.loaded(opened, paths, mapping, now=_clock.now(), zone=config.zone, follow=follow)
        _write(report, output, explain=explain, dry=dry)
        if propose is not None:
            _propose(report, paths, propose)
        if rejects:
            _write_rejects(opened, limit, output)
    raise typer.Exit(0 if report.rows else 3)


def _write(report: "LoadReport", output: Output, *, explain: bool, dry: bool) -> None:
    from lastgood.surfaces.load_report import DRY_RUN, account_document, account_text, summary
    from lastgood.surfaces.wording import json_text

    if output is Output.JSON:
        typer.echo(json_text(account_document(report), indent=2))
    else:
        typer.echo(account_text(report, dry=dry) if explain else summary(report, dry=dry), nl=not explain)
    if dry:
        typer.echo(DRY_RUN, err=True)


def _unused(file: Path) -> None:
    from lastgood.errors import UsageError

    if file.exists():
        raise UsageError(f"{file} exists.", hint="Name a new file: a mapping may have been edited by hand.")


def _propose(report: "LoadReport", paths: list[Path], file: Path) -> None:
    """Write a mapping for what was not recognised, or for all that was named if all was."""
    from lastgood.workbench.propose import proposed_for

    unknown = frozenset(one.name for one in report.read if not one.source)
    text = proposed_for(paths, unknown)
    if not text:
        typer.echo("no mapping is proposed: no file is a table or JSON", err=True)
        return
    file.write_text(text, "utf-8")
    again = shlex.join(["lastgood", "load", "--map", str(file), *map(str, paths)])
    typer.echo(f"{file}: check and edit this mapping, then: {again}", err=True)


def list_rejects(address: str | None, limit: int, output: Output) -> None:
    """Print the kept rejects, newest load first."""
    from lastgood.config import configured
    from lastgood.workbench.store import saved_store

    with saved_store(configured(address).store) as opened:
        _write_rejects(opened, limit, output)


def _write_rejects(store: "Store", limit: int, output: Output) -> None:
    from lastgood.surfaces.wording import json_text
    from lastgood.workbench.rejects import rejects

    kept = rejects(store, limit)
    for reject in kept.items:
        if output is Output.JSON:
            row = {"loaded_at": figures.stamp(reject.loaded_at), "path": reject.path, "line": reject.line,
                   "reason": reject.reason, "text": reject.text}  # fmt: skip
            typer.echo(json_text(row))
        else:
            typer.echo(f"{reject.path}:{reject.line}: {reject.reason}: {' '.join(reject.text.split())[:160]}")
    if kept.total > len(kept.items):
        typer.echo(f"limit reached: {len(kept.items)} of {kept.total} rejects", err=True)
    elif not kept.total:
        typer.echo("no rejects", err=True)
