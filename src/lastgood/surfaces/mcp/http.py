"""`/mcp`: the Model Context Protocol over HTTP, in the server's own process, for callers with an API token."""

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from lastgood.model.access import Caller, Role
from lastgood.surfaces.server.desk import LARGEST_BODY, Desk, Route, caller_of

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager


class Agents:
    """The protocol's side of one server, which lives until the server closes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ready: asyncio.Future[StreamableHTTPSessionManager] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._live(), name="mcp")

    async def manager(self) -> "StreamableHTTPSessionManager":
        """What answers requests."""
        return await asyncio.shield(self._ready)

    async def _live(self) -> None:
        try:
            manager = await asyncio.to_thread(_made, self._desk)
            async with manager.run():
                self._ready.set_result(manager)
                await self._desk.closing.wait()
        except BaseException as problem:
            if not self._ready.done():
                self._ready.set_exception(problem)
            raise


class _Handed(Response):
    """A response that the protocol's own code gives."""

    def __init__(self, manager: "StreamableHTTPSessionManager") -> None:
        super().__init__()
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it answer."""
        await self._manager.handle_request(scope, receive, send)


async def answered(_request: Request, desk: Desk) -> Response:
    """One message of an agent; the guard has checked host, origin and token before."""
    if desk.closing.is_set():
        return JSONResponse({"error": "closing", "message": "the server ends"}, 503)
    if desk.agents is None:
        desk.agents = Agents(desk)
    return _Handed(await desk.agents.manager())


def _made(desk: Desk) -> "StreamableHTTPSessionManager":
    from mcp.server.transport_security import TransportSecuritySettings  # noqa: PLC0415 - takes seconds

    from lastgood.surfaces.mcp.tools import Tools, server_of  # noqa: PLC0415 - so does this
    from lastgood.surfaces.mcp.work import Work  # noqa: PLC0415 - so does this

    server = server_of(Tools(Work(desk.service), _caller, desk.asking))
    server.streamable_http_app(
        json_response=True,
        stateless_http=True,
        max_request_body_size=LARGEST_BODY,
        # The guard checks host and origin of every request.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return server.session_manager


def _caller(context: Any) -> Caller:
    """Who sent the request that a message came in."""
    return caller_of(context.request)


ROUTES = (Route("POST", "/mcp", Role.VIEWER, answered),)
