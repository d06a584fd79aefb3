"""The page of one incident."""

import asyncio
import re
from collections.abc import AsyncGenerator
from dataclasses import replace

import httpx
import orjson
import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse

from lastgood.errors import CannotRunError
from lastgood.model import figures
from lastgood.model.access import NOBODY, Role
from lastgood.model.entry import Noted, Opened
from lastgood.surfaces.server.callers import SESSION_COOKIE
from lastgood.surfaces.server.desk import MOST_STREAMS, Desk
from lastgood.surfaces.web.incident import events
from lastgood.surfaces.web.log_in import log_out
from lastgood.surfaces.web.routes import ROUTES
from lastgood.workbench.service import Service
from surfaces.server.test_app import asked, desk_over, key_of, service

__all__ = ["service"]  # a fixture


def called(
    opened: Service, method: str, path: str, role: Role = Role.RESPONDER, /, **form: str
) -> httpx.Response:
    """The answer to a request, as a browser sends a form; what the path has a place for stands in the path."""
    route = next(one for one in ROUTES if (one.method, one.path) == (method, path))
    placed = {name: value for name, value in form.items() if f"{{{name}}}" in path}
    for name, value in placed.items():
        route = replace(route, path=route.path.replace(f"{{{name}}}", value))
    sent = {name: value for name, value in form.items() if name not in placed}
    headers = {"authorization": f"Bearer {key_of(opened, role)}"}
    if method == "GET":
        return asked(opened, route, headers, params=sent)
    return asked(opened, route, headers, data=sent) if sent else asked(opened, route, headers)


def test_what_people_write_is_shown_and_never_run(service: Service) -> None:
    """Markup and characters that turn text around are only text."""
    service.record.append(1, Noted("<script>alert(1)</script>\u202egnirts"), actor="<b>lee</b>")
    page = called(service, "GET", "/incidents/{number}").text

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "<b>lee" not in page
    assert "\u202e" not in page


def test_a_viewer_reads_and_a_responder_acts(service: Service) -> None:
    """A note, taking it on and a step are on the record, with who did it."""
    assert "Add note" not in called(service, "GET", "/incidents/{number}", Role.VIEWER).text
    assert 303 == called(service, "POST", "/incidents/{number}/notes", text="restarted").status_code
    assert 303 == called(service, "POST", "/incidents/{number}/acknowledge").status_code
    step = {"to": "mitigated", "because": "flag off"}
    assert 303 == called(service, "POST", "/incidents/{number}/step", **step).status_code
    entries = service.record.entries(1)[1:]
    assert [("note", "key responder"), ("acknowledged", "key responder"), ("mitigated", "key responder")] == [
        (entry.kind, entry.actor) for entry in entries
    ]


@pytest.mark.parametrize("form", [{"text": " "}, {"text": "x" * 5000}])
def test_a_note_without_words_or_with_too_many_is_refused(service: Service, form: dict[str, str]) -> None:
    """400, in a sentence."""
    answer = called(service, "POST", "/incidents/{number}/notes", **form)

    assert 400 == answer.status_code
    assert "1 to 4\u00a0000 characters" in answer.text


def test_an_incident_can_be_opened_by_hand(service: Service) -> None:
    """And leads to its page."""
    answer = called(service, "POST", "/incidents", title="Search is slow")

    assert (303, "/incidents/2") == (answer.status_code, answer.headers["location"])


def test_events_say_what_the_page_compares_with(service: Service) -> None:
    """The id is the number of the last entry."""
    text = called(service, "GET", "/incidents/{number}/events").text
    line = next(line for line in text.splitlines() if line.startswith("data: "))

    assert "id: 1" in text
    assert {"entries": 1, "answer": 0, "phase": "idle"}.items() <= orjson.loads(line[6:]).items()


def watching(opened: Service, **cookies: str) -> Request:
    """A request for the events of an incident, by a viewer's key unless there are cookies."""
    key = f"Bearer {key_of(opened, 'viewer')}".encode()
    sent = "; ".join(f"{name}={value}" for name, value in cookies.items()).encode()
    headers = [(b"cookie", sent)] if cookies else [(b"authorization", key)]
    return Request({"type": "http", "path_params": {"number": "1"}, "headers": headers})


async def events_of(request: Request, desk: Desk) -> AsyncGenerator[bytes, None]:
    answer = await events(request, desk)
    assert isinstance(answer, StreamingResponse)
    pieces = answer.body_iterator
    assert isinstance(pieces, AsyncGenerator)
    return pieces


def test_events_end_when_the_reader_logs_out(service: Service) -> None:
    """Nothing that is written after that is sent, and the page counts no more."""
    service.access.first_admin("password-of-a-test")
    session = service.access.log_in("admin", "password-of-a-test")
    assert session is not None
    desk = desk_over(service)

    async def watched() -> None:
        pieces = await events_of(watching(service, **{SESSION_COOKIE: session}), desk)
        assert [b"retry", b"id: 1"] == [(await anext(pieces))[:5], (await anext(pieces))[:5]]
        request = Request({**watching(service).scope, "state": {"session": session, "caller": NOBODY}})
        await log_out(request, desk)
        service.record.open(Opened("another"), actor="kim")
        assert [] == [piece async for piece in pieces]
        assert 0 == desk.streams

    asyncio.run(watched())


