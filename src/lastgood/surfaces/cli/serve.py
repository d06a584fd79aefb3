"""`lastgood serve`: telemetry, changes and alerts come in, answers are on pages."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given

if TYPE_CHECKING:
    from lastgood.config import Config
    from lastgood.surfaces.server.serving import Places
    from lastgood.workbench.drill import Session
    from lastgood.workbench.drill_clock import DrillClock
    from lastgood.workbench.service import Service


def serve(
    *,
    store: given.StoreAddress = None,
    record: Annotated[
        str | None, typer.Option("--record", help="Address of the incident record.", show_default=False)
    ] = None,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    http_port: Annotated[
        int, typer.Option("--http-port", min=0, max=65535, help="Port of pages and API; 0: any free one.")
    ] = 8080,
    grpc_port: Annotated[
        int, typer.Option("--otlp-grpc-port", min=0, max=65535, help="Port of OTLP over gRPC.")
    ] = 4317,
    otlp_port: Annotated[
        int, typer.Option("--otlp-http-port", min=0, max=65535, help="Port of OTLP over HTTP.")
    ] = 4318,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", help="A name under which browsers reach it. May be repeated."),
    ] = None,
    base_path: Annotated[
        str,
        typer.Option("--base-path", help="Path before every other one behind a proxy, such as /lastgood."),
    ] = "",
    tls_cert: Annotated[
        Path | None,
        typer.Option("--tls-cert", help="Certificate with its chain (PEM), for TLS on all ports."),
    ] = None,
    tls_key: Annotated[Path | None, typer.Option("--tls-key", help="Its key (PEM).")] = None,
) -> None:
    """Take in telemetry (OTLP), changes and alerts; an alert opens an incident, its answer is on a page.

    Listens on the loopback address by default, until SIGINT or SIGTERM. How to send to it:
    docs/howto/run-the-server.md.
    """
    from dataclasses import replace

    from lastgood.config import configured
    from lastgood.errors import UsageError
    from lastgood.surfaces.server.base_path import base_of
    from lastgood.surfaces.server.serving import Places

    if (tls_cert is None) != (tls_key is None):
        raise UsageError("--tls-cert and --tls-key are given together.")
    tls = (tls_cert, tls_key) if tls_cert and tls_key else None
    config = configured(store)
    config = replace(config, record=record) if record else config
    names = tuple(allow_host or ())
    _run(config, Places(host, http_port, grpc_port, otlp_port, names, base_of(base_path), tls))


def _run(config: "Config", places: "Places") -> None:
    """Serve until a signal ends it."""
    import os

    import uvloop

    from lastgood.model.sitrep import Sitrep
    from lastgood.surfaces.api.routes import ROUTES as API
    from lastgood.surfaces.cli import _clock
    from lastgood.surfaces.mcp.http import ROUTES as AGENTS
    from lastgood.surfaces.server.health import ROUTES as HEALTH
    from lastgood.surfaces.server.playing import Playing
    from lastgood.surfaces.server.serving import Listening
    from lastgood.surfaces.server.serving import serve as serving
    from lastgood.surfaces.sitrep_json import sitrep_document
    from lastgood.surfaces.web.pages import failed
    from lastgood.surfaces.web.routes import ROUTES as PAGES
    from lastgood.surfaces.wording import json_text
    from lastgood.workbench.service import service

    environment = dict(os.environ)

    def document(sitrep: Sitrep) -> bytes:
        return json_text(sitrep_document(sitrep)).encode()

    drill = _drill(config)
    with service(config, _clock.now, environment, _clock.recording) as opened:
        playing = Playing(drill[0], opened, drill[1]) if drill else None
        secrets = _first_secrets(opened, environment)

        def ready(where: Listening) -> None:
            opened.store.engine.announce(where.url)
            _say(f"pages and API on {where.url}")
            _say(f"OTLP on {where.host}:{where.grpc} (gRPC) and {where.otlp_url} (HTTP)")
            for line in secrets:
                _say(line)

        uvloop.run(
            serving(
                opened,
                places,
                (*HEALTH, *API, *AGENTS, *PAGES),
                failed,
                document,
                environment,
                ready,
                playing,
            )
        )


def _drill(config: "Config") -> "tuple[Session, DrillClock] | None":
    """The drill of the environment; None without one.

    Raises:
        UsageError: only one of store and record is the drill's: its telemetry would get into real data, or page people.
    """
    import os

    from lastgood.errors import UsageError
    from lastgood.surfaces.cli import _clock
    from lastgood.workbench.drill import session_in, store_in

    clock = _clock.drill_clock()
    if clock is None:
        named = os.environ.get("LASTGOOD_DRILL")
        if named and config.store == store_in(Path(named).absolute()):
            raise UsageError(
                "The store is that of a drill, the record is not. People would be paged for the drill.",
                hint="Leave the drill: unset LASTGOOD_DRILL LASTGOOD_STORE LASTGOOD_RECORD",
            )
        return None
    session = session_in(clock.folder)
    if (session.store, session.record) != (config.store, config.record):
        raise UsageError(
            "A drill is served from its own store and record.", hint="Leave out --store and --record."
        )
    return session, clock


def _first_secrets(opened: "Service", environment: dict[str, str]) -> list[str]:
    """What must be known of a server that is started for the first time, printed once."""
    from lastgood.model.access import KeyKind
    from lastgood.workbench.access import ADMIN

    reported = environment.get("LASTGOOD_ADMIN_PASSWORD")
    password = opened.access.first_admin(reported)
    if password is None or reported:
        return []
    lines = [f"log in as {ADMIN} with the password {password} (printed once)"]
    if not environment.get("LASTGOOD_INGEST_KEY"):
        _, key = opened.access.new_key("first", KeyKind.INGEST, actor=ADMIN)
        lines.append(f"ingest key {key} (printed once)")
    return lines


def _say(text: str) -> None:
    typer.echo(f"lastgood: {text}", err=True)
