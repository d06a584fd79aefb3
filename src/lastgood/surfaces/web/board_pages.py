"""What people do on the board of hypotheses: add, check, rule out, take up again."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lastgood.surfaces.server.desk import Desk, caller_of, number_in
from lastgood.surfaces.web.forms import field, number_or_none
from lastgood.workbench import board_steps


async def add(request: Request, desk: Desk) -> Response:
    """Write a hypothesis down."""
    text, predictions = await field(request, "text"), await field(request, "predictions")
    await _done(request, desk, board_steps.added, text, predictions)
    return _back(request)


async def check(request: Request, desk: Desk) -> Response:
    """Run predictions as queries."""
    which = await field(request, "which")
    await _done(request, desk, board_steps.checked, number_or_none(which))
    return _back(request)


async def rule_out(request: Request, desk: Desk) -> Response:
    """Rule one out."""
    because = await field(request, "because")
    await _done(request, desk, board_steps.ruled_out, number_in(request, "which"), because)
    return _back(request)


async def reopen(request: Request, desk: Desk) -> Response:
    """Take one up again."""
    because = await field(request, "because")
    await _done(request, desk, board_steps.reopened, number_in(request, "which"), because)
    return _back(request)


async def _done(request: Request, desk: Desk, step: Callable[..., object], *given: object) -> None:
    await desk.run(step, desk.service, number_in(request), *given, actor=caller_of(request).name)


def _back(request: Request) -> Response:
    return RedirectResponse(f"/incidents/{number_in(request)}#hypotheses", 303)
