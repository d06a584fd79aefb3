"""`lastgood fetch`: what the team's own systems hold about a window, as files."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.formats import Output


def fetch(
    sources: Annotated[
        list[str], typer.Argument(help="Names of [[source]] in lastgood.toml, or addresses (https://…).")
    ],
    *,
    since: given.Since = None,
    start: given.From = None,
    end: given.To = None,
    service: given.Services = None,
    to: Annotated[
        Path | None, typer.Option("--into", help="A new folder for the files. Default: the cache.")
    ] = None,
    now: given.Now = None,
    output: given.Format = Output.TEXT,
    tz: given.Zone = None,
) -> None:
    """Fetch metrics, log lines, traces and changes of a window, read-only, as files.

    Default: the last two hours. At most 50 requests and 30 s for each system. The same window is asked for once.

    Exit status: 0 all of it, 3 something is missing, 4 nothing could be fetched.
    """
    from lastgood.config import configured
    from lastgood.errors import UsageError
    from lastgood.surfaces.fetched import fetched_document, fetched_text
    from lastgood.surfaces.wording import json_text
    from lastgood.workbench.fetch import Wanted, window_of
    from lastgood.workbench.fetch import fetch as ask

    if to and len(sources) > 1:
        raise UsageError(
            "--into takes the files of one source.", hint="Name one source, or leave out --into."
        )
    config = configured(None, tz)
    instant = given.now_of(now, config.zone)
    window = window_of(given.window_of(since, start, end, now=instant, zone=config.zone), instant)
    found = ask(config, Wanted(tuple(sources), window, tuple(service or ())), to)
    if output is Output.JSON:
        typer.echo(json_text([fetched_document(one) for one in found], indent=2))
    else:
        sys.stdout.write("".join(fetched_text(one) for one in found))
    raise typer.Exit(3 if any(one.missing for one in found) else 0)
