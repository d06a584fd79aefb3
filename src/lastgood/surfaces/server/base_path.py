"""The base path: everything under a prefix, behind a proxy that passes the prefix on or takes it away."""

import re
from typing import Any

from lastgood.errors import UsageError

_FORM = re.compile(r"(/[A-Za-z0-9._~-]+)+")
# In pages that are filled in: values are escaped, so no value can end an attribute and begin one of these.
_ADDRESS = re.compile(r'( (?:href|src|action|formaction|data-check)=")/(?!/)')
_COOKIE = re.compile(rb"(?i)(; *path=)/(?=;|$)")


def base_of(text: str) -> str:
    """The prefix as it is put before paths: `/lastgood`, or empty.

    Raises:
        UsageError: it cannot stand in every address as it is.
    """
    base = text.rstrip("/")
    if base and (not _FORM.fullmatch(base) or ".." in base):
        raise UsageError(f"{text!r} cannot be a base path.", hint="Write it as /lastgood.")
    return base


def rebased(page: str, base: str) -> str:
    """A page whose own addresses begin with the prefix."""
    return _ADDRESS.sub(lambda found: f"{found[1]}{base}/", page) if base else page


class BasePath:
    """An ASGI application around another one, which never sees the prefix."""

    def __init__(self, app: Any, base: str) -> None:
        self._app = app
        self._base = base

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer under the prefix; a path without it is answered too, for the proxy may have taken it away."""
        if scope["type"] != "http" or not self._base:
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path == self._base or path.startswith(f"{self._base}/"):
            bare = path.removeprefix(self._base) or "/"
            scope = {**scope, "path": bare, "raw_path": bare.encode("utf-8", "surrogateescape")}

        async def sending(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = [(name, self._header(name.lower(), value)) for name, value in message["headers"]]
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, sending)

    def _header(self, name: bytes, value: bytes) -> bytes:
        base = self._base.encode()
        if name == b"location" and value.startswith(b"/") and not value.startswith(b"//"):
            return base + value
        if name == b"set-cookie":
            return _COOKIE.sub(lambda found: found[1] + base, value)
        return value
