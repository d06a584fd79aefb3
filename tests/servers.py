"""Servers for tests: `lastgood serve` as a process on free ports, with a store and a record in a folder."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx

T = TypeVar("T")

INGEST, TOKEN, PASSWORD = "ingest-key-of-a-test", "api-token-of-a-test", "password-of-a-test"
_STARTED = re.compile(r"pages and API on (https?://127\.0\.0\.1:(\d+)\S*)")
_OTLP = re.compile(r"OTLP on 127\.0\.0\.1:(\d+) \(gRPC\) and https?://127\.0\.0\.1:(\d+)")
PATIENCE = 90.0


@dataclass(slots=True)
class Server:
    """One that runs."""

    process: "subprocess.Popen[str]"
    url: str = ""
    http: int = 0
    grpc: int = 0
    otlp: int = 0
    said: list[str] = field(default_factory=list)
    listener: threading.Thread | None = None
    clients: list[httpx.Client] = field(default_factory=list)

    def get(self, path: str, key: str = TOKEN) -> httpx.Response:
        return httpx.get(self.url + path, headers={"authorization": f"Bearer {key}"}, timeout=30)

    def post(self, path: str, content: Any, key: str = INGEST, **headers: str) -> httpx.Response:
        body = content if isinstance(content, bytes) else json.dumps(content, default=str).encode()
        sent = {"authorization": f"Bearer {key}", "content-type": "application/json", **headers}
        return httpx.post(self.url + path, content=body, headers=sent, timeout=30)

    def otlp_post(
        self, path: str, body: bytes, kind: str = "application/x-protobuf", **headers: str
    ) -> httpx.Response:
        sent = {"x-lastgood-key": INGEST, "content-type": kind, **headers}
        return httpx.post(f"http://127.0.0.1:{self.otlp}{path}", content=body, headers=sent, timeout=60)

    def log_in(self) -> httpx.Client:
        """A browser's client that has logged in as admin."""
        client = self.client()
        token = re.search(r'name="csrf" value="([^"]+)"', client.get("/login").text)
        assert token is not None
        form = {"name": "admin", "password": PASSWORD, "csrf": token[1], "next": "/"}
        assert 303 == client.post("/login", data=form, headers={"origin": self.url}).status_code
        return client

    def client(self) -> httpx.Client:
        """A browser's client, closed with the server."""
        self.clients.append(httpx.Client(base_url=self.url, timeout=30, follow_redirects=False))
        return self.clients[-1]

    def rows(self, signal_name: str) -> int:
        """How many rows of a signal the store holds."""
        found = {one["signal"]: one["rows"] for one in self.get("/api/holdings").json()}
        return int(found[signal_name])

    def ended(self, number: int = signal.SIGTERM) -> int:
        """End it, and its exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self.clients:
            client.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        if self.listener is not None:
            self.listener.join(PATIENCE)
        assert self.process.stderr is not None
        self.process.stderr.close()


@contextmanager
def serving(folder: Path, environment: Mapping[str, str] | None = None, *options: str) -> Iterator[Server]:
    """A server on free ports; killed at the end unless it ended before."""
    given = {
        **os.environ, "XDG_DATA_HOME": str(folder / "home"), "LASTGOOD_STORE": f"chdb://{folder / 'store'}", "LASTGOOD_RECORD": f"sqlite:///{folder / 'record.db'}",
        "LASTGOOD_INGEST_KEY": INGEST, "LASTGOOD_API_TOKEN": TOKEN, "LASTGOOD_ADMIN_PASSWORD": PASSWORD, **(environment or {}),
    }  # fmt: skip
    ports = ("--http-port", "0", "--otlp-grpc-port", "0", "--otlp-http-port", "0")
    process = subprocess.Popen(
        [sys.executable, "-m", "lastgood", "serve", *ports, *options],
        env=given, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    with Server(process) as server:
        _await_start(server)
        yield server


def _await_start(server: Server) -> None:
    assert server.process.stderr is not None
    for line in server.process.stderr:
        server.said.append(line)
        if found := _STARTED.search(line):
            server.url, server.http = found[1], int(found[2])
        if found := _OTLP.search(line):
            server.grpc, server.otlp = int(found[1]), int(found[2])
            break
    assert server.otlp, "".join(server.said)
    server.listener = threading.Thread(target=_listen, args=(server,), daemon=True)
    server.listener.start()


def _listen(server: Server) -> None:
    assert server.process.stderr is not None
    server.said.extend(server.process.stderr)


def now() -> datetime:
    """The machine's time, which the server reads."""
    return datetime.now(UTC)  # noqa: TID251 - the server reads it too


def until(look: Callable[[], T | None], seconds: float = 30.0) -> T:
    """What a look gives as soon as it gives something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s")
