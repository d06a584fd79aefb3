"""Actions on the page of an incident: what is to be confirmed before one is started, its start, its measured effect."""

from shlex import join

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lastgood.surfaces.actions import plan_lines
from lastgood.surfaces.server.desk import Desk, caller_of, number_in
from lastgood.surfaces.web.answer_view import deed, option_of
from lastgood.surfaces.web.forms import field, number_or_none
from lastgood.surfaces.web.pages import page
from lastgood.workbench import action_steps, incident_pages
from lastgood.workbench.act import Wanted
from lastgood.workbench.action_steps import Confirmation
from lastgood.workbench.options import kind_of, snippet

MOST_WORDS = 300  # characters of a kind or a target


async def confirm(request: Request, desk: Desk) -> Response:
    """What would happen, to be confirmed: nothing runs by one click."""
    number, given = number_in(request), request.query_params
    wanted = Wanted(kind_of(given.get("kind", "")[:MOST_WORDS]), given.get("target", "")[:MOST_WORDS].strip())
    actor = caller_of(request).name
    found = await desk.run(action_steps.confirmation, desk.service, number, wanted, actor=actor)
    seen = await desk.run(incident_pages.seen, desk.service, number)
    return page(
        request,
        desk,
        "act.html",
        incident=seen.incident,
        wanted=wanted,
        title=_title(found),
        option=option_of(found.option.mitigation) if found.option else None,
        command=join(found.plan.begun.command) if found.plan else "",
        mark=action_steps.mark_of(found.plan) if found.plan else "",
        lines=[line.strip() for line in plan_lines(found.plan, seen.incident)] if found.plan else [],
        found=found,
        snippet="\n".join(snippet(wanted.what)),
    )


def _title(found: Confirmation) -> str:
    if found.option:
        return deed(found.option.mitigation)
    return f"{found.wanted.what.replace('_', ' ').capitalize()} {found.wanted.target}"


async def start(request: Request, desk: Desk) -> Response:
    """Keep the evidence, then run the team's command or record what is done by hand."""
    number = number_in(request)
    wanted = Wanted(
        kind_of(await field(request, "kind", MOST_WORDS)),
        await field(request, "target", MOST_WORDS),
        effect=await field(request, "effect"),
        forced=await field(request, "because"),
    )
    shown = None if await field(request, "how") != "command" else await field(request, "mark")
    actor = caller_of(request).name
    await desk.run(action_steps.started, desk.service, number, wanted, shown=shown, actor=actor)
    return RedirectResponse(f"/incidents/{number}#actions", 303)


async def measure(request: Request, desk: Desk) -> Response:
    """Measure the effect of an action on affected requests."""
    number, which = number_in(request), await field(request, "action")
    chosen = number_or_none(which)
    await desk.run(action_steps.measured, desk.service, number, chosen, actor=caller_of(request).name)
    return RedirectResponse(f"/incidents/{number}#actions", 303)
