"""OTLP over HTTP: protobuf and JSON, plain or gzip. Straight on ASGI: a framework would cost more than the work."""

import asyncio
import zlib
from dataclasses import dataclass
from typing import Any

from lastgood.errors import LastgoodError
from lastgood.model.signal import Signal
from lastgood.surfaces.server.callers import Callers, key_in
from lastgood.surfaces.server.committer import RETRY_SECONDS, Committer, FullError
from lastgood.surfaces.server.otlp_answers import (
    INVALID_ARGUMENT,
    RESOURCE_EXHAUSTED,
    UNAUTHENTICATED,
    UNAVAILABLE,
    failure,
    success,
)
from lastgood.workbench.receive import Body, Receipt

LARGEST = 16 * 1024 * 1024  # bytes as they are sent
LARGEST_UNPACKED = 64 * 1024 * 1024
PATHS = {"/v1/traces": Signal.SPANS, "/v1/logs": Signal.LOGS, "/v1/metrics": Signal.METRICS}
_JSON, _PROTOBUF = "application/json", "application/x-protobuf"

Scope = dict[str, Any]
Receive = Any
Send = Any


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    content: bytes
    retry: bool = False


class RefusedError(Exception):
    """A request that is not taken: status, code and why."""

    def __init__(self, status: int, code: int, why: str) -> None:
        super().__init__(why)
        self.status, self.code, self.why = status, code, why


class GoneError(Exception):
    """The sender went away before its body was whole."""


class OtlpHttp:
    """An ASGI application with three routes."""

    def __init__(self, committer: Committer, callers: Callers) -> None:
        self._committer = committer
        self._callers = callers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        as_json = kind == _JSON
        try:
            answer = await self._answered(scope, headers, kind, receive)
        except RefusedError as refused:
            answer = _Answer(refused.status, failure(refused.code, refused.why, as_json=as_json))
        except GoneError:
            return
        if answer is not None:
            await _send(send, answer, _JSON if as_json else _PROTOBUF)

    async def _answered(
        self, scope: Scope, headers: dict[str, str], kind: str, receive: Receive
    ) -> _Answer | None:
        signal = PATHS.get(scope["path"])
        if signal is None:
            raise RefusedError(404, INVALID_ARGUMENT, f"there are {', '.join(PATHS)}")
        if scope["method"] != "POST":
            raise RefusedError(405, INVALID_ARGUMENT, "only POST is taken")
        key = key_in(headers.get("authorization", ""), headers.get("x-lastgood-key", ""))
        if not (await self._callers.of_key(key)).ingest:
            raise RefusedError(401, UNAUTHENTICATED, "no valid ingest key")
        if kind not in {_JSON, _PROTOBUF}:
            raise RefusedError(415, INVALID_ARGUMENT, f"content-type is neither {_PROTOBUF} nor {_JSON}")
        content = await _body(receive, headers)
        return await self._stored(Body(signal, content, as_json=kind == _JSON), receive)

    async def _stored(self, body: Body, receive: Receive) -> _Answer | None:
        """The answer; None where the sender is gone, so that the same body from it again is a repetition."""
        commit = asyncio.ensure_future(self._committer.commit(body))
        gone = asyncio.ensure_future(receive())
        await asyncio.wait({commit, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not commit.done():
            commit.cancel()
            return None
        gone.cancel()
        try:
            return _stored_answer(body, commit.result())
        except FullError:
            said = failure(
                RESOURCE_EXHAUSTED, "the queue is full", as_json=body.as_json, retry_seconds=RETRY_SECONDS
            )
            return _Answer(429, said, retry=True)
        except LastgoodError as problem:
            return _Answer(503, failure(UNAVAILABLE, problem.message, as_json=body.as_json), retry=True)


def _stored_answer(body: Body, receipt: Receipt) -> _Answer:
    if receipt.problem:
        return _Answer(400, failure(INVALID_ARGUMENT, receipt.problem, as_json=body.as_json))
    return _Answer(200, success(body.signal, receipt, as_json=body.as_json))


async def _body(receive: Receive, headers: dict[str, str]) -> bytes:
    """The body, unpacked; never more of it in memory than is allowed.

    Raises:
        RefusedError: it is too large, or not what it says.
        GoneError: the sender went away.
    """
    packing = headers.get("content-encoding", "identity").strip().lower()
    if packing not in {"gzip", "identity", ""}:
        raise RefusedError(415, INVALID_ARGUMENT, "content-encoding is neither gzip nor identity")
    packed = await whole_body(receive, LARGEST)
    return unpacked(packed) if packing == "gzip" else packed


async def whole_body(receive: Receive, most: int) -> bytes:
    """The bytes of a request.

    Raises:
        RefusedError: there are more than allowed.
        GoneError: the sender went away.
    """
    parts, size = list[bytes](), 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise RefusedError(413, RESOURCE_EXHAUSTED, f"the body is larger than {most >> 20} MiB")
        if not message.get("more_body"):
            return b"".join(parts)


def unpacked(packed: bytes) -> bytes:
    """The content of gzip.

    Raises:
        RefusedError: it is damaged, cut off, or larger than allowed.
    """
    parts, size = list[bytes](), 0
    while packed:  # there may be several members
        reader = zlib.decompressobj(wbits=31)
        try:
            parts.append(reader.decompress(packed, LARGEST_UNPACKED + 1 - size))
        except zlib.error as problem:
            raise RefusedError(400, INVALID_ARGUMENT, f"the gzip is damaged: {problem}") from problem
        size += len(parts[-1])
        if size > LARGEST_UNPACKED:
            raise RefusedError(
                413, RESOURCE_EXHAUSTED, f"unpacked it is larger than {LARGEST_UNPACKED >> 20} MiB"
            )
        if not reader.eof:
            raise RefusedError(400, INVALID_ARGUMENT, "the gzip is cut off")
        packed = reader.unused_data
    return b"".join(parts)


async def _send(send: Send, answer: _Answer, kind: str) -> None:
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(answer.content)).encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    if answer.retry:
        headers.append((b"retry-after", str(RETRY_SECONDS).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.content})
