"""Logs as they come in: a page that receives new lines, as long as its reader may see them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from lastgood.errors import BudgetError, CannotRunError, QuerySyntaxError, UsageError
from lastgood.model import figures
from lastgood.model.access import Role
from lastgood.model.clock import from_nanoseconds, to_nanoseconds
from lastgood.model.window import Window
from lastgood.surfaces import wording
from lastgood.surfaces.server.base_path import rebased
from lastgood.surfaces.server.desk import Desk
from lastgood.surfaces.web.logs_page import LONGEST_QUERY, line_row, links_of
from lastgood.surfaces.web.pages import environment, page
from lastgood.surfaces.web.times import address, span
from lastgood.workbench.explore import LATEST
from lastgood.workbench.log_tail import LogTail, tail_of
from lastgood.workbench.logs import LogLine

MOST_TAILS = 20  # that are open: the others are refused
LOOK_SECONDS, BEAT_SECONDS = 0.4, 15.0
SHARE = 0.5  # of the time all tails together may look: many, or a slow store, are looked at less often
MOST_FIELDS, LONGEST_MORE = 20, 2_000  # of a line here: it stays in the page until 500 newer ones came


async def show(request: Request, desk: Desk) -> Response:
    """The page; its lines come later."""
    query, now = query_of(request), desk.service.clock()
    problem = ""
    try:
        await desk.run(tail_of, desk.service, query)
    except QuerySyntaxError as fault:
        problem = f"{fault.message} {fault.hint}".strip()
    window = Window(now - LATEST, now)
    return page(
        request, desk, "tail.html", 400 if problem else 200, query=query, problem=problem,
        links=links_of(query, window), window=span(window), tail=address("/logs/tail", q=query),
    )  # fmt: skip


def query_of(request: Request) -> str:
    """The query of an address.

    Raises:
        UsageError: it is too long.
    """
    query = request.query_params.get("q", "").strip()
    if len(query) > LONGEST_QUERY:
        raise UsageError(f"A query has at most {figures.count(LONGEST_QUERY)} characters.")
    return query


async def events(request: Request, desk: Desk) -> Response:
    """New lines as server-sent events; the id of one is the time of its newest line.

    Raises:
        CannotRunError: too many are open.
        QuerySyntaxError: the query cannot be parsed.
    """
    if desk.tails >= MOST_TAILS:
        raise CannotRunError(
            "Too many pages show logs as they come in.", hint="Close one, or load it again later."
        )
    tail = await desk.run(tail_of, desk.service, query_of(request), _after(request))
    return StreamingResponse(
        _counted(tail, request, desk), media_type="text/event-stream", headers={"x-accel-buffering": "no"}
    )


def _after(request: Request) -> datetime | None:
    """Up to when a page that comes back has lines."""
    given = request.headers.get("last-event-id", "")
    return from_nanoseconds(int(given)) if given.isascii() and given.isdigit() and len(given) <= 19 else None


async def _counted(tail: LogTail, request: Request, desk: Desk) -> AsyncIterator[bytes]:
    desk.tails += 1
    try:
        async for one in _reported(tail, request, desk):
            yield one
    finally:
        desk.tails -= 1


async def _reported(tail: LogTail, request: Request, desk: Desk) -> AsyncIterator[bytes]:
    quiet = 0.0
    yield b"retry: 1000\n\n"
    while (await desk.callers.of_headers(request.headers))[0].may(Role.VIEWER):
        began = monotonic()
        try:
            async with desk.tailing:
                asked = monotonic()
                lines, cut = await desk.run(tail.look)
                took = monotonic() - asked
        except BudgetError:
            yield _end("A look costs too much. Name a service, or more of the text.")
            return
        if lines:
            newest = max(to_nanoseconds(line.time) for line in lines)
            yield b"id: %d\ndata: %b\n\n" % (newest, _content(lines, tail, desk, cut=cut))
        elif quiet >= BEAT_SECONDS:
            yield b": nothing new\n\n"
        quiet = 0.0 if lines or quiet >= BEAT_SECONDS else quiet + (monotonic() - began) + LOOK_SECONDS
        if await _closing(desk, max(LOOK_SECONDS, took * desk.tails / SHARE)):
            return
    yield _end("You are logged out.")


async def _closing(desk: Desk, seconds: float) -> bool:
    """Wait; whether the server ends."""
    try:
        await asyncio.wait_for(desk.closing.wait(), seconds)
    except TimeoutError:
        return False
    return True


def _end(why: str) -> bytes:
    return b"event: end\ndata: %b\n\n" % why.encode()


def _content(lines: tuple[LogLine, ...], tail: LogTail, desk: Desk, *, cut: bool) -> bytes:
    """The lines as the page of logs has them; the page only puts them in."""
    now = desk.service.clock()
    drawn: Any = environment().get_template("parts.html").module
    html = "".join(
        str(drawn.line(_short(line, tail.asked.query, Window(now - LATEST, now)))) for line in lines
    )
    return orjson.dumps({"html": rebased(html.translate(wording.UNSEEN), desk.base), "cut": cut})


def _short(line: LogLine, query: str, window: Window) -> object:
    row = line_row(line, query, window)
    return replace(row, fields=row.fields[:MOST_FIELDS], more=row.more[:LONGEST_MORE])
