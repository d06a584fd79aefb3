"""`lastgood trace`: one request's life."""

import sys
from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.formats import Output


def trace(
    request_id: Annotated[str, typer.Argument(metavar="ID", help="A trace id, or an id that lines carry.")],
    paths: given.Paths = None,
    *,
    mapping: given.Map = None,
    follow: given.Follow = False,
    store: given.StoreAddress = None,
    since: given.Since = None,
    start: given.From = None,
    end: given.To = None,
    now: given.Now = None,
    output: given.Format = Output.TEXT,
    tz: given.Zone = None,
) -> None:
    """One request's life: its spans with their log lines, or without spans its lines across services.

    Exit status: 0 found, 3 nothing has this id.
    """
    from lastgood.config import configured
    from lastgood.surfaces.trace import life_document, life_text
    from lastgood.surfaces.wording import json_text
    from lastgood.workbench.trace import life_of

    zone = configured(store, tz).zone
    instant = given.now_of(now, zone)
    window = given.window_of(since, start, end or given.till(now), now=instant, zone=zone)
    with given.opened(paths, mapping, store, now=instant, zone=tz, follow=follow) as (opened, _):
        life = life_of(opened, request_id, window=window)
    if output is Output.JSON:
        sys.stdout.write(json_text(life_document(life), indent=2) + "\n")
    else:
        sys.stdout.write(life_text(life))
