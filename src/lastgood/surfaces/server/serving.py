"""Serving: one process that listens on three ports until it is asked to end, and then leaves nothing half done."""

import asyncio
import signal
import socket
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import grpc.aio
import uvicorn

from lastgood.errors import CannotRunError
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces.server.app import application
from lastgood.surfaces.server.callers import Callers
from lastgood.surfaces.server.committer import Committer
from lastgood.surfaces.server.desk import Desk, Failure, Route
from lastgood.surfaces.server.investigations import Investigations
from lastgood.surfaces.server.keeping import Keeping
from lastgood.surfaces.server.log import Log
from lastgood.surfaces.server.noticing import Noticing
from lastgood.surfaces.server.otlp_grpc import grpc_server
from lastgood.surfaces.server.otlp_http import OtlpHttp
from lastgood.surfaces.server.playing import Playing
from lastgood.workbench.receive import receive
from lastgood.workbench.retention import limits_of
from lastgood.workbench.service import Service
from lastgood.workbench.sign_on import sign_on_of

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ANY = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not bound to
GRACE_SECONDS = 5
THREADS = 32  # long work holds ten at most: pages and their events never wait for it


@dataclass(frozen=True, slots=True)
class Places:
    """Where the server listens."""

    host: str = "127.0.0.1"
    http_port: int = 8080
    grpc_port: int = 4317
    otlp_port: int = 4318
    names: tuple[str, ...] = ()  # under which browsers reach it
    base: str = ""  # before every path of pages and API
    tls: tuple[Path, Path] | None = None  # certificate and key of all three ports


@dataclass(frozen=True, slots=True)
class Listening:
    """The ports as they were opened."""

    host: str
    http: int
    grpc: int
    otlp: int
    base: str = ""
    tls: bool = False

    @property
    def url(self) -> str:
        """Where pages and API are."""
        return f"{self._scheme}://{self._host}:{self.http}{self.base}"

    @property
    def otlp_url(self) -> str:
        """Where OTLP over HTTP is."""
        return f"{self._scheme}://{self._host}:{self.otlp}"

    @property
    def _scheme(self) -> str:
        return "https" if self.tls else "http"

    @property
    def _host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


class _Server(uvicorn.Server):
    """uvicorn without handlers of signals: they are the whole process's."""

    def install_signal_handlers(self) -> None:
        """Leave them."""

    def capture_signals(self) -> Any:
        """Leave them."""
        return nullcontext()


async def serve(  # noqa: PLR0913, PLR0917 - what a server is made of
    service: Service,
    places: Places,
    routes: Sequence[Route],
    failure: Failure,
    document: Callable[[Sitrep], bytes],
    environment: dict[str, str],
    ready: Callable[[Listening], None],
    playing: Playing | None = None,
) -> None:
    """Listen until SIGINT or SIGTERM; `ready` is given the address. `playing` is a drill, where that is served.

    Raises:
        CannotRunError: a port cannot be had.
    """
    desk = _desk(service, document, _names(places), environment)
    desk.failure, desk.base, desk.playing = failure, places.base, playing
    desk.sign_on = sign_on_of(service.config, service.access, environment)
    _check_tls(places)
    committer, callers = desk.committer, desk.callers
    over = asyncio.Event()
    _prepare_loop(over)
    committer.start(await asyncio.to_thread(desk.service.under_way.recalled))
    pages = _uvicorn(application(desk, routes), places, places.http_port)
    otlp = _uvicorn(OtlpHttp(committer, callers), places, places.otlp_port)
    exports = grpc_server(committer, callers)
    running = list[asyncio.Task[None]]()
    try:
        grpc_port = _bound(exports, places)
        await exports.start()
        desk.ports["otlp_grpc"] = True
        otlp_port = await _started(otlp, running)
        desk.ports["otlp_http"] = True
        http_port = await _started(pages, running)
        await _resumed(desk)
        beside = _beside(desk)
        tls = places.tls is not None
        ready(Listening(places.host, http_port, grpc_port, otlp_port, places.base, tls))
        await over.wait()
        for task in beside:
            task.cancel()
    finally:
        await _ended(desk, exports, (pages, otlp), running)


