"""The handover page: the briefing for whoever joins, and the form that moves the lead."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lastgood.surfaces.briefing import briefing, briefing_text
from lastgood.surfaces.server.desk import Desk, caller_of, number_in
from lastgood.surfaces.web.forms import field
from lastgood.surfaces.web.pages import page
from lastgood.workbench.entered import entered
from lastgood.workbench.handover import LONGEST_NAME, Known, hand_over, known
from lastgood.workbench.service import Service


async def show(request: Request, desk: Desk) -> Response:
    """The briefing as of now."""
    found = await desk.run(_known, desk.service, number_in(request))
    return page(request, desk, "handover.html", incident=found.incident, sections=briefing(found))


async def hand(request: Request, desk: Desk) -> Response:
    """Move the lead."""
    number, to = number_in(request), await field(request, "to", LONGEST_NAME)
    because = await field(request, "because")
    await desk.run(_handed, desk.service, number, to, because, caller_of(request).name)
    return RedirectResponse(f"/incidents/{number}", 303)


def _known(service: Service, number: int) -> Known:
    return known(entered(service, number, ""), service.config)


def _handed(service: Service, number: int, to: str, because: str, actor: str) -> None:
    hand_over(entered(service, number, actor), service.config, to, because, briefing_text)
