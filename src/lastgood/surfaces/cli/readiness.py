"""`lastgood readiness`: what the next incident could not answer."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given


class ReadinessOutput(StrEnum):
    """How it is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def readiness(
    paths: given.Paths = None,
    *,
    fail_under: Annotated[
        float, typer.Option("--fail-under", min=0, max=100, help="Exit 1 when the score is lower.")
    ] = 0,
    mapping: given.Map = None,
    follow: given.Follow = False,
    store: given.StoreAddress = None,
    since: given.Since = None,
    start: given.From = None,
    end: given.To = None,
    now: given.Now = None,
    output: Annotated[
        ReadinessOutput, typer.Option("--output", "-o", help="How it is written.")
    ] = ReadinessOutput.TEXT,
    tz: given.Zone = None,
) -> None:
    """What tonight's incident could not answer, and why, from the telemetry and the change feed alone.

    Each gap has its cost in points, the effort to mend it, and how in Python.
    Exit status: 0, 1 when the score is under --fail-under, 3 when there is no telemetry.
    """
    from lastgood.config import configured
    from lastgood.surfaces.readiness import readiness_document, readiness_markdown, readiness_text
    from lastgood.surfaces.wording import json_text
    from lastgood.workbench.readiness import readiness as measure

    zone = configured(store, tz).zone
    instant = given.now_of(now, zone)
    window = given.window_of(since, start, end, now=instant, zone=zone)
    with given.opened(paths, mapping, store, now=instant, zone=tz, follow=follow) as (opened, _):
        found = measure(opened, window=window)
    match output:
        case ReadinessOutput.TEXT:
            sys.stdout.write(readiness_text(found))
        case ReadinessOutput.MARKDOWN:
            sys.stdout.write(readiness_markdown(found))
        case ReadinessOutput.JSON:
            sys.stdout.write(json_text(readiness_document(found), indent=2) + "\n")
    if found.score < fail_under:
        typer.echo(f"The score is under {fail_under:g}.", err=True)
        raise typer.Exit(1)
