"""`lastgood probe`: DNS, TCP, TLS and HTTP of a URL, address by address."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.cli.sql import Number
from lastgood.surfaces.formats import Output

Resolvers = Annotated[
    list[str] | None,
    typer.Option(
        "--resolver",
        help="Ask this resolver, IP or IP:PORT, instead of the configured ones; may be repeated.",
    ),
]
Addresses = Annotated[
    list[str] | None,
    typer.Option("--resolve", help="Probe this IP address instead of those of DNS; may be repeated."),
]

Hosts = Annotated[
    list[str] | None,
    typer.Option("--from-host", help="Ask from this machine too, by its curl over ssh; may be repeated."),
]
Origin = Annotated[
    str,
    typer.Option(
        help="IP or IP:PORT of the server behind the edge: compare status, headers and content.",
        show_default=False,
    ),
]

Private = Annotated[bool, typer.Option("--allow-private", help="Also probe private and loopback addresses.")]
Body = Annotated[bool, typer.Option("--body", help="Keep the first 2000 bytes of the answer, redacted.")]


def probe(
    url: Annotated[str, typer.Argument(help="https://host/path.")],
    *,
    resolver: Resolvers = None,
    resolve: Addresses = None,
    host: Hosts = None,
    origin: Origin = "",
    allow_private: Private = False,
    ca_file: Annotated[Path | None, typer.Option(help="Trust the certificates of this PEM file.")] = None,
    timeout: Annotated[float, typer.Option(min=0.2, max=60, help="Seconds for each step.")] = 5.0,
    body: Body = False,
    number: Number = None,
    actor: _room.Actor = None,
    now: given.Now = None,
    output: given.Format = Output.TEXT,
) -> None:
    """Where a URL fails, from here and other machines: each resolver, each IP address, TCP, TLS, HTTP/1.1 and HTTP/2, with times.

    At most 8 addresses, two requests each, 1 MB and a minute in all. Bodies are not kept unless asked for.

    Exit status: 0 no fault seen, 1 a fault was located, 2 refused, 3 inconclusive.
    """
    from lastgood.config import configured
    from lastgood.surfaces.cli._clock import recording
    from lastgood.surfaces.probe import exit_status, probe_document, probe_text
    from lastgood.workbench.asked_outside import room_for
    from lastgood.workbench.probe import Asked, Limits
    from lastgood.workbench.probe import probe as ask

    config = configured()
    instant = given.now_of(now, config.zone)
    limits = Limits(
        step_seconds=timeout, saved_bytes=2000 if body else 0, allow_private=allow_private, ca_file=ca_file
    )
    asked = Asked(url, tuple(resolver or ()), tuple(resolve or ()), tuple(host or ()), origin)
    with room_for(config, recording, number, actor=_room.named(actor), now=instant) as room:
        report, entry = ask(asked, limits, instant, room)
    if output is Output.JSON:
        _room.write_json(probe_document(report))
    else:
        sys.stdout.write(probe_text(report))
    if entry:
        typer.echo(f"recorded: incident {entry.incident}, entry {entry.sequence}", err=True)
    raise typer.Exit(exit_status(report))
