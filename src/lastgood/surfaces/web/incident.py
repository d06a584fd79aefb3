"""The page of one incident, live: what the record says, what the investigation does, and what people do there."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from lastgood.errors import CannotRunError, UsageError
from lastgood.model import figures
from lastgood.model.access import Role
from lastgood.model.hypothesis import Board
from lastgood.model.message import Audience
from lastgood.surfaces.server.desk import MOST_STREAMS, Desk, caller_of, number_in, number_of
from lastgood.surfaces.server.investigations import Investigation
from lastgood.surfaces.web.below_view import (
    action_rows,
    class_words,
    hypothesis_rows,
    next_check,
    pattern_rows,
    suspect_rows,
)
from lastgood.surfaces.web.composer import choices, first_draft
from lastgood.surfaces.web.listing import freshness
from lastgood.surfaces.web.pages import page
from lastgood.surfaces.web.times import moment
from lastgood.surfaces.web.view import View, view_of
from lastgood.workbench import board_steps, incident_pages, incident_steps, joining

LOOK_SECONDS = (
    0.5  # for what another process wrote, and how far the questions are; entries of this one wake at once
)
BEAT_SECONDS = 15.0  # after which a line is sent all the same, so that both ends know that the other is there
LONGEST_NOTE = 4_000


async def shown(request: Request, desk: Desk) -> Response:
    """The page."""
    number, now = number_in(request), desk.service.clock()
    seen = await desk.run(incident_pages.seen, desk.service, number)
    holdings = await desk.holdings()
    board = await desk.run(board_steps.board_now, desk.service, number)
    caller = caller_of(request)
    whom = seen.owed[0].audience if seen.owed else Audience.TEAM
    composer = None
    if caller.may(Role.RESPONDER) and not seen.incident.status.over:
        composer = await desk.run(first_draft, desk.service, number, caller.name, whom, now)
    view = view_of(seen, now)
    return page(
        request,
        desk,
        "incident.html",
        whole=desk.investigations.whole(number, view.answered),
        state=desk.investigations.of(number),
        fresh=freshness(holdings, now),
        here=sorted({*desk.entered.here(number), caller.name}),
        composer=composer,
        alerted=await desk.run(desk.service.arrivals.services, number),
        past="",
        **_contents(view, seen, board, now),
    )


async def at(request: Request, desk: Desk) -> Response:
    """The page as it was at a time: what the record held then. Nothing can be done on it."""
    number = number_in(request)
    given, now = request.path_params["time"], desk.service.clock()
    when = moment(given, now)
    if given.startswith("now"):
        return RedirectResponse(_permalink(number, when), 303)
    seen = await desk.run(incident_pages.seen, desk.service, number, when)
    board = await desk.run(board_steps.board_now, desk.service, number, when)
    view = view_of(seen, when)
    return page(
        request,
        desk,
        "incident.html",
        acts=False,
        whole=view.answered,
        state=Investigation(number),
        fresh=("", False),
        here=(),
        composer=None,
        alerted=(),
        past=f"{when:%Y-%m-%d %H:%M:%S} UTC",
        **_contents(view, seen, board, when),
    )


def _permalink(number: int, when: datetime) -> str:
    return f"/incidents/{number}/at/{figures.stamp(when.replace(microsecond=0))}"


def _contents(view: View, seen: incident_pages.Seen, board: Board, now: datetime) -> dict[str, Any]:
    document = seen.document or {}
    return {
        "view": view,
        "number": view.number,
        "link": _permalink(view.number, now),
        "patterns": list(pattern_rows(document, *_span(document))),
        "culprits": list(suspect_rows(document)),
        "failure_class": class_words(document),
        "hypotheses": list(hypothesis_rows(board, now)),
        "next_check": "" if seen.incident.status.over else next_check(board),
        "actions": list(action_rows(seen.incident, now)),
        **choices(),
    }


def _span(document: dict[str, Any]) -> tuple[str, str]:
    """From the start of the baseline to the end of the bad window, as the answer compared them."""
    compared = document.get("comparison") or {}
    return (compared.get("good") or {}).get("from", ""), (compared.get("bad") or {}).get("to", "")


async def events(request: Request, desk: Desk) -> Response:
    """What changes, as server-sent events; the id of one is the number of the last entry."""
    number = number_in(request)
    if desk.streams >= MOST_STREAMS:
        raise CannotRunError("Too many pages are open.", hint="Load it again later.")
    await desk.run(incident_pages.seen, desk.service, number)
    return StreamingResponse(
        _reported(number, request, desk), media_type="text/event-stream", headers={"x-accel-buffering": "no"}
    )


async def _reported(number: int, request: Request, desk: Desk) -> AsyncIterator[bytes]:
    desk.streams += 1
    try:
        with desk.entered.watching(number, caller_of(request).name) as open_page:
            async for one in _changes(number, request, desk, open_page.woken):
                yield one
    finally:
        desk.streams -= 1


async def _changes(number: int, request: Request, desk: Desk, woken: asyncio.Event) -> AsyncIterator[bytes]:
    before, quiet = b"", 0.0
    yield b"retry: 1000\n\n"
    # Until the reader logs out or the key is revoked.
    while (await desk.callers.of_headers(request.headers))[0].may(Role.VIEWER):
        woken.clear()
        last, answered = await desk.run(incident_pages.marks, desk.service, number)
        state = desk.investigations.of(number)
        content = orjson.dumps(
            {
                "entries": last,
                "answer": desk.investigations.whole(number, answered),
                "phase": state.phase.value,
                "answered": state.answered,
                "questions": state.questions,
                "problem": state.problem,
                "here": desk.entered.here(number),
            }
        )
        if content != before or quiet >= BEAT_SECONDS:
            yield b"id: %d\ndata: %b\n\n" % (last, content)
            before, quiet = content, 0.0
        if desk.closing.is_set():
            return
        try:
            await asyncio.wait_for(woken.wait(), LOOK_SECONDS)
        except TimeoutError:
            quiet += LOOK_SECONDS


async def note(request: Request, desk: Desk) -> Response:
    """Write a note into the record."""
    number = number_in(request)
    text = str((await request.form()).get("text") or "").strip()
    if not text or len(text) > LONGEST_NOTE:
        raise UsageError(f"A note has 1 to {figures.count(LONGEST_NOTE)} characters.")
    await desk.run(incident_steps.note, desk.service, number, text, actor=caller_of(request).name)
    return RedirectResponse(f"/incidents/{number}#timeline", 303)


async def acknowledge(request: Request, desk: Desk) -> Response:
    """Take the incident on."""
    number = number_in(request)
    await desk.run(incident_steps.acknowledge, desk.service, number, actor=caller_of(request).name)
    return RedirectResponse(f"/incidents/{number}", 303)


async def severity(request: Request, desk: Desk) -> Response:
    """Decide how bad it is."""
    number, form = number_in(request), await request.form()
    level, because = str(form.get("level") or ""), str(form.get("because") or "").strip()[:LONGEST_NOTE]
    await desk.run(incident_steps.decide, desk.service, number, level, because, actor=caller_of(request).name)
    desk.noticing.wake()
    return RedirectResponse(f"/incidents/{number}", 303)


async def reopen(request: Request, desk: Desk) -> Response:
    """Say that it was not over, and ask again."""
    number = number_in(request)
    because = str((await request.form()).get("because") or "").strip()[:LONGEST_NOTE]
    await desk.run(incident_steps.reopen, desk.service, number, because, actor=caller_of(request).name)
    desk.noticing.wake()
    await desk.investigations.start(number)
    return RedirectResponse(f"/incidents/{number}", 303)


async def merge(request: Request, desk: Desk) -> Response:
    """Say that it is another incident, which goes on."""
    number, form = number_in(request), await request.form()
    into, because = str(form.get("into") or "").strip(), str(form.get("because") or "").strip()[:LONGEST_NOTE]
    other = number_of(into)
    await desk.run(joining.merge, desk.service, number, other, because, actor=caller_of(request).name)
    await desk.investigations.start(other)
    return RedirectResponse(f"/incidents/{other}", 303)


async def split(request: Request, desk: Desk) -> Response:
    """Let the alerts of a service be an incident of their own."""
    number, form = number_in(request), await request.form()
    of, because = str(form.get("service") or ""), str(form.get("because") or "").strip()[:LONGEST_NOTE]
    new = await desk.run(joining.split, desk.service, number, of, because, actor=caller_of(request).name)
    await desk.investigations.start(new)
    return RedirectResponse(f"/incidents/{new}", 303)


async def step(request: Request, desk: Desk) -> Response:
    """Say that users are no longer affected, or that it is over."""
    number, form = number_in(request), await request.form()
    to, because = str(form.get("to") or ""), str(form.get("because") or "").strip()[:LONGEST_NOTE]
    despite = str(form.get("despite") or "").strip()[:LONGEST_NOTE]
    who = caller_of(request).name
    await desk.run(incident_steps.move, desk.service, number, to, because, actor=who, despite=despite)
    desk.noticing.wake()
    return RedirectResponse(f"/incidents/{number}", 303)


async def investigate(request: Request, desk: Desk) -> Response:
    """Ask again, now."""
    number = number_in(request)
    await desk.run(incident_pages.seen, desk.service, number)
    await desk.investigations.start(number)
    return RedirectResponse(f"/incidents/{number}", 303)


async def cancel(request: Request, desk: Desk) -> Response:
    """End the questions."""
    number = number_in(request)
    await desk.run(incident_pages.seen, desk.service, number)
    await desk.investigations.cancel(number)
    return RedirectResponse(f"/incidents/{number}", 303)


async def opened(request: Request, desk: Desk) -> Response:
    """Open an incident by hand, and ask about it."""
    title = str((await request.form()).get("title") or "").strip()
    if not title or len(title) > 200:
        raise UsageError("A title has 1 to 200 characters.")
    number = await desk.run(incident_steps.open_incident, desk.service, title, actor=caller_of(request).name)
    await desk.investigations.start(number)
    return RedirectResponse(f"/incidents/{number}", 303)
