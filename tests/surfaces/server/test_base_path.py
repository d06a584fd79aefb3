"""The base path: addresses, redirects and cookies; with the prefix and without it. In a browser: tests/browser/test_proxy.py."""

import asyncio
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import RedirectResponse

from lastgood.errors import UsageError
from lastgood.surfaces.server.base_path import BasePath, base_of, rebased


@pytest.mark.parametrize(
    ("text", "base"), [("", ""), ("/", ""), ("/lastgood", "/lastgood"), ("/a/b-1/", "/a/b-1")]
)
def test_a_prefix_begins_with_a_slash_and_ends_without(text: str, base: str) -> None:
    """Nothing at all is no prefix."""
    assert base == base_of(text)


@pytest.mark.parametrize("text", ["lastgood", "//evil", "/a b", "/a/../b", '/"x', "https://x/"])
def test_what_cannot_stand_in_every_address_is_refused(text: str) -> None:
    """Before the server starts."""
    with pytest.raises(UsageError):
        base_of(text)


def test_own_addresses_get_the_prefix_and_others_stay() -> None:
    """Text that looks like an address is escaped in pages, so it is never one."""
    others = '<a href="//x"><a href="https://x/"><a href="#t">a href=&#34;/b&#34;'
    page = f'<a href="/logs?q=1"><form action="/a">{others}'

    assert f'<a href="/p/logs?q=1"><form action="/p/a">{others}' == rebased(page, "/p")
    assert page == rebased(page, "")


def asked(path: str) -> httpx.Response:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        answer = RedirectResponse(f"/seen{Request(scope).url.path}")
        answer.set_cookie("session", "x")
        await answer(scope, receive, send)

    under: Any = BasePath(app, "/p")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(under)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get(path)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("path", "seen"), [("/p", "/"), ("/p/", "/"), ("/p/logs", "/logs"), ("/logs", "/logs"), ("/px", "/px")]
)
def test_redirects_and_cookies_stay_under_the_prefix(path: str, seen: str) -> None:
    """Whether or not the proxy took it away."""
    answer = asked(path)

    assert f"/p/seen{seen}" == answer.headers["location"]
    assert "Path=/p;" in f"{answer.headers['set-cookie']};"
