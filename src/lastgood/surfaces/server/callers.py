"""Callers: who sent a request, by its key or its session; looked up off the event loop, and remembered for seconds."""

import asyncio
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from time import monotonic

from lastgood.model.access import NOBODY, Caller
from lastgood.workbench.access import Access, hash_of

SESSION_COOKIE = "lastgood_session"
REMEMBERED = 5.0  # seconds: so long a revoked key may still count
MOST_REMEMBERED = 1_000
LONGEST = 300  # characters of a key


class Callers:
    """Looks up keys and sessions. To be used in one event loop."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._known: dict[str, tuple[float, Caller]] = {}

    async def of_key(self, key: str) -> Caller:
        """Whoever has a key."""
        return await self._of("key", key)

    async def of_session(self, token: str) -> Caller:
        """Whoever has a session."""
        return await self._of("session", token)

    def forget(self, token: str) -> None:
        """Look it up anew at its next use: the session ended."""
        self._known.pop(f"session {hash_of(token)}", None)

    async def _of(self, kind: str, secret: str) -> Caller:
        if not secret or len(secret) > LONGEST:
            return NOBODY
        name, now = f"{kind} {hash_of(secret)}", monotonic()
        known = self._known.get(name)
        if known is not None and known[0] > now:
            return known[1]
        find = self._access.of_key if kind == "key" else self._access.of_session
        caller = await asyncio.to_thread(find, secret)
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[name] = (now + REMEMBERED, caller)
        return caller

    async def of_headers(self, headers: Mapping[str, str]) -> tuple[Caller, str]:
        """Who sends these headers, and the token of the session; a key goes before a session."""
        key = key_in(headers.get("authorization", ""), headers.get("x-lastgood-key", ""))
        if key:
            return await self.of_key(key), ""
        token = session_in(headers.get("cookie", ""))
        return (await self.of_session(token), token) if token else (NOBODY, "")


def session_in(cookies: str) -> str:
    """The token of the session among cookies."""
    try:
        found = SimpleCookie(cookies).get(SESSION_COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def key_in(authorization: str, own: str) -> str:
    """The key in `authorization: Bearer KEY`, or in `x-lastgood-key: KEY`; empty without one."""
    scheme, _, key = authorization.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else own.strip()