def test_as_many_pages_are_reported_of_changes_as_can_be(service: Service) -> None:
    """An open page counts until it is gone; one more is refused."""
    desk = desk_over(service)
    request = watching(service)

    async def watched() -> None:
        pieces = await events_of(request, desk)
        await anext(pieces)
        assert 1 == desk.streams
        await pieces.aclose()
        assert 0 == desk.streams
        desk.streams = MOST_STREAMS
        with pytest.raises(CannotRunError):
            await events(request, desk)

    asyncio.run(watched())


def test_an_entry_is_reported_at_once(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not at the next look, which is far away here."""
    monkeypatch.setattr("lastgood.surfaces.web.incident.LOOK_SECONDS", 60.0)
    desk = desk_over(service)
    service.record.written.append(desk.entered.tell)

    async def watched() -> bytes:
        pieces = await events_of(watching(service), desk)
        for _ in range(2):
            await anext(pieces)
        await asyncio.to_thread(service.record.append, 1, Noted("seen"), actor="kim")
        try:
            return await asyncio.wait_for(anext(pieces), 10)
        finally:
            await pieces.aclose()

    assert b'"entries":2' in asyncio.run(watched())


def test_incidents_are_merged_and_split(service: Service) -> None:
    """Merged, the other one goes on; without alerts of two services there is nothing to split."""
    service.record.open(Opened("payments fail"), actor="alert")
    answer = called(service, "POST", "/incidents/{number}/merge", into="2", because="the same")

    assert (303, "/incidents/2") == (answer.status_code, answer.headers["location"])
    assert "incident 1 was merged into this one" in _second(service, "GET", "").text
    page = _second(service, "GET", "").text
    assert "Merge into it" in page
    assert "Split off" not in page
    assert (
        400 == called(service, "POST", "/incidents/{number}/merge", into="x", because="the same").status_code
    )
    assert (
        400 == called(service, "POST", "/incidents/{number}/split", service="cart", because="two").status_code
    )
    for number, of in enumerate(("cart", "checkout")):
        service.arrivals.put(f"alert {number}", 2, "", of, "firing", service.clock())
    assert "Split off" in _second(service, "GET", "").text
    answer = _second(service, "POST", "/split", service="cart", because="two")
    assert (303, "/incidents/3") == (answer.status_code, answer.headers["location"])


def _second(opened: Service, method: str, path: str, **form: str) -> httpx.Response:
    """The answer to a request about the second incident."""
    found = next(one for one in ROUTES if (one.method, one.path) == (method, f"/incidents/{{number}}{path}"))
    headers = {"authorization": f"Bearer {key_of(opened, Role.RESPONDER)}"}
    return asked(
        opened, replace(found, path=f"/incidents/2{path}"), headers, **({"data": form} if form else {})
    )


def test_a_time_in_the_address_shows_what_the_record_held_then(service: Service) -> None:
    """Nothing that was written later, and nothing to do; the address that pages offer is such a one."""
    room = called(service, "GET", "/incidents/{number}").text
    (link,) = re.findall(r'data-permalink href="/incidents/1/at/([^"]+)"', room)
    for _ in range(3):
        service.clock()  # a second or more goes by
    service.record.append(1, Noted("it was the flag"), actor="kim")
    old, new = (
        called(service, "GET", "/incidents/{number}/at/{time}", time=time).text
        for time in (link, figures.stamp(service.clock()))
    )
    assert "it was the flag" not in old
    assert "it was the flag" in new
    for page in (old, new):
        assert "As it was at" in page
        assert 'method="post" action="/incidents' not in page
        assert "data-incident" not in page


@pytest.mark.parametrize(
    ("time", "status"),
    [("soon", 400), ("2020-01-01T00:00:00Z", 400), ("2099-01-01T00:00:00Z", 400), ("now", 303)],
)
def test_a_time_that_the_record_does_not_cover_is_refused(service: Service, time: str, status: int) -> None:
    """Before the first entry or yet to come; a relative one leads to an absolute address."""
    assert status == called(service, "GET", "/incidents/{number}/at/{time}", time=time).status_code


def test_before_the_first_answer_no_block_says_that_there_is_nothing(service: Service) -> None:
    """What was not asked yet is not empty: neither changes, nor patterns, nor suspects."""
    room = called(service, "GET", "/incidents/{number}").text

    assert room.count("No answer yet.") >= 5
    for empty in (
        "No change is recorded",
        "0 changes checked",
        "None is new",
        "No component stands out",
        "no segment stands",
    ):
        assert empty not in room