async def _resumed(desk: Desk) -> None:
    """Go on where the last server ended."""
    if desk.playing is not None:
        await desk.playing.begin()
    await desk.investigations.resume()


def _beside(desk: Desk) -> list["asyncio.Task[None]"]:
    """What is done at intervals."""
    beside = [
        asyncio.create_task(desk.keeping.run(), name="retention"),
        asyncio.create_task(desk.noticing.run(), name="notices"),
        asyncio.create_task(desk.pace.run(), name="pace"),
    ]
    if desk.playing is not None:
        beside.append(asyncio.create_task(desk.playing.run(desk.log), name="drill"))
    return beside


def _desk(
    service: Service,
    document: Callable[[Sitrep], bytes],
    names: frozenset[str],
    environment: dict[str, str],
) -> Desk:
    log = Log(service.clock)
    callers = Callers(service.access)
    noted = service.under_way
    take = partial(receive, service.intake, redactor=service.redactor, under_way=noted)
    committer = Committer(take, answered=noted.answered)
    keeping = Keeping(service, limits_of(service.config.settings.retention), committer, log)
    investigations = Investigations(service, document, log)
    noticing = Noticing(service, log)
    desk = Desk(service, callers, committer, investigations, keeping, noticing, log, names, environment)
    service.record.written.append(desk.entered.tell)
    return desk


def _prepare_loop(over: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="lastgood"))
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, over.set)


async def _ended(
    desk: Desk, exports: grpc.aio.Server, servers: Sequence[_Server], running: Sequence["asyncio.Task[None]"]
) -> None:
    """Take nothing new, answer what is under way, store what waits."""
    desk.closing.set()
    for server in servers:
        server.should_exit = True
    await asyncio.gather(desk.investigations.close(), exports.stop(GRACE_SECONDS))
    await asyncio.gather(*running, return_exceptions=True)
    await desk.committer.close()


def _names(places: Places) -> frozenset[str]:
    own = LOOPBACK if places.host in LOOPBACK | ANY else frozenset({places.host})
    return own | {name.lower() for name in places.names}


def _check_tls(places: Places) -> None:
    """Nothing, where certificate and key belong together."""
    if places.tls is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*places.tls)
    except (OSError, ssl.SSLError) as problem:
        raise CannotRunError(
            f"The TLS certificate {places.tls[0]} cannot be used with the key {places.tls[1]}: {problem}.",
            hint="Both are files in PEM form; the certificate has its chain behind it.",
        ) from problem


def _uvicorn(app: Any, places: Places, port: int) -> _Server:
    certificate, key = places.tls or (None, None)
    settings = uvicorn.Config(
        app,
        host=places.host,
        port=port,
        log_config=None,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        access_log=False,
        lifespan="off",
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=30,
        h11_max_incomplete_event_size=64 * 1024,
    )
    return _Server(settings)


async def _started(server: _Server, running: list["asyncio.Task[None]"]) -> int:
    """The port that a server has opened; by ourselves, for uvicorn ends the process where it cannot."""
    host, port = server.config.host, server.config.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        own = socket.create_server((host, port), family=family, backlog=1024)
    except OSError as problem:
        raise _taken(host, port) from problem
    running.append(asyncio.create_task(server.serve(sockets=[own]), name=f"http-{port}"))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    return int(own.getsockname()[1])


def _bound(exports: grpc.aio.Server, places: Places) -> int:
    host = f"[{places.host}]" if ":" in places.host else places.host
    address = f"{host}:{places.grpc_port}"
    try:
        if places.tls is None:
            port = exports.add_insecure_port(address)
        else:
            certificate, key = (path.read_bytes() for path in places.tls)
            port = exports.add_secure_port(address, grpc.ssl_server_credentials([(key, certificate)]))
    except RuntimeError as problem:
        raise _taken(places.host, places.grpc_port) from problem
    if not port:
        raise _taken(places.host, places.grpc_port)
    return port


def _taken(host: str, port: int) -> CannotRunError:
    return CannotRunError(
        f"Cannot listen on {host} port {port}.",
        hint="Another program may use it: name another port, or 0 for any free one.",
    )
