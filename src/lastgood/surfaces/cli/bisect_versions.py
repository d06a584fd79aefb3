"""`lastgood bisect-versions`: the first bad version, by the telemetry that is there."""

import sys
from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.formats import Output

Good = Annotated[
    str, typer.Option(help="A version without the fault. Default: the oldest.", show_default=False)
]
Bad = Annotated[
    str, typer.Option(help="A later version with the fault. Default: the newest.", show_default=False)
]


def bisect_versions(
    paths: given.Paths = None,
    *,
    service: Annotated[
        str, typer.Option(help="Default: the one with several versions and most failures.")
    ] = "",
    good: Good = "",
    bad: Bad = "",
    mapping: given.Map = None,
    store: given.StoreAddress = None,
    since: given.Since = None,
    start: given.From = None,
    end: given.To = None,
    now: given.Now = None,
    output: given.Format = Output.TEXT,
    tz: given.Zone = None,
) -> None:
    """The first version of a service from which on more requests fail, by the telemetry that is there. Nothing is run.

    Older versions beside it must work at the same time, and it must fail from its start.

    Exit status: 0 found, 3 inconclusive or no two versions, 2 usage.
    """
    from lastgood.config import configured
    from lastgood.surfaces.bisect import exit_status, versions_document, versions_text
    from lastgood.surfaces.wording import json_text
    from lastgood.workbench.bisect_versions import bisect_versions as search
    from lastgood.workbench.bisect_versions import repositories

    zone = configured(store, tz).zone
    instant = given.now_of(now, zone)
    window = given.window_of(since, start, end, now=instant, zone=zone)
    with given.opened(paths, mapping, store, now=instant, zone=tz) as (opened, report):
        found = search(opened, service, instant, window, (good, bad))
    if output is Output.JSON:
        sys.stdout.write(json_text(versions_document(found), indent=2) + "\n")
    else:
        sys.stdout.write(versions_text(found, repositories(report, found.service)))
    raise typer.Exit(exit_status(found))
