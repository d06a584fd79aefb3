"""A piece of evidence: claim, query, parameters and rows as they were kept; and the same query, run again."""

from shlex import join

from starlette.requests import Request
from starlette.responses import Response

from lastgood.model import figures
from lastgood.surfaces.server.desk import Desk, number_in
from lastgood.surfaces.web.pages import page
from lastgood.workbench import incident_pages
from lastgood.workbench.evidence import Rerun

MOST_SHOWN = 200  # rows on the page


async def shown(request: Request, desk: Desk) -> Response:
    """As it was kept."""
    return await _page(request, desk)


async def again(request: Request, desk: Desk) -> Response:
    """The same query now, and what differs."""
    number, sequence = number_in(request), number_in(request, "sequence")
    rerun = await desk.run(incident_pages.evidence_again, desk.service, number, sequence)
    return await _page(request, desk, rerun)


async def _page(request: Request, desk: Desk, rerun: Rerun | None = None) -> Response:
    number, sequence = number_in(request), number_in(request, "sequence")
    incident, kept, beside = await desk.run(incident_pages.evidence, desk.service, number, sequence)
    now = desk.service.clock()
    window = kept.frozen.window
    return page(
        request,
        desk,
        "evidence.html",
        incident=incident,
        kept=kept,
        beside=beside,
        most=MOST_SHOWN,
        rerun=rerun,
        at=figures.clock(kept.entry.at, now),
        window=(figures.clock(window.start, now), figures.clock(window.end, now)) if window else None,
        command=join(["lastgood", "evidence", str(sequence), "--incident", str(number)]),
    )
