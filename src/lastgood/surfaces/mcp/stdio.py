"""The Model Context Protocol over standard input and output: of a store that this process opens, or of a server that runs."""

from typing import Any

import anyio
import httpx2
from mcp.client.streamable_http import streamable_http_client
from mcp.server.stdio import stdio_server

from lastgood.model.access import Caller
from lastgood.surfaces.mcp.tools import Tools, server_of
from lastgood.surfaces.mcp.work import Work
from lastgood.workbench.service import Service

CONNECT_SECONDS, ANSWER_SECONDS = 10.0, 300.0


async def answer_here(service: Service, caller: Caller) -> None:
    """Answer until standard input ends."""
    await server_of(Tools(Work(service), lambda _: caller)).run_stdio_async()


async def pass_on(url: str, token: str) -> None:
    """Pass every message on to the server at a URL, and its answers back, until standard input ends."""
    headers = {"authorization": f"Bearer {token}"}
    patience = httpx2.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
    async with (
        httpx2.AsyncClient(headers=headers, timeout=patience) as client,
        stdio_server() as (asked, answers),
        streamable_http_client(f"{url.rstrip('/')}/mcp", http_client=client) as (answered, questions),
        anyio.create_task_group() as both,
    ):
        both.start_soon(_pumped, answered, answers)
        await _pumped(asked, questions)
        both.cancel_scope.cancel()


async def _pumped(source: Any, sink: Any) -> None:
    async for message in source:
        if not isinstance(message, Exception):
            await sink.send(message)
