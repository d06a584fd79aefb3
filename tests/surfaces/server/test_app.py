"""Every route of the server with every kind of caller, through the guard, without a socket."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from lastgood.model.access import Caller, KeyKind, Role
from lastgood.model.entry import Opened
from lastgood.surfaces.api.routes import ROUTES as API
from lastgood.surfaces.mcp.http import ROUTES as AGENTS
from lastgood.surfaces.server.app import application
from lastgood.surfaces.server.callers import SESSION_COOKIE, Callers
from lastgood.surfaces.server.committer import Committer
from lastgood.surfaces.server.desk import Desk, Open, Route
from lastgood.surfaces.server.health import ROUTES as HEALTH
from lastgood.surfaces.server.investigations import Investigations
from lastgood.surfaces.server.keeping import Keeping
from lastgood.surfaces.server.log import Log
from lastgood.surfaces.server.noticing import Noticing
from lastgood.surfaces.web.pages import failed
from lastgood.surfaces.web.routes import ROUTES as PAGES
from lastgood.workbench.retention import limits_of
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store
from services import service_over

ROUTES = (*HEALTH, *API, *AGENTS, *PAGES)
CALLERS = ("nobody", "ingest", *Role)
PASSWORD = "password-of-a-test"  # noqa: S105
TABLE = Path(__file__).parents[3] / "docs" / "reference" / "routes.md"
URL = "http://localhost:8080"


@pytest.fixture
def service(store: Store, tmp_path: Path) -> Iterator[Service]:
    with service_over(store, tmp_path) as opened:
        opened.record.open(Opened("checkout fails"), actor="kim")
        yield opened


def desk_over(service: Service) -> Desk:
    log = Log(service.clock)
    found = Investigations(service, lambda _: b"{}", log)
    committer = Committer(lambda _: [])
    keeping = Keeping(service, limits_of(service.config.settings.retention), committer, log)
    desk = Desk(
        service,
        Callers(service.access),
        committer,
        found,
        keeping,
        Noticing(service, log),
        log,
        frozenset({"localhost"}),
        {},
    )
    desk.failure = failed
    return desk


def key_of(service: Service, caller: str) -> str:
    if caller == "nobody":
        return ""
    role = None if caller == "ingest" else Role(caller)
    kind = KeyKind.API if role else KeyKind.INGEST
    return service.access.new_key(caller, kind, role, actor="kim")[1]


def asked(service: Service, route: Route, headers: dict[str, str], **more: object) -> httpx.Response:
    """The answer to one request; a stream is ended."""
    path = re.sub(r"\{\w+\}", "1", route.path)

    async def ask() -> httpx.Response:
        desk = desk_over(service)
        desk.closing.set()
        transport = httpx.ASGITransport(application(desk, ROUTES))
        async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
            answer = await client.request(route.method, path, headers=headers, **more)  # type: ignore[arg-type]
        await desk.investigations.close()
        return answer

    return asyncio.run(asyncio.wait_for(ask(), 30))


def may(route: Route, caller: str) -> bool:
    """By the published table, so that no one gets more by a slip in the code."""
    rows = [row.split("|")[1:-1] for row in TABLE.read_text().splitlines() if row.startswith("| `")]
    (row,) = [row for row in rows if row[0].strip() == f"`{route.method} {route.path}`"]
    return row[1 + CALLERS.index(caller)].strip() == "yes"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_answers_those_who_may_and_nobody_else(service: Service, route: Route) -> None:
    """Every route, with every kind of caller: never a fault, and refused with 401 or 403, or sent to log in."""
    for caller in CALLERS:
        key = key_of(service, caller)
        answer = asked(service, route, {"authorization": f"Bearer {key}"} if key else {})
        refused = answer.status_code in {401, 403} or answer.headers.get("location", "").startswith(
            "/login?next"
        )
        assert (caller, may(route, caller)) == (caller, not refused)
        assert 500 != answer.status_code
        assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("route", [r for r in ROUTES if r.method != "GET" and isinstance(r.needs, Role)])
def test_a_session_needs_the_token_of_its_pages_to_change_anything(service: Service, route: Route) -> None:
    """Another site cannot send it; a request from another site's page is refused before."""
    service.access.first_admin(PASSWORD)
    session = service.access.log_in("admin", PASSWORD)
    assert session is not None
    cookie = {"cookie": f"{SESSION_COOKIE}={session}"}
    csrf = service.access.of_session(session).csrf

    assert 403 == asked(service, route, cookie).status_code
    assert 403 == asked(service, route, {**cookie, "x-csrf-token": "wrong"}).status_code
    assert 403 == asked(service, route, {**cookie, "x-csrf-token": csrf, "origin": "http://evil"}).status_code
    assert asked(service, route, {**cookie, "x-csrf-token": csrf, "origin": URL}).status_code not in {
        401,
        403,
    }


def test_another_host_is_refused(service: Service) -> None:
    """A name that an attacker made point here."""
    assert 403 == asked(service, HEALTH[0], {"host": "evil.example"}).status_code


def test_every_route_is_in_the_table(service: Service) -> None:
    """The framework adds none of its own, and no two are the same."""
    names = [(route.method, route.path) for route in ROUTES]
    assert len(names) == len(set(names))
    for path in ("/docs", "/redoc", "/openapi.json", "/nothing"):
        assert 404 == asked(service, Route("GET", path, Open.ALL, HEALTH[0].answer), {}).status_code


def test_the_api_describes_itself(service: Service) -> None:
    """Every route of it, and no page."""
    key = key_of(service, "viewer")
    route = next(route for route in API if route.path == "/api/openapi.json")
    found = asked(service, route, {"authorization": f"Bearer {key}"}).json()["paths"]

    assert {route.path for route in API} == set(found)


def test_a_caller_without_a_role_is_nobody() -> None:
    """What the guard gives when it finds no key."""
    assert not any(Caller("x").may(role) for role in Role)


def test_an_error_is_a_page_for_people_and_words_for_commands(service: Service) -> None:
    """What went wrong, what to do, and a way back that leads to no other site."""
    key = key_of(service, "viewer")
    route = next(route for route in PAGES if route.path == "/traces/{request_id}")
    headers = {"authorization": f"Bearer {key}"}
    browser = {**headers, "accept": "text/html", "referer": "https://evil.example/"}
    shown = asked(service, route, browser)

    assert (404, True) == (shown.status_code, "<h1>Nothing there</h1>" in shown.text)
    assert "evil" not in shown.text
    assert "<" not in asked(service, route, headers).text


@pytest.mark.parametrize(
    ("body", "status"), [(b"a=" + b"x" * (1 << 21), 413), (b"a&" * 1_000, 400), (b"--", 400), (b"\xff=%ff", 400)]
)  # fmt: skip
def test_a_form_that_cannot_be_read_is_no_fault(service: Service, body: bytes, status: int) -> None:
    """No one is logged in yet: too large, too many fields, no form at all."""
    route = next(one for one in PAGES if (one.method, one.path) == ("POST", "/login"))
    kind = "multipart/form-data; boundary=x" if body == b"--" else "application/x-www-form-urlencoded"

    assert status == asked(service, route, {"content-type": kind}, content=body).status_code
