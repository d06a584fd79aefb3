"""The readiness page: what the next incident could not answer, by the telemetry of the last day; read, never kept by a visit."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from lastgood.errors import NoDataError
from lastgood.model.window import Window
from lastgood.surfaces.postmortem.document import Document
from lastgood.surfaces.readiness_page import readiness_paper
from lastgood.surfaces.server.desk import Desk
from lastgood.surfaces.web.pages import page
from lastgood.workbench.readiness import readiness
from lastgood.workbench.readiness_costs import lacked
from lastgood.workbench.readiness_trend import kept
from lastgood.workbench.service import Service

LOOKED_AT = timedelta(hours=24)  # a deploy or a flag change is on most days


async def show(request: Request, desk: Desk) -> Response:
    """The page."""
    return page(
        request,
        desk,
        "readiness.html",
        paper=await desk.run(_paper, desk.service),
        hours=LOOKED_AT // timedelta(hours=1),
        kind_of=lambda block: type(block).__name__,
    )


def _paper(service: Service) -> Document | None:
    """The document; None where no telemetry came in that time."""
    now = service.clock()
    try:
        found = readiness(service.store, window=Window(now - LOOKED_AT, now))
    except NoDataError:
        return None
    return readiness_paper(found, lacked(service.record), kept(service.config.record))
