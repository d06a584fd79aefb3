"""Log-in and log-out: a form or a provider, a cookie that scripts cannot read, and a limit on guessing."""

import secrets
from hmac import compare_digest
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lastgood.errors import NotSignedOnError
from lastgood.model.access import Flow
from lastgood.surfaces.server.callers import SESSION_COOKIE
from lastgood.surfaces.server.desk import Desk, caller_of
from lastgood.surfaces.server.guesses import WITHIN
from lastgood.surfaces.web.pages import page
from lastgood.workbench.access import SESSION
from lastgood.workbench.sign_on import begun

FORM_COOKIE = "lastgood_form"
FLOW_COOKIE = "lastgood_flow"  # of a log-in at the provider
FLOW_SECONDS = 600


async def form(request: Request, desk: Desk) -> Response:
    """The form."""
    return _form(request, desk, 200, "", request.query_params.get("next", "/"))


def _form(request: Request, desk: Desk, status: int, problem: str, wanted: str) -> Response:
    token = secrets.token_urlsafe(24)
    answer = page(
        request, desk, "login.html", status, csrf=token, problem=problem, wanted=local(wanted),
        provider=desk.sign_on is not None,
    )  # fmt: skip
    secure = _secure(request)
    answer.set_cookie(FORM_COOKIE, token, max_age=3600, httponly=True, samesite="strict", secure=secure)
    return answer


async def log_in(request: Request, desk: Desk) -> Response:
    """A session for the right password; else the form again, later after too many wrong ones."""
    sent = await request.form(max_files=0, max_fields=10, max_part_size=4096)
    name, password, token = (str(sent.get(key) or "") for key in ("name", "password", "csrf"))
    wanted = local(str(sent.get("next") or "/"))
    cookie = request.cookies.get(FORM_COOKIE, "")
    if not cookie or not compare_digest(cookie.encode("utf-8", "replace"), token.encode("utf-8", "replace")):
        return _form(request, desk, 400, "The form was too old. Try again.", wanted)
    guesses, keys = desk.guesses, (f"name {name[:100]}", f"address {_address(request)}")
    if guesses.too_many(*keys):
        return _too_many(request, desk, wanted)
    async with guesses.turn:
        session = await desk.run(desk.service.access.log_in, name[:100], password[:1000])
    if session is None:
        guesses.failed(*keys)
        return _form(request, desk, 401, "Name or password is wrong.", wanted)
    guesses.succeeded(*keys)
    return _in(request, session, wanted)


async def elsewhere(request: Request, desk: Desk) -> Response:
    """The way to the provider; what only this browser has of it is in a cookie."""
    wanted = local(request.query_params.get("next", "/"))
    if desk.sign_on is None:
        return _form(request, desk, 404, "No provider is set.", wanted)
    flow = begun()
    answer = RedirectResponse(await desk.run(desk.sign_on.address, flow), 303)
    kept = ".".join((flow.state, flow.nonce, flow.verifier, quote(wanted[:1000], safe="")))
    answer.set_cookie(
        FLOW_COOKIE, kept, max_age=FLOW_SECONDS, httponly=True, samesite="lax", secure=_secure(request)
    )
    return answer


async def back(request: Request, desk: Desk) -> Response:
    """A session for whoever the provider says it is; each way there can be used once."""
    state, _, rest = request.cookies.get(FLOW_COOKIE, "").partition(".")
    nonce, _, rest = rest.partition(".")
    verifier, _, wanted = rest.partition(".")
    wanted = local(unquote(wanted))
    guesses, key = desk.guesses, f"provider {_address(request)}"
    if desk.sign_on is None:
        return _form(request, desk, 404, "No provider is set.", wanted)
    if not verifier:
        return _form(request, desk, 401, "The log-in was too old. Try again.", wanted)
    if guesses.too_many(key):
        return _too_many(request, desk, wanted)
    try:
        async with guesses.turn:
            flow = Flow(state, nonce, verifier)
            session = await desk.run(desk.sign_on.session, flow, dict(request.query_params))
    except NotSignedOnError as problem:
        guesses.failed(key)
        answer = _form(request, desk, 401, problem.message, wanted)
    else:
        guesses.succeeded(key)
        answer = _in(request, session, wanted)
    answer.delete_cookie(FLOW_COOKIE)
    return answer


def _too_many(request: Request, desk: Desk, wanted: str) -> Response:
    answer = _form(request, desk, 429, "Too many wrong log-ins. Wait five minutes.", wanted)
    answer.headers["retry-after"] = str(int(WITHIN))
    return answer


def _in(request: Request, session: str, wanted: str) -> Response:
    """The page that was wanted, with the cookie of a new session."""
    answer = RedirectResponse(wanted, 303)
    answer.delete_cookie(FORM_COOKIE)
    answer.set_cookie(
        SESSION_COOKIE,
        session,
        max_age=int(SESSION.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=_secure(request),
    )
    return answer


async def log_out(request: Request, desk: Desk) -> Response:
    """End the session."""
    session = str(request.scope["state"].get("session") or "")
    if session:
        await desk.run(desk.service.access.log_out, session, caller_of(request).name)
        desk.callers.forget(session)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


def local(wanted: str) -> str:
    """The path to go to afterwards: of this server, or its first page."""
    if not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or not wanted.isprintable():
        return "/"
    return wanted


def _secure(request: Request) -> bool:
    """Whether the browser came by TLS, to us or to a proxy before us; who lies about it harms no one else."""
    return "https" in {request.url.scheme, request.headers.get("x-forwarded-proto", "")}


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
