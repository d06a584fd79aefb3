"""`lastgood changes`: what was done to the system."""

import sys
from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli._options import Output


def changes(
    paths: given.Paths = None,
    *,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="The newest so many changes.")] = 100,
    mapping: given.Map = None,
    follow: given.Follow = False,
    store: given.StoreAddress = None,
    since: given.Since = None,
    start: given.From = None,
    end: given.To = None,
    now: given.Now = None,
    service: given.Services = None,
    output: given.Format = Output.TEXT,
    tz: given.Zone = None,
) -> None:
    """Deploys, flags, config, commits and other changes in order, with the onset where it falls.

    Exit status: 0, or 3 when no changes are on record.
    """
    from lastgood.config import configured
    from lastgood.surfaces.changes import change_document, feed_text
    from lastgood.surfaces.wording import json_text
    from lastgood.workbench.changes import feed

    zone = configured(store, tz).zone
    instant = given.now_of(now, zone)
    window = given.window_of(since, start, end, now=instant, zone=zone)
    with given.opened(paths, mapping, store, now=instant, zone=tz, follow=follow) as (opened, _):
        found = feed(opened, now=instant, window=window, services=tuple(service or ()), limit=limit)
    if output is Output.JSON:
        for change in found.changes:
            sys.stdout.write(json_text(change_document(change)) + "\n")
    else:
        sys.stdout.write(feed_text(found))
    if found.cut_off:
        typer.echo(f"limit reached: the newest {len(found.changes)} changes", err=True)
    elif not found.changes:
        typer.echo("no change in this window", err=True)
