"""The postmortem on its page: what the record says, what is missing, and the parts that only people can write."""

from collections.abc import Callable
from datetime import date

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lastgood.errors import UsageError
from lastgood.model.follow_up import FollowUpAdded, FollowUpType
from lastgood.model.postmortem import Part
from lastgood.surfaces.invocation import Invocation
from lastgood.surfaces.postmortem.chapters import document
from lastgood.surfaces.postmortem.markdown import postmortem_markdown
from lastgood.surfaces.postmortem.sentences import PARTS, lack_lines
from lastgood.surfaces.server.desk import Desk, caller_of, number_in
from lastgood.surfaces.web.forms import field
from lastgood.surfaces.web.pages import page
from lastgood.workbench import postmortem_steps
from lastgood.workbench.postmortem import Postmortem

HOW = Invocation()


async def show(request: Request, desk: Desk) -> Response:
    """The page."""
    number = number_in(request)
    found, missing = await desk.run(postmortem_steps.made, desk.service, number)
    lines = [lack_lines(one) for one in missing]
    return page(
        request,
        desk,
        "postmortem_page.html",
        incident=found.incident,
        paper=document(found, charts=False),
        missing=[(what, HOW.filled(question)) for what, question in lines],
        parts=[(part.value, PARTS[part], found.written.get(part, "")) for part in Part],
        follow_ups=found.follow_ups,
        types=[one.value for one in FollowUpType],
        kind_of=lambda block: type(block).__name__,
    )


async def markdown(request: Request, desk: Desk) -> Response:
    """The document as Markdown, to be kept elsewhere."""
    found, _ = await desk.run(postmortem_steps.made, desk.service, number_in(request))
    return Response(_document(found), media_type="text/markdown")


async def write(request: Request, desk: Desk) -> Response:
    """Put one part in words."""
    part, text = await field(request, "part"), await field(request, "text", 50_000)
    return await _done(request, desk, postmortem_steps.written, part, text)


async def follow_up(request: Request, desk: Desk) -> Response:
    """Add a follow-up."""
    due, kind = await field(request, "due"), await field(request, "type")
    try:
        added = FollowUpAdded(
            await field(request, "text"),
            await field(request, "owner"),
            date.fromisoformat(due),
            FollowUpType(kind),
            await field(request, "removes"),
        )
    except ValueError as problem:
        raise UsageError(
            "A follow-up needs a date and a type.", hint="Such as 2026-12-24, prevent."
        ) from problem
    answer = await _done(request, desk, postmortem_steps.follow_up, added)
    desk.noticing.wake()
    return answer


async def accept(request: Request, desk: Desk) -> Response:
    """Accept it as it is."""
    return await _done(request, desk, postmortem_steps.accepted, _document)


async def close(request: Request, desk: Desk) -> Response:
    """Close the incident."""
    number, because = number_in(request), await field(request, "because")
    without, actor = bool(await field(request, "without")), caller_of(request).name
    await desk.run(postmortem_steps.closed, desk.service, number, because, without=without, actor=actor)
    return RedirectResponse(f"/incidents/{number}", 303)


async def _done(request: Request, desk: Desk, step: Callable[..., object], *given: object) -> Response:
    number = number_in(request)
    await desk.run(step, desk.service, number, *given, actor=caller_of(request).name)
    return RedirectResponse(f"/incidents/{number}/postmortem", 303)


def _document(found: Postmortem) -> bytes:
    return postmortem_markdown(document(found, charts=False)).encode()
