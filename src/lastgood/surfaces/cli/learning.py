"""`lastgood learning`: what the incidents of the record have in common."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.formats import Output

if TYPE_CHECKING:
    from lastgood.config import Config
    from lastgood.model.learning import Learning
    from lastgood.workbench.track_record import TrackRecord


def learning(
    service: Annotated[
        str | None, typer.Argument(help="Only this service. Default: each.", show_default=False)
    ] = None,
    *,
    html: Annotated[
        Path | None, typer.Option(help="Write the page of a month into this file.", show_default=False)
    ] = None,
    month: Annotated[
        str | None, typer.Option(help="Which month, such as 2026-11. Default: this one.", show_default=False)
    ] = None,
    now: given.Now = None,
    output: given.Format = Output.TEXT,
) -> None:
    """Per service: what recurred, what fixed it, and what was noise. Counts with their intervals, and the trends of all.

    With --html or --month: the month's incidents, what was noise, what fixed it, what came back, and follow-ups that
    were still open when it did; as HTML into a file, else as Markdown.

    Exit status: 0, also when no incident is on record.
    """
    from lastgood.config import configured
    from lastgood.model.clock import system_clock
    from lastgood.surfaces.learning import learning_document, learning_text
    from lastgood.workbench.learning import learning as learned
    from lastgood.workbench.track_record import track_record

    config = configured()
    instant = given.now_of(now, config.zone)
    found = learned(config, system_clock, service)
    if not found.incidents:
        _room.note("no incidents yet: lastgood incident open TITLE")
    elif not found.services:
        _room.note(f"no incident of {service} is on record; of each service: lastgood learning")
    track = track_record(config, system_clock, instant.astimezone(config.team_zone).date())
    if html is not None or month:
        _page(config, found, track, month or f"{instant:%Y-%m}", html)
    elif output is Output.JSON:
        _room.write_json(learning_document(found, track))
    else:
        sys.stdout.write(learning_text(found, track))


def _page(config: "Config", found: "Learning", track: "TrackRecord", month: str, html: Path | None) -> None:
    from lastgood.model.clock import system_clock
    from lastgood.surfaces.cli._out import save
    from lastgood.surfaces.learning_page import learning_html, learning_paper
    from lastgood.surfaces.postmortem.markdown import postmortem_markdown
    from lastgood.workbench.learning_month import month_of

    taught = month_of(config, system_clock, month)
    if html is not None:
        save(html, learning_html(taught, found, track).encode())
    else:
        sys.stdout.write(postmortem_markdown(learning_paper(taught, found, track)))
