"""Agents for tests: calls by the SDK's own client, over whatever transport."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import TextResourceContents

T = TypeVar("T")
PATIENCE = 120.0


def talk(to: Any, work: Callable[[Client], Awaitable[T]]) -> T:
    """What a conversation with a server gives."""

    async def whole() -> T:
        async with Client(to) as client:
            return await work(client)

    return asyncio.run(asyncio.wait_for(whole(), PATIENCE))


def talk_http(url: str, token: str, work: Callable[[Client], Awaitable[T]], **headers: str) -> T:
    """What a conversation over HTTP gives."""

    async def whole() -> T:
        sent = {"authorization": f"Bearer {token}", **headers}
        async with httpx2.AsyncClient(headers=sent, timeout=60) as http:
            transport = streamable_http_client(f"{url}/mcp", http_client=http)
            async with Client(transport) as client:
                return await work(client)

    return asyncio.run(asyncio.wait_for(whole(), PATIENCE))


async def read(client: Client, address: str) -> str:
    """The text of a resource."""
    (content,) = (await client.read_resource(address)).contents
    assert isinstance(content, TextResourceContents)
    return content.text


def called(tool: str, **given: object) -> Callable[[Client], Awaitable[Any]]:
    """A call of one tool."""

    async def call(client: Client) -> Any:
        return await client.call_tool(tool, given)

    return call
