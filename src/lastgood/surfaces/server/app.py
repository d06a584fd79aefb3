"""The application of pages and API: every route is in one table, with what it needs; what is not in it does not exist."""

import re
from collections.abc import Sequence
from functools import partial
from hmac import compare_digest
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from lastgood.config import debugging
from lastgood.errors import (
    LastgoodError,
    NoDataError,
    NoIncidentError,
    RecordMovedError,
    UsageError,
)
from lastgood.model.access import Role
from lastgood.surfaces.server.base_path import BasePath
from lastgood.surfaces.server.description import SCHEMES
from lastgood.surfaces.server.description import described as description
from lastgood.surfaces.server.desk import DeniedError, Desk, Open, Route, bounded, caller_of
from lastgood.surfaces.server.guard import SAFE, Guard

STATUS: tuple[tuple[type[LastgoodError], int], ...] = (
    (NoIncidentError, 404),
    (NoDataError, 404),
    (RecordMovedError, 409),
    (UsageError, 400),
    (LastgoodError, 503),
)


def application(desk: Desk, routes: Sequence[Route]) -> Any:
    """The ASGI application of these routes, guarded."""
    app = FastAPI(title="Lastgood", docs_url=None, redoc_url=None, openapi_url=None)
    servers = [{"url": desk.base}] if desk.base else None
    book = FastAPI(title="Lastgood", version="1", openapi_url=None, servers=servers)
    for route in routes:
        for one in (app, book):
            one.add_api_route(
                route.path,
                _answering(route, desk),
                methods=[route.method],
                summary=route.summary or None,
                include_in_schema=bool(route.summary),
                response_model=None,
                operation_id=re.sub(r"\W+", "_", f"{route.method.lower()}{route.path}").strip("_"),
                **description(route),
            )
    app.state.openapi = partial(_document, book)
    app.add_exception_handler(404, partial(_not_found, desk))
    app.add_exception_handler(405, partial(_not_found, desk))
    return BasePath(Guard(app, desk), desk.base)


def _document(book: FastAPI) -> dict[str, Any]:
    """The description of the API, with how to be known to it."""
    found = book.openapi()
    found.setdefault("components", {})["securitySchemes"] = SCHEMES
    return found


def _answering(route: Route, desk: Desk) -> Any:
    async def answer(request: Request) -> Response:
        request = Request(request.scope, bounded(request.receive))
        try:
            await _allowed(route, request)
            return await route.answer(request, desk)
        except DeniedError as denied:
            return _denied(request, denied)
        except LastgoodError as problem:
            status = next(status for kind, status in STATUS if isinstance(problem, kind))
            return _failed(request, desk, status, problem.code, (problem.message, problem.hint))
        except HTTPException as unread:
            words = ("The form cannot be read.", str(unread.detail))
            return _failed(request, desk, unread.status_code, "usage", words)
        except Exception as fault:
            if debugging():
                raise
            desk.log.say("fault", path=route.path, problem=f"{type(fault).__name__}: {fault}"[:300])
            words = ("This is a fault of Lastgood.", "Its log has the trace id.")
            return _failed(request, desk, 500, "fault", words)

    answer.__name__ = route.answer.__name__
    answer.__doc__ = route.summary
    return answer


def _failed(request: Request, desk: Desk, status: int, code: str, words: tuple[str, str]) -> Response:
    """An error: a page for people, in words for commands, as JSON for programs."""
    message, hint = words
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": code, "message": message, "hint": hint}, status)
    if desk.failure is None or "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(f"{message}\n{hint}\n", status)
    return desk.failure(request, desk, status, words)


async def _allowed(route: Route, request: Request) -> None:
    """Nothing, where the caller may.

    Raises:
        DeniedError: it may not.
    """
    caller = caller_of(request)
    if isinstance(route.needs, Role):
        if caller.role is None:
            raise DeniedError(401, "log in, or send an API token")
        if not caller.may(route.needs):
            raise DeniedError(403, f"this needs the role {route.needs}")
        if route.method not in SAFE and caller.csrf:
            await _same_page(request, caller.csrf)
    elif route.needs is Open.INGEST and not caller.ingest:
        raise DeniedError(401, "send an ingest key")


async def _same_page(request: Request, csrf: str) -> None:
    """Nothing, where the token of the session came with the request: only our own pages know it."""
    given = request.headers.get("x-csrf-token")
    if given is None:
        form = await request.form(max_files=0, max_fields=50, max_part_size=64 * 1024)
        given = str(form.get("csrf") or "")
    if not compare_digest(given.encode("utf-8", "replace"), csrf.encode()):
        raise DeniedError(403, "the page is too old; load it again")


def _denied(request: Request, denied: DeniedError) -> Response:
    path = request.url.path
    if denied.status == 401 and request.method == "GET" and not path.startswith("/api/"):
        return RedirectResponse(f"/login?next={quote(path)}", 303)
    headers = {"www-authenticate": "Bearer"} if denied.status == 401 else {}
    return JSONResponse({"error": "denied", "message": denied.why}, denied.status, headers=headers)


async def _not_found(desk: Desk, request: Request, problem: Any) -> Response:
    if request.method == "GET" and "text/html" in request.headers.get("accept", "") and desk.failure:
        words = ("There is no page at this address.", "Check the address, or start from all incidents.")
        return desk.failure(request, desk, problem.status_code, words)
    body = {"error": "not-found", "message": "there is no such route"}
    return JSONResponse(body, problem.status_code, headers=problem.headers)
