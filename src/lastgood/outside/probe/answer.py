"""An answer as it comes in, whatever the version of HTTP: status, headers that matter, and how much of it there is."""

from dataclasses import dataclass, field
from hashlib import sha256
from time import perf_counter
from typing import Any

from lastgood.algorithms.redaction import redacted
from lastgood.algorithms.secrets import without_secrets
from lastgood.model.probe_report import Exchange

AGENT = "lastgood-probe"
SHOWN = frozenset({
    "server", "via", "age", "date", "cache-control", "expires", "etag", "last-modified", "vary", "x-cache", "x-cache-hits", "x-served-by",
    "cf-cache-status", "cf-ray", "x-amz-cf-id", "x-amz-cf-pop", "x-vercel-cache", "x-vercel-id", "x-akamai-request-id",
    "fastly-debug-state", "cache-status", "server-timing", "location", "retry-after", "content-type", "content-length", "alt-svc",
    "strict-transport-security",
})  # fmt: skip
MOST_HEADERS = 65_536  # bytes
_LONGEST = 300


@dataclass(slots=True)
class Answer:
    """What came so far."""

    version: str
    started: float = field(default_factory=perf_counter)
    status: int | None = None
    first_byte: float | None = None
    size: int = 0
    ended: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    start: bytearray = field(default_factory=bytearray)
    read: Any = field(default_factory=sha256)  # of the whole body
    location: str = ""  # as it was sent; only its redacted form is shown

    def came(self) -> None:
        """Note the first byte."""
        if self.first_byte is None:
            self.first_byte = perf_counter() - self.started

    def header(self, name: str, value: str) -> None:
        """Keep a header that matters, without secrets."""
        name = name.lower()
        if name == "location":
            self.location = value
        if name in SHOWN:
            self.headers[name] = redacted(without_secrets(value))[0][:_LONGEST]

    def body(self, piece: bytes, kept: int) -> None:
        """Count a piece of the body, and keep its start where it was asked for."""
        self.size += len(piece)
        self.read.update(piece)
        self.start += piece[: max(0, kept - len(self.start))]

    def exchange(self, problem: str = "") -> Exchange:
        """What it came to."""
        text = redacted(without_secrets(self.start.decode("utf-8", "replace")))[0]
        return Exchange(
            self.version, self.status, self.first_byte, perf_counter() - self.started, self.size, self.ended,
            self.headers, problem, text, self.read.hexdigest()[:16],
        )  # fmt: skip
