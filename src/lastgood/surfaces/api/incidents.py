"""Incidents and holdings as JSON."""

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lastgood.model.access import Role
from lastgood.surfaces.holdings import holdings_document
from lastgood.surfaces.incident_page import incident_document, room_document
from lastgood.surfaces.server.desk import Desk, caller_of, number_in
from lastgood.surfaces.wording import json_text
from lastgood.workbench import incident_pages


async def listed(_request: Request, desk: Desk) -> Response:
    """Every incident, the last one first."""
    found = await desk.run(incident_pages.every, desk.service)
    return _json([incident_document(one, owed) for one, owed in found])


async def shown(request: Request, desk: Desk) -> Response:
    """One incident with its entries, and what its investigation does."""
    number = number_in(request)
    seen = await desk.run(incident_pages.seen, desk.service, number)
    state = desk.investigations.of(number)
    investigation = {
        "phase": state.phase.value,
        "answered": state.answered,
        "questions": state.questions,
        "problem": state.problem or None,
    }
    document = room_document(seen.incident, seen.entries, seen.owed)
    return _json({**document, "investigation": investigation})


async def sitrep(request: Request, desk: Desk) -> Response:
    """The last recorded answer about an incident."""
    seen = await desk.run(incident_pages.seen, desk.service, number_in(request))
    if seen.document is None:
        return JSONResponse({"error": "no-data", "message": "there is no answer yet"}, 404)
    return Response(orjson.dumps(seen.document), media_type="application/json")


async def investigate(request: Request, desk: Desk) -> Response:
    """Ask about an incident again, now."""
    number = number_in(request)
    await desk.run(incident_pages.seen, desk.service, number)
    await desk.investigations.start(number)
    return JSONResponse({"incident": number, "started": True}, 202)


async def cancel(request: Request, desk: Desk) -> Response:
    """End the questions about an incident."""
    number = number_in(request)
    await desk.run(incident_pages.seen, desk.service, number)
    await desk.investigations.cancel(number)
    return JSONResponse({"incident": number, "cancelled": True})


async def holdings(_request: Request, desk: Desk) -> Response:
    """What the store holds of each signal."""
    found, _ = await desk.run(desk.service.store.survey)
    return _json(holdings_document(found))


async def whoami(request: Request, _desk: Desk) -> Response:
    """Who asks, and in which role."""
    caller = caller_of(request)
    return JSONResponse({"name": caller.name, "role": caller.role and Role(caller.role).value})


async def openapi(request: Request, _desk: Desk) -> Response:
    """This description."""
    return JSONResponse(request.app.state.openapi())


def _json(document: object) -> Response:
    return Response(json_text(document), media_type="application/json")
