"""What commands print, for commands that ask a server instead of a store of their own."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lastgood.model.access import Role
from lastgood.surfaces import written
from lastgood.surfaces.asked import NAMES, Asked, asked_of
from lastgood.surfaces.server.desk import Desk, Route
from lastgood.surfaces.written import Written
from lastgood.workbench.service import Service


def _answering(write: Callable[[Service, Asked], Written]) -> Callable[[Request, Desk], Awaitable[Response]]:
    async def answer(request: Request, desk: Desk) -> Response:
        asked = asked_of(request.query_params.multi_items())
        async with desk.asking:
            found = await desk.run(write, desk.service, asked)
        return JSONResponse({"text": found.text, "note": found.note, "exit_status": found.exit_status})

    answer.__name__ = write.__name__
    return answer


ROUTES = tuple(
    Route("GET", f"/api/commands/{name}", Role.VIEWER, _answering(write), f"Print {words}", query=NAMES)
    for name, words, write in (
        ("triage", "a triage", written.triage_written),
        ("ask", "the answer to a question", written.ask_written),
        ("changes", "the changes", written.changes_written),
        ("incident-list", "the incidents", written.list_written),
        ("incident-show", "an incident", written.show_written),
    )
)
