"""The pages of a drill that this server plays: its clock and team, and the score beside a good run of each role."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lastgood.errors import NoDataError, UsageError
from lastgood.model import figures
from lastgood.surfaces.drill_budget import spent
from lastgood.surfaces.drill_paper import drill_paper
from lastgood.surfaces.postmortem.document import Document
from lastgood.surfaces.server.desk import Desk
from lastgood.surfaces.server.playing import Playing
from lastgood.surfaces.web.forms import field
from lastgood.surfaces.web.pages import page
from lastgood.workbench.drill_room import state_of
from lastgood.workbench.drill_scored import budget_used, refuse_while_open, scored

TURNS = ("pause", "resume")


async def show(request: Request, desk: Desk) -> Response:
    """The clock, who is there, and the way to the incident."""
    playing = _playing(desk)
    return page(request, desk, "drill.html", **await desk.run(_shown, playing))


async def turn(request: Request, desk: Desk) -> Response:
    """Let the clock stand still, or go on."""
    playing, to = _playing(desk), await field(request, "to")
    if to not in TURNS:
        raise UsageError("The clock of a drill is paused or resumed.")
    await desk.run(playing.clock.pause if to == "pause" else playing.clock.resume)
    return RedirectResponse("/drill", 303)


async def score(request: Request, desk: Desk) -> Response:
    """The score, once the incident is over: it shows the cause."""
    playing = _playing(desk)
    return page(
        request,
        desk,
        "drill_score.html",
        paper=await desk.run(_scored, playing),
        kind_of=lambda block: type(block).__name__,
    )


def _playing(desk: Desk) -> Playing:
    if desk.playing is None:
        raise NoDataError("This server plays no drill.", hint="Start one: lastgood drill start NAME --team")
    return desk.playing


def _shown(playing: Playing) -> dict[str, Any]:
    state = state_of(playing.session, playing.service.record)
    hands, session = playing.clock.hands(), playing.session
    budget = budget_used(session, state.entries, playing.clock())
    return {
        "drill_name": session.drill.title,
        "page_text": session.drill.page,
        "incident": state.incident,
        "team": tuple(state.team.items()),
        "time": f"{playing.clock():%H:%M:%S}",
        "since_page": figures.duration((playing.clock() - session.paged_at).total_seconds()),
        "budget": spent(budget) if budget else "",
        "stands": hands.since is not None,
        "pauses": figures.counted(hands.pauses, "time") if hands.pauses else "",
        "stood": figures.duration(hands.behind),
    }


def _scored(playing: Playing) -> Document:
    session = playing.session
    state = state_of(session, playing.service.record)
    refuse_while_open(state.entries)
    return drill_paper(scored(session, state.entries), session.drill)
