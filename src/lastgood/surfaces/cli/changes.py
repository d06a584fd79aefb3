"""`lastgood changes`: what was done to the system."""

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given

if TYPE_CHECKING:
    from lastgood.workbench.store import Store


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

    With --in: the commits of a deploy, the riskiest first, and those that touch files of the stack traces of failures.

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
        if release:
            _ranked(opened, release, output)
            return
        found = feed(opened, now=instant, window=window, services=tuple(service or ()), limit=limit)
    if output is ChangesOutput.JSON:
        for change in found.changes:
            sys.stdout.write(json_text(change_document(change)) + "\n")
    else:
        sys.stdout.write(feed_text(found))
    if found.cut_off:
        typer.echo(f"limit reached: the newest {len(found.changes)} changes", err=True)
    elif not found.changes:
        typer.echo("no change in this window", err=True)


def _ranked(store: "Store", name: str, output: ChangesOutput) -> None:
    """The commits of a deploy."""
    from lastgood.surfaces.release import release_document, release_markdown, release_text
    from lastgood.surfaces.wording import json_text
    from lastgood.workbench.release import release

    found = release(store, name)
    match output:
        case ChangesOutput.JSON:
            sys.stdout.write(json_text(release_document(found), indent=2) + "\n")
        case ChangesOutput.MARKDOWN:
            sys.stdout.write(release_markdown(found))
        case ChangesOutput.TEXT:
            sys.stdout.write(release_text(found))
