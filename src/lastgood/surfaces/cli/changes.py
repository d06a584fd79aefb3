"""`lastgood changes`: what was done to the system."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli._server import of, server_of


class ChangesOutput(StrEnum):
    """How it is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


InRelease = Annotated[
    str,
    typer.Option(
        "--in", help="Rank the commits of this deploy by risk: its id, version or 'service version'."
    ),
]
ChangesFormat = Annotated[
    ChangesOutput, typer.Option("--output", "-o", help="Output format; Markdown with --in.")
]


def changes(
    paths: given.Paths = None,
    *,
    release: InRelease = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="The newest so many changes.")] = 100,
    mapping: given.Map = None,
    follow: given.Follow = False,
    store: given.StoreAddress = None,
    since: given.Since = None,
    start: given.From = None,
    end: given.To = None,
    now: given.Now = None,
    service: given.Services = None,
    output: ChangesFormat = ChangesOutput.TEXT,
    tz: given.Zone = None,
) -> None:
    """Deploys, flags, config, commits and other changes in order, with the onset where it falls.

    A deploy that two feeds recorded has a line for each.

    With --in: the commits of a deploy, the riskiest first, and those that touch files of the stack traces of failures.

    Exit status: 0, or 3 when no changes are on record.
    """
    from lastgood.config import configured
    from lastgood.surfaces.changes import feed_written
    from lastgood.surfaces.release import release_written
    from lastgood.workbench.changes import feed
    from lastgood.workbench.release import release as ranked

    zone = configured(store, tz).zone
    instant = given.now_of(now, zone)
    window = given.window_of(since, start, end or given.till(now), now=instant, zone=zone)
    if server := server_of(paths, None, store):
        how = given.invocation(None, None, store, tz, now=instant if now else None, window=window)
        server.say("changes", of(how, output, services=tuple(service or ()), release=release, limit=limit))
    with given.opened(paths, mapping, store, now=instant, zone=tz, follow=follow) as (opened, _):
        if release:
            sys.stdout.write(release_written(ranked(opened, release), output))
            return
        found = feed(opened, now=instant, window=window, services=tuple(service or ()), limit=limit)
    text, note = feed_written(found, output)
    sys.stdout.write(text)
    if note:
        typer.echo(note, err=True)
