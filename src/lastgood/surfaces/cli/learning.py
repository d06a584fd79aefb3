"""`lastgood learning`: what the incidents of the record have in common."""

import sys
from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.cli._options import Output


def learning(
    service: Annotated[
        str | None, typer.Argument(help="Only this service. Default: each.", show_default=False)
    ] = None,
    *,
    now: given.Now = None,
    output: given.Format = Output.TEXT,
) -> None:
    """Per service: what recurred, what fixed it, and what was noise. Counts with their intervals, and the trends of all.

    Exit status: 0, or 3 when no incident is on record.
    """
    from lastgood.config import configured
    from lastgood.errors import NoDataError
    from lastgood.model.clock import system_clock
    from lastgood.surfaces.learning import learning_document, learning_text
    from lastgood.workbench.learning import learning as learned
    from lastgood.workbench.track_record import track_record

    config = configured()
    instant = given.now_of(now, config.zone)
    found = learned(config, system_clock, service)
    if not found.services:
        raise NoDataError("No incident is on record.", hint="Open one: lastgood incident open TITLE")
    track = track_record(config, system_clock, instant.astimezone(config.team_zone).date())
    if output is Output.JSON:
        _room.write_json(learning_document(found, track))
    else:
        sys.stdout.write(learning_text(found, track))
