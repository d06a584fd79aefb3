"""`lastgood replay`: a captured request sent to a target, beside a working one."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.formats import Output

if TYPE_CHECKING:
    from datetime import datetime

    from lastgood.config import Config
    from lastgood.model.entry import Entry
    from lastgood.model.replay import ReplayReport
    from lastgood.model.window import Window
    from lastgood.workbench.captures import Pair
    from lastgood.workbench.sending import Sending
    from lastgood.workbench.shrinking import ShrinkBounds

Captures = Annotated[
    list[Path] | None,
    typer.Argument(
        help="A folder of lastgood reproduce, a HAR file, curl text, or packets as text (tshark -T json, ek, Follow HTTP "
        "Stream); a second file is the working request. Else telemetry: files and folders. Default: the saved store.",
        show_default=False,
    ),
]
Trace = Annotated[
    str, typer.Option("--trace", help="The request of this trace id. Default: the commonest failure.")
]
Header = Annotated[
    list[str] | None,
    typer.Option(help="Send this header, 'NAME: VALUE' with $NAME of the environment; may be repeated."),
]
Field = Annotated[
    list[str] | None,
    typer.Option(
        help="Send this in a field of the body, in the place of a captured credential: 'NAME: VALUE' with $NAME of the "
        "environment; may be repeated."
    ),
]
Body = Annotated[Path | None, typer.Option(help="The body of the failing request, if it was not captured.")]

Times = Annotated[
    int, typer.Option(min=1, max=10, help="Send each so often. Fields that differ by themselves are masked.")
]
Seconds = Annotated[float, typer.Option(min=0.1, max=120, help="Seconds for each answer.")]
Production = Annotated[
    bool, typer.Option("--i-mean-production", help="Send it although the target may be production.")
]
Methods = Annotated[
    list[str] | None,
    typer.Option(
        help="Allow this method in production, and in variants with --shrink, besides GET, HEAD and OPTIONS; may be repeated."
    ),
]
Shrink = Annotated[
    bool,
    typer.Option("--shrink", help="Also find the smallest request that still fails. Sends many variants."),
]
MaxRequests = Annotated[int, typer.Option(min=10, max=5000, help="With --shrink: send at most so many.")]
MaxTime = Annotated[str, typer.Option(help="With --shrink: stop after this time.")]
Rate = Annotated[float, typer.Option(min=0.1, max=1000, help="With --shrink: requests per second.")]


def replay(
    paths: Captures = None,
    *,
    target: Annotated[str, typer.Option(help="Where to send it: http://localhost:8000.")],
    trace: Trace = "",
    service: Annotated[str, typer.Option(help="A failing request of this service.")] = "",
    header: Header = None,
    field: Field = None,
    body: Body = None,
    times: Times = 2,
    timeout: Seconds = 10,
    i_mean_production: Production = False,
    allow_method: Methods = None,
    shrink: Shrink = False,
    max_requests: MaxRequests = 200,
    max_time: MaxTime = "2m",
    rate: Rate = 10,
    mapping: given.Map = None,
    store: given.StoreAddress = None,
    since: given.Since = None,
    start: given.From = None,
    end: given.To = None,
    number: _room.Number = None,
    actor: _room.Actor = None,
    now: given.Now = None,
    output: given.Format = Output.TEXT,
    tz: given.Zone = None,
) -> None:
    """A failing request sent to a target, a working one beside it, and how the answers differ, field by field.

    Every target but localhost and hosts named as staging or test counts as production. Captured credentials are never sent.
    Redirects are not followed. A tunnel from localhost to production is not detected.

    With --shrink: query parameters, JSON fields, list items and strings are left out while the failure stays the same. Never in production.

    Exit status: 0 not reproduced, 1 reproduced, 2 refused, 3 inconclusive.
    """
    from lastgood.config import configured
    from lastgood.workbench.sending import Sending

    config = configured(store, tz)
    instant = given.now_of(now, config.zone)
    window = given.window_of(since, start, end, now=instant, zone=config.zone)
    pair = _pair(paths, body, (mapping, store, tz), (instant, window), (trace, service))
    bounds = _bounds(max_requests, max_time, rate) if shrink else None
    how = Sending(
        target, tuple(header or ()), times, timeout, i_mean_production, tuple(allow_method or ()), tuple(field or ()), shrink=bounds
    )  # fmt: skip
    _send(config, pair, how, (number, actor, instant), output)


def _pair(
    paths: list[Path] | None,
    body: Path | None,
    where: tuple[Path | None, str | None, str | None],
    when: "tuple[datetime, Window | None]",
    which: tuple[str, str],
) -> "Pair":
    """The failing request and a working one, out of captures or telemetry."""
    from lastgood.workbench.captures import pair_from, pair_in_files, with_body

    mapping, store, tz = where
    (instant, window), (trace, service) = when, which
    pair = pair_in_files(paths or [])
    if pair is None:
        with given.opened(paths, mapping, store, now=instant, zone=tz) as (opened, _):
            pair = pair_from(opened, now=instant, window=window, trace_id=trace, service=service)[:2]
    return with_body(pair, body)


def _bounds(requests: int, time: str, rate: float) -> "ShrinkBounds":
    from lastgood.model.moments import parse_duration
    from lastgood.workbench.shrinking import ShrinkBounds

    return ShrinkBounds(requests, parse_duration(time).total_seconds(), rate)


def _send(
    config: "Config",
    pair: "Pair",
    how: "Sending",
    who: "tuple[int | None, str | None, datetime]",
    output: Output,
) -> None:
    """Send them, and print what came of it."""
    from lastgood.surfaces.cli._clock import recording
    from lastgood.workbench.asked_outside import room_for
    from lastgood.workbench.replay import replay as send

    number, actor, instant = who
    with room_for(config, recording, number, actor=_room.named(actor), now=instant) as room:
        report, entry = send(pair, how, os.environ, room)
    _written(report, entry, output)


def _written(report: "ReplayReport", entry: "Entry | None", output: Output) -> None:
    """Print it; its verdict is the exit status."""
    from lastgood.surfaces.replay import exit_status, replay_document, replay_text

    if output is Output.JSON:
        _room.write_json(replay_document(report))
    else:
        sys.stdout.write(replay_text(report))
    if entry:
        typer.echo(f"recorded: incident {entry.incident}, entry {entry.sequence}", err=True)
    raise typer.Exit(exit_status(report))
