"""`lastgood holdings`: what is there."""

import json
import sys

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.formats import Output


def holdings(
    paths: given.Paths = None,
    *,
    mapping: given.Map = None,
    follow: given.Follow = False,
    store: given.StoreAddress = None,
    output: given.Format = Output.TEXT,
    tz: given.Zone = None,
) -> None:
    """Which signals are held, from when to when, from which services, and what is missing.

    Exit status: 0, or 3 when there is nothing at all.
    """
    import typer

    from lastgood.surfaces.cli import _clock
    from lastgood.surfaces.holdings import holdings_document, holdings_text

    with given.opened(paths, mapping, store, now=_clock.now(), zone=tz, follow=follow) as (opened, _):
        held, _ = opened.survey()
    if output is Output.JSON:
        sys.stdout.write(json.dumps(holdings_document(held), indent=2) + "\n")
    else:
        sys.stdout.write(holdings_text(held))
    raise typer.Exit(0 if held.signals else 3)
