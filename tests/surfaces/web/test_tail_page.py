"""Logs as they come in: who is informed, what, and until when."""

import asyncio
from collections.abc import AsyncGenerator

import orjson
import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse

from lastgood.errors import CannotRunError, UsageError
from lastgood.model.access import NOBODY
from lastgood.model.clock import to_nanoseconds
from lastgood.surfaces.server.callers import SESSION_COOKIE
from lastgood.surfaces.server.desk import Desk
from lastgood.surfaces.web.log_in import log_out
from lastgood.surfaces.web.logs_page import LONGEST_QUERY
from lastgood.surfaces.web.tail_page import MOST_TAILS, events
from lastgood.workbench.service import Service
from surfaces.server.test_app import desk_over, service
from surfaces.web.test_incident import called, watching
from workbench.test_log_tail import written

__all__ = ["service"]  # a fixture


def tailing(opened: Service, query: str = "", **cookies: str) -> Request:
    scope = {**watching(opened, **cookies).scope, "query_string": f"q={query}".encode()}
    return Request(scope)


async def pieces_of(request: Request, desk: Desk) -> AsyncGenerator[bytes, None]:
    answer = await events(request, desk)
    assert isinstance(answer, StreamingResponse)
    assert isinstance(answer.body_iterator, AsyncGenerator)
    return answer.body_iterator


def test_lines_come_as_the_page_of_logs_has_them_until_log_out(service: Service) -> None:
    """Escaped, with the time of the newest as the id; then the reason, and nothing more."""
    service.access.first_admin("password-of-a-test")
    session = service.access.log_in("admin", "password-of-a-test")
    assert session is not None
    desk, now = desk_over(service), service.clock()
    written(service, now, "<b>hello</b>")

    async def watched() -> None:
        pieces = await pieces_of(tailing(service, **{SESSION_COOKIE: session}), desk)
        assert b"retry" == (await anext(pieces))[:5]
        head, _, rest = (await anext(pieces)).partition(b"\n")
        assert f"id: {to_nanoseconds(now)}".encode() == head
        told = orjson.loads(rest.removeprefix(b"data: "))
        assert "&lt;b&gt;hello" in told["html"]
        assert not told["cut"]
        assert 1 == desk.tails
        request = Request({**watching(service).scope, "state": {"session": session, "caller": NOBODY}})
        await log_out(request, desk)
        assert [b"event: end\ndata: You are logged out.\n\n"] == [piece async for piece in pieces]
        assert 0 == desk.tails

    asyncio.run(watched())


def test_so_many_are_told_and_no_more(service: Service) -> None:
    """One more is refused; so is a query that is too long."""
    desk = desk_over(service)
    with pytest.raises(UsageError):
        asyncio.run(events(tailing(service, "x" * (LONGEST_QUERY + 1)), desk))
    desk.tails = MOST_TAILS
    with pytest.raises(CannotRunError):
        asyncio.run(events(tailing(service), desk))


def test_the_page_says_what_was_not_understood(service: Service) -> None:
    """With the status of a page that cannot be served."""
    assert 200 == called(service, "GET", "/logs/live").status_code
    wrong = called(service, "GET", "/logs/live", q="level:>=[")
    assert 400 == wrong.status_code
    assert "The query was not understood" in wrong.text
